import { isObject, type Json, type JsonObject, list } from '../../model/json.ts';
import { plain, plainJson } from './listed.ts';

/** What is kept of a value: all of it, nothing, or what a function makes of it. */
type Keep = true | ((value: Json) => Json | undefined);
interface Kept {
  readonly [key: string]: Keep;
}

function pick(value: Json, wanted: Kept): JsonObject {
  const found: { [key: string]: Json | undefined } = {};
  if (!isObject(value)) return found;
  for (const [key, keep] of Object.entries(wanted)) {
    const here = Object.hasOwn(value, key) ? value[key] : undefined;
    if (here === undefined || here === null) continue;
    const kept = keep === true ? plainJson(here) : keep(here);
    if (kept !== undefined) found[key] = kept;
  }
  return found;
}

const part = (wanted: Kept) => (value: Json) => pick(value, wanted);
const each = (wanted: Kept) => (value: Json) => list(value).map((entry) => pick(entry, wanted));

/** Of probes and hooks only where they go: a command or a header may hold a secret. */
const hostOnly = (value: Json): Json | undefined => {
  const found = pick(value, { httpGet: part({ host: true }), tcpSocket: part({ host: true }) });
  return Object.values(found).some((way) => isObject(way) && way['host'] !== undefined) ? found : undefined;
};

const lifecycle = (value: Json): Json | undefined => {
  const found = pick(value, { postStart: hostOnly, preStop: hostOnly });
  return Object.keys(found).length === 0 ? undefined : found;
};

/** A container: no value of an environment variable, no command, no argument. */
const container: Kept = {
  name: true,
  image: true,
  imagePullPolicy: true,
  restartPolicy: true,
  securityContext: true,
  ports: true,
  env: each({ name: true, valueFrom: true }),
  envFrom: true,
  volumeMounts: each({ name: true, mountPath: true, readOnly: true, subPath: true }),
  resources: part({ limits: true, requests: true }),
  livenessProbe: hostOnly,
  readinessProbe: hostOnly,
  startupProbe: hostOnly,
  lifecycle,
};

/** The tokens that Kubernetes puts into pods have a name that differs from pod to pod. */
const tokenVolume = /^(kube-api-access|.*-token)-[a-z0-9]{5}$/;
const volumeName = (value: Json): Json | undefined => (typeof value === 'string' ? plain(value).replace(tokenVolume, '$1') : undefined);

/** Names of a driver's attributes that hold no secret. */
const attributes: ReadonlySet<string> = new Set(['secretproviderclass', 'secretname', 'sharename', 'server', 'storageaccount', 'protocol', 'resourcegroup']);

const csiAttributes = (value: Json): Json | undefined =>
  isObject(value) ? plainJson(Object.fromEntries(Object.entries(value).filter(([key]) => attributes.has(key.toLowerCase())))) : undefined;

const projection: Kept = {
  serviceAccountToken: part({ audience: true, expirationSeconds: true, path: true }),
  secret: part({ name: true }),
  configMap: part({ name: true }),
  downwardAPI: () => ({}),
  clusterTrustBundle: () => ({}),
  podCertificate: () => ({}),
};

/** Volumes with their type, which the Pod Security Standards look at, and what matters of it. A type that is not known here keeps its name alone. */
const volumeParts: Kept = {
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

function volume(value: Json): JsonObject {
  const found = pick(value, volumeParts);
  const others = isObject(value) ? Object.keys(value).filter((key) => !Object.hasOwn(volumeParts, key) && isObject(value[key])) : [];
  return { ...found, ...Object.fromEntries(others.map((key) => [plain(key), {}])) };
}

const osSelector = (value: Json): Json | undefined => {
  const found = pick(value, { 'kubernetes.io/os': true, 'beta.kubernetes.io/os': true });
  return Object.keys(found).length === 0 ? undefined : found;
};

/** What is kept of a pod's spec. The list is closed: what is not in it never leaves this file. */
const podSpec: Kept = {
  securityContext: true,
  hostNetwork: true,
  hostPID: true,
  hostIPC: true,
  hostUsers: true,
  os: true,
  runtimeClassName: true,
  serviceAccountName: true,
  automountServiceAccountToken: true,
  nodeSelector: osSelector,
  imagePullSecrets: true,
  volumes: (value) => list(value).map(volume),
  containers: each(container),
  initContainers: each(container),
  ephemeralContainers: each({ ...container, targetContainerName: true }),
};

/** A pod's spec reduced to what verdicts rest on: no value of an environment variable, no command, no argument. */
export function reducedPodSpec(spec: Json | undefined): JsonObject {
  const reduced = pick(spec ?? {}, podSpec);
  const mounts = (entry: Json): Json =>
    isObject(entry)
      ? { ...entry, volumeMounts: list(entry['volumeMounts']).map((mount) => (isObject(mount) ? { ...mount, name: volumeName(mount['name'] ?? '') } : mount)) }
      : entry;
  const lists = ['containers', 'initContainers', 'ephemeralContainers'].filter((key) => reduced[key] !== undefined);
  return { ...reduced, ...Object.fromEntries(lists.map((key) => [key, list(reduced[key]).map(mounts)])) };
}
