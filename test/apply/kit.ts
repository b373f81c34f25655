import { type ApplyOptions, apply } from '../../src/apply/apply.ts';
import { recordChoice } from '../../src/checklist/records.ts';
import { verdict } from '../../src/model/assessment.ts';
import { type ArmPut, type ArmUpdate, type Change, CLUSTER_API_VERSION } from '../../src/model/change.ts';
import type { Checklist, ChecklistStore } from '../../src/model/checklist.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import type { ArmResource, Facts } from '../../src/model/facts.ts';
import { at, type Json, path, same } from '../../src/model/json.ts';
import type { Plan, PlannedChange } from '../../src/model/plan.ts';
import { defineStep, type Step } from '../../src/model/step.ts';
import { digestOf } from '../../src/plan/digest.ts';
import { FakeArm } from './fake-arm.ts';

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
export const CLUSTER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/legacy`;
export const SETTING = `${CLUSTER}/providers/Microsoft.Insights/diagnosticSettings/aks-hardening`;
const when = '2026-07-01T08:00:00.000Z';
const ref = { id: CLUSTER, name: 'legacy', resourceGroup: 'rg', subscriptionId: SUBSCRIPTION, location: 'westeurope' };

export const clusterBody: ArmResource = {
  id: CLUSTER,
  name: 'legacy',
  type: 'Microsoft.ContainerService/managedClusters',
  location: 'westeurope',
  eTag: 'first',
  identity: { type: 'UserAssigned', userAssignedIdentities: { '/subscriptions/x/id': { clientId: 'c', principalId: 'p' } } },
  properties: {
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    fqdn: 'legacy.hcp.westeurope.azmk8s.io',
    disableLocalAccounts: false,
    futureThing: { unknownToUs: ['kept'] },
    apiServerAccessProfile: { authorizedIPRanges: [] },
    agentPoolProfiles: [{ name: 'one', count: 3, enableAutoScaling: true, provisioningState: 'Succeeded', eTag: 'pool-first', nodeImageVersion: 'v1' }],
  },
};

/** A world with one cluster, its checklist in memory, and nothing applied. */
export interface Kit {
  readonly arm: FakeArm;
  readonly store: ChecklistStore;
  readonly facts: Facts;
  readonly options: (changes: readonly Change[], more?: Partial<ApplyOptions>) => ApplyOptions;
  readonly run: (changes: readonly Change[], more?: Partial<ApplyOptions>) => Promise<readonly ApplyEvent[]>;
}

/** A checklist that lives in memory. `gate` is passed before and after each write, as in the fake ARM. */
export function memoryStore(initial: Checklist, gate: () => FakeArm['gate'] = () => async () => undefined): ChecklistStore {
  let current = initial;
  let last: Promise<unknown> = Promise.resolve();
  return {
    path: '(memory)',
    current: () => current,
    update: (change) => {
      const turn = last.then(async () => {
        await gate()('before note');
        current = JSON.parse(JSON.stringify(change(current))) as Checklist;
        await gate()('after note');
        return current;
      });
      last = turn.catch(() => undefined);
      return turn;
    },
    close: async () => undefined,
  };
}

export const emptyChecklist: Checklist = {
  schemaVersion: 1,
  tool: 'test',
  cluster: { ...ref, fingerprint: '' },
  createdAt: when,
  updatedAt: when,
  queue: [],
  steps: {},
  operations: [],
  lastSeen: {},
};

/** A step with one control that holds when a property of the cluster has a value. */
export function propertyStep(id: string, control: string, dotted: string, wanted: Json): Step {
  return defineStep({
    id,
    pillar: 'cluster',
    title: id,
    controls: [{ id: control, title: control, severity: 'high', references: { docs: [] } }],
    needs: [],
    explain: () => ({ what: '', why: '' }),
    assess: (facts) => {
      const actual = at(facts.cluster, path(dotted));
      return { [control]: verdict(same(actual, wanted), { path: dotted, actual, wanted: JSON.stringify(wanted) }) };
    },
    options: () => [],
    params: [],
    plan: () => ({ changes: [], guards: [] }),
    after: [],
  });
}

export const steps: readonly Step[] = [
  propertyStep('s.local', '2.4', 'properties.disableLocalAccounts', true),
  propertyStep('s.ranges', '12.1', 'properties.apiServerAccessProfile.authorizedIPRanges', ['4.4.4.4/32']),
  propertyStep('s.policy', '15.1', 'properties.networkProfile.networkPolicy', 'cilium'),
  propertyStep('s.logs', '3.1', 'properties.fqdn', 'legacy.hcp.westeurope.azmk8s.io'),
];

const common = {
  impact: { kind: 'none', scope: 'nothing' },
  minutes: [1, 3],
  reversible: { kind: 'yes', how: 'reverse it' },
  after: [],
} as const;

/** An edit of the cluster as a change. */
export function edit(
  step: string,
  control: string,
  dotted: string,
  before: Json | undefined,
  after: Json | undefined,
  more: Partial<ArmUpdate> = {},
): ArmUpdate {
  return {
    ...common,
    id: `${step}/edit`,
    step,
    kind: 'arm.update',
    title: `Set ${dotted}`,
    controls: [control],
    target: { id: CLUSTER, type: 'Microsoft.ContainerService/managedClusters', apiVersion: CLUSTER_API_VERSION },
    edits: [{ path: path(dotted), before, after }],
    ...more,
  };
}

export const local = edit('s.local', '2.4', 'properties.disableLocalAccounts', false, true);
export const ranges = edit('s.ranges', '12.1', 'properties.apiServerAccessProfile.authorizedIPRanges', [], ['4.4.4.4/32'], { probeAfter: true });
export const policy = edit('s.policy', '15.1', 'properties.networkProfile.networkPolicy', undefined, 'cilium');
export const logs: ArmPut = {
  ...common,
  id: 's.logs/setting',
  step: 's.logs',
  kind: 'arm.put',
  title: 'Send the logs away',
  controls: ['3.1'],
  target: { id: SETTING, type: 'Microsoft.Insights/diagnosticSettings', apiVersion: '2021-05-01-preview' },
  body: { properties: { workspaceId: '/subscriptions/x/w', logs: [{ category: 'kube-audit-admin', enabled: true }] } },
  before: undefined,
};

/** A plan of these changes, as the planner would make it. */
export function planOf(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  const planned = changes.map((change): PlannedChange => ({ change, parts: [change.id], steps: [change.step] }));
  const totals = { writes: changes.length, reimages: 0, minutes: [1, 2] } as const;
  return {
    schemaVersion: 1,
    cluster: ref,
    choices: Object.fromEntries(changes.map(({ step }) => [step, { option: 'on', values: {} }])),
    changes: planned,
    guards: [],
    totals,
    separately: totals,
    digest: digestOf(changes),
    ...more,
  };
}

/** Reads the fake's cluster as facts. */
export function rereader(arm: FakeArm): () => Promise<Facts> {
  return async () => {
    const { body } = await arm.gateway().send({ method: 'GET', url: `${CLUSTER}?api-version=${CLUSTER_API_VERSION}` });
    return factsOf(body as ArmResource);
  };
}

const factsOf = (cluster: ArmResource): Facts => ({
  schemaVersion: 1,
  source: { kind: 'practice', label: 'fake', readAt: when },
  apiVersion: CLUSTER_API_VERSION,
  cluster,
  previewProperties: [],
  known: {},
});

export async function collect(events: AsyncIterable<ApplyEvent>): Promise<readonly ApplyEvent[]> {
  const all: ApplyEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Makes a world. The checklist knows a choice for each step, queued. */
export function newKit(arm: FakeArm = new FakeArm()): Kit {
  arm.store(clusterBody);
  const stamp = { who: 'ada', when };
  const initial = steps.reduce((list, { id }) => recordChoice(list, id, { choice: { option: 'on', values: {} } }, stamp), emptyChecklist);
  const store = memoryStore({ ...initial, queue: steps.map(({ id }) => id) }, () => arm.gate);
  const facts = factsOf(clusterBody);
  const options: Kit['options'] = (changes, more = {}) => ({
    plan: planOf(changes),
    facts,
    steps,
    arm: arm.gateway(),
    store,
    reread: rereader(arm),
    who: 'ada',
    now: () => new Date(Date.parse(when) + arm.now).toISOString(),
    ...more,
  });
  return { arm, store, facts, options, run: (changes, more) => collect(apply(options(changes, more))) };
}

/** The events as one line each: `type change`, with what matters most of each type. */
export function told(events: readonly ApplyEvent[]): readonly string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'waiting':
      case 'output':
      case 'probed':
        return [];
      case 'finished':
        return [`finished ${event.outcome}`];
      case 'checked':
        return [`checked ${event.change}${event.noop ? ' noop' : ''}`];
      case 'failed':
        return [`failed ${event.change} ${event.problem.code}`];
      case 'started':
        return [`started ${event.change}${event.resumed === true ? ' again' : ''}`];
      default:
        return [`${event.type} ${event.change}`];
    }
  });
}
