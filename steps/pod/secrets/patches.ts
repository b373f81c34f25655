import type { Workload } from '../../../src/model/facts.ts';
import { at, isObject, type Json, type JsonObject, list, text } from '../../../src/model/json.ts';
import { templatePlace } from '../../../src/model/pod-security/index.ts';
import { fromTemplate } from '../../../templates/index.ts';
import { isPlain } from '../../shared/kube-objects.ts';
import { injectedContainers, type PlacedContainer } from '../../shared/own-workloads.ts';
import type { SecretUse, SecretVariable } from './environment.ts';
import type { NamedObject } from './objects.ts';

/** The driver behind volumes from a vault (AKS docs: csi-secrets-store-driver). */
const DRIVER = 'secrets-store.csi.k8s.io';

/** What stands in a container instead of its variables from Secrets. */
interface Replacement {
  readonly env: (variable: SecretVariable & { readonly from: 'env' }) => JsonObject;
  /** Entries of envFrom that stay; the list is replaced as a whole. */
  readonly envFrom: (entry: Json) => readonly Json[];
}

/** Takes the variables away: the files stand for them. */
export const withoutVariables: Replacement = {
  env: ({ variable }) => ({ name: variable, $patch: 'delete' }),
  envFrom: (entry) => (at(entry, ['secretRef']) === undefined ? [entry] : []),
};

/** Leaves the variables and takes them from other Secrets. */
export function renamedSecrets(nameOf: (secret: string) => string): Replacement {
  return {
    env: ({ variable, secret, key }) => ({ name: variable, valueFrom: { secretKeyRef: { name: nameOf(secret), key } } }),
    envFrom: (entry) => {
      const secret = at(entry, ['secretRef']);
      return [isObject(entry) && isObject(secret) ? { ...entry, secretRef: { ...secret, name: nameOf(text(secret['name']) ?? '') } } : entry];
    },
  };
}

/** Containers whose variables a patch of the controller can change, each with its variables. */
export function patchable({ variables }: SecretUse): readonly { readonly place: PlacedContainer; readonly variables: readonly SecretVariable[] }[] {
  const own = variables.filter(({ at: place }) => place.list !== 'ephemeralContainers' && !injectedContainers.has(place.name));
  const byContainer = Map.groupBy(own, ({ at: place }) => `${place.list}/${place.index}`);
  return [...byContainer.values()].flatMap((some) => (some[0] === undefined ? [] : [{ place: some[0].at, variables: some }]));
}

function containerPatch(place: PlacedContainer, variables: readonly SecretVariable[], { env, envFrom }: Replacement): JsonObject {
  const single = variables.flatMap((variable) => (variable.from === 'env' ? [env(variable)] : []));
  const left = list(place.container['envFrom']).flatMap(envFrom);
  return {
    name: place.name,
    ...(single.length === 0 ? {} : { env: single }),
    ...(variables.some(({ from }) => from === 'envFrom') ? { envFrom: left.length === 0 ? null : left } : {}),
  };
}

/** The first of some names that is free. */
function free(taken: readonly (string | undefined)[], wanted: string): string {
  for (let i = 1; ; i += 1) {
    const name = i === 1 ? wanted : `${wanted}-${i}`;
    if (!taken.includes(name)) return name;
  }
}

const textAt = (entry: Json, key: string): string | undefined => text(at(entry, [key]));

/** Where a workload finds the files: a folder and a volume's name that nothing in it uses yet. */
function mountOf(use: SecretUse): { readonly volume: string; readonly folder: string } {
  const { spec } = use.workload;
  const mounts = patchable(use).flatMap(({ place }) => list(place.container['volumeMounts']).map((mount) => textAt(mount, 'mountPath')?.replace(/\/+$/, '')));
  return {
    volume: free(
      list(spec['volumes']).map((volume) => textAt(volume, 'name')),
      'key-vault',
    ),
    folder: free(mounts, '/mnt/key-vault'),
  };
}

