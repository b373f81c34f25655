import type { Workload } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { edited, editsOf, evaluatePod, type Level, mergePatch, templatePlace, type Violation } from '../../../src/model/pod-security/index.ts';
import { fromTemplate } from '../../../templates/index.ts';
import { isPlain } from '../../shared/kube-objects.ts';
import { isSilentWindows, podOf } from './windows.ts';

/** What one workload needs to be let in at a level. */
export interface Remedy {
  readonly workload: Workload;
  /** As a manifest to merge into the workload's own; none where nothing of it is a matter of fields, or where no patch can say it. */
  readonly manifest?: JsonObject;
  /** What a person has to think of: no field alone mends it. */
  readonly byHand: readonly Violation[];
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
  const byHand = violations.filter(({ edits }) => edits === undefined);
  const edits = [...(isSilent ? [windowsEdit] : []), ...editsOf(violations)];
  // A patch of what is injected at admission does not last: the pod's own spec is what is patched, and its controller holds the template.
  const place = templatePlace(workload.kind);
  const patch = place === undefined || !isPlain(workload) ? undefined : mergePatch(pod, edits, place);
  if (patch === undefined) return { workload, byHand: violations };
  const { spec, metadata } = patch;
  const [manifest] = fromTemplate('workload-pod-security', {
    apiVersion: workload.apiVersion,
    kind: workload.kind,
    name: workload.name,
    namespace: workload.namespace,
    spec: spec ?? {},
  });
  if (manifest === undefined) return { workload, byHand: violations };
  // A Pod's own annotations stand beside its name.
  const whole = metadata === undefined ? manifest : { ...manifest, metadata: { ...(metadata as JsonObject), ...(manifest['metadata'] as JsonObject) } };
  return { workload, manifest: whole, byHand };
}
