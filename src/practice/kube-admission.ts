import type { ArmResource } from '../model/facts.ts';
import { at, type JsonObject, path, text } from '../model/json.ts';
import { objectNamespace } from './kube-objects.ts';
import { podSecurityVerdict } from './pod-security.ts';
import type { World } from './world.ts';

/** What admission makes of a write: warnings beside it, or why it is refused. */
export interface Admitted {
  readonly warnings: readonly string[];
  readonly refusal?: string;
}

/** Webhooks that deny come first, then Pod Security (Kubernetes docs: admission controllers). A dry run is asked like any other write. */
export function admit(world: World, cluster: ArmResource, before: JsonObject | undefined, after: JsonObject): Admitted {
  const denial = (world.state.settings.denials ?? []).find(
    ({ kind, namespace }) => kind === after['kind'] && (namespace === undefined || namespace === objectNamespace(after)),
  );
  if (denial) return { warnings: [], refusal: `admission webhook "${denial.webhook}" denied the request: ${denial.message}` };
  const version = text(at(cluster, path('properties.currentKubernetesVersion'))) ?? 'latest';
  return podSecurityVerdict(world.state.kubernetes, before, after, version);
}
