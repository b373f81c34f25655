import type { ArmAction, ArmUpdate, Change, Edit } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Json } from '../../src/model/json.ts';
import { path } from '../../src/model/json.ts';
import type { Param, Step } from '../../src/model/step.ts';

export const clusterId = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-1/providers/Microsoft.ContainerService/managedClusters/aks-1';
export const cluster = { id: clusterId, type: 'Microsoft.ContainerService/managedClusters', apiVersion: '2026-05-01' };
export const pool = (name: string) => ({
  id: `${clusterId}/agentPools/${name}`,
  type: 'Microsoft.ContainerService/managedClusters/agentPools',
  apiVersion: '2026-05-01',
});

const common = {
  controls: [],
  impact: { kind: 'none' as const, scope: 'nothing' },
  minutes: [2, 4] as const,
  reversible: { kind: 'yes' as const, how: 'put the old value back' },
  after: [],
};

/** An edit from nothing. */
export const edit = (dotted: string, after: Json | undefined, before?: Json): Edit => ({ path: path(dotted), before, after });

/** A cluster update with one edit; the step is what stands before the slash of the id. */
export function update(id: string, edits: readonly Edit[], more: Partial<ArmUpdate> = {}): ArmUpdate {
  return { ...common, kind: 'arm.update', id, step: id.split('/')[0] ?? id, title: `Do ${id}`, target: cluster, edits, ...more };
}

export function image(id: string, name: string, more: Partial<ArmAction> = {}): ArmAction {
  return {
    ...common,
    kind: 'arm.action',
    id,
    step: id.split('/')[0] ?? id,
    title: `New node image for ${name}`,
    target: pool(name),
    action: 'upgradeNodeImageVersion',
    impact: { kind: 'reimage', scope: name, pools: [name] },
    reversible: { kind: 'no', how: 'images only go forward' },
    ...more,
  };
}

/** A resource beside the cluster that is written whole. */
export function put(id: string, more: Partial<Extract<Change, { kind: 'arm.put' }>> = {}): Extract<Change, { kind: 'arm.put' }> {
  const name = id.replaceAll('/', '-');
  return {
    ...common,
    kind: 'arm.put',
    id,
    step: id.split('/')[0] ?? id,
    title: `Write ${name}`,
    target: {
      id: `${clusterId}/providers/Microsoft.Insights/diagnosticSettings/${name}`,
      type: 'Microsoft.Insights/diagnosticSettings',
      apiVersion: '2021-05-01-preview',
    },
    body: { properties: { workspaceId: '/subscriptions/s/w' } },
    before: undefined,
    ...more,
  };
}

/** A step that plans fixed changes, whatever is chosen. */
export function step(id: string, changes: readonly Change[] = [], more: Partial<Step> = {}): Step {
  return {
    id,
    pillar: 'cluster',
    title: id,
    controls: [],
    needs: [],
    explain: () => ({ what: '', why: '' }),
    assess: () => ({}),
    options: () => [
      {
        id: 'on',
        title: 'On',
        tradeOff: '',
        impact: common.impact,
        minutes: [1, 2],
        cost: 'none',
        reversible: common.reversible,
        params: more.params?.map((param) => param.name) ?? [],
      },
      {
        id: 'off',
        title: 'Off',
        tradeOff: '',
        impact: common.impact,
        minutes: [1, 2],
        cost: 'none',
        reversible: common.reversible,
        unavailable: 'it is too late',
        params: [],
      },
    ],
    params: [],
    plan: () => ({ changes, guards: [] }),
    after: [],
    ...more,
  };
}

export function param(name: string, kind: Param['kind'], more: Partial<Param> = {}): Param {
  return { name, prompt: name, help: `help for ${name}`, kind, defaultValue: () => undefined, validate: () => undefined, ...more };
}

export const facts: Facts = {
  schemaVersion: 1,
  source: { kind: 'file', label: 'test', readAt: '2026-08-01T00:00:00Z' },
  apiVersion: '2026-05-01',
  cluster: { id: clusterId, name: 'aks-1', location: 'westeurope', properties: {} },
  previewProperties: [],
  known: {},
};

export const choose = (...steps: readonly string[]) => Object.fromEntries(steps.map((id) => [id, { option: 'on', values: {} }]));
