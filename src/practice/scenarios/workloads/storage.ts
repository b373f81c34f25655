import type { JsonObject } from '../../../model/json.ts';
import { metadata, type Texts, type Topic } from './make.ts';

interface Class {
  readonly name: string;
  readonly provisioner: string;
  readonly parameters: Texts;
  readonly isDefault?: boolean;
  readonly ofAks?: boolean;
  readonly mountOptions?: readonly string[];
  readonly bindingMode?: string;
}

const storageClass = ({ name, provisioner, parameters, isDefault, ofAks, mountOptions, bindingMode = 'Immediate' }: Class): JsonObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: metadata({
    name,
    ...(ofAks === true ? { labels: { 'addonmanager.kubernetes.io/mode': 'EnsureExists', 'kubernetes.io/cluster-service': 'true' } } : {}),
    ...(isDefault === true ? { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } : {}),
  }),
  provisioner,
  parameters: { ...parameters },
  reclaimPolicy: 'Delete',
  volumeBindingMode: bindingMode,
  allowVolumeExpansion: true,
  ...(mountOptions === undefined ? {} : { mountOptions: [...mountOptions] }),
});

const disk = 'disk.csi.azure.com';
const file = 'file.csi.azure.com';
const smbOptions = ['mfsymlinks', 'actimeo=30', 'nosharesock'];
const late = { bindingMode: 'WaitForFirstConsumer', ofAks: true } as const;

/** The classes that AKS makes in every cluster. */
const ofAks: readonly JsonObject[] = [
  storageClass({ name: 'default', provisioner: disk, parameters: { skuname: 'StandardSSD_LRS' }, isDefault: true, ...late }),
  storageClass({ name: 'managed-csi', provisioner: disk, parameters: { skuname: 'StandardSSD_LRS' }, ...late }),
  storageClass({ name: 'managed-csi-premium', provisioner: disk, parameters: { skuname: 'Premium_LRS' }, ...late }),
  storageClass({ name: 'azurefile', provisioner: file, parameters: { skuName: 'Standard_LRS' }, ofAks: true, mountOptions: smbOptions }),
  storageClass({ name: 'azurefile-csi', provisioner: file, parameters: { skuName: 'Standard_LRS' }, ofAks: true, mountOptions: smbOptions }),
  storageClass({ name: 'azurefile-csi-premium', provisioner: file, parameters: { skuName: 'Premium_LRS' }, ofAks: true, mountOptions: smbOptions }),
];

/** A volume and the claim that has it. */
function volume(claim: string, storageClassName: string, size: string, mode: string, source: JsonObject): readonly JsonObject[] {
  const [namespace = '', name = ''] = claim.split('/');
  const own = metadata({ namespace, name });
  const pv = `pvc-${String(own['uid'])}`;
  const common = { accessModes: [mode], storageClassName, volumeMode: 'Filesystem' };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: metadata({ name: pv }),
      spec: {
        ...common,
        capacity: { storage: size },
        persistentVolumeReclaimPolicy: 'Delete',
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name },
        ...source,
      },
      status: { phase: 'Bound' },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: own,
      spec: { ...common, resources: { requests: { storage: size } }, volumeName: pv },
      status: { phase: 'Bound', capacity: { storage: size } },
    },
  ];
}

const csi = (driver: string, volumeHandle: string): JsonObject => ({ csi: { driver, volumeHandle } });

/** What was made in 2020 and never moved: a disk and blobs by drivers that are gone, and shares that anybody can reach. */
const grownOld: readonly JsonObject[] = [
  ...ofAks,
  storageClass({ name: 'ledger-disks', provisioner: 'kubernetes.io/azure-disk', parameters: { storageaccounttype: 'Premium_LRS', kind: 'Managed' } }),
  storageClass({ name: 'shop-shares', provisioner: file, parameters: { skuName: 'Standard_LRS' }, mountOptions: smbOptions }),
  ...volume('payments/ledger', 'ledger-disks', '64Gi', 'ReadWriteOnce', {
    azureDisk: { diskName: 'ledger', diskURI: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/ledger', kind: 'Managed', fsType: 'ext4' },
  }),
  ...volume('shop/uploads', 'shop-shares', '100Gi', 'ReadWriteMany', csi(file, 'g#shopfiles#uploads#')),
  ...volume('shop/media', '', '1Ti', 'ReadWriteMany', {
    flexVolume: { driver: 'azure/blobfuse', secretRef: { name: 'media-account' }, options: { container: 'media' } },
  }),
];

/** A disk, and shares of AKS' own class. */
const usual: readonly JsonObject[] = [
  ...ofAks,
  ...volume('payments/ledger', 'managed-csi', '64Gi', 'ReadWriteOnce', csi(disk, 'ledger')),
  ...volume('shop/uploads', 'azurefile-csi', '100Gi', 'ReadWriteMany', csi(file, 'g#shopfiles#uploads#')),
];

const shares = (name: string, parameters: Texts): readonly JsonObject[] => [
  ...ofAks,
  storageClass({ name, provisioner: file, parameters: { skuName: 'Premium_LRS', networkEndpointType: 'privateEndpoint', ...parameters } }),
  ...volume('payments/ledger', 'managed-csi', '64Gi', 'ReadWriteOnce', csi(disk, 'ledger')),
  ...volume('shop/uploads', name, '100Gi', 'ReadWriteMany', csi(file, 'g#shopfiles#uploads#')),
];

export const volumes: Topic = {
  legacy: grownOld,
  typical: usual,
  private: shares('shop-shares', { protocol: 'nfs' }),
  hardened: shares('shop-shares', { protocol: 'nfs', encryptInTransit: 'true', allowSharedKeyAccess: 'false' }),
};
