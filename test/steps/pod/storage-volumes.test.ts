import { describe, expect, test } from 'vitest';
import type { FactKey, Facts, FactValues, PersistentVolumeFacts, StorageClassFacts, Workload } from '../../../src/model/facts.ts';
import { at, type JsonObject, path } from '../../../src/model/json.ts';
import { storageClassFacts } from '../../../src/snapshot/kubernetes/storage.ts';
import { storage } from '../../../steps/pod/storage.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

type Known = { readonly [K in FactKey]?: FactValues[K] | string };
const facts = (known: Known = {}, properties: JsonObject = {}, apiVersion = '2026-05-01'): Facts => ({
  ...factsOf(cluster({ properties }), { ...readable, storageClasses: [], persistentVolumes: [], workloads: [], ...known }),
  apiVersion,
});
const storageClass = (name: string, provisioner: string, parameters: StorageClassFacts['parameters'] = {}, more: Partial<StorageClassFacts> = {}) =>
  ({ name, provisioner, parameters, isDefault: false, ...more }) satisfies StorageClassFacts;
const volume = (source: string, more: Partial<PersistentVolumeFacts> = {}): PersistentVolumeFacts => ({
  name: `pv-${source}`,
  source,
  claim: { namespace: 'shop', name: 'data' },
  ...more,
});
const pod = (spec: JsonObject): Workload => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  pods: 1,
  podLabels: {},
  podAnnotations: {},
  spec: { containers: [], ...spec },
});

const IN_TREE = 'kubernetes.io/azure-disk';
const off = (driver: string): JsonObject => ({ storageProfile: { [`${driver}CSIDriver`]: { enabled: false } } });

describe('17.3', () => {
  test.each([
    ['nothing is said about drivers: they are on', facts(), 'pass'],
    ['the disk driver is off', facts({}, off('disk')), 'fail'],
    ['the file driver is off', facts({}, off('file')), 'fail'],
    ['the blob driver is off, which is how it starts', facts({}, off('blob')), 'pass'],
    ['an in-tree disk', facts({ persistentVolumes: [volume('azureDisk')] }), 'fail'],
    ['an in-tree share', facts({ persistentVolumes: [volume('azureFile')] }), 'fail'],
    ['a FlexVolume', facts({ persistentVolumes: [volume('flexVolume', { driver: 'azure/blobfuse' })] }), 'fail'],
    ['CSI and others', facts({ persistentVolumes: [volume('csi', { driver: 'disk.csi.azure.com' }), volume('nfs'), volume('local')] }), 'pass'],
    ['a class of one’s own, of the old kind', facts({ storageClasses: [storageClass('fast', IN_TREE)] }), 'fail'],
    ['AKS’ class of the old kind, which nothing uses', facts({ storageClasses: [storageClass('managed-premium', IN_TREE)] }), 'pass'],
    [
      'AKS’ class of the old kind, in use',
      facts({ storageClasses: [storageClass('managed-premium', IN_TREE)], persistentVolumes: [volume('csi', { storageClass: 'managed-premium' })] }),
      'fail',
    ],
    ['a pod that names a volume of the old kind', facts({ workloads: [pod({ volumes: [{ name: 'v', azureFile: { shareName: 's' } }] })] }), 'fail'],
    ['volumes were not read', facts({ persistentVolumes: 'not allowed' }), 'unknown'],
    ['classes were not read', facts({ storageClasses: 'not allowed' }), 'unknown'],
    ['a driver is off, and volumes were not read', facts({ persistentVolumes: 'not allowed' }, off('disk')), 'fail'],
    ['an api-version from before drivers could be switched', facts({}, {}, '2021-05-01'), 'unknown'],
    ['the same with a volume of the old kind', facts({ persistentVolumes: [volume('azureDisk')] }, {}, '2021-05-01'), 'fail'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(storage, of, '17.3')).toBe(status));

  test('a long list is counted', () => {
    const many = Array.from({ length: 25 }, (_, i) => volume('azureDisk', { name: `pv-${i}` }));
    const found = storage.assess(facts({ persistentVolumes: many }))['17.3'];
    expect(found && 'evidence' in found && [found.evidence.length, found.evidence.at(-1)?.actual]).toEqual([11, 'and 15 more']);
  });
});

describe('csi-drivers', () => {
  test('switches drivers on by ARM, and then the control holds', () => {
    const of = facts({}, { storageProfile: { diskCSIDriver: { enabled: false }, fileCSIDriver: { enabled: false } } });
    const { changes } = decide(storage, of, 'csi-drivers');
    expect(changes.map(editsOf)).toEqual([['properties.storageProfile.diskCSIDriver.enabled=true', 'properties.storageProfile.fileCSIDriver.enabled=true']]);
    const after = applied(of, changes);
    expect(statusOf(storage, after, '17.3')).toBe('pass');
    expect(decide(storage, after, 'csi-drivers').changes).toEqual([]);
  });

  test('the blob driver comes with FlexVolumes of blobs alone', () => {
    const of = facts({ persistentVolumes: [volume('flexVolume', { driver: 'azure/blobfuse' })] });
    const [update, manual] = decide(storage, of, 'csi-drivers').changes;
    expect(editsOf(update)).toEqual(['properties.storageProfile.blobCSIDriver.enabled=true']);
    expect(manual?.after).toEqual([update?.id]);
    const other = facts({ persistentVolumes: [volume('flexVolume', { driver: 'azure/kv' })] });
    expect(decide(storage, other, 'csi-drivers').changes.map(({ kind }) => kind)).toEqual(['manual']);
  });

  test('works without Kubernetes where a driver is off, and not where none is', () => {
    const unread = { persistentVolumes: 'not allowed' };
    expect(decide(storage, facts(unread, off('disk')), 'csi-drivers').changes.map(({ kind }) => kind)).toEqual(['arm.update']);
    expect(() => decide(storage, facts(unread), 'csi-drivers')).toThrow(/not allowed/);
  });

  test('each kind of volume gets its own way, and a class of one’s own another one', () => {
    const own = storageClass('fast', IN_TREE, { storageaccounttype: 'Premium_LRS', kind: 'Managed', cachingMode: 'None' }, { reclaimPolicy: 'Retain' });
    const of = facts({ storageClasses: [own, storageClass('default', IN_TREE)], persistentVolumes: [volume('azureDisk', { storageClass: 'default' })] });
    const [change] = decide(storage, of, 'csi-drivers').changes;
    const words = change?.kind === 'manual' ? change.instructions.join('\n') : '';
    expect(words).toMatch(/Disks \(shop\/data\)/);
    expect(words).not.toMatch(/File shares|FlexVolumes/);
    expect(change?.kind === 'manual' && change.manifests).toEqual([
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'fast-csi' },
        provisioner: 'disk.csi.azure.com',
        parameters: { cachingMode: 'None', skuName: 'Premium_LRS' },
        reclaimPolicy: 'Retain',
        volumeBindingMode: 'Immediate',
        allowVolumeExpansion: true,
      },
    ]);
  });
});

