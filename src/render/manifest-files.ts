import { stringify } from 'yaml';
import type { Change } from '../model/change.ts';
import { clean } from '../model/foreign.ts';
import { at, type JsonObject, text } from '../model/json.ts';
import { patchManifest } from '../model/kube-manifest.ts';
import type { Plan } from '../model/plan.ts';

/** What the first line of every file begins with: by it a later run knows its own files. */
export const MARK = '# aks-harden: ';

/** A manifest for a team that applies from a repository. `name` is a relative path with `/`, the same for the same object in every run. */
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

/** What a file is to a kustomization, and to kubectl. */
function purpose({ kind }: Change): string {
  switch (kind) {
    case 'kube.apply':
      return 'A whole object: one of the resources of a kustomization, or kubectl apply --server-side -f';
    case 'kube.patch':
      return 'A patch: one of the patches of a kustomization, or kubectl patch --type merge --patch-file';
    case 'manual':
    case 'kube.delete':
    case 'arm.update':
    case 'arm.put':
    case 'arm.patch':
    case 'arm.action':
    case 'arm.delete':
    case 'graph':
      return 'It merges into the object of this name: one of the patches of a kustomization, or kubectl patch --patch-file; a resource where there is none yet';
    default:
      return kind satisfies never;
  }
}

/**
 * The Kubernetes manifests and patches of a plan as files, a folder a step, an object a file: for a repository that Flux or Argo CD reads, or for
 * kubectl. Each says in its first lines which change it is of and what to do with it. What is taken away and what is not Kubernetes has no file.
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
        text: `${MARK}${clean(change.title)} (${clean(change.step)})\n# ${purpose(change)}\n${stringify(object, { lineWidth: 0 })}`,
      };
    }),
  );
}
