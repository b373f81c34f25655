import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import { at, isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { objectKey } from '../../src/model/kube-manifest.ts';
import type { Choice, Option, Step } from '../../src/model/step.ts';
import { isSystemNamespace } from '../../src/model/system-namespaces.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { undoOf } from '../../src/plan/undo.ts';
import { steppedClock } from '../../src/practice/clock.ts';
import { createPractice } from '../../src/practice/index.ts';
import { scenarioNames } from '../../src/practice/world.ts';
import { planOnlyKeys, readFacts } from '../../src/snapshot/live.ts';
import { internalLoadBalancers } from '../../steps/cluster/internal-load-balancers.ts';
import { clusterRoles } from '../../steps/identity/cluster-roles.ts';
import { steps as walk } from '../../steps/index.ts';
import { values as asked } from '../az/values.ts';

const steps: readonly Step[] = [...walk, ...[internalLoadBalancers, clusterRoles].filter((step) => !walk.some(({ id }) => id === step.id))];

/** How a tool signs what it keeps, and what people call it. */
const tools = [
  { tool: 'flux', labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop-apps' }, annotations: {}, said: /Flux’s Kustomization shop-apps/ },
  {
    tool: 'argo-cd',
    labels: {},
    annotations: { 'argocd.argoproj.io/tracking-id': 'shop-apps:apps/Deployment:shop/web' },
    said: /Argo CD’s Application shop-apps/,
  },
  { tool: 'helm', labels: {}, annotations: { 'meta.helm.sh/release-name': 'shop-apps' }, said: /Helm release shop-apps/ },
] as const;
type Tool = (typeof tools)[number];

const texts = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** The object as the tool keeps it. What belongs to Kubernetes and AKS stays theirs. */
function signed(object: JsonObject, { labels, annotations }: Tool): JsonObject {
  const metadata = texts(object['metadata']);
  const place = object['kind'] === 'Namespace' ? String(metadata['name']) : String(metadata['namespace'] ?? '');
  if (isSystemNamespace(place)) return object;
  return {
    ...object,
    metadata: { ...metadata, labels: { ...texts(metadata['labels']), ...labels }, annotations: { ...texts(metadata['annotations']), ...annotations } },
  };
}

/** What the scenarios need not have: a Service on the internet, and an admin by a binding of one's own. */
const others: readonly JsonObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'front', namespace: 'shop' },
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 443, targetPort: 8443, protocol: 'TCP' }] },
    status: { loadBalancer: { ingress: [{ ip: '20.101.44.9' }] } },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'old-admins' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'User', name: 'bob@example.org', apiGroup: 'rbac.authorization.k8s.io' }],
  },
];

/** Facts of a scenario where a tool keeps everything, or nobody keeps anything. */
async function facts(scenario: string, tool: Tool | undefined): Promise<{ readonly facts: Facts; readonly kept: ReadonlySet<string> }> {
  const practice = await createPractice({ scenario, clock: steppedClock(Date.parse('2026-11-20T08:00:00Z')) });
  const { state } = practice.world;
  state.kubernetes = [...state.kubernetes, ...others];
  if (tool !== undefined) state.kubernetes = state.kubernetes.map((object) => signed(object, tool));
  const read = await readFacts({
    arm: practice.arm,
    clusterId: practice.clusterId,
    planKeys: planOnlyKeys,
    kubernetes: practice.kubernetes,
    runCommand: async () => ({ reachable: true, detail: 'it answered' }),
    now: new Date(practice.world.clock.now()),
  });
  return { facts: read, kept: new Set(state.kubernetes.map(objectKey)) };
}

/** Choices of an option: with what its parameters take by themselves, and with everything that can be chosen. */
function choicesOf(step: Step, option: Option, found: Facts): readonly Choice[] {
  const own = step.params.filter(({ name }) => option.params.includes(name));
  const given = own.flatMap(({ name }): readonly [string, Json][] => (asked[name] === undefined ? [] : [[name, asked[name]]]));
  const all = own.flatMap(({ name, kind, choices }): readonly [string, Json][] =>
    kind === 'choices' && choices !== undefined ? [[name, choices(found).map(({ value }) => value)]] : [],
  );
  const ranges = own.filter(({ name }) => name === 'ranges').map(({ name }): [string, Json] => [name, ['203.0.113.0/24']]);
  return [given, [...given, ...all], [...given, ...all, ...ranges]].flatMap((values) => {
    const completed = completeChoice(step, found, { option: option.id, values: Object.fromEntries(values) });
    return 'choice' in completed ? [completed.choice] : [];
  });
}