/** A patch of a pod's template at its place in a controller, as a manifest; undefined where no patch can say it. */
function manifestOf(
  { apiVersion, kind, namespace, name }: Workload,
  template: { readonly metadata?: JsonObject; readonly spec: JsonObject },
): JsonObject | undefined {
  const place = templatePlace(kind);
  if (place === undefined || !isPlain({ namespace, name })) return undefined;
  const { metadata, spec } = template;
  const isPod = place.length === 0;
  const inside: Json = isPod ? spec : { ...(metadata === undefined ? {} : { metadata }), spec };
  // `spec` is what the template of the file is filled with: what is above the pod's own, but for that one word.
  const whole = place.slice(1).reduceRight<Json>((value, key) => ({ [key]: value }), inside);
  const [manifest] = fromTemplate('workload-patch', { apiVersion, kind, name, namespace, spec: whole });
  if (manifest === undefined || !isPod || metadata === undefined) return manifest;
  return { ...manifest, metadata: { ...metadata, ...(manifest['metadata'] as JsonObject) } };
}

/** A workload's containers with something else instead of their variables. */
function containersPatch(use: SecretUse, replacement: Replacement, more: JsonObject = {}): JsonObject {
  const all = patchable(use).map(({ place, variables }) => ({ place, patch: { ...containerPatch(place, variables, replacement), ...more } }));
  const of = (key: PlacedContainer['list']): readonly JsonObject[] => all.filter(({ place }) => place.list === key).map(({ patch }) => patch);
  const [containers, initContainers] = [of('containers'), of('initContainers')];
  return { ...(containers.length === 0 ? {} : { containers }), ...(initContainers.length === 0 ? {} : { initContainers }) };
}

/** A workload's patch for files from a vault: the volume, its mounts, and something else instead of the variables. */
export interface VaultPatch {
  readonly manifest: JsonObject;
  /** The folder that the files appear in. */
  readonly folder: string;
}

/** Mounts a SecretProviderClass into each container that takes Secrets now. Undefined where no patch can say it. */
export function vaultPatch(use: SecretUse, className: string, replacement: Replacement): VaultPatch | undefined {
  if (patchable(use).length === 0) return undefined;
  const { volume, folder } = mountOf(use);
  const spec = {
    ...containersPatch(use, replacement, { volumeMounts: [{ name: volume, mountPath: folder, readOnly: true }] }),
    volumes: [{ name: volume, csi: { driver: DRIVER, readOnly: true, volumeAttributes: { secretProviderClass: className } } }],
  };
  const manifest = manifestOf(use.workload, { spec });
  return manifest === undefined ? undefined : { manifest, folder };
}

/**
 * Has HashiCorp Vault's injector write the files (Vault docs: agent injector annotations); paths and role are such as its own examples have, to be
 * replaced by those that are there. Undefined where no patch can say it.
 */
export function injectorPatch(use: SecretUse, files: readonly NamedObject[]): JsonObject | undefined {
  if (patchable(use).length === 0) return undefined;
  const prefix = 'vault.hashicorp.com/';
  // A key of an annotation holds 63 characters behind the slash.
  const word = (name: string): string => name.slice(0, 40).replace(/-+$/, '');
  const entries = files.flatMap(({ name, secret, key }) => {
    const path = `secret/data/${use.workload.namespace}/${secret}`;
    const template =
      key === undefined
        ? []
        : [
            [
              `${prefix}agent-inject-template-${word(name)}`,
              `{{- with secret ${JSON.stringify(path)} -}}{{ index .Data.data ${JSON.stringify(key)} }}{{- end }}`,
            ],
          ];
    return [[`${prefix}agent-inject-secret-${word(name)}`, path], ...template];
  });
  const annotations: JsonObject = {
    [`${prefix}agent-inject`]: 'true',
    [`${prefix}role`]: text(use.workload.spec['serviceAccountName']) ?? 'default',
    ...Object.fromEntries(entries),
  };
  return manifestOf(use.workload, { metadata: { annotations }, spec: containersPatch(use, withoutVariables) });
}
