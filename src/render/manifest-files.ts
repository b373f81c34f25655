import { stringify } from 'yaml';
import type { Change } from '../model/change.ts';
import { clean } from '../model/foreign.ts';
import { at, type JsonObject, text } from '../model/json.ts';
import { patchManifest } from '../model/kube-manifest.ts';
import type { Plan } from '../model/plan.ts';

/** A manifest for a team that applies from a repository. `name` is a relative path with `/`. */
export interface ManifestFile {
  readonly name: string;
  readonly text: string;
}

/** What a change leaves of itself as manifests: objects as they are, a patch as the object with nothing but what it sets. */
function manifestsOf(change: Change): readonly JsonObject[] {
  switch (change.kind) {
    case 'kube.apply':
      return change.objects;
    case 'kube.patch':
      return [patchManifest(change.object, change.patch)];
    case 'manual':
      return change.manifests ?? [];
    case 'kube.delete':
    case 'arm.update':
    case 'arm.put':
    case 'arm.patch':
    case 'arm.action':
    case 'arm.delete':
    case 'graph':
      return [];
    default:
      return change satisfies never;
  }
}

/** A part of a file's name: what every file system takes, and nothing that leads elsewhere. */
function word(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9.-]+/g, '-')
      .replace(/^[.-]+|[.-]+$/g, '')
      .slice(0, 80) || 'x'
  );
}

function fileName(step: string, object: JsonObject): string {
  const parts = [text(object['kind']), text(at(object, ['metadata', 'namespace'])), text(at(object, ['metadata', 'name']))];
  return `${word(step)}/${parts.flatMap((part) => (part === undefined ? [] : [word(part)])).join('_')}`;
}

/**
 * The Kubernetes manifests and patches of a plan as files, a folder a step: for `kubectl apply`, `kubectl patch --patch-file` or a repository.
 * Each says in its first line which change it is of. What is taken away and what is not Kubernetes has no file.
 */
export function manifestFiles(plan: Plan): readonly ManifestFile[] {
  const taken = new Map<string, number>();
  return plan.changes.flatMap(({ change }) =>
    manifestsOf(change).map((object): ManifestFile => {
      const wanted = fileName(change.step, object);
      const count = (taken.get(wanted) ?? 0) + 1;
      taken.set(wanted, count);
      return {
        name: `${wanted}${count === 1 ? '' : `-${count}`}.yaml`,
        text: `# ${clean(change.title)} (${clean(change.step)})\n${stringify(object, { lineWidth: 0 })}`,
      };
    }),
  );
}
