import type { Workload } from '../../../src/model/facts.ts';
import { at, list as entriesOf, type JsonObject, text } from '../../../src/model/json.ts';
import {
  edited,
  editsOf,
  evaluatePod,
  type Level,
  mergePatch,
  type PodTemplate,
  templatePlace,
  type Violation,
} from '../../../src/model/pod-security/index.ts';
import { fromTemplate } from '../../../templates/index.ts';
import { isPlain } from '../../shared/kube-objects.ts';
import { injectedContainers, perController } from '../../shared/own-workloads.ts';
import { isSilentWindows, podOf } from './windows.ts';

/** What one workload needs to be let in at a level. */
export interface Remedy {
  readonly workload: Workload;
  /** As a manifest to merge into the workload's own; none where nothing of it is a matter of fields, or where no patch can say it. */
  readonly manifest?: JsonObject;
  /** What a person has to think of: no field alone mends it. */
  readonly byHand: readonly Violation[];
}

/** Whether a violation lies in a container that was injected. */
function isInjected({ spec }: PodTemplate, { edits = [] }: Violation): boolean {
  return edits.some(({ path: [, list = '', index = ''] }) => {
    const name = text(at(entriesOf(at(spec, [list]))[Number(index)], ['name']));
    return name !== undefined && /containers$/i.test(list) && injectedContainers.has(name);
  });
}

const windowsEdit = { path: ['spec', 'os'], value: { name: 'windows' } } as const;

/**
 * The patch that lets a workload in at a level, and what is left to think of. A pod that goes to Windows nodes gets `spec.os.name`, never the
 * Linux fields: Kubernetes refuses those on Windows.
 */
export function remedyFor(workload: Workload, level: Level, version: string): Remedy | undefined {
  const pod = podOf(workload);
  const isSilent = isSilentWindows(pod);
  const seen = isSilent ? edited(pod, [windowsEdit]) : pod;
  const violations = evaluatePod(seen, level, version);
  if (violations.length === 0 && !(isSilent && evaluatePod(pod, level, version).length > 0)) return undefined;
  const foreign = violations
    .filter((violation) => isInjected(pod, violation))
    .map((violation) => ({ ...violation, fix: 'The container is injected when the pod is made: set it where its injector is configured.' }));
  const own = violations.filter((violation) => !isInjected(pod, violation));
  const byHand = [...own.filter(({ edits }) => edits === undefined), ...foreign];
  const edits = [...(isSilent ? [windowsEdit] : []), ...editsOf(own)];
  // A patch of what is injected at admission does not last: the pod's own spec is what is patched, and its controller holds the template.
  const place = templatePlace(workload.kind);
  const patch = place === undefined || !isPlain(workload) ? undefined : mergePatch(pod, edits, place);
  if (patch === undefined) return { workload, byHand: [...own, ...foreign] };
  const { spec, metadata } = patch;
  const [manifest] = fromTemplate('workload-patch', {
    apiVersion: workload.apiVersion,
    kind: workload.kind,
    name: workload.name,
    namespace: workload.namespace,
    spec: spec ?? {},
  });
  if (manifest === undefined) return { workload, byHand: [...own, ...foreign] };
  // A Pod's own annotations stand beside its name.
  const whole = metadata === undefined ? manifest : { ...manifest, metadata: { ...(metadata as JsonObject), ...(manifest['metadata'] as JsonObject) } };
  return { workload, manifest: whole, byHand };
}

/** The remedies of workloads, one a controller: pods of one may look different while a rollout runs, and the look of most of them counts. */
export function remediesFor(workloads: readonly Workload[], level: Level, version: string): readonly Remedy[] {
  return perController(workloads).flatMap((workload) => remedyFor(workload, level, version) ?? []);
}
