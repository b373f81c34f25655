import type { PersistentVolumeFacts, PodIdentityFacts, SecretProviderClassFacts, StorageClassFacts } from '../../model/facts.ts';
import { at, isObject, type JsonObject, list, path } from '../../model/json.ts';
import { kept } from './keeper.ts';
import { nameOf, namespaceOf, plain, textAt, textsAt } from './listed.ts';

/** Parameters of a class that name a Secret hold a name; one that looks like a key itself is no parameter of AKS' drivers, and is left out. */
const aboutSecrets = /(password|accountkey|sastoken|connectionstring)$/i;

/** Present texts only, to spread. */
function present<K extends string>(texts: { readonly [key in K]: string | undefined }): { readonly [key in K]?: string } {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)) as { readonly [key in K]?: string };
}

/** Mount options that sign somebody in. */
const credentials = /^(user(name)?|pass(word)?\d?|cred(ential)?s|domain)(=|$)/i;

/** A StorageClass. */
export function storageClassFacts(object: JsonObject): StorageClassFacts {
  const mountOptions = list(object['mountOptions']).flatMap((option) => (typeof option === 'string' && !credentials.test(option) ? [plain(option)] : []));
  const expandable = at(object, ['allowVolumeExpansion']);
  return {
    name: nameOf(object),
    provisioner: textAt(object, 'provisioner') ?? '',
    parameters: textsAt(object, 'parameters', (key) => !aboutSecrets.test(key)),
    isDefault: at(object, ['metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class']) === 'true',
    ...present({ reclaimPolicy: textAt(object, 'reclaimPolicy'), bindingMode: textAt(object, 'volumeBindingMode') }),
    ...(typeof expandable === 'boolean' ? { expandable } : {}),
    ...(mountOptions.length === 0 ? {} : { mountOptions }),
    ...kept(object),
  };
}

/** Keys of a volume's spec that are no source (Kubernetes API reference: PersistentVolumeSpec). */
const noSource: ReadonlySet<string> = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

/** A PersistentVolume. */
export function persistentVolumeFacts(object: JsonObject): PersistentVolumeFacts {
  const spec = at(object, ['spec']);
  const source = isObject(spec) ? Object.keys(spec).find((key) => !noSource.has(key) && isObject(spec[key])) : undefined;
  // A key may hold dots: no path leads through it.
  const driver = source === undefined ? undefined : textAt(at(spec, [source]), 'driver');
  const storageClass = textAt(object, 'spec.storageClassName');
  const claim = { namespace: textAt(object, 'spec.claimRef.namespace'), name: textAt(object, 'spec.claimRef.name') };
  return {
    name: nameOf(object),
    source: plain(source ?? ''),
    ...(driver === undefined ? {} : { driver }),
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(claim.namespace === undefined || claim.name === undefined ? {} : { claim: { namespace: claim.namespace, name: claim.name } }),
    ...kept(object),
  };
}

/** An AzureIdentity or AzureIdentityBinding (aad-pod-identity docs: resource definitions; keys differ in case between versions). */
export function podIdentityFacts(object: JsonObject): PodIdentityFacts {
  const named = { namespace: namespaceOf(object), name: nameOf(object), ...kept(object) };
  if (object['kind'] === 'AzureIdentity') {
    return { kind: 'AzureIdentity', ...named, ...present({ resourceId: textAt(object, 'spec.resourceID'), clientId: textAt(object, 'spec.clientID') }) };
  }
  return { kind: 'AzureIdentityBinding', ...named, ...present({ identity: textAt(object, 'spec.azureIdentity'), selector: textAt(object, 'spec.selector') }) };
}

/** A SecretProviderClass. */
export function secretProviderClassFacts(object: JsonObject): SecretProviderClassFacts {
  return {
    namespace: namespaceOf(object),
    name: nameOf(object),
    provider: textAt(object, 'spec.provider') ?? '',
    syncs: list(at(object, path('spec.secretObjects'))).length > 0,
    ...kept(object),
  };
}
