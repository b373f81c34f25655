import type { Workload } from '../../../src/model/facts.ts';
import { at, path } from '../../../src/model/json.ts';
import type { PodTemplate } from '../../../src/model/pod-security/index.ts';

/** The pod of a workload as the standards look at it. */
export function podOf(workload: Workload): PodTemplate {
  return { metadata: { annotations: { ...workload.podAnnotations } }, spec: workload.spec };
}

/** A pod for Windows nodes that does not say so itself: its node selector does. */
export function isSilentWindows({ spec }: PodTemplate): boolean {
  const selected = at(spec, ['nodeSelector', 'kubernetes.io/os']) ?? at(spec, ['nodeSelector', 'beta.kubernetes.io/os']);
  return selected === 'windows' && at(spec, path('os.name')) === undefined;
}
