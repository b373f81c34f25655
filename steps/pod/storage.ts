import { type Assessment, fail } from '../../src/model/assessment.ts';
import { clusterAt, type Facts } from '../../src/model/facts.ts';
import { type Choice, defineStep, type Guard, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { ownershipGuard } from '../shared/iac.ts';
import { keeperGuard, kubernetesGuard } from '../shared/kube-objects.ts';
import { drainGuard } from '../shared/pool-edits.ts';
import { notShown, overPools } from '../shared/pool-verdict.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { dataDisks, encrypted, newCluster, openPools, preparation, replacement, replacementId, STEP } from './storage/changes.ts';
import { isOfAks } from './storage/classes.ts';
import { driversChange, oldVolumesChange } from './storage/driver-changes.ts';
import { assessDrivers } from './storage/drivers.ts';
import { options } from './storage/options.ts';
import { shareChanges, shareGuards } from './storage/share-changes.ts';
import { assessShares, openShares } from './storage/shares.ts';

const DISK_SET = 'properties.diskEncryptionSetID';

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

const keyGuard: Guard = {
  id: 'key-life',
  title: 'The key outlives the data',
  verdict: 'warn',
  detail: 'A key that is deleted, disabled or expired makes the disks unreadable; purge protection and an unlimited life of the key are not visible here.',
  next: ['az keyvault show --name VAULT --query properties.enablePurgeProtection'],
};

/** Drivers by ARM, and what is left to hands. */
function drivers(facts: Facts): StepPlan {
  const update = driversChange(facts);
  const after = update.map(({ id }) => id);
  const code = {
    terraform: { line: 'storage_profile { disk_driver_enabled, file_driver_enabled, blob_driver_enabled }', effect: 'reverts' as const },
    bicep: 'storageProfile: { diskCSIDriver: { enabled: true }, fileCSIDriver: { enabled: true } }',
  };
  return {
    changes: [...update, ...oldVolumesChange(facts, after)],
    guards: update.length > 0 ? commonGuards(facts, { impact: 'none', code: [code] }) : [],
  };
}

/** New classes, and the copying that is left to hands. */
function shares(facts: Facts): StepPlan {
  const changes = shareChanges(facts);
  const written = changes.some(({ kind }) => kind === 'kube.apply');
  const kept = openShares(facts).filter((found) => found.keeper !== undefined && !isOfAks(found));
  return { changes, guards: [...(written ? [kubernetesGuard(facts)] : []), ...keeperGuard(kept, 'class'), ...shareGuards(facts)] };
}

function plan(facts: Facts, { option }: Choice): StepPlan {
  const chosen = options(facts).find(({ id }) => id === option);
  if (chosen === undefined) return { changes: [], guards: [] };
  if (chosen.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(chosen.unavailable)] };
  if (option === 'csi-drivers') return drivers(facts);
  if (option === 'private-shares') return shares(facts);
  const code = {
    terraform: { line: 'host_encryption_enabled = true on each pool', effect: 'reverts' as const, note: 'azurerm makes the pool anew when this line differs' },
    bicep: 'agentPoolProfiles: [{ enableEncryptionAtHost: true }]',
  };
  if (option === 'data-disks') return { changes: [dataDisks], guards: [keyGuard] };
  if (option === 'new-cluster') {
    if (typeof clusterAt(facts, DISK_SET) === 'string' && openPools(facts).length === 0) return { changes: [], guards: [] };
    return { changes: [newCluster], guards: [keyGuard] };
  }
  const open = openPools(facts);
  if (open.length === 0) return { changes: [], guards: [] };
  const first = preparation(facts);
  // One pool after the other: a cluster with two pools in the air has no room left.
  const changes = [first, ...open.map((pool, i) => replacement(facts, pool, [i === 0 ? first.id : replacementId(open[i - 1] ?? pool)]))];
  return { changes, guards: [ownershipGuard(facts, [code]), drainGuard] };
}

/** What is encrypted below the pods, with whose key, and how volumes get there. */
export const storage = defineStep({
  id: STEP,
  pillar: 'pod',
  title: 'What lies below the pods, and who can read it?',
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
    {
      id: '17.3',
      title: 'Volumes come from CSI drivers alone',
      severity: 'low',
      references: {
        policy: ['c5110b6e-5272-4989-9935-59ad06fdf341', '4f3823b6-6dac-4b5a-9c61-ce1afb829f17', 'f4a8fce0-2dd5-4c21-9a36-8f0ec809d663'],
        docs: [aksDoc('CSI drivers', 'csi-storage-drivers'), aksDoc('Migrate from in-tree volumes', 'csi-migrate-in-tree-volumes')],
      },
    },
    {
      id: '17.4',
      title: 'Shares are private, and encrypted on the way',
      severity: 'low',
      references: {
        docs: [
          aksDoc('Volumes on Azure Files', 'create-volume-azure-files'),
          aksDoc('Volumes on Azure Blob storage', 'create-volume-azure-blob-storage'),
          { title: 'Storage classes', url: 'https://kubernetes.io/docs/concepts/storage/storage-classes/' },
        ],
      },
    },
  ],
  needs: ['storageClasses', 'persistentVolumes', 'workloads'],
  needsToPlan: ['ownership', 'permissions', 'locks', 'agentPools', 'kubernetesAccess'],
  explain: () => ({
    what: 'Azure encrypts managed disks at rest with its own keys, always. What is left is the temporary disk and the cache on the machine itself, whose key it is, by which driver volumes are mounted, and where shares answer.',
    why: 'emptyDir volumes, container layers and swap lie on the temporary disk: without encryption at the host they are the one place that stays clear. A share that AKS makes by itself has a public address: SMB asks for the account’s key, which lies in a Secret; NFS asks for nothing but a way there, and goes in clear unless its class says otherwise.',
    today:
      'The 2020 advice was Azure Disk Encryption inside the machine; it retires on 2028-09-15. Encryption at host replaces it, and disk encryption sets bring keys of your own. Microsoft’s AKS baseline leaves both off, so neither is urgent. In-tree volumes and FlexVolume gave way to CSI drivers: since Kubernetes 1.26 none is made the old way.',
  }),
  assess: (facts) => ({ '17.1': assessHost(facts), '17.2': assessKeys(facts), '17.3': assessDrivers(facts), '17.4': assessShares(facts) }),
  options,
  params: [],
  plan,
  after: [],
});
