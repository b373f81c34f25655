import type { PodSecurityAnswer } from '../../model/facts.ts';
import { clean } from '../../model/foreign.ts';
import type { KubernetesGateway } from '../../model/gateway.ts';
import { at, isObject, type JsonObject, text } from '../../model/json.ts';
import { kubeKinds } from '../../model/kube-kinds.ts';
import { ProblemError } from '../../model/problem.ts';
import { isSystemNamespace } from '../../model/system-namespaces.ts';
import type { Reading } from '../reading.ts';
import { wayIn } from './listed.ts';

const enforce = 'pod-security.kubernetes.io/enforce';
const enforceVersion = 'pod-security.kubernetes.io/enforce-version';
const strictness: readonly (string | undefined)[] = ['privileged', 'baseline', 'restricted'];

/** Namespaces that are asked about, by the way in: each question is a command of kubectl, or a pod started through Azure. */
const mostAsked: { readonly [W in KubernetesGateway['via']]: number } = { kubectl: 100, practice: 1000, 'run-command': 5 };

/** Questions under way at once. */
const together = 8;

interface Asked {
  readonly name: string;
  readonly enforced: number;
}

function askedAbout(object: JsonObject): readonly Asked[] {
  const name = text(at(object, ['metadata', 'name']));
  const labels = at(object, ['metadata', 'labels']);
  const own = isObject(labels) ? Object.fromEntries(Object.entries(labels).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []))) : {};
  if (name === undefined || isSystemNamespace(name, own)) return [];
  return [{ name, enforced: Math.max(0, strictness.indexOf(own[enforce])) }];
}

/** What is said about pods: the line that names the level, and those behind it. That only the first pods were looked at is no refusal. */
function refusalsIn(warnings: readonly string[]): readonly string[] {
  const start = warnings.findIndex((line) => line.startsWith('existing pods in namespace'));
  return start < 0 ? [] : warnings.slice(start + 1).map(clean);
}

async function ask(gateway: KubernetesGateway, namespace: string, level: PodSecurityAnswer['level']): Promise<PodSecurityAnswer | undefined> {
  const patch = { metadata: { labels: { [enforce]: level, [enforceVersion]: 'latest' } } };
  try {
    const { warnings } = await gateway.patch({ kind: kubeKinds.namespace, name: namespace }, patch, { dryRun: true });
    if (warnings.some((line) => line.startsWith('failed to list pods'))) return undefined;
    const isExempt = warnings.some((line) => line.includes('is exempt from Pod Security'));
    return { namespace, level, warnings: refusalsIn(warnings), ...(isExempt ? { exempt: true } : {}) };
  } catch (thrown) {
    // One that is being deleted, or that a webhook guards, answers nothing; a missing right is the same for all.
    if (thrown instanceof ProblemError && thrown.problem.code !== 'kubernetes-forbidden') return undefined;
    throw thrown;
  }
}

/** Both levels of one namespace. The API server looks at pods only where a level is stricter than what is enforced (Pod Security Admission, KEP-2579). */
async function answersFor(gateway: KubernetesGateway, { name, enforced }: Asked): Promise<readonly PodSecurityAnswer[]> {
  if (enforced >= strictness.indexOf('restricted')) return [];
  const restricted = await ask(gateway, name, 'restricted');
  if (restricted === undefined) return [];
  if (enforced >= strictness.indexOf('baseline')) return [restricted];
  // What refuses nothing at the stricter level refuses nothing below it; an exemption is one of all levels.
  if (restricted.warnings.length === 0) return [{ ...restricted, level: 'baseline' }, restricted];
  const baseline = await ask(gateway, name, 'baseline');
  return [...(baseline === undefined ? [] : [baseline]), restricted];
}

/**
 * What the API server itself would warn of when a namespace began to enforce a level: a dry run of the label, which keeps nothing. Namespaces of
 * Kubernetes and AKS are not asked about, nor more than `mostAsked`: those are missing in the answer. Throws a ProblemError where nothing answers.
 */
export async function readPodSecurityAnswers(reading: Reading): Promise<readonly PodSecurityAnswer[]> {
  const gateway = await wayIn(reading);
  const most = mostAsked[gateway.via];
  const asked: Asked[] = [];
  for await (const page of gateway.list(kubeKinds.namespace, reading.signal ? { signal: reading.signal } : {})) asked.push(...page.flatMap(askedAbout));
  const answers: PodSecurityAnswer[] = [];
  for (let from = 0; from < Math.min(asked.length, most); from += together) {
    reading.signal?.throwIfAborted();
    const some = asked.slice(from, Math.min(from + together, most));
    answers.push(...(await Promise.all(some.map((one) => answersFor(gateway, one)))).flat());
  }
  return answers;
}
