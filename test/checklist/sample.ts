import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenChecklist } from '../../src/checklist/store.ts';
import type { Change } from '../../src/model/change.ts';
import type { OperationRecord } from '../../src/model/checklist.ts';

export const cluster = {
  id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/legacy',
  name: 'legacy',
  resourceGroup: 'rg',
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  location: 'westeurope',
  fingerprint: 'uid:64b9a1',
};

export const when = '2026-07-01T08:00:00.000Z';
export const stamp = { who: 'ada@example.org', when };

/** A folder of its own for one test. */
export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'checklist-'));

/** Options to open a checklist in a folder that does not exist yet. */
export async function newOptions(more: Partial<OpenChecklist> = {}): Promise<OpenChecklist> {
  return { path: join(await newFolder(), 'aks-hardening', 'legacy.json'), cluster, tool: 'aks-harden 0.1.0', now: () => when, ...more };
}

export const change: Change = {
  id: 'identity.local-accounts/disable',
  step: 'identity.local-accounts',
  kind: 'arm.update',
  title: 'Turn off local accounts',
  controls: ['2.4'],
  impact: { kind: 'none', scope: 'nothing restarts' },
  minutes: [1, 3],
  reversible: { kind: 'yes', how: 'turn them on again' },
  after: [],
  target: { id: cluster.id, type: 'Microsoft.ContainerService/managedClusters', apiVersion: '2026-05-01' },
  edits: [{ path: ['properties', 'disableLocalAccounts'], before: false, after: true }],
};

export const operation: OperationRecord = {
  id: 'op-1',
  change,
  steps: ['identity.local-accounts'],
  status: 'intended',
  startedAt: when,
  via: 'sdk',
};
