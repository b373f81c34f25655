import { type Assessment, type Evidence, fail, notApplicable, partial, unknown } from '../../../src/model/assessment.ts';
import { type Facts, fact, knownValue, type StorageClassFacts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { plural } from '../../shared/texts.ts';
import { claimsText, classLike, counts, isOfAks, parameter, volumesOf, withParameters } from './classes.ts';
import { successorOf } from './drivers.ts';

/** How shares of a class are mounted. */
export type Protocol = 'smb' | 'nfs' | 'blobfuse' | 'blob-nfs';

const provisioners: { readonly [provisioner: string]: 'file' | 'blob' } = {
  'file.csi.azure.com': 'file',
  'kubernetes.io/azure-file': 'file',
  'blob.csi.azure.com': 'blob',
};

/** The protocol of a class for shares; undefined for every other class. */
export function protocolOf(found: StorageClassFacts): Protocol | undefined {
  const kind = Object.hasOwn(provisioners, found.provisioner) ? provisioners[found.provisioner] : undefined;
  const isNfs = parameter(found, 'protocol')?.toLowerCase() === 'nfs' || (kind === 'file' && parameter(found, 'fsType')?.toLowerCase() === 'nfs');
  if (kind === undefined) return undefined;
  return kind === 'file' ? (isNfs ? 'nfs' : 'smb') : isNfs ? 'blob-nfs' : 'blobfuse';
}

/** What is amiss with a class. `hard` leaves data open; the rest is half of the way. */
export interface Fault {
  readonly parameter: string;
  readonly actual: string | undefined;
  readonly wanted: string;
  readonly hard: boolean;
}

/** Where shares answer: on the internet behind their key or rules, on a private address, or as an account of one's own does. */
function networkFault(found: StorageClassFacts): Fault | undefined {
  const actual = parameter(found, 'networkEndpointType');
  if (actual?.toLowerCase() === 'privateendpoint') return undefined;
  if (/\.privatelink\./i.test(parameter(found, 'server') ?? '')) return undefined;
  const account = parameter(found, 'storageAccount');
  return account === undefined
    ? { parameter: 'networkEndpointType', actual, wanted: 'privateEndpoint', hard: true }
    : { parameter: 'storageAccount', actual: account, wanted: 'an account with a private endpoint only, which cannot be seen from here', hard: false };
}

/** What is amiss with a class for shares (AKS docs: create-volume-azure-files, create-volume-azure-blob-storage). */
export function faultsOf(found: StorageClassFacts): readonly Fault[] {
  const protocol = protocolOf(found);
  if (protocol === undefined) return [];
  const network = networkFault(found);
  const encrypts = parameter(found, 'encryptInTransit');
  const sharedKey = parameter(found, 'allowSharedKeyAccess');
  return [
    ...(network === undefined ? [] : [network]),
    ...(protocol === 'nfs' && encrypts?.toLowerCase() !== 'true' ? [{ parameter: 'encryptInTransit', actual: encrypts, wanted: 'true', hard: true }] : []),
    ...(protocol === 'nfs' && sharedKey?.toLowerCase() !== 'false'
      ? [{ parameter: 'allowSharedKeyAccess', actual: sharedKey, wanted: 'false: NFS needs no key', hard: false }]
      : []),
    ...(protocol === 'blob-nfs'
      ? [{ parameter: 'protocol', actual: 'nfs', wanted: 'fuse2, which goes over TLS; NFS 3 of blobs is not encrypted by itself', hard: false }]
      : []),
  ];
}

/** Classes for shares that count, with what is amiss. */
export function judgedShares(facts: Facts): readonly { readonly found: StorageClassFacts; readonly faults: readonly Fault[] }[] {
  return (knownValue(facts, 'storageClasses') ?? [])
    .filter((found) => protocolOf(found) !== undefined && counts(facts, found))
    .map((found) => ({ found, faults: faultsOf(found) }));
}

/** Classes that leave something open. */
export const openShares = (facts: Facts): readonly StorageClassFacts[] =>
  judgedShares(facts).flatMap(({ found, faults }) => (faults.length > 0 ? [found] : []));

function evidenceOf(facts: Facts, found: StorageClassFacts, { parameter: name, actual, wanted }: Fault): Evidence {
  const volumes = volumesOf(facts, found);
  const used = volumes.length === 0 ? 'no volume of it' : `${plural(volumes.length, 'volume')}: ${claimsText(volumes, 2)}`;
  return { path: `StorageClass/${clean(found.name)} parameters.${name}`, actual: `${clean(actual ?? 'not set')} (${used})`, wanted };
}

/** Shares that somebody mounted by hand, without a class to judge them by; undefined where there are none. */
function withoutClass(facts: Facts): string | undefined {
  const names = new Set((knownValue(facts, 'storageClasses') ?? []).map(({ name }) => name));
  const strays = (knownValue(facts, 'persistentVolumes') ?? []).filter(
    ({ driver, storageClass }) => /^(file|blob)\.csi\.azure\.com$/.test(driver ?? '') && !names.has(storageClass ?? ''),
  );
  return strays.length === 0
    ? undefined
    : `${plural(strays.length, 'share')} (${claimsText(strays)}) ${strays.length === 1 ? 'has' : 'have'} no class: whether that is private stands in the storage account alone`;
}

/** 17.4: shares are private, and encrypted on the way. */
export function assessShares(facts: Facts): Assessment {
  const classes = fact(facts, 'storageClasses');
  if (classes.state === 'unknown') return unknown(clean(classes.reason));
  const volumes = fact(facts, 'persistentVolumes');
  const judged = judgedShares(facts);
  const open = judged.filter(({ faults }) => faults.length > 0);
  const evidence = open.flatMap(({ found, faults }) => faults.map((fault) => evidenceOf(facts, found, fault))).slice(0, 20);
  if (open.some(({ faults }) => faults.some(({ hard }) => hard))) return fail(...evidence);
  // Whether AKS' own classes are in use is told by the volumes.
  if (volumes.state === 'unknown') return unknown(`which classes are in use was not read: ${clean(volumes.reason)}`);
  if (open.length > 0) return partial(`${plural(open.length, 'class', 'classes')} of ${judged.length} go half of the way`, ...evidence);
  const strays = withoutClass(facts);
  if (judged.length === 0) {
    if (strays !== undefined) return unknown(strays);
    const theirs = classes.value.filter((found) => protocolOf(found) !== undefined && isOfAks(found)).length;
    return notApplicable(theirs > 0 ? 'there is no class for shares but AKS’ own, and no volume of those' : 'there is no class for shares');
  }
  const shown = judged.slice(0, 20).map(({ found }) => ({
    path: `StorageClass/${clean(found.name)} parameters`,
    actual: `${protocolOf(found) ?? ''}, ${parameter(found, 'networkEndpointType') === undefined ? 'privatelink' : 'privateEndpoint'}`,
    wanted: 'private, and encrypted on the way',
  }));
  return { status: 'pass', evidence: shown, ...(strays === undefined ? {} : { note: `Not judged: ${strays}.` }) };
}

const parametersOf = (found: StorageClassFacts): { readonly [name: string]: string | undefined } => ({
  ...(networkFault(found)?.hard === true ? { networkEndpointType: 'privateEndpoint' } : {}),
  ...(protocolOf(found) === 'nfs' ? { encryptInTransit: 'true', allowSharedKeyAccess: 'false' } : {}),
});

/** The class that takes over from one that leaves something open; undefined where parameters do not mend it. */
export function privateClass(found: StorageClassFacts): JsonObject | undefined {
  const old = found.provisioner.startsWith('kubernetes.io/') ? successorOf(found) : undefined;
  const wanted = { ...old?.wanted, ...parametersOf(found) };
  if (Object.keys(parametersOf(found)).length === 0) return undefined;
  const name = privateName(found);
  return classLike(found, { name, provisioner: old?.provisioner ?? found.provisioner, parameters: withParameters(found, wanted) });
}

export const privateName = ({ name }: StorageClassFacts): string => `${name.slice(0, 240)}-private`;

/** Whether the class that takes over is there and is as it should be. */
export function hasSuccessor(facts: Facts, found: StorageClassFacts): boolean {
  const next = knownValue(facts, 'storageClasses')?.find(({ name }) => name === privateName(found));
  return next !== undefined && faultsOf(next).every(({ hard }) => !hard);
}
