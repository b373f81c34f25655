import { clusterAt, type Facts, knownValue, type Workload } from '../../../src/model/facts.ts';
import { type JsonObject, text } from '../../../src/model/json.ts';
import { fromTemplate } from '../../../templates/index.ts';
import type { SecretUse } from './environment.ts';
import { patchable } from './patches.ts';

/** An object in the vault, and the key of the Secret that it takes the place of. No key: every key of a Secret, whose names are not read. */
export interface NamedObject {
  /** Its name in the vault, and the file's. */
  readonly name: string;
  readonly secret: string;
  readonly key?: string;
}

/** What stands where only a person knows. */
export const CLIENT_ID = 'CLIENT-ID-OF-THE-APPLICATIONS-IDENTITY';
const TENANT_ID = 'TENANT-ID-OF-THE-VAULT';
export const ANY_KEY = 'NAME-OF-THE-KEY';

/** Names of secrets in a Key Vault: letters, digits and hyphens, 127 at most (Key Vault docs: about keys, secrets and certificates). */
const vaultName = (name: string): string =>
  name
    .replace(/[^0-9A-Za-z-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 120) || 'secret';

/** The vault's objects that a workload's variables stand for, each once. */
export function objectsOf(use: SecretUse): readonly NamedObject[] {
  const found = new Map<string, NamedObject>();
  const names = new Set<string>();
  for (const variable of patchable(use).flatMap(({ variables }) => variables)) {
    const key = variable.from === 'env' ? variable.key : undefined;
    const same = JSON.stringify([variable.secret, key ?? null]);
    if (found.has(same)) continue;
    const wanted = vaultName(`${variable.secret}-${key ?? ANY_KEY}`);
    let name = wanted;
    for (let i = 2; names.has(name.toLowerCase()); i += 1) name = `${wanted}-${i}`;
    names.add(name.toLowerCase());
    found.set(same, { name, secret: variable.secret, ...(key === undefined ? {} : { key }) });
  }
  return [...found.values()];
}

/** The class's name: a workload's own, so that a pod gets what it needs and no more. */
export const className = ({ kind, name }: Workload): string => `${name.slice(0, 200)}-${kind.toLowerCase()}-key-vault`;

/** The Secret that the driver makes: beside the one that somebody wrote, never over it. */
export const syncedName = (secret: string): string => `${secret.slice(0, 240)}-key-vault`;

/** The identity that a workload's service account is bound to, where workload identity is in place. */
export function clientIdOf(facts: Facts, { namespace, spec }: Workload): string | undefined {
  const account = text(spec['serviceAccountName']) ?? 'default';
  const found = knownValue(facts, 'serviceAccounts')?.find((one) => one.namespace === namespace && one.name === account);
  return found?.annotations['azure.workload.identity/client-id'];
}

/** The SecretProviderClass of a workload (AKS docs: csi-secrets-store-identity-access). */
export function classOf(facts: Facts, use: SecretUse, { vault, synced }: { readonly vault: string; readonly synced: boolean }): JsonObject | undefined {
  const objects = objectsOf(use);
  const entries = objects.map(({ name }) => `  - |\n    objectName: ${name}\n    objectType: secret\n`).join('');
  const values = {
    name: className(use.workload),
    namespace: use.workload.namespace,
    clientId: clientIdOf(facts, use.workload) ?? CLIENT_ID,
    vault,
    tenant: text(clusterAt(facts, 'identity.tenantId')) ?? knownValue(facts, 'subscriptionTenant') ?? TENANT_ID,
    objects: `array:\n${entries}`,
  };
  if (!synced) return fromTemplate('secret-provider-class', values)[0];
  const bySecret = Map.groupBy(objects, ({ secret }) => secret);
  const secretObjects = [...bySecret].map(
    ([secret, some]): JsonObject => ({
      secretName: syncedName(secret),
      type: 'Opaque',
      data: some.map(({ name, key }) => ({ objectName: name, key: key ?? ANY_KEY })),
    }),
  );
  return fromTemplate('secret-provider-class-synced', { ...values, secretObjects })[0];
}
