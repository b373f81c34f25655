import { clusterAt, type Fact, type Facts, fact, knownValue, type NamespaceFacts, type PodSecurityAnswer, type Workload } from '../../../src/model/facts.ts';
import { text } from '../../../src/model/json.ts';
import { evaluatePod, type Level, minorOf, type Violation } from '../../../src/model/pod-security/index.ts';
import { podOf } from './windows.ts';

export const STEP = 'pod.security';
export const CONTROLS = ['19.1'] as const;

/** Labels of a namespace that Pod Security Admission reads (Kubernetes docs: Enforce Pod Security Standards with Namespace Labels). */
const PREFIX = 'pod-security.kubernetes.io/';
export const label = {
  enforce: `${PREFIX}enforce`,
  enforceVersion: `${PREFIX}enforce-version`,
  audit: `${PREFIX}audit`,
  auditVersion: `${PREFIX}audit-version`,
  warn: `${PREFIX}warn`,
  warnVersion: `${PREFIX}warn-version`,
} as const;

/** From the least to the most strict. */
export const strictness = ['privileged', 'baseline', 'restricted'] as const;
export type AnyLevel = (typeof strictness)[number];

/** How strict a level is; a label that is no level counts as none. */
export const rank = (level: string | undefined): number => (strictness as readonly (string | undefined)[]).indexOf(level);

/** One workload and what each level would refuse it for. */
export interface Judged {
  readonly workload: Workload;
  readonly baseline: readonly Violation[];
  readonly restricted: readonly Violation[];
}

/** Where our answer and the API server's differ on a namespace and a level. */
export interface Disagreement {
  readonly namespace: string;
  readonly level: Level;
  /** What the server said, line by line; nothing when it is only we who see something. */
  readonly server: readonly string[];
  /** Workloads that we would see refused. */
  readonly ours: readonly Judged[];
}

/** A namespace that is not AKS' or Kubernetes' own, with what runs in it. */
export interface Judgement {
  readonly namespace: NamespaceFacts;
  readonly workloads: readonly Judged[];
  /** The strictest level that refuses nothing that is there, by our rules and by the server's where it was asked. */
  readonly fits: AnyLevel;
  /** The level it enforces today. */
  readonly enforced: AnyLevel;
}

/** The version of the control plane, as Pod Security Admission there knows it. */
export function kubernetesVersion(facts: Facts): string {
  return text(clusterAt(facts, 'properties.currentKubernetesVersion')) ?? text(clusterAt(facts, 'properties.kubernetesVersion')) ?? 'latest';
}

/** `v1.33`: what a version label takes. */
export function versionLabel(facts: Facts): string {
  const minor = minorOf(kubernetesVersion(facts));
  return minor === undefined ? 'latest' : `v1.${minor}`;
}

/** Why the admission plug-in is not there: it came with 1.22 as alpha and is on from 1.23 (Kubernetes docs: Pod Security Admission). */
export function tooOld(facts: Facts): string | undefined {
  const version = kubernetesVersion(facts);
  const minor = Number(/^1\.(\d+)/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);
  return minor < 23 ? `Kubernetes ${version} has no Pod Security Admission: it is there from 1.23 on. Upgrade first.` : undefined;
}

const judgedWorkloads = new WeakMap<readonly Workload[], Map<string, readonly Judged[]>>();

/** Every workload with its violations, judged once for a list of workloads and a version: thousands of pods are asked for often. */
function judgeAll(workloads: readonly Workload[], version: string): readonly Judged[] {
  const known = judgedWorkloads.get(workloads) ?? new Map<string, readonly Judged[]>();
  judgedWorkloads.set(workloads, known);
  const found =
    known.get(version) ??
    workloads.map((workload) => {
      const pod = podOf(workload);
      return { workload, baseline: evaluatePod(pod, 'baseline', version), restricted: evaluatePod(pod, 'restricted', version) };
    });
  known.set(version, found);
  return found;
}

function read(facts: Facts): Fact<{ readonly namespaces: readonly NamespaceFacts[]; readonly workloads: readonly Workload[] }> {
  const namespaces = fact(facts, 'namespaces');
  if (namespaces.state === 'unknown') return namespaces;
  const workloads = fact(facts, 'workloads');
  if (workloads.state === 'unknown') return workloads;
  return { state: 'known', value: { namespaces: namespaces.value, workloads: workloads.value } };
}

/** Workloads outside of system namespaces, with what each level says of them. */
export function judgedWork(facts: Facts): Fact<readonly Judged[]> {
  const found = read(facts);
  if (found.state === 'unknown') return found;
  const system = new Set(found.value.namespaces.filter((one) => one.system).map(({ name }) => name));
  const all = judgeAll(found.value.workloads, kubernetesVersion(facts));
  return { state: 'known', value: all.filter(({ workload }) => !system.has(workload.namespace) && workload.keeper?.tool !== 'aks') };
}

/** What the API server said of a level in a namespace; undefined where it was not asked. */
export const answerOf = (facts: Facts, namespace: string, level: Level): PodSecurityAnswer | undefined =>
  knownValue(facts, 'podSecurityAnswers')?.find((answer) => answer.namespace === namespace && answer.level === level);

/** What a level would refuse of workloads; of those that run pods where `running` is given, which is all that the API server looks at. */
export function refusedBy(workloads: readonly Judged[], level: Level, running = false): readonly Judged[] {
  return workloads.filter((judged) => judged[level].length > 0 && (!running || judged.workload.pods > 0));
}

function fitting(facts: Facts, namespace: string, workloads: readonly Judged[]): AnyLevel {
  const refuses = (level: Level): boolean => refusedBy(workloads, level).length > 0 || (answerOf(facts, namespace, level)?.warnings.length ?? 0) > 0;
  if (refuses('baseline')) return 'privileged';
  return refuses('restricted') ? 'baseline' : 'restricted';
}

/** Every namespace that is a team's own, with what fits it. */
export function judgements(facts: Facts): Fact<readonly Judgement[]> {
  const found = read(facts);
  if (found.state === 'unknown') return found;
  const judged = judgeAll(found.value.workloads, kubernetesVersion(facts));
  const byNamespace = Map.groupBy(judged, ({ workload }) => workload.namespace);
  const own = found.value.namespaces.filter((namespace) => !namespace.system && namespace.keeper?.tool !== 'aks');
  return {
    state: 'known',
    value: own.map((namespace) => {
      const workloads = byNamespace.get(namespace.name) ?? [];
      const said = namespace.labels[label.enforce];
      return { namespace, workloads, fits: fitting(facts, namespace.name, workloads), enforced: strictness.find((one) => one === said) ?? 'privileged' };
    }),
  };
}

/** The judgements where they are known; none where they are not. */
export function knownJudgements(facts: Facts): readonly Judgement[] {
  const found = judgements(facts);
  return found.state === 'known' ? found.value : [];
}

/** Where the API server's own dry run and this program's rules say different things about running pods. */
export function disagreements(facts: Facts): readonly Disagreement[] {
  const answers = knownValue(facts, 'podSecurityAnswers') ?? [];
  const judged = new Map(knownJudgements(facts).map((one) => [one.namespace.name, one]));
  return answers.flatMap(({ namespace, level, warnings, exempt }): readonly Disagreement[] => {
    const own = judged.get(namespace);
    if (!own || exempt || rank(own.enforced) >= rank(level)) return [];
    const ours = refusedBy(own.workloads, level, true);
    return warnings.length > 0 === ours.length > 0 ? [] : [{ namespace, level, server: warnings, ours }];
  });
}