const FILE = 'file.csi.azure.com';
const BLOB = 'blob.csi.azure.com';
const sealed = { networkEndpointType: 'privateEndpoint' };
const using = (name: string) => [volume('csi', { driver: FILE, storageClass: name })];

describe('17.4', () => {
  test.each([
    ['no class for shares', [storageClass('disks', 'disk.csi.azure.com')], [], 'not-applicable'],
    ['AKS’ classes, which nothing uses', [storageClass('azurefile-csi', FILE), storageClass('azureblob-nfs', BLOB)], [], 'not-applicable'],
    ['AKS’ class, in use', [storageClass('azurefile-csi', FILE)], using('azurefile-csi'), 'fail'],
    ['a public class', [storageClass('mine', FILE)], [], 'fail'],
    ['a private class', [storageClass('mine', FILE, sealed)], [], 'pass'],
    ['parameters in any case', [storageClass('mine', FILE, { NETWORKENDPOINTTYPE: 'PrivateEndpoint' })], [], 'pass'],
    ['a private name', [storageClass('mine', FILE, { server: 'a.privatelink.file.core.windows.net' })], [], 'pass'],
    ['an account of one’s own', [storageClass('mine', FILE, { storageAccount: 'a' })], [], 'partial'],
    ['NFS in clear', [storageClass('mine', FILE, { ...sealed, protocol: 'nfs' })], [], 'fail'],
    ['NFS by the file system’s type', [storageClass('mine', FILE, { ...sealed, fsType: 'nfs' })], [], 'fail'],
    ['NFS encrypted, keys allowed', [storageClass('mine', FILE, { ...sealed, protocol: 'nfs', encryptInTransit: 'true' })], [], 'partial'],
    ['NFS with everything', [storageClass('mine', FILE, { ...sealed, protocol: 'nfs', encryptInTransit: 'true', allowSharedKeyAccess: 'false' })], [], 'pass'],
    ['blobs', [storageClass('mine', BLOB, sealed)], [], 'pass'],
    ['public blobs', [storageClass('mine', BLOB)], [], 'fail'],
    ['blobs by NFS', [storageClass('mine', BLOB, { ...sealed, protocol: 'nfs' })], [], 'partial'],
    ['one of two', [storageClass('mine', FILE, sealed), storageClass('other', FILE)], [], 'fail'],
    ['a share without a class', [], [volume('csi', { driver: FILE })], 'unknown'],
    ['the same beside a private class', [storageClass('mine', FILE, sealed)], [volume('csi', { driver: BLOB, storageClass: '' })], 'pass'],
    ['not read', 'not allowed', [], 'unknown'],
    ['volumes not read, nothing of one’s own', [storageClass('azurefile-csi', FILE)], 'not allowed', 'unknown'],
    ['volumes not read, a public class of one’s own', [storageClass('mine', FILE)], 'not allowed', 'fail'],
  ] as const)('%s', (_name, storageClasses, persistentVolumes, status) => {
    expect(statusOf(storage, facts({ storageClasses, persistentVolumes }), '17.4')).toBe(status);
  });
});

