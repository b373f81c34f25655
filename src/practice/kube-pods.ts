import { at, isObject, type Json, type JsonObject, list, text } from '../model/json.ts';

/** What a pod is made of. */
export interface PodParts {
  readonly namespace: string;
  readonly name: string;
  readonly owner?: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  /** A pod template: metadata and spec. */
  readonly template: JsonObject;
  readonly labels?: { readonly [key: string]: string };
  /** Claim templates of a StatefulSet. */
  readonly claims?: readonly JsonObject[];
}

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The volume of the token that Kubernetes puts into pods (Kubernetes docs: configure service accounts, bound tokens). */
function tokenVolume(name: string): JsonObject {
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
      ],
    },
  };
}

/**
 * A running pod as it looks after admission: with a service account, its token where the pod does not decline it, and defaults. Fields that
 * the template gives stay as they are.
 */
export function podOf({ namespace, name, owner, template, labels, claims = [] }: PodParts): JsonObject {
  const spec = isObject(template['spec']) ? template['spec'] : {};
  const token = `kube-api-access-${name
    .slice(-5)
    .padStart(5, 'x')
    .replaceAll(/[^a-z0-9]/g, 'x')}`;
  const hasToken = spec['automountServiceAccountToken'] !== false;
  const mounted = (container: Json): Json => {
    if (!isObject(container) || !hasToken) return container;
    return { ...container, volumeMounts: [...list(container['volumeMounts']), { name: token, mountPath, readOnly: true }] };
  };
  const claimed = claims.map((claim) => {
    const volume = text(at(claim, ['metadata', 'name'])) ?? 'data';
    return { name: volume, persistentVolumeClaim: { claimName: `${volume}-${name}` } };
  });
  const lists = ['containers', 'initContainers'].filter((key) => spec[key] !== undefined);
  const annotations = at(template, ['metadata', 'annotations']);
  const own = at(template, ['metadata', 'labels']);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      creationTimestamp: '2024-03-04T09:00:00Z',
      labels: { ...(isObject(own) ? own : {}), ...labels },
      ...(isObject(annotations) ? { annotations } : {}),
      ...(owner === undefined ? {} : { ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }] }),
    },
    spec: {
      restartPolicy: 'Always',
      serviceAccountName: 'default',
      securityContext: {},
      ...spec,
      ...Object.fromEntries(lists.map((key) => [key, list(spec[key]).map(mounted)])),
      volumes: [...list(spec['volumes']), ...claimed, ...(hasToken ? [tokenVolume(token)] : [])],
    },
    status: { phase: 'Running' },
  };
}
