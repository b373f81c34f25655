import { clean } from '../foreign.ts';
import { isObject, type Json } from '../json.ts';
import { type Check, entriesOf, type Finding, get, type Pod } from './pod.ts';

/** Kinds of volumes that reach nothing beyond the pod and the cluster's own objects. */
const confined = new Set(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret']);

/** What to use in the place of a kind of volume. */
const better: { readonly [kind: string]: string } = {
  hostPath: 'Use emptyDir, a PersistentVolumeClaim, or what the cluster offers for it (logs: the monitoring add-on; secrets: the CSI driver).',
  azureFile: 'Use a PersistentVolumeClaim of a storage class with the file.csi.azure.com driver.',
  azureDisk: 'Use a PersistentVolumeClaim of a storage class with the disk.csi.azure.com driver.',
  gitRepo: 'Clone into an emptyDir from an init container; gitRepo runs git on the node as root.',
};

interface Volume {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly place: string;
}

function volumesOf(pod: Pod): readonly Volume[] {
  return entriesOf(get(pod.spec, 'volumes')).map((volume: Json, i) => {
    const name = get(volume, 'name');
    return {
      name: typeof name === 'string' ? clean(name) : String(i),
      kinds: isObject(volume) ? Object.keys(volume).filter((key) => key !== 'name' && volume[key] !== undefined && volume[key] !== null) : ['unknown'],
      place: String(i),
    };
  });
}

function finding({ name, place }: Volume, kind: string): Finding {
  return {
    path: ['spec', 'volumes', place, clean(kind)],
    message: `volume ${name} is ${kind === 'hostPath' ? 'a folder of the node (hostPath)' : `of the kind ${clean(kind)}`}`,
    fix: Object.hasOwn(better, kind) ? (better[kind] ?? '') : 'Use a PersistentVolumeClaim.',
  };
}

/** Folders of the node. */
export const hostPathVolumes: Check = {
  id: 'hostPathVolumes',
  level: 'baseline',
  reason: 'hostPath volumes',
  find: (pod) => volumesOf(pod).flatMap((volume) => (volume.kinds.includes('hostPath') ? [finding(volume, 'hostPath')] : [])),
};

/** Only volumes that are confined. One that names no kind becomes an emptyDir when it is admitted. */
export const restrictedVolumes: Check = {
  id: 'restrictedVolumes',
  level: 'restricted',
  reason: 'restricted volume types',
  contains: { id: hostPathVolumes.id },
  find: (pod) => volumesOf(pod).flatMap((volume) => volume.kinds.filter((kind) => !confined.has(kind)).map((kind) => finding(volume, kind))),
};
