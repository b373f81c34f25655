import { type Assessment, fail } from '../../src/model/assessment.ts';
import { clusterAt, type Facts, pools } from '../../src/model/facts.ts';
import { type JsonObject, text } from '../../src/model/json.ts';
import { nodesOf, sizesOf } from '../../src/model/machines.ts';
import { type Choice, defineStep, type Guard, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { ownershipGuard } from '../shared/iac.ts';
import { reimageMinutes } from '../shared/minutes.ts';
import { drainGuard } from '../shared/pool-edits.ts';
import { notShown, overPools } from '../shared/pool-verdict.ts';
import { listed, plural } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { dataDisks, encrypted, nameOf, newCluster, openPools, preparation, replacement, replacementId, STEP } from './storage/changes.ts';

const DISK_SET = 'properties.diskEncryptionSetID';
const nodesIn = (list: readonly JsonObject[]): number => list.reduce((sum, pool) => sum + nodesOf(pool), 0);
/** Encryption at host needs scale sets or virtual-machines pools. */
const availabilitySets = (facts: Facts): readonly JsonObject[] => openPools(facts).filter((pool) => text(pool['type'])?.toLowerCase() === 'availabilityset');

function assessHost(facts: Facts): Assessment {
  return overPools(facts, {
    properties: ['enableEncryptionAtHost'],
    wanted: 'true',
    holds: encrypted,
    none: 'there is no node pool of your own',
    since: '2021-02-01',
    mixed: 'partial',
  });
}

function assessKeys(facts: Facts): Assessment {
  const hidden = notShown(facts, DISK_SET, '2019-11-01');
  if (hidden !== undefined) return hidden;
  const actual = clusterAt(facts, DISK_SET);
  const evidence = { path: DISK_SET, actual, wanted: 'a disk encryption set' };
  if (typeof actual !== 'string' || actual === '') return fail(evidence);
  return { status: 'pass', evidence: [evidence], note: 'Data disks follow their StorageClass (diskEncryptionSetID), which can only be seen in Kubernetes.' };
}

function options(facts: Facts): readonly Option[] {
  const open = openPools(facts);
  const names = open.map(nameOf);
  const old = availabilitySets(facts);
  const sizes = [...new Set(open.flatMap(sizesOf))];
  return [
    {
      id: 'replace-pools',
      title: 'New pools with encryption at host',
      tradeOff:
        open.length === 0
          ? 'Every pool has it: there is nothing to change.'
          : `Managed disks are encrypted already; this adds temporary disks, ephemeral system disks and disk caches of pool ${listed(names)} (${plural(nodesIn(open), 'node')}, ${listed(sizes)}). No pool can be switched: each one is made anew beside the old, drained over and deleted.`,
      impact:
        open.length === 0
          ? { kind: 'none', scope: 'nothing' }
          : { kind: 'recreate', scope: `the nodes of pool ${listed(names)}, one pool after the other`, pools: names },
      minutes: open.length === 0 ? [0, 1] : reimageMinutes(facts, names),
      cost: 'Both pools run until the old one is empty',
      reversible: { kind: 'yes', how: 'another new pool without it' },
      notWhen: 'the machine size or the region does not have it',
      ...(open.length > 0 && old.length === 0
        ? {
            recommended: `It is the half that needs no new cluster, for ${plural(open.length, 'pool')}. It can wait until a pool is replaced for another reason.`,
          }
        : {}),
      ...(old.length > 0 ? { unavailable: `Pool ${listed(old.map(nameOf))} is an availability set, which cannot have it: move to scale sets first.` } : {}),
      params: [],
    },
    {
      id: 'data-disks',
      title: 'Your own key for data disks',
      tradeOff:
        'A StorageClass with your disk encryption set: new volumes are encrypted with your key, old ones keep the platform’s until their data is copied. A key that is lost or expired takes the data with it.',
      impact: { kind: 'workload', scope: 'applications whose data is copied to new volumes, one by one' },
      minutes: [30, 240],
      cost: 'Key Vault operations; both copies while data moves',
      reversible: { kind: 'partly', how: 'data is copied back to volumes of another class' },
      notWhen: 'no regulation asks for keys of your own: the platform’s keys encrypt at rest as well',
      params: [],
    },
    {
      id: 'new-cluster',
      title: 'A new cluster with your own key for system disks too',
      tradeOff:
        'The disk encryption set of system disks is fixed when a cluster is made: every application moves to a new cluster that has it, with encryption at host from the start.',
      impact: { kind: 'recreate', scope: 'the whole cluster, side by side with a new one', pools: pools(facts).map(nameOf) },
      minutes: [480, 2880],
      cost: 'Two clusters while you move; Key Vault operations',
      reversible: { kind: 'yes', how: 'traffic goes back while the old cluster still runs' },
      notWhen: 'no regulation asks for it; it is the dearest way on this page',
      params: [],
    },
  ];
}

const keyGuard: Guard = {
  id: 'key-life',
  title: 'The key outlives the data',
  verdict: 'warn',
  detail: 'A key that is deleted, disabled or expired makes the disks unreadable; purge protection and an unlimited life of the key are not visible here.',
  next: ['az keyvault show --name VAULT --query properties.enablePurgeProtection'],
};

function plan(facts: Facts, { option }: Choice): StepPlan {
  const code = {
    terraform: { line: 'host_encryption_enabled = true on each pool', effect: 'reverts' as const, note: 'azurerm makes the pool anew when this line differs' },
    bicep: 'agentPoolProfiles: [{ enableEncryptionAtHost: true }]',
  };
  if (option === 'data-disks') return { changes: [dataDisks], guards: [keyGuard] };
  if (option === 'new-cluster') {
    if (typeof clusterAt(facts, DISK_SET) === 'string' && openPools(facts).length === 0) return { changes: [], guards: [] };
    return { changes: [newCluster], guards: [keyGuard] };
  }
  if (availabilitySets(facts).length > 0) {
    return { changes: [], guards: [unavailableGuard('Availability sets cannot have encryption at host: move to scale sets first.')] };
  }
  const open = openPools(facts);
  if (open.length === 0) return { changes: [], guards: [] };
  const first = preparation(facts);
  // One pool after the other: a cluster with two pools in the air has no room left.
  const changes = [first, ...open.map((pool, i) => replacement(facts, pool, [i === 0 ? first.id : replacementId(open[i - 1] ?? pool)]))];
  return { changes, guards: [ownershipGuard(facts, [code]), drainGuard] };
}

/** What is encrypted below the pods, and with whose key. */
export const storage = defineStep({
  id: STEP,
  pillar: 'pod',
  title: 'What is encrypted below the pods?',
  controls: [
    {
      id: '17.1',
      title: 'Every node pool encrypts at the host',
      severity: 'low',
      references: {
        policy: ['41425d9f-d1a5-499a-9932-f8ed8453932c'],
        checkov: ['CKV_AZURE_227'],
        docs: [aksDoc('Host-based encryption', 'enable-host-encryption')],
      },
    },
    {
      id: '17.2',
      title: 'System disks are encrypted with a key of your own',
      severity: 'advice',
      references: {
        policy: ['7d7be79c-23ba-4033-84dd-45e2a5ccdd67'],
        checkov: ['CKV_AZURE_117'],
        docs: [
          aksDoc('Customer-managed keys for disks', 'azure-disk-customer-managed-keys'),
          learn('Managed disk encryption compared', 'azure/virtual-machines/disk-encryption-overview'),
        ],
      },
    },
  ],
  needs: [],
  needsToPlan: ['ownership'],
  explain: () => ({
    what: 'Azure encrypts managed disks at rest with its own keys, always. What is left is the temporary disk and the cache on the machine itself, and the question whose key it is.',
    why: 'emptyDir volumes, container layers and swap lie on the temporary disk: without encryption at the host they are the one place that stays clear.',
    today:
      'The 2020 advice was Azure Disk Encryption inside the machine; it retires on 2028-09-15. Encryption at host replaces it, and disk encryption sets bring keys of your own. Microsoft’s AKS baseline leaves both off, so neither is urgent.',
  }),
  assess: (facts) => ({ '17.1': assessHost(facts), '17.2': assessKeys(facts) }),
  options,
  params: [],
  plan,
  after: [],
});
