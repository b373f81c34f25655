import type { ManualChange } from '../../../src/model/change.ts';
import { clusterRef, type Facts } from '../../../src/model/facts.ts';
import { isTrue, type JsonObject, text } from '../../../src/model/json.ts';
import { nodesOf, sizesOf } from '../../../src/model/machines.ts';
import { reimageMinutes } from '../../shared/minutes.ts';
import { namedPools } from '../../shared/pool-edits.ts';
import { machineFlags } from '../../shared/pool-sizes.ts';
import { commandWord, listed, plural } from '../../shared/texts.ts';

export const STEP = 'pod.storage';
export const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '?';
export const encrypted = (pool: JsonObject): boolean => isTrue(pool['enableEncryptionAtHost']);
export const openPools = (facts: Facts): readonly JsonObject[] => namedPools(facts).filter((pool) => !encrypted(pool));
export const replacementId = (pool: JsonObject): string => `${STEP}/replace-${nameOf(pool)}`;

/** Replaces one pool by hand: add, drain, delete. */
export function replacement(facts: Facts, pool: JsonObject, after: readonly string[]): ManualChange {
  const name = nameOf(pool);
  const { name: cluster, resourceGroup } = clusterRef(facts);
  const of = `--resource-group ${commandWord(resourceGroup, 'GROUP')} --cluster-name ${commandWord(cluster, 'CLUSTER')}`;
  const system = text(pool['mode'])?.toLowerCase() === 'system';
  const count = nodesOf(pool);
  return {
    kind: 'manual',
    id: replacementId(pool),
    step: STEP,
    controls: ['17.1'],
    title: `Replace pool ${listed([name])} by one with encryption at host`,
    instructions: [
      `az aks nodepool add ${of} --name NEW_NAME --mode ${system ? 'System' : 'User'} --os-type ${text(pool['osType'])?.toLowerCase() === 'windows' ? 'Windows' : 'Linux'} ${machineFlags(pool)} --enable-encryption-at-host, with the subnet, zones, labels, taints and scaling of the old one: az aks nodepool show ${of} --name ${commandWord(name, 'OLD_NAME')}`,
      `kubectl cordon and kubectl drain --ignore-daemonsets --delete-emptydir-data for each node of: kubectl get nodes -l agentpool=${commandWord(name, 'OLD_NAME')}`,
      `When nothing runs there any more: az aks nodepool delete ${of} --name ${commandWord(name, 'OLD_NAME')}`,
      ...(system ? ['The cluster must have another System pool at every moment: the new one stands ready before the old one goes.'] : []),
    ],
    doneWhen: `pool ${listed([name])} is gone, and az aks nodepool list shows enableEncryptionAtHost true for the new one`,
    impact: { kind: 'recreate', scope: `the ${plural(count, 'node')} of pool ${listed([name])}`, pools: [name] },
    minutes: reimageMinutes(facts, [name]),
    reversible: { kind: 'yes', how: 'another new pool without it' },
    after,
  };
}

/** What must be there before the first new pool. */
export function preparation(facts: Facts): ManualChange {
  const sizes = [...new Set(openPools(facts).flatMap(sizesOf))];
  return {
    kind: 'manual',
    id: `${STEP}/prepare`,
    step: STEP,
    controls: ['17.1'],
    title: 'Register encryption at host and check the machine sizes',
    instructions: [
      'az feature register --namespace Microsoft.Compute --name EncryptionAtHost, wait for Registered, then az provider register --namespace Microsoft.Compute',
      ...sizes.map(
        (size) =>
          `az vm list-skus --location ${commandWord(clusterRef(facts).location, 'LOCATION')} --size ${commandWord(size, 'SIZE')} --query "[].capabilities[?name=='EncryptionAtHostSupported'].value"`,
      ),
      'Quota for the second set of machines: az vm list-usage --location LOCATION',
    ],
    doneWhen: 'the feature is registered and every size says True',
    impact: { kind: 'none', scope: 'the subscription’s feature list' },
    minutes: [5, 30],
    reversible: { kind: 'yes', how: 'the feature is unregistered' },
    after: [],
  };
}

/** Data disks with a key of one's own. */
export const dataDisks: ManualChange = {
  kind: 'manual',
  id: `${STEP}/data-disks`,
  step: STEP,
  controls: ['17.2'],
  title: 'Encrypt new data disks with your own key',
  instructions: [
    'A Key Vault with soft delete and purge protection, a key that does not expire, and a disk encryption set that may use it (AKS docs: azure-disk-customer-managed-keys).',
    'Give the cluster’s identity Reader on the disk encryption set.',
    'Make a StorageClass with provisioner disk.csi.azure.com and parameters.diskEncryptionSetID, and make it the default.',
    'Copy the data of old volumes, one application after the other, through snapshots or backups.',
  ],
  doneWhen: 'every StorageClass for disks has parameters.diskEncryptionSetID, and no volume of an old class is left',
  impact: { kind: 'workload', scope: 'applications whose data is copied' },
  minutes: [30, 240],
  reversible: { kind: 'partly', how: 'data is copied back' },
  after: [],
};

/** System disks with a key of one's own. */
export const newCluster: ManualChange = {
  kind: 'manual',
  id: `${STEP}/new-cluster`,
  step: STEP,
  controls: ['17.1', '17.2'],
  title: 'Move to a cluster whose system disks use your own key',
  instructions: [
    'Make it with az aks create --node-osdisk-diskencryptionset-id ID --enable-encryption-at-host and the settings that this checklist has brought the old one.',
    'Deploy applications there from their source, move data, then move traffic by DNS or at the gateway in front.',
    'The node OS channel SecurityPatch does not go together with a policy that denies disks without such a key: use NodeImage.',
  ],
  doneWhen: 'the new cluster shows diskEncryptionSetID, and the old one gets no request any more',
  impact: { kind: 'recreate', scope: 'the whole cluster' },
  minutes: [480, 2880],
  reversible: { kind: 'yes', how: 'traffic goes back while the old cluster still runs' },
  after: [],
};
