import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeKind, KubernetesGateway } from '../../../src/model/gateway.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { ReadProgress } from '../../../src/model/read-progress.ts';
import { factsFromObjects } from '../../../src/snapshot/kubernetes/from-objects.ts';
import { kubernetesReaders } from '../../../src/snapshot/kubernetes/readers.ts';
import { WorkloadCount } from '../../../src/snapshot/kubernetes/workloads.ts';

interface PodOptions {
  readonly app: string;
  readonly number: number;
  readonly image?: string;
  readonly token?: string;
}

/** A pod of a Deployment, with what differs from pod to pod: its name, its node, its address, the name of its token. */
function pod({ app, number, image = `${app}:1`, token = 'kube-api-access-abcde' }: PodOptions): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-6d4cf56db6-x${number}`,
      namespace: 'shop',
      uid: `uid-${number}`,
      labels: { app, 'pod-template-hash': '6d4cf56db6' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-6d4cf56db6`, controller: true }],
      managedFields: [{ manager: 'kubelet', fieldsV1: { 'f:status': { number } } }],
    },
    spec: {
      nodeName: `node-${number % 7}`,
      containers: [{ name: app, image, volumeMounts: [{ name: token, mountPath: '/var/run/secrets' }], env: [{ name: 'KEY', value: `hidden-${number}` }] }],
      volumes: [{ name: token, projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
    },
    status: { phase: 'Running', podIP: `10.0.0.${number % 250}` },
  };
}

const pods = (count: number, apps: number): readonly JsonObject[] =>
  Array.from({ length: count }, (_, number) =>
    pod({ app: `app-${number % apps}`, number, token: `kube-api-access-x${String(number % 9973).padStart(4, '0')}` }),
  );

/** A gateway that makes a page when it is asked for, and takes it back when the next one is: whoever held on to it would be thrown at. */
function paging(count: number, apps: number) {
  const seen = { pages: 0 };
  const list = async function* (kind: KubeKind) {
    if (kind.kind !== 'Pod') return;
    for (let from = 0; from < count; from += 500) {
      const page = Array.from({ length: 500 }, (_, i) => Proxy.revocable(pod({ app: `app-${(from + i) % apps}`, number: from + i }), {}));
      seen.pages += 1;
      yield page.map(({ proxy }) => proxy);
      for (const { revoke } of page) revoke();
    }
  };
  const gateway: Pick<KubernetesGateway, 'via' | 'list'> = { via: 'kubectl', list };
  return { gateway: gateway as KubernetesGateway, seen };
}

describe('20,000 pods', () => {
  it('are reduced page by page: nothing of a page is looked at once the next has come', async () => {
    const { gateway, seen } = paging(20_000, 50);
    const told: string[] = [];
    const tell = ({ kind, objects }: ReadProgress) => void told.push(`${kind} ${objects}`);
    const workloads = await kubernetesReaders.workloads({ kubernetes: async () => gateway, tell });
    expect(seen.pages).toBe(40);
    expect(told).toEqual(Array.from({ length: 40 }, (_, i) => `pods ${(i + 1) * 500}`));
    expect(workloads).toHaveLength(50);
    expect(workloads.map(({ kind, pods: count }) => `${kind} ${count}`)).toEqual(Array(50).fill('Deployment 400'));
    // What is kept is a copy, not a part of a page.
    expect(() => JSON.stringify(workloads)).not.toThrow();
    expect(JSON.stringify(workloads)).not.toContain('hidden');
  });

  it('take as much room as there are different pods, however many are alike', () => {
    const room = (count: number, apps: number): number => {
      const collector = new WorkloadCount();
      for (const one of pods(count, apps)) collector.take(one);
      return serialize(collector).length;
    };
    const few = room(50, 50);
    expect(room(20_000, 50) / few).toBeLessThan(1.05);
    expect(room(20_000, 500) / few).toBeGreaterThan(9);
    expect(room(20_000, 500) / few).toBeLessThan(11);
  });
});

describe('pods of one controller', () => {
  const counted = (objects: readonly JsonObject[]) => {
    const collector = new WorkloadCount();
    for (const object of objects) collector.take(object);
    return collector.end();
  };

  it('that differ in what verdicts rest on are told apart, whatever order they come in', () => {
    const images = fc.array(fc.constantFrom('a:1', 'a:2', 'a:3'), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(images, (chosen) => {
        const found = counted(chosen.map((image, number) => pod({ app: 'web', number, image })));
        const wanted = new Map<string, number>();
        for (const image of chosen) wanted.set(image, (wanted.get(image) ?? 0) + 1);
        const told = found.map(({ spec, pods: count }) => [(spec['containers'] as readonly JsonObject[])[0]?.['image'], count]);
        expect(new Map(told as [string, number][])).toEqual(wanted);
        expect(found).toHaveLength(wanted.size);
      }),
    );
  });

  const replace = (object: JsonObject, spec: JsonObject): JsonObject => ({ ...object, spec: { ...(object['spec'] as JsonObject), ...spec } });

  it.each<readonly [string, JsonObject, number]>([
    ['the node they run on', { nodeName: 'another' }, 1],
    ['what they tolerate', { tolerations: [{ key: 'spot' }] }, 1],
    ['the value of a variable', { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'KEY', value: 'other' }] }] }, 1],
    ['a privileged container', { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'KEY' }], securityContext: { privileged: true } }] }, 2],
    ['a container added to debug', { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] }, 2],
    ['the network of the node', { hostNetwork: true }, 2],
  ])('that differ in %s', (_what, spec, wanted) => {
    const alike = { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'KEY' }] }] };
    const [first, second] = [pod({ app: 'web', number: 1 }), pod({ app: 'web', number: 2 })];
    expect(counted([replace(first, alike), replace(second, { ...alike, ...spec })])).toHaveLength(wanted);
  });

  it('of a StatefulSet are alike though each has a claim of its own', () => {
    const member = (number: number, claim: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `db-${number}`, namespace: 'shop', ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', controller: true }] },
      spec: { containers: [{ name: 'db', image: 'db:1' }], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] },
    });
    expect(counted([0, 1, 2].map((number) => member(number, `data-db-${number}`)))).toMatchObject([{ kind: 'StatefulSet', pods: 3 }]);
    expect(counted([member(0, 'data-db-0'), member(1, 'shared')])).toHaveLength(2);
  });

  it('are one with their controller, whether it comes before or behind them, with who keeps it', async () => {
    const controller: JsonObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', annotations: { 'meta.helm.sh/release-name': 'web' } },
      spec: { template: { metadata: {}, spec: { containers: [{ name: 'web', image: 'web:2' }] } } },
    };
    const running = [pod({ app: 'web', number: 1 }), pod({ app: 'web', number: 2 })];
    const read = async (objects: readonly JsonObject[]) =>
      (
        await factsFromObjects(
          (async function* () {
            yield* objects;
          })(),
          'a file',
        )
      ).workloads;
    const before = await read([controller, ...running]);
    expect(before).toEqual(await read([...running, controller]));
    expect(before).toMatchObject({ state: 'known', value: [{ kind: 'Deployment', name: 'web', pods: 2, keeper: { tool: 'helm' } }] });
  });
});
