import type { ArmUpdate, ManualChange } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { isPlain, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { CLUSTER_WRITE_MINUTES } from '../../shared/minutes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { STEP } from './changes.ts';
import { claimsText, classLike, isOfAks, withParameters } from './classes.ts';
import { driverEdits, inlineVolumes, missingDrivers, oldClasses, oldVolumes, successorOf } from './drivers.ts';

/** Switches drivers of AKS on. */
export function driversChange(facts: Facts): readonly ArmUpdate[] {
  const drivers = missingDrivers(facts);
  const edits = clusterEdits(facts, driverEdits(drivers));
  if (edits.length === 0) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/drivers`,
      step: STEP,
      controls: ['17.3'],
      title: `Switch on AKS’ driver for ${listed(drivers)} volumes`,
      target: clusterTarget(facts),
      edits,
      impact: { kind: 'none', scope: 'driver pods on the nodes; mounted volumes stay' },
      minutes: CLUSTER_WRITE_MINUTES,
      reversible: { kind: 'yes', how: 'the driver is switched off, when no pod mounts through it any more' },
      after: [],
    },
  ];
}

/** A class of the CSI driver for each one of the old kind that is somebody's own. */
function classManifests(facts: Facts): readonly JsonObject[] {
  return oldClasses(facts)
    .filter((found) => !isOfAks(found) && isPlain(found))
    .map((found) => {
      const { provisioner, wanted } = successorOf(found);
      return classLike(found, { name: `${found.name.slice(0, 240)}-csi`, provisioner, parameters: withParameters(found, wanted) });
    });
}

/** Volumes, classes and pods of the old kind: moved by hand, one application after the other. */
export function oldVolumesChange(facts: Facts, after: readonly string[]): readonly ManualChange[] {
  const volumes = oldVolumes(facts);
  const classes = oldClasses(facts);
  const inline = inlineVolumes(facts);
  if (volumes.length + classes.length + inline.length === 0) return [];
  const of = (source: string) => volumes.filter((volume) => volume.source === source);
  const [disks, shares, flex] = [of('azureDisk'), of('azureFile'), of('flexVolume')];
  const own = classes.filter((found) => !isOfAks(found));
  const manifests = classManifests(facts);
  return [
    {
      kind: 'manual',
      id: `${STEP}/old-volumes`,
      step: STEP,
      controls: ['17.3'],
      title: `Move ${plural(volumes.length + inline.length, 'volume')} off drivers that Kubernetes has given up`,
      instructions: [
        'For each volume, with its application stopped. First keep the data whatever happens: kubectl patch persistentvolume NAME --patch \'{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}\', and a snapshot or backup.',
        ...(disks.length > 0
          ? [
              `Disks (${claimsText(disks)}): a new PersistentVolume with csi.driver disk.csi.azure.com and the old disk’s id as volumeHandle, a new claim that names it, and the application on that claim. The disk stays the same: nothing is copied.`,
            ]
          : []),
        ...(shares.length > 0
          ? [
              `File shares (${claimsText(shares)}): a new PersistentVolume with csi.driver file.csi.azure.com and the old share, or a copy into a private class (option private-shares).`,
            ]
          : []),
        ...(flex.length > 0
          ? [
              `FlexVolumes (${claimsText(flex)}): nobody patches their drivers any more. Blobs go to blob.csi.azure.com with the container they have; secrets to the Key Vault provider (step pod.secrets). Then the driver’s own DaemonSet goes.`,
            ]
          : []),
        ...(inline.length > 0
          ? [`Pods that name such a volume themselves (${listed(inline.map(placeName))}): a claim in its place, in each workload’s own manifest.`]
          : []),
        ...own.map(
          (found) =>
            `Class ${clean(found.name)}${found.keeper === undefined ? '' : `, ${whereToChange(found)}`}: ${
              isPlain(found)
                ? `${clean(found.name)}-csi stands in for it (its manifest comes with --out DIR). Point claims and volumeClaimTemplates at that one; when no claim names the old one, kubectl delete storageclass ${found.name}. Volumes that it made stay.`
                : 'its name is none that a manifest can carry: make one with the CSI driver by hand.'
            }`,
        ),
        'A StatefulSet does not change its volumeClaimTemplates: delete it with --cascade=orphan and apply it anew.',
      ],
      ...(manifests.length > 0 ? { manifests } : {}),
      doneWhen: 'aks-harden check shows 17.3 as passed',
      impact: { kind: 'workload', scope: `${claimsText(volumes)} while their applications are stopped, one after the other` },
      minutes: [30, 480],
      reversible: { kind: 'yes', how: 'the old volume still names the same disk or share, as long as it is kept' },
      after,
    },
  ];
}