/** Facts as they are once the objects of a plan have been applied. */
function withApplied(of: Facts, option: string): Facts {
  const made = decide(storage, of, option).changes.flatMap((change) => (change.kind === 'kube.apply' ? change.objects : []));
  const known = of.known['storageClasses'];
  const before = known?.state === 'known' ? known.value : [];
  return facts({ ...readable, storageClasses: [...before, ...made.map(storageClassFacts)], persistentVolumes: using('azurefile-csi') });
}

describe('private-shares', () => {
  const aks = storageClass('azurefile-csi', FILE, { skuName: 'Standard_LRS' }, { mountOptions: ['actimeo=30'], bindingMode: 'Immediate', expandable: true });

  test('a private class beside the open one, and the copying by hand', () => {
    const of = facts({ storageClasses: [aks], persistentVolumes: using('azurefile-csi') });
    const plan = decide(storage, of, 'private-shares');
    expect(plan.changes.map(({ id, kind }) => [id, kind])).toEqual([
      ['pod.storage/class-azurefile-csi-private', 'kube.apply'],
      ['pod.storage/copy-shares', 'manual'],
    ]);
    const [made] = plan.changes;
    expect(made?.kind === 'kube.apply' && made.objects).toEqual([
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'azurefile-csi-private' },
        provisioner: FILE,
        parameters: { skuName: 'Standard_LRS', networkEndpointType: 'privateEndpoint' },
        reclaimPolicy: 'Delete',
        volumeBindingMode: 'Immediate',
        allowVolumeExpansion: true,
        mountOptions: ['actimeo=30'],
      },
    ]);
    expect(guardOf(plan, 'endpoint-rights')).toBe('warn');
  });

  test('is made once', () => {
    const of = facts({ storageClasses: [aks], persistentVolumes: using('azurefile-csi') });
    const after = withApplied(of, 'private-shares');
    expect(decide(storage, after, 'private-shares').changes.map(({ kind }) => kind)).toEqual(['manual']);
    expect(statusOf(storage, after, '17.4')).toBe('fail');
    expect(statusOf(storage, facts({ storageClasses: [storageClass('azurefile-csi-private', FILE, sealed)] }), '17.4')).toBe('pass');
  });

  test('what a tool keeps gets its successor as a manifest', () => {
    const kept = storageClass('mine', FILE, {}, { keeper: { tool: 'flux', sign: 'kustomize.toolkit.fluxcd.io/name=infra' } });
    const plan = decide(storage, facts({ storageClasses: [kept] }), 'private-shares');
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['manual']);
    const [change] = plan.changes;
    expect(change?.kind === 'manual' && change.manifests?.map((one) => at(one, path('metadata.name')))).toEqual(['mine-private']);
    expect(guardOf(plan, 'kept-elsewhere')).toBe('warn');
  });

  test.each([
    ['1.32.4', 'refuse'],
    ['1.33.1', 'warn'],
    ['1.37.0', 'warn'],
  ])('NFS on Kubernetes %s', (version, verdict) => {
    const nfs = storageClass('mine', FILE, { protocol: 'nfs' });
    const of = facts({ storageClasses: [nfs] }, { currentKubernetesVersion: version });
    expect(guardOf(decide(storage, of, 'private-shares'), 'nfs-encryption')).toBe(verdict);
  });

  test('an in-tree class for shares gets one of the CSI driver', () => {
    const old = storageClass('mine', 'kubernetes.io/azure-file', { storageAccountType: 'Premium_LRS' });
    const [made] = decide(storage, facts({ storageClasses: [old] }), 'private-shares').changes;
    const [object] = made?.kind === 'kube.apply' ? made.objects : [];
    expect([at(object, ['provisioner']), at(object, ['parameters'])]).toEqual([FILE, { skuName: 'Premium_LRS', networkEndpointType: 'privateEndpoint' }]);
  });

  test('no manifest and no command is made of an odd name', () => {
    const odd = storageClass('x; rm -rf /', FILE);
    const plan = decide(storage, facts({ storageClasses: [odd] }), 'private-shares');
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['manual']);
    expect(JSON.stringify(plan.changes)).not.toContain('storageclass x;');
  });
});

test('at most one way is recommended: drivers, then shares, then pools', () => {
  const recommended = (of: Facts) => storage.options(of).flatMap(({ id, recommended: why }) => (why === undefined ? [] : [id]));
  const open = { storageClasses: [storageClass('mine', FILE)] };
  expect(recommended(facts({ ...open, persistentVolumes: [volume('azureDisk')] }))).toEqual(['csi-drivers']);
  expect(recommended(facts(open))).toEqual(['private-shares']);
  expect(recommended(facts())).toEqual(['replace-pools']);
});

test('a class is read with what its successor needs, and no password', () => {
  const read = storageClassFacts({
    kind: 'StorageClass',
    metadata: { name: 'a' },
    provisioner: FILE,
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: false,
    mountOptions: ['nosharesock', 'password=hunter2', 'username=ada', 'pass=x'],
  });
  expect(read).toEqual({
    name: 'a',
    provisioner: FILE,
    parameters: {},
    isDefault: false,
    reclaimPolicy: 'Retain',
    bindingMode: 'WaitForFirstConsumer',
    expandable: false,
    mountOptions: ['nosharesock'],
  });
});
