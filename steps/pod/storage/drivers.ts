import { type Assessment, type Evidence, fail, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, fact, knownValue, type PersistentVolumeFacts, type StorageClassFacts, type Workload } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, isFalse, isTrue, list, text } from '../../../src/model/json.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { perController } from '../../shared/own-workloads.ts';
import { notShown } from '../../shared/pool-verdict.ts';
import { listed } from '../../shared/texts.ts';
import { claimsText, isOfAks, volumesOf } from './classes.ts';

const PROFILE = 'properties.storageProfile';
const pathOf = (driver: Driver): string => `${PROFILE}.${driver}CSIDriver.enabled`;
export type Driver = 'disk' | 'file' | 'blob';

/** Sources of volumes that Kubernetes itself once mounted; CSI drivers took their place (AKS docs: csi-storage-drivers). */
const oldSources: ReadonlySet<string> = new Set(['azureDisk', 'azureFile', 'flexVolume']);
const IN_TREE = /^kubernetes\.io\/azure-(disk|file)$/;

export const isInTree = ({ provisioner }: StorageClassFacts): boolean => IN_TREE.test(provisioner);

/** Volumes of the old kind. */
export function oldVolumes(facts: Facts): readonly PersistentVolumeFacts[] {
  return (knownValue(facts, 'persistentVolumes') ?? []).filter(({ source }) => oldSources.has(source));
}

/** Classes that ask for such volumes: one's own, and AKS' where volumes of them are left. */
export function oldClasses(facts: Facts): readonly StorageClassFacts[] {
  return (knownValue(facts, 'storageClasses') ?? []).filter((found) => isInTree(found) && (!isOfAks(found) || volumesOf(facts, found).length > 0));
}

const inlineOf = ({ spec }: Workload): string | undefined =>
  list(spec['volumes']).flatMap((volume) => [...oldSources].filter((source) => at(volume, [source]) !== undefined))[0];

/** Workloads that name such a volume themselves, without a PersistentVolume. */
export function inlineVolumes(facts: Facts): readonly Workload[] {
  return perController((knownValue(facts, 'workloads') ?? []).filter((workload) => inlineOf(workload) !== undefined));
}

/** Drivers of AKS that are to be switched on: disk and file always, blob where something mounts blobs. */
export function missingDrivers(facts: Facts): readonly Driver[] {
  const off = (['disk', 'file'] as const).filter((driver) => isFalse(clusterAt(facts, pathOf(driver))));
  return !isTrue(clusterAt(facts, pathOf('blob'))) && blobUsers(facts).length > 0 ? [...off, 'blob'] : off;
}

/** FlexVolume's driver for blobs, whose successor AKS has but does not switch on by itself (AKS docs: azure-blob-csi). */
export function blobUsers(facts: Facts): readonly PersistentVolumeFacts[] {
  return oldVolumes(facts).filter(({ driver }) => /blobfuse/i.test(driver ?? ''));
}

/** Paths and values that switch drivers on. */
export const driverEdits = (drivers: readonly Driver[]): readonly (readonly [path: string, value: true])[] => drivers.map((driver) => [pathOf(driver), true]);

function armEvidence(facts: Facts): readonly Evidence[] {
  return (['disk', 'file'] as const).map((driver) => ({ path: pathOf(driver), actual: clusterAt(facts, pathOf(driver)), wanted: 'not false' }));
}

/** More than these are counted: an assessment is read by people. */
const MOST_SHOWN = 10;

function capped<T>(all: readonly T[], word: string, evidence: (one: T) => Evidence): readonly Evidence[] {
  const rest = all.length - MOST_SHOWN;
  return [...all.slice(0, MOST_SHOWN).map(evidence), ...(rest > 0 ? [{ path: word, actual: `and ${rest} more`, wanted: 'the same' }] : [])];
}

const volumeEvidence = (volume: PersistentVolumeFacts): Evidence => ({
  path: `PersistentVolume/${clean(volume.name)} spec`,
  actual: `${clean(volume.source)}${volume.driver === undefined ? '' : ` (${clean(volume.driver)})`}, of ${claimsText([volume])}`,
  wanted: 'csi',
});

const classEvidence = (found: StorageClassFacts): Evidence => ({
  path: `StorageClass/${clean(found.name)} provisioner`,
  actual: clean(found.provisioner),
  wanted: 'disk.csi.azure.com, file.csi.azure.com or blob.csi.azure.com',
});

const inlineEvidence = (workload: Workload): Evidence => ({
  path: `${clean(workload.kind)}/${placeName(workload)} spec.volumes`,
  actual: inlineOf(workload),
  wanted: 'persistentVolumeClaim or csi',
});

/** Classes of AKS' own that are of the old kind and that nothing uses: told, no more. */
function unusedNote(facts: Facts): string | undefined {
  const unused = (knownValue(facts, 'storageClasses') ?? []).filter((found) => isInTree(found) && isOfAks(found) && volumesOf(facts, found).length === 0);
  return unused.length === 0 ? undefined : `AKS’ own class ${listed(unused.map(({ name }) => name))} is of the old kind, and nothing uses it.`;
}

/** 17.3: volumes come from CSI drivers alone. */
export function assessDrivers(facts: Facts): Assessment {
  const off = armEvidence(facts).filter(({ actual }) => isFalse(actual));
  const old = [
    ...capped(oldVolumes(facts), 'PersistentVolume', volumeEvidence),
    ...capped(oldClasses(facts), 'StorageClass', classEvidence),
    ...capped(inlineVolumes(facts), 'workloads', inlineEvidence),
  ];
  if (off.length + old.length > 0) return fail(...off, ...old);
  const hidden = notShown(facts, PROFILE, '2022-07-01');
  if (hidden !== undefined) return hidden;
  for (const key of ['persistentVolumes', 'storageClasses', 'workloads'] as const) {
    const found = fact(facts, key);
    if (found.state === 'unknown') return unknown(`AKS’ drivers are on, but what mounts volumes was not read: ${clean(found.reason)}`);
  }
  const note = unusedNote(facts);
  return { status: 'pass', evidence: armEvidence(facts), ...(note === undefined ? {} : { note }) };
}

/** The driver that takes over from an in-tree provisioner, with its parameters (AKS docs: csi-migrate-in-tree-volumes). */
export function successorOf(found: StorageClassFacts): { readonly provisioner: string; readonly wanted: { readonly [name: string]: string | undefined } } {
  const kind = IN_TREE.exec(found.provisioner)?.[1] ?? 'disk';
  const sku = Object.entries(found.parameters).find(([key]) => /^(storageaccounttype|skuname)$/i.test(key))?.[1];
  return { provisioner: `${kind}.csi.azure.com`, wanted: { kind: undefined, storageaccounttype: undefined, skuName: text(sku) } };
}
