import type { ArmResource } from '../model/facts.ts';
import { at, type JsonObject, path, text } from '../model/json.ts';
import type { Answer } from './answer.ts';
import { objectNamespace } from './kube-objects.ts';
import { invalid, status } from './kube-status.ts';
import { podSecurityVerdict } from './pod-security.ts';
import type { Denial, World } from './world.ts';

/** What admission makes of a write: warnings beside it, or the refusal. */
export interface Admitted {
  readonly warnings: readonly string[];
  readonly refusal?: Answer;
}

/** A write as admission sees it. `before` is undefined for a new object. */
export interface Admission {
  readonly before: JsonObject | undefined;
  readonly after: JsonObject;
  readonly dryRun: boolean;
}

const carries = (object: JsonObject, label: string): boolean => at(object, ['metadata', 'labels', label]) !== undefined;

function isAbout({ kind, namespace, label }: Denial, { before, after }: Admission): boolean {
  if (kind !== after['kind'] || (namespace !== undefined && namespace !== objectNamespace(after))) return false;
  return label === undefined || carries(after, label) || (before !== undefined && carries(before, label));
}

/** What the API server makes of a webhook's answer (apiserver, admission/plugin/webhook/errors/statuserror.go). */
function refusedBy({ webhook, message, answer = 'denied' }: Denial, dryRun: boolean): Answer | undefined {
  switch (answer) {
    case 'denied':
      return status(403, 'Forbidden', `admission webhook "${webhook}" denied the request: ${message}`);
    case 'no-dry-run':
      return dryRun ? status(400, 'BadRequest', `admission webhook "${webhook}" does not support dry run`) : undefined;
    case 'no-answer':
      return status(500, 'InternalError', `Internal error occurred: failed calling webhook "${webhook}": failed to call webhook: ${message}`);
    default:
      return answer satisfies never;
  }
}

/** Webhooks that deny come first, then Pod Security (Kubernetes docs: admission controllers). A dry run is asked like any other write. */
export function admit(world: World, cluster: ArmResource, admission: Admission): Admitted {
  for (const denial of world.state.settings.denials ?? []) {
    const refusal = isAbout(denial, admission) ? refusedBy(denial, admission.dryRun) : undefined;
    if (refusal !== undefined) return { warnings: [], refusal };
  }
  const { rules, exemptNamespaces } = world.state.settings.podSecurity ?? {};
  const kubernetes = rules ?? text(at(cluster, path('properties.currentKubernetesVersion'))) ?? 'latest';
  const server = { kubernetes, ...(exemptNamespaces === undefined ? {} : { exempt: exemptNamespaces }) };
  const { warnings, refusal } = podSecurityVerdict(world.state.kubernetes, admission.before, admission.after, server);
  if (refusal === undefined) return { warnings };
  const [, kind, name, field, wrong] = /^(\w+) "([^"]*)" is invalid: ([^:]+): (.*)$/s.exec(refusal) ?? [];
  return { warnings, refusal: kind === undefined ? status(403, 'Forbidden', refusal) : invalid(kind, name ?? '', field ?? '', wrong ?? '') };
}