/** Everything that a step may plan: options that are there, with their choices. */
function* plansOf(found: Facts): Generator<{ readonly where: string; readonly changes: readonly Change[]; readonly guards: string }> {
  for (const step of steps) {
    for (const option of step.options(found).filter(({ unavailable }) => unavailable === undefined)) {
      for (const choice of choicesOf(step, option, found)) {
        const { changes, guards } = step.plan(found, choice);
        yield { where: `${step.id}=${option.id}`, changes, guards: JSON.stringify(guards) };
      }
    }
  }
}

/** The objects that a change writes, or takes away. */
function written(change: Change): readonly string[] {
  switch (change.kind) {
    case 'kube.apply':
      return change.objects.map(objectKey);
    case 'kube.patch':
    case 'kube.delete': {
      const { apiVersion, kind, namespace = '', name } = change.object;
      return [`${apiVersion}/${kind}/${namespace}/${name}`];
    }
    default:
      return [];
  }
}

const worlds = scenarioNames.flatMap((scenario) => tools.map((tool) => ({ scenario, tool, name: `${scenario}, ${tool.tool}` })));

describe('what another tool keeps', () => {
  it.each(worlds)('is never written, whatever is chosen: $name', async ({ scenario, tool }) => {
    const { facts: found, kept } = await facts(scenario, tool);
    const wrong: string[] = [];
    for (const { where, changes } of plansOf(found)) {
      for (const change of changes) {
        const all = [change, ...undoOf(change)];
        // The undo of an object that is made here takes that one away, which nobody keeps.
        const touched = all.flatMap(written).filter((key) => kept.has(key));
        wrong.push(...touched.map((key) => `${where}: ${change.kind} ${key}`));
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each(worlds)('is told, with who keeps it, and its patch is among the manifests: $name', async ({ scenario, tool }) => {
    const [free, held] = [await facts(scenario, undefined), await facts(scenario, tool)];
    const told = new Map<string, { readonly text: string; readonly manifests: readonly JsonObject[] }>();
    for (const { where, changes, guards } of plansOf(held.facts)) {
      const manual = changes.flatMap((change) => (change.kind === 'manual' ? [change] : []));
      const before = told.get(where);
      const text = [...manual.flatMap(({ instructions }) => instructions), guards, before?.text ?? ''].join('\n');
      told.set(where, { text, manifests: [...manual.flatMap(({ manifests = [] }) => manifests), ...(before?.manifests ?? [])] });
    }
    const missing: string[] = [];
    let count = 0;
    for (const { where, changes } of plansOf(free.facts)) {
      for (const change of changes) {
        for (const key of written(change).filter((one) => free.kept.has(one))) {
          count += 1;
          const { text = '', manifests = [] } = told.get(where) ?? {};
          const name = key.split('/').at(-1) ?? '';
          if (!text.includes(name) || !tool.said.test(text)) missing.push(`${where}: ${key} is not told`);
          if (change.kind === 'kube.patch' && !manifests.map(objectKey).includes(key)) missing.push(`${where}: ${key} has no manifest`);
        }
      }
    }
    expect([...new Set(missing)]).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });

  it.each(worlds)('and no manifest holds anything secret: $name', async ({ scenario, tool }) => {
    const { facts: found } = await facts(scenario, tool);
    for (const { where, changes } of plansOf(found)) {
      for (const change of changes) {
        const objects = change.kind === 'kube.apply' ? change.objects : change.kind === 'manual' ? (change.manifests ?? []) : [];
        for (const object of objects) {
          expect(object['kind'], where).not.toBe('Secret');
          expect(at(object, ['metadata', 'managedFields']), where).toBeUndefined();
          // Environment variables by reference are no secret; their values may be.
          expect(JSON.stringify(object), where).not.toMatch(/"env":\[[^\]]*"value":|"stringData"|"command":|"args":/);
        }
      }
    }
  });
});
