import type { JsonObject } from '../../../model/json.ts';
import { customKind, metadata, type Topic } from './make.ts';

/** What a container takes its secrets by: variables from Secrets, one by one or all at once, or files from a vault. */
export interface SecretStyle {
  readonly one: (pod: JsonObject, app: string, secret: string) => JsonObject;
  readonly all: (pod: JsonObject, app: string, secret: string) => JsonObject;
}

function onFirst({ containers, ...pod }: JsonObject, more: JsonObject, volumes?: readonly JsonObject[]): JsonObject {
  const [first, ...rest] = containers as readonly JsonObject[];
  return { ...pod, containers: [{ ...first, ...more }, ...rest], ...(volumes === undefined ? {} : { volumes: [...volumes] }) };
}

/** As most charts do it. */
export const variables: SecretStyle = {
  one: (pod, _app, secret) =>
    onFirst(pod, {
      env: [
        { name: 'LOG_LEVEL', value: 'info' },
        { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: secret, key: 'password' } } },
      ],
    }),
  all: (pod, _app, secret) => onFirst(pod, { envFrom: [{ secretRef: { name: secret } }] }),
};

const DRIVER = 'secrets-store.csi.k8s.io';
const mounted = (pod: JsonObject, app: string): JsonObject =>
  onFirst(pod, { volumeMounts: [{ name: 'key-vault', mountPath: '/mnt/key-vault', readOnly: true }] }, [
    { name: 'key-vault', csi: { driver: DRIVER, readOnly: true, volumeAttributes: { secretProviderClass: `${app}-key-vault` } } },
  ]);

/** As the Key Vault provider does it. */
export const files: SecretStyle = { one: mounted, all: mounted };

const provided = (namespace: string, app: string, object: string): JsonObject => ({
  apiVersion: 'secrets-store.csi.x-k8s.io/v1',
  kind: 'SecretProviderClass',
  metadata: metadata({ namespace, name: `${app}-key-vault` }),
  spec: {
    provider: 'azure',
    parameters: {
      usePodIdentity: 'false',
      clientID: 'f0000000-0000-4000-8000-000000000070',
      keyvaultName: 'shop-hardened-kv',
      tenantId: '0c0c0c0c-0000-4000-8000-000000000001',
      objects: `array:\n  - |\n    objectName: ${object}\n    objectType: secret\n`,
    },
  },
});

/** The kinds that the provider brings along, and what it mounts. */
export const vaultFiles: Topic = {
  legacy: [],
  typical: [],
  private: [],
  hardened: [
    customKind('secrets-store.csi.x-k8s.io', 'v1', 'SecretProviderClass', 'secretproviderclasses'),
    provided('shop', 'catalog', 'catalog-database-password'),
    provided('payments', 'api', 'payments-card-key'),
  ],
};
