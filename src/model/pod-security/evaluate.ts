import { hostNamespaces, hostPorts, hostProbesAndHostLifecycle, windowsHostProcess } from './host.ts';
import { procMount, procMountRestricted, seLinuxOptions, sysctls } from './kernel.ts';
import { type Check, fieldOf, type Level, type PodTemplate, podOf, type Violation } from './pod.ts';
import { allowPrivilegeEscalation, capabilitiesBaseline, capabilitiesRestricted, privileged } from './privileges.ts';
import { appArmorProfile, seccompProfileBaseline, seccompProfileRestricted } from './profiles.ts';
import { runAsNonRoot, runAsUser } from './users.ts';
import { latestMinor, minorOf } from './versions.ts';
import { hostPathVolumes, restrictedVolumes } from './volumes.ts';

/** Every rule of both standards, baseline first, by name: the order the API server tells them in. */
export const checks: readonly Check[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  procMountRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
];

function asked(level: Level, minor: number): readonly Check[] {
  const known = checks.filter((check) => (check.since ?? 0) <= minor && (level === 'restricted' || check.level === 'baseline'));
  const contained = new Set(known.flatMap((check) => check.contains?.id ?? []));
  return known.filter((check) => !contained.has(check.id));
}

const remembered = new Map<string, readonly Check[]>();

function checksFor(level: Level, minor: number): readonly Check[] {
  const key = `${level} ${minor}`;
  const found = remembered.get(key) ?? asked(level, minor);
  remembered.set(key, found);
  return found;
}

/**
 * What keeps a pod, or the pods of a template, out of a namespace that enforces a level of the Pod Security Standards; nothing when they are
 * let in. `version` is Kubernetes' (`1.31`, `1.31.4`, `latest`): rules change with it. Takes any JSON and never throws; a value of the wrong
 * type counts as what it would be if it meant harm. Source: Kubernetes docs, Pod Security Standards, and k8s.io/pod-security-admission.
 */
export function evaluatePod(pod: PodTemplate, level: Level, version: string): readonly Violation[] {
  const minor = minorOf(version) ?? latestMinor;
  const seen = podOf(pod, minor);
  return checksFor(level, minor).flatMap(({ id, find }) =>
    find(seen).map(({ path, message, fix, edits }) => ({ check: id, field: fieldOf(path), message, fix, ...(edits ? { edits } : {}) })),
  );
}

/** The strictest level that lets a pod in; `privileged` lets in everything. */
export function strictestLevel(pod: PodTemplate, version: string): Level | 'privileged' {
  if (evaluatePod(pod, 'baseline', version).length > 0) return 'privileged';
  return evaluatePod(pod, 'restricted', version).length > 0 ? 'baseline' : 'restricted';
}
