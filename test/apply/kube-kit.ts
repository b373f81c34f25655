import type { KubeApply, KubeDelete, KubePatch } from '../../src/model/change.ts';
import type { KubernetesGateway } from '../../src/model/gateway.ts';
import { at, type JsonObject } from '../../src/model/json.ts';
import { steppedClock } from '../../src/practice/clock.ts';
import { createPractice, type Practice } from '../../src/practice/index.ts';
import type { Settings } from '../../src/practice/world.ts';

const common = {
  step: 's.local',
  controls: [],
  impact: { kind: 'none', scope: 'nothing' },
  minutes: [1, 1],
  reversible: { kind: 'yes', how: 'reverse it' },
  after: [],
} as const;

/** A NetworkPolicy as a step would apply it. */
export const policy = (name: string, spec: JsonObject = { podSelector: {}, policyTypes: ['Ingress'] }): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec,
});

/** Applies objects that are not there yet. */
export const applying = (objects: readonly JsonObject[], before: readonly JsonObject[] = []): KubeApply => ({
  ...common,
  kind: 'kube.apply',
  id: 'k/apply',
  title: 'Apply objects',
  objects,
  before,
});

/** Labels namespace shop. */
export const labelling = (labels: JsonObject, before: JsonObject = {}): KubePatch => ({
  ...common,
  kind: 'kube.patch',
  id: 'k/label',
  title: 'Label a namespace',
  object: { apiVersion: 'v1', kind: 'Namespace', name: 'shop' },
  patch: { metadata: { labels } },
  before: { metadata: { labels: before } },
});

/** Takes an object away. */
export const removing = (before: JsonObject): KubeDelete => ({
  ...common,
  kind: 'kube.delete',
  id: 'k/remove',
  title: 'Take an object away',
  object: {
    apiVersion: String(before['apiVersion']),
    kind: String(before['kind']),
    name: String(at(before, ['metadata', 'name'])),
    ...(at(before, ['metadata', 'namespace']) === undefined ? {} : { namespace: String(at(before, ['metadata', 'namespace'])) }),
  },
  before,
});

/** A practice cluster whose Kubernetes API is watched: what is asked of it for real is told. */
export interface KubeBench {
  readonly practice: Practice;
  readonly kubernetes: KubernetesGateway;
  /** Real writes, `apply default-deny`. */
  readonly writes: readonly string[];
  readonly find: (kind: string, name: string) => JsonObject | undefined;
  readonly set: (settings: Partial<Settings>) => void;
  /** Everything in the cluster, as text. */
  readonly all: () => string;
}

/** What a test puts before and after a real write. */
export interface Meddle {
  readonly before?: (what: string) => void | Promise<void>;
  readonly after?: (what: string) => void | Promise<void>;
  /** Every call, also reads and dry runs. */
  readonly call?: (place: string) => Promise<void>;
}

/** A cluster for changes of objects. */
export async function kubeBench(meddle: Meddle = {}): Promise<KubeBench> {
  const practice = await createPractice({ scenario: 'typical', clock: steppedClock(Date.parse('2026-07-01T08:00:00Z')) });
  const own = practice.kubernetes;
  const writes: string[] = [];
  const call = async <T>(what: string, dryRun: boolean, send: () => Promise<T>): Promise<T> => {
    await meddle.call?.(`before ${what}`);
    if (!dryRun) await meddle.before?.(what);
    const answer = await send();
    if (!dryRun) {
      writes.push(what);
      await meddle.after?.(what);
    }
    await meddle.call?.(`after ${what}`);
    return answer;
  };
  const nameOf = (object: JsonObject | undefined): string => String(at(object, ['metadata', 'name']));
  return {
    practice,
    writes,
    kubernetes: {
      via: 'practice',
      list: own.list,
      access: own.access,
      get: (ref) => call(`get ${ref.name}`, true, () => own.get(ref)),
      apply: (objects, options) => call(`apply ${objects.map(nameOf).join(' ')}`, options.dryRun, () => own.apply(objects, options)),
      patch: (ref, patch, options) => call(`patch ${ref.name}`, options.dryRun, () => own.patch(ref, patch, options)),
      remove: (ref, options) => call(`remove ${ref.name}`, options.dryRun, () => own.remove(ref, options)),
    },
    find: (kind, name) => practice.world.state.kubernetes.find((object) => object['kind'] === kind && nameOf(object) === name),
    set: (settings) => {
      practice.world.state.settings = { ...practice.world.state.settings, ...settings };
    },
    all: () => JSON.stringify(practice.world.state.kubernetes),
  };
}
