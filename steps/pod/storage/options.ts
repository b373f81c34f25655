import { type Facts, fact, knownValue, pools } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { type JsonObject, text } from '../../../src/model/json.ts';
import { nodesOf, sizesOf } from '../../../src/model/machines.ts';
import type { Option } from '../../../src/model/step.ts';
import { CLUSTER_WRITE_MINUTES, reimageMinutes } from '../../shared/minutes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { nameOf, openPools } from './changes.ts';
import { claimsText, volumesOf } from './classes.ts';
import { inlineVolumes, missingDrivers, oldClasses, oldVolumes } from './drivers.ts';
import { openProtocols, successions } from './share-changes.ts';

const nodesIn = (list: readonly JsonObject[]): number => list.reduce((sum, pool) => sum + nodesOf(pool), 0);
/** Encryption at host needs scale sets or virtual-machines pools. */
export const availabilitySets = (facts: Facts): readonly JsonObject[] =>
  openPools(facts).filter((pool) => text(pool['type'])?.toLowerCase() === 'availabilityset');

/** What is cheap and due, before pools are made anew for encryption: drivers, then shares. */
function dueOf(facts: Facts): 'drivers' | 'shares' | undefined {
  if (unread(facts) !== undefined) return missingDrivers(facts).length > 0 ? 'drivers' : undefined;
  if (missingDrivers(facts).length + oldVolumes(facts).length + oldClasses(facts).length + inlineVolumes(facts).length > 0) return 'drivers';
  return successions(facts).some(({ next, stands }) => next !== undefined && !stands) ? 'shares' : undefined;
}

/** Why what is in the cluster cannot be told. */
function unread(facts: Facts): string | undefined {
  for (const key of ['storageClasses', 'persistentVolumes'] as const) {
    const found = fact(facts, key);
    if (found.state === 'unknown') return `Classes and volumes could not be read: ${clean(found.reason)}.`;
  }
  return undefined;
}

function driversOption(facts: Facts, due: ReturnType<typeof dueOf>): Option {
  const missing = missingDrivers(facts);
  const volumes = oldVolumes(facts);
  const classes = oldClasses(facts);
  const count = volumes.length + classes.length + inlineVolumes(facts).length;
  const why = unread(facts);
  const parts = [
    ...(missing.length > 0 ? [`AKS’ driver for ${listed(missing)} volumes is switched on.`] : []),
    ...(volumes.length > 0
      ? [
          `${plural(volumes.length, 'volume')} (${claimsText(volumes)}) ${volumes.length === 1 ? 'has' : 'have'} a source that Kubernetes gave up: disks and shares stay, their PersistentVolumes are made anew, by hand.`,
        ]
      : []),
    ...(classes.length > 0
      ? [`Class ${listed(classes.map(({ name }) => name))} makes none any more since Kubernetes 1.26: you get one of the CSI driver.`]
      : []),
  ];
  return {
    id: 'csi-drivers',
    title: 'Volumes through CSI drivers only',
    tradeOff:
      parts.length > 0
        ? `${parts.join(' ')} Snapshots, resizing and fixes come with these drivers alone.`
        : 'Drivers are on, and every volume goes through them: there is nothing to do.',
    impact: {
      kind: 'none',
      scope: `${missing.length > 0 ? 'driver pods on the nodes' : 'nothing in Azure'}${count > 0 ? '; each application stops while you move its volume' : ''}`,
    },
    minutes: missing.length > 0 ? CLUSTER_WRITE_MINUTES : [0, 1],
    cost: 'None; time of the teams whose volumes move',
    reversible: { kind: 'yes', how: 'the driver is switched off; old volumes are kept until you delete them' },
    notWhen: 'drivers that you installed yourself run there: take them out first, two of a kind collide',
    ...(due === 'drivers' ? { recommended: 'What still mounts this way gets neither fixes nor snapshots, and moving it copies no data.' } : {}),
    ...(why !== undefined && missing.length === 0 ? { unavailable: why } : {}),
    params: [],
  };
}

const keys = {
  smb: 'SMB signs in with the account’s key (NTLMv2), which lies in a Secret: whoever reads that mounts the share, from wherever it answers.',
  nfs: 'NFS has no key: whoever is in the network mounts the share, so that the private endpoint and network policies are all there is.',
};

function sharesOption(facts: Facts, due: ReturnType<typeof dueOf>): Option {
  const all = successions(facts);
  const volumes = all.flatMap(({ found }) => volumesOf(facts, found));
  const making = all.filter(({ next, stands }) => next !== undefined && !stands);
  const protocols = openProtocols(facts);
  const words = [protocols.has('smb') ? keys.smb : '', protocols.has('nfs') || protocols.has('smb') ? keys.nfs : ''].filter((line) => line !== '');
  const why = unread(facts);
  const count = (knownValue(facts, 'storageClasses') ?? []).length;
  return {
    id: 'private-shares',
    title: 'Private shares, encrypted on the way',
    tradeOff:
      all.length === 0
        ? `None of ${plural(count, 'class', 'classes')} that counts leaves a share open: there is nothing to do.`
        : `Class ${listed(all.map(({ found }) => found.name))} puts shares on a public address or in clear. A class never changes: ${making.length === 0 ? 'private ones stand' : `${plural(making.length, 'private one')} ${making.length === 1 ? 'comes' : 'come'}`} beside, and ${volumes.length === 0 ? 'no data moves' : `the data of ${plural(volumes.length, 'volume')} is copied by hand`}. ${words.join(' ')}`,
    impact: { kind: 'none', scope: `new classes; ${volumes.length === 0 ? 'nothing uses the old ones' : 'each application stops while you copy its data'}` },
    minutes: [0, 1],
    cost: 'A private endpoint for each storage account; NFS needs Premium; both copies while data moves',
    reversible: { kind: 'yes', how: 'the new class is deleted; applications go back to their old claims' },
    notWhen: 'something outside of the network mounts the same shares',
    ...(due === 'shares' ? { recommended: 'New shares stop being public today; old ones follow when their teams have time.' } : {}),
    ...(why === undefined ? {} : { unavailable: why }),
    params: [],
  };
}

/** The ways to decide, told with pools, volumes and classes that are there. */
export function options(facts: Facts): readonly Option[] {
  const open = openPools(facts);
  const names = open.map(nameOf);
  const old = availabilitySets(facts);
  const due = dueOf(facts);
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
      ...(open.length > 0 && old.length === 0 && due === undefined
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
    driversOption(facts, due),
    sharesOption(facts, due),
  ];
}
