import { type Facts, knownValue, type PersistentVolumeFacts, type StorageClassFacts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { fromTemplate } from '../../../templates/index.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { listed } from '../../shared/texts.ts';

/**
 * Classes that AKS makes in every cluster and makes again when they are gone (AKS docs: concepts-storage, create-volume-azure-files,
 * create-volume-azure-blob-storage). Nobody has chosen them who has no volume of them.
 */
const ofAks: ReadonlySet<string> = new Set([
  'default',
  'managed',
  'managed-premium',
  'managed-csi',
  'managed-csi-premium',
  'azurefile',
  'azurefile-premium',
  'azurefile-csi',
  'azurefile-csi-premium',
  'azureblob-fuse',
  'azureblob-fuse-premium',
  'azureblob-nfs',
  'azureblob-nfs-premium',
]);

export const isOfAks = ({ name, keeper }: StorageClassFacts): boolean => keeper?.tool === 'aks' || ofAks.has(name);

/** Volumes of a class. */
export function volumesOf(facts: Facts, { name }: StorageClassFacts): readonly PersistentVolumeFacts[] {
  return (knownValue(facts, 'persistentVolumes') ?? []).filter(({ storageClass }) => storageClass === name);
}

/** A class that counts: somebody made it, or has volumes of it. */
export const counts = (facts: Facts, found: StorageClassFacts): boolean => !isOfAks(found) || volumesOf(facts, found).length > 0;

/** A parameter by its name; the drivers do not look at case. */
export function parameter({ parameters }: StorageClassFacts, name: string): string | undefined {
  return Object.entries(parameters).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** What uses some volumes, for a sentence: claims by namespace and name, volumes without a claim by their own. */
export function claimsText(volumes: readonly PersistentVolumeFacts[], most = 4): string {
  return listed(
    volumes.map(({ name, claim }) => (claim === undefined ? name : placeName(claim))),
    most,
  );
}

/** Parameters with others in their place: by name without regard to case; undefined takes one away. */
export function withParameters(found: StorageClassFacts, wanted: { readonly [name: string]: string | undefined }): JsonObject {
  const names = new Set(Object.keys(wanted).map((name) => name.toLowerCase()));
  const stay = Object.entries(found.parameters).filter(([key]) => !names.has(key.toLowerCase()));
  const set = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...stay, ...set]);
}

/** A class like another one, under a name of its own. It is never the default: claims without a class stay with what they have. */
export function classLike(
  found: StorageClassFacts,
  other: { readonly name: string; readonly provisioner: string; readonly parameters: JsonObject },
): JsonObject {
  const [made = {}] = fromTemplate('storage-class', {
    ...other,
    reclaimPolicy: found.reclaimPolicy ?? 'Delete',
    bindingMode: found.bindingMode ?? 'Immediate',
    expandable: found.expandable ?? true,
    mountOptions: found.mountOptions ?? [],
  });
  const { mountOptions, ...rest } = made;
  return found.mountOptions === undefined ? rest : { ...rest, ...(mountOptions === undefined ? {} : { mountOptions }) };
}
