import { at, isObject, type Json, type JsonObject, text } from '../model/json.ts';
import { admissionText, evaluatePod, type Level, levels, namespaceWarnings, podTemplateOf } from '../model/pod-security/index.ts';

const prefix = 'pod-security.kubernetes.io/';

/** What Pod Security Admission makes of a write: warnings beside it, or why it is refused. */
export interface PodSecurityVerdict {
  readonly warnings: readonly string[];
  readonly refusal?: string;
}

/** The API server as Pod Security Admission sees it. */
export interface PodSecurityServer {
  /** The version whose rules it has: what `latest` means. */
  readonly kubernetes: string;
  /** Namespaces that its configuration exempts (Kubernetes docs: Configure the Admission Controller). */
  readonly exempt?: readonly string[];
}

interface Policy {
  readonly level: Level | 'privileged';
  /** As in a label: `latest`, `v1.33`. */
  readonly version: string;
}

const strictness = ['privileged', ...levels] as const;

function policyOf(namespace: JsonObject | undefined, mode: 'enforce' | 'audit' | 'warn'): Policy {
  const label = (key: string): string | undefined => text(at(namespace, ['metadata', 'labels', `${prefix}${key}`]));
  return { level: strictness.find((level) => level === label(mode)) ?? 'privileged', version: label(`${mode}-version`) ?? 'latest' };
}

const isNamespace = (object: JsonObject): boolean => object['kind'] === 'Namespace' && object['apiVersion'] === 'v1';
const nameOf = (object: Json | undefined): string => text(at(object, ['metadata', 'name'])) ?? '';
const namespaceOf = (object: JsonObject): string => text(at(object, ['metadata', 'namespace'])) ?? '';

/** A level label that is none is refused, as the API server does it. */
function wrongLabel(namespace: JsonObject): string | undefined {
  for (const mode of ['enforce', 'audit', 'warn']) {
    const said = text(at(namespace, ['metadata', 'labels', `${prefix}${mode}`]));
    if (said !== undefined && !strictness.some((level) => level === said)) {
      return `Namespace "${nameOf(namespace)}" is invalid: metadata.labels[${prefix}${mode}]: Invalid value: "${said}": must be one of ${strictness.join(', ')}`;
    }
  }
  return undefined;
}

/** What an exempt namespace is told of the levels it is labelled with. */
function exemptionWarning(namespace: JsonObject): readonly string[] {
  const said = (['enforce', 'audit', 'warn'] as const).flatMap((mode) => {
    const { level, version } = policyOf(namespace, mode);
    return level === 'privileged' ? [] : [`${mode}=${level}:${version}`];
  });
  return said.length === 0 ? [] : [`namespace "${nameOf(namespace)}" is exempt from Pod Security, and the policy (${said.join(', ')}) will be ignored`];
}

/** Existing pods are looked at when a namespace begins to enforce a stricter level, or another version of one. */
function onNamespace(
  objects: readonly JsonObject[],
  before: JsonObject | undefined,
  after: JsonObject,
  { kubernetes, exempt = [] }: PodSecurityServer,
): PodSecurityVerdict {
  const refusal = wrongLabel(after);
  if (refusal !== undefined) return { warnings: [], refusal };
  const old = policyOf(before, 'enforce');
  const next = policyOf(after, 'enforce');
  const isExempt = exempt.includes(nameOf(after));
  if (isExempt && before === undefined) return { warnings: exemptionWarning(after) };
  const isLooser = old.version === next.version && strictness.indexOf(next.level) <= strictness.indexOf(old.level);
  if (before === undefined || next.level === 'privileged' || isLooser) return { warnings: [] };
  if (isExempt) return { warnings: exemptionWarning(after) };
  const pods = objects.filter((object) => object['kind'] === 'Pod' && namespaceOf(object) === nameOf(after));
  const named = pods.map((pod) => ({ name: nameOf(pod), pod: { metadata: pod['metadata'], spec: pod['spec'] } }));
  return { warnings: namespaceWarnings(nameOf(after), next.level, next.version, kubernetes, named) };
}

/** A pod that breaks what its namespace enforces is refused; a controller of such pods is warned of, as is whatever breaks the warning level. */
function onPod(objects: readonly JsonObject[], object: JsonObject, { kubernetes, exempt = [] }: PodSecurityServer): PodSecurityVerdict {
  const found = podTemplateOf(object);
  const namespace = objects.find((one) => isNamespace(one) && nameOf(one) === namespaceOf(object));
  if (!found || !namespace || exempt.includes(nameOf(namespace))) return { warnings: [] };
  const said = ({ level, version }: Policy): string | undefined => {
    if (level === 'privileged') return undefined;
    const violations = evaluatePod(found.pod, level, version === 'latest' ? kubernetes : version);
    return violations.length === 0 ? undefined : admissionText(level, version, violations);
  };
  const enforced = object['kind'] === 'Pod' ? said(policyOf(namespace, 'enforce')) : undefined;
  if (enforced !== undefined) return { warnings: [], refusal: `pods "${nameOf(object)}" is forbidden: violates ${enforced}` };
  const warned = said(policyOf(namespace, 'warn'));
  return { warnings: warned === undefined ? [] : [`would violate ${warned}`] };
}

/**
 * What Pod Security Admission of a cluster says to a write. `objects` is everything in the cluster, `before` what stood there, `after` what
 * would stand (k8s.io/pod-security-admission, admission.go).
 */
export function podSecurityVerdict(
  objects: readonly JsonObject[],
  before: JsonObject | undefined,
  after: JsonObject,
  server: PodSecurityServer,
): PodSecurityVerdict {
  if (!isObject(after)) return { warnings: [] };
  return isNamespace(after) ? onNamespace(objects, before, after, server) : onPod(objects, after, server);
}
