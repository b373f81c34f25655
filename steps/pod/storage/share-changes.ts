import type { Change, KubeApply, ManualChange } from '../../../src/model/change.ts';
import type { Facts, StorageClassFacts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, type JsonObject, path } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { isOurs, isPlain, whereToChange } from '../../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { controlPlaneVersion, minorNumber } from '../../shared/versions.ts';
import { STEP } from './changes.ts';
import { claimsText, isOfAks, volumesOf } from './classes.ts';
import { faultsOf, hasSuccessor, openShares, privateClass, privateName, protocolOf } from './shares.ts';

/** A class that leaves something open, with the one that takes over where parameters mend it. */
export interface Succession {
  readonly found: StorageClassFacts;
  readonly next?: JsonObject;
  /** The next one stands in the cluster already. */
  readonly stands: boolean;
}

/** Every class that leaves something open, with what takes over. */
export function successions(facts: Facts): readonly Succession[] {
  return openShares(facts).map((found) => {
    const next = isPlain(found) ? privateClass(found) : undefined;
    return { found, stands: hasSuccessor(facts, found), ...(next === undefined ? {} : { next }) };
  });
}

/** Written here: beside a class of one's own, or of AKS, whose own stays as it is. A class that a tool keeps gets its successor from there too. */
const writtenHere = ({ found }: Succession): boolean => isOurs(found) || (isOfAks(found) && isPlain(found));

function classChange({ found, next }: Succession): readonly KubeApply[] {
  if (next === undefined) return [];
  return [
    {
      kind: 'kube.apply',
      id: `${STEP}/class-${privateName(found)}`,
      step: STEP,
      controls: ['17.4'],
      title: `Make class ${clean(privateName(found))}, private, beside ${clean(found.name)}`,
      objects: [next],
      before: [],
      impact: { kind: 'none', scope: 'a class that nothing uses yet' },
      minutes: SIDE_WRITE_MINUTES,
      reversible: { kind: 'yes', how: 'the class is deleted; volumes that it made stay' },
      after: [],
    },
  ];
}

function successionLine(facts: Facts, { found, next }: Succession): string {
  const volumes = volumesOf(facts, found);
  const used = volumes.length === 0 ? 'no volume' : `${plural(volumes.length, 'volume')} (${claimsText(volumes)})`;
  const where = found.keeper === undefined || isOfAks(found) ? '' : `, ${whereToChange(found)}`;
  const how =
    next === undefined
      ? `parameters do not mend it: ${faultsOf(found)
          .map(({ parameter, wanted }) => `${parameter} ${wanted}`)
          .join('; ')}`
      : `to ${clean(privateName(found))}`;
  return `Class ${clean(found.name)}${where}, ${used}: ${how}`;
}

/** Data that is copied: by hand, one application after the other. */
function copyChange(facts: Facts, all: readonly Succession[], after: readonly string[]): ManualChange {
  const kept = all.filter((one) => !writtenHere(one) && !one.stands);
  const volumes = all.flatMap(({ found }) => volumesOf(facts, found));
  const manifests = kept.flatMap(({ next }) => (next === undefined ? [] : [next]));
  const own = all.map(({ found }) => found).filter((found) => !isOfAks(found) && isPlain(found));
  return {
    kind: 'manual',
    id: `${STEP}/copy-shares`,
    step: STEP,
    controls: ['17.4'],
    title: `Move ${plural(volumes.length, 'share')} to private classes`,
    instructions: [
      ...all.map((one) => successionLine(facts, one)),
      ...(volumes.length > 0
        ? [
            'For each claim: a new one of the private class and at least the same size; a pod that mounts both and copies (cp -a, or rsync -a twice: once while the application runs, once when it is stopped); then the application on the new claim.',
            'Before the old claim goes: kubectl patch persistentvolume NAME --patch \'{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}\', or its share is deleted with it.',
          ]
        : []),
      ...(own.length > 0
        ? [
            `A class goes when no claim and no volumeClaimTemplate names it: kubectl delete storageclass ${own.map(({ name }) => name).join(' ')}. Volumes that it made stay.`,
          ]
        : []),
      'Storage accounts of the old shares keep their public address as long as they are there: delete them, or close it (az storage account update --public-network-access Disabled).',
    ],
    ...(manifests.length > 0 ? { manifests } : {}),
    doneWhen: 'aks-harden check shows 17.4 as passed',
    impact:
      volumes.length > 0
        ? { kind: 'workload', scope: `applications that use ${claimsText(volumes)}, while data is copied` }
        : { kind: 'none', scope: 'classes that nothing uses' },
    minutes: volumes.length > 0 ? [30, 480] : [5, 15],
    reversible: { kind: 'yes', how: 'the application goes back to its old claim, as long as that is kept' },
    after,
  };
}

/** New classes beside the open ones, and what a person does with them. */
export function shareChanges(facts: Facts): readonly Change[] {
  const all = successions(facts);
  if (all.length === 0) return [];
  const made = all.filter((one) => !one.stands && writtenHere(one)).flatMap(classChange);
  return [
    ...made,
    copyChange(
      facts,
      all,
      made.map(({ id }) => id),
    ),
  ];
}

/** Kubernetes from which AKS encrypts NFS on the way (AKS docs: create-volume-azure-files). */
const ENCRYPTS_SINCE = 33;

/** What the new classes need and the facts do not show, or show to be missing. */
export function shareGuards(facts: Facts): readonly Guard[] {
  const making = successions(facts).filter(({ next, stands }) => next !== undefined && !stands);
  if (making.length === 0) return [];
  const encrypted = making.filter(({ next }) => at(next, path('parameters.encryptInTransit')) !== undefined).map(({ found }) => found.name);
  const version = controlPlaneVersion(facts);
  const minor = minorNumber(version ?? '');
  const title = 'The nodes encrypt NFS';
  const nfs: readonly Guard[] =
    encrypted.length === 0
      ? []
      : minor >= ENCRYPTS_SINCE
        ? [
            {
              id: 'nfs-encryption',
              title,
              verdict: 'warn',
              detail: 'Linux nodes of today do; Windows nodes and those on Ubuntu 20.04 do not mount such shares.',
            },
          ]
        : [
            {
              id: 'nfs-encryption',
              title,
              verdict: 'refuse',
              detail: `${version === undefined ? 'The version of Kubernetes is not known' : `Kubernetes ${version}`}, and NFS shares are encrypted on the way from 1.33 on: volumes of ${listed(encrypted)} in their new class would not mount.`,
              next: ['Upgrade first (cluster.control-plane-version), or take SMB.'],
              override: 'the driver encrypts NFS',
            },
          ];
  return [
    {
      id: 'endpoint-rights',
      title: 'AKS may make private endpoints',
      verdict: 'warn',
      detail:
        'The first volume of a private class makes a storage account, a private endpoint and a private DNS zone: the cluster’s identity needs Contributor on the resource group of the virtual network, which was not read. Without it the claim stays Pending, and says so.',
      next: ['kubectl describe persistentvolumeclaim NAME', 'Try it with one small claim first.'],
    },
    ...nfs,
  ];
}

/** Protocols of the classes that leave something open, for a sentence on keys. */
export const openProtocols = (facts: Facts): ReadonlySet<string> => new Set(openShares(facts).flatMap((found) => protocolOf(found) ?? []));
