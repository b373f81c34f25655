import { isObject, type Json, type JsonObject, list } from '../../model/json.ts';
import { plain, plainJson } from './listed.ts';

/** What is kept of a value: all of it, nothing, or what a function makes of it. */
type Keep = true | ((value: Json) => Json | undefined);
interface Wanted {
  readonly [key: string]: Keep;
}

/** What is wanted of an object, as a list: every pod of a cluster passes through here. */
type Fields = readonly (readonly [key: string, keep: Keep])[];
const fieldsOf = (wanted: Wanted): Fields => Object.entries(wanted);

function pick(value: Json, fields: Fields): JsonObject {
  const found: { [key: string]: Json | undefined } = {};
  if (!isObject(value)) return found;
  for (const [key, keep] of fields) {
    const here = Object.hasOwn(value, key) ? value[key] : undefined;
    if (here === undefined || here === null) continue;
    const kept = keep === true ? plainJson(here) : keep(here);
    if (kept !== undefined) found[key] = kept;
  }
  return found;
}

const part = (wanted: Wanted) => {
  const fields = fieldsOf(wanted);
  return (value: Json): JsonObject => pick(value, fields);
};

const each = (wanted: Wanted) => {
  const fields = fieldsOf(wanted);
  return (value: Json): Json => list(value).map((entry) => pick(entry, fields));
};

/** The same where nothing is left of an object that has none of the fields. */
const partIfAny = (wanted: Wanted) => {
  const fields = fieldsOf(wanted);
  return (value: Json): Json | undefined => {
    const found = pick(value, fields);
    return Object.keys(found).length === 0 ? undefined : found;
  };
};

/** Of probes and hooks only where they go: a command or a header may hold a secret. */
const host = partIfAny({ host: true });
const hostOnly = partIfAny({ httpGet: host, tcpSocket: host });

/** The tokens that Kubernetes puts into pods have a name that differs from pod to pod. */
const tokenVolume = /^(kube-api-access|.*-token)-[a-z0-9]{5}$/;
const volumeName = (value: Json): Json | undefined => (typeof value === 'string' ? plain(value).replace(tokenVolume, '$1') : undefined);

/** A container: no value of an environment variable, no command, no argument. */
const container: Wanted = {
  name: true,
  image: true,
  imagePullPolicy: true,
  restartPolicy: true,
  securityContext: true,
  ports: true,
  env: each({ name: true, valueFrom: true }),
  envFrom: true,
  volumeMounts: each({ name: volumeName, mountPath: true, readOnly: true, subPath: true }),
  resources: part({ limits: true, requests: true }),
  livenessProbe: hostOnly,
  readinessProbe: hostOnly,
  startupProbe: hostOnly,
  lifecycle: partIfAny({ postStart: hostOnly, preStop: hostOnly }),
};

/** Names of a driver's attributes that hold no secret. */
const attributes: ReadonlySet<string> = new Set(['secretproviderclass', 'secretname', 'sharename', 'server', 'storageaccount', 'protocol', 'resourcegroup']);

const csiAttributes = (value: Json): Json | undefined =>
  isObject(value) ? plainJson(Object.fromEntries(Object.entries(value).filter(([key]) => attributes.has(key.toLowerCase())))) : undefined;

const projection: Wanted = {
  serviceAccountToken: part({ audience: true, expirationSeconds: true, path: true }),
  secret: part({ name: true }),
  configMap: part({ name: true }),
  downwardAPI: () => ({}),
  clusterTrustBundle: () => ({}),
  podCertificate: () => ({}),
};

/** Volumes with their type, which the Pod Security Standards look at, and what matters of it. A type that is not known here keeps its name alone. */
const volumeParts: Wanted = {
  name: volumeName,
  hostPath: part({ path: true, type: true }),
  csi: part({ driver: true, readOnly: true, volumeAttributes: csiAttributes, nodePublishSecretRef: true }),
  secret: part({ secretName: true }),
  configMap: part({ name: true }),
  persistentVolumeClaim: part({ claimName: true, readOnly: true }),
  projected: part({ sources: each(projection) }),
  ephemeral: part({ volumeClaimTemplate: part({ spec: part({ storageClassName: true }) }) }),
  azureFile: part({ secretName: true, shareName: true }),
  azureDisk: part({ diskName: true, kind: true }),
  flexVolume: part({ driver: true }),
  nfs: part({ server: true, path: true }),
  emptyDir: part({ medium: true }),
  image: part({ reference: true }),
};

const volumeFields = fieldsOf(volumeParts);

function volume(value: Json): JsonObject {
  const found = pick(value, volumeFields);
  const others = isObject(value) ? Object.keys(value).filter((key) => !Object.hasOwn(volumeParts, key) && isObject(value[key])) : [];
  return { ...found, ...Object.fromEntries(others.map((key) => [plain(key), {}])) };
}

/** What is kept of a pod's spec. The list is closed: what is not in it never leaves this file. */
const podFields = fieldsOf({
  securityContext: true,
  hostNetwork: true,
  hostPID: true,
  hostIPC: true,
  hostUsers: true,
  os: true,
  runtimeClassName: true,
  serviceAccountName: true,
  automountServiceAccountToken: true,
  nodeSelector: partIfAny({ 'kubernetes.io/os': true, 'beta.kubernetes.io/os': true }),
  imagePullSecrets: true,
  volumes: (value) => list(value).map(volume),
  containers: each(container),
  initContainers: each(container),
  ephemeralContainers: each({ ...container, targetContainerName: true }),
});

/** A pod's spec reduced to what verdicts rest on: no value of an environment variable, no command, no argument. */
export function reducedPodSpec(spec: Json | undefined): JsonObject {
  return pick(spec ?? {}, podFields);
}
