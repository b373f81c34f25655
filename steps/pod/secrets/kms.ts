import type { ArmPut, ArmUpdate, Change, ManualChange } from '../../../src/model/change.ts';
import { type ArmResource, clusterAt, clusterRef, type Facts, idPart, knownValue } from '../../../src/model/facts.ts';
import { at, isObject, isTrue, type Json, path, text } from '../../../src/model/json.ts';
import type { Choice, Guard, Param } from '../../../src/model/step.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { guidOf } from '../../shared/guid.ts';
import { CLUSTER_WRITE_MINUTES, SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { isGuid, sameId } from '../../shared/texts.ts';

const STEP = 'pod.secrets';
const KMS = 'properties.securityProfile.azureKeyVaultKms';
/** Built-in role Key Vault Crypto User: encrypt and decrypt with keys. */
const CRYPTO_USER = '12338af0-0e69-4776-bea7-57ae8d297424';

export const kmsOn = (facts: Facts): boolean => isTrue(clusterAt(facts, `${KMS}.enabled`));

/** Why the cluster cannot use a key of one's own for etcd (AKS docs: use-kms-etcd-encryption). */
export function kmsRefusal(facts: Facts): string | undefined {
  const type = text(clusterAt(facts, 'identity.type'))?.toLowerCase() ?? '';
  return type === 'userassigned'
    ? undefined
    : 'Key management for etcd needs a cluster with a user-assigned identity, because its right to the key must exist first: decide the cluster’s identity before.';
}

const keyId: Param = {
  name: 'key-id',
  prompt: 'Which key encrypts Secrets?',
  help: 'The full address of a key version: https://VAULT.vault.azure.net/keys/NAME/VERSION, as az keyvault key show --query key.kid prints it.',
  kind: 'text',
  defaultValue: (facts) => text(clusterAt(facts, `${KMS}.keyId`)),
  validate: (value) =>
    typeof value === 'string' && /^https:\/\/[a-z0-9-]{3,24}\.(vault|managedhsm)\.[a-z0-9.-]+\/keys\/[A-Za-z0-9-]{1,127}\/[0-9a-f]{32}$/i.test(value)
      ? undefined
      : 'Give the address of one version of a key: https://VAULT.vault.azure.net/keys/NAME/VERSION, with the 32 characters of the version.',
};

const vaultShape = '/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/NAME';
const vaultId: Param = {
  name: 'key-vault-id',
  prompt: 'Which Key Vault holds it?',
  help: `The vault's resource id, ${vaultShape}: the cluster's identity gets the role Key Vault Crypto User there.`,
  kind: 'text',
  defaultValue: (facts) => text(clusterAt(facts, `${KMS}.keyVaultResourceId`)) || undefined,
  validate: (value) => {
    const parts = typeof value === 'string' ? value.split('/') : [];
    const [empty, subscriptions, subscription = '', groups, group = '', , provider, type, name = '', ...rest] = parts;
    const is = (found: string | undefined, wanted: string) => found?.toLowerCase() === wanted;
    const fine =
      empty === '' &&
      is(subscriptions, 'subscriptions') &&
      isGuid(subscription) &&
      is(groups, 'resourcegroups') &&
      /^[\w.()-]{1,90}$/.test(group) &&
      is(provider, 'microsoft.keyvault') &&
      is(type, 'vaults') &&
      /^[A-Za-z0-9-]{3,24}$/.test(name) &&
      rest.length === 0;
    return fine ? undefined : `Give the resource id of the vault: ${vaultShape}.`;
  },
};

const access: Param = {
  name: 'key-vault-access',
  prompt: 'How does the API server reach the vault?',
  help: 'Public: the vault is open to the internet and guarded by sign-in. Private: through a private endpoint, which needs API Server VNet Integration. A vault open to selected networks only is not supported.',
  kind: 'choice',
  choices: () => [
    { value: 'Public', label: 'over the internet' },
    { value: 'Private', label: 'through a private endpoint' },
  ],
  defaultValue: (facts) => text(clusterAt(facts, `${KMS}.keyVaultNetworkAccess`)) ?? 'Public',
  validate: (value, facts) =>
    value === 'Private' && !isTrue(clusterAt(facts, 'properties.apiServerAccessProfile.enableVnetIntegration'))
      ? 'A private vault needs API Server VNet Integration, which this cluster does not have: choose Public, or turn the integration on first.'
      : undefined,
};

export const kmsParams: readonly Param[] = [keyId, vaultId, access];

/** The principal that reads the key: the cluster's user-assigned identity. */
function principalOf(facts: Facts): string | undefined {
  const identities = clusterAt(facts, 'identity.userAssignedIdentities');
  const [first] = isObject(identities) ? Object.values(identities) : [];
  return text(at(first, path('principalId')));
}

function holdsRole(assignments: readonly ArmResource[], principal: string, vault: string): boolean {
  return assignments.some((assignment) => {
    const value = (key: string): string => text(at(assignment, ['properties', key])) ?? '';
    const scope = value('scope').toLowerCase();
    return (
      sameId(value('principalId'), principal) &&
      sameId(value('roleDefinitionId').split('/').at(-1) ?? '', CRYPTO_USER) &&
      (vault.toLowerCase() === scope || vault.toLowerCase().startsWith(`${scope}/`))
    );
  });
}

function grant(facts: Facts, vault: string): ArmPut | undefined {
  const principal = principalOf(facts);
  if (principal === undefined || holdsRole(knownValue(facts, 'roleAssignments') ?? [], principal, vault)) return undefined;
  const subscription = idPart(vault, 'subscriptions') ?? clusterRef(facts).subscriptionId;
  return {
    kind: 'arm.put',
    id: `${STEP}/key-access`,
    step: STEP,
    controls: ['18.4'],
    title: 'Let the cluster’s identity use keys in the vault (Key Vault Crypto User)',
    target: {
      id: `${vault}/providers/Microsoft.Authorization/roleAssignments/${guidOf(vault, CRYPTO_USER, principal)}`,
      type: 'Microsoft.Authorization/roleAssignments',
      apiVersion: '2022-04-01',
    },
    body: {
      properties: {
        roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${CRYPTO_USER}`,
        principalId: principal,
        principalType: 'ServicePrincipal',
      },
    },
    before: undefined,
    impact: { kind: 'none', scope: 'a role assignment on the vault' },
    minutes: SIDE_WRITE_MINUTES,
    // Taking it away while Secrets are encrypted with the key stops the API server.
    reversible: { kind: 'partly', how: 'the role is taken away by hand, after encryption is off and every Secret has been written anew' },
    undo: [],
    after: [],
  };
}

const rewrite: ManualChange = {
  kind: 'manual',
  id: `${STEP}/rewrite-secrets`,
  step: STEP,
  controls: ['18.4'],
  title: 'Write every Secret once, so that it is encrypted with the key',
  instructions: [
    'kubectl get secrets --all-namespaces -o json | kubectl replace -f -',
    'Errors about Secrets that changed meanwhile are harmless: run it again.',
  ],
  doneWhen: 'the command has replaced every Secret without an error',
  impact: { kind: 'none', scope: 'Secrets keep their content' },
  minutes: [1, 10],
  reversible: { kind: 'yes', how: 'nothing in them changes' },
  after: [`${STEP}/kms`],
};

/** Encryption of etcd with a key of one's own: the right to the key, the switch, and every Secret written once. */
export function kmsChanges(facts: Facts, values: Choice['values'], after: readonly string[]): readonly Change[] {
  const value = (param: Param): Json | undefined => values[param.name] ?? param.defaultValue(facts);
  const vault = text(value(vaultId)) ?? '';
  const network = text(value(access)) ?? 'Public';
  const edits = clusterEdits(facts, [
    [`${KMS}.enabled`, true],
    [`${KMS}.keyId`, text(value(keyId))],
    [`${KMS}.keyVaultNetworkAccess`, network],
    ...(network === 'Private' ? [[`${KMS}.keyVaultResourceId`, vault] as const] : []),
  ]);
  if (edits.length === 0) return [];
  const role = grant(facts, vault);
  const update: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/kms`,
    step: STEP,
    controls: ['18.4'],
    title: 'Encrypt Secrets in etcd with your key',
    target: clusterTarget(facts),
    edits,
    impact: { kind: 'api-server', scope: 'the API server restarts, and from then on needs the vault for every Secret' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'partly', how: 'it can be switched off, but every key that was ever used must be kept, unexpired, for as long as the cluster lives' },
    after: [...after, ...(role ? [role.id] : [])],
  };
  return [...(role ? [role] : []), update, rewrite];
}

/** What cannot be mended afterwards: a key that is gone takes all Secrets, and with them the cluster. */
export function kmsGuards(facts: Facts): readonly Guard[] {
  const lb = text(clusterAt(facts, 'properties.networkProfile.loadBalancerSku'))?.toLowerCase();
  return [
    {
      id: 'key-life',
      title: 'The key outlives the cluster',
      verdict: 'unknown',
      detail:
        'Purge protection, an unlimited life of the key, and a vault without a "selected networks" firewall cannot be seen from here. A lost key is a lost cluster.',
      next: [
        'az keyvault show --name VAULT --query "properties.[enablePurgeProtection, publicNetworkAccess, networkAcls.defaultAction]"',
        'az keyvault key show --id KEY_ID --query attributes.expires  (must be empty)',
      ],
      override: 'the key is protected and does not expire',
    },
    ...(principalOf(facts) === undefined
      ? [
          {
            id: 'key-access',
            title: 'The identity’s principal is known',
            verdict: 'refuse' as const,
            detail: 'The facts do not name the principal of the cluster’s identity, so its right to the key cannot be planned.',
            next: ['Grant Key Vault Crypto User to it yourself, and wait ten minutes.'],
            override: 'the role is granted',
          },
        ]
      : [
          {
            id: 'key-access',
            title: 'The right to the key arrives in time',
            verdict: 'warn' as const,
            detail:
              'Granting it needs Microsoft.Authorization/roleAssignments/write on the vault, which was not read. It takes up to ten minutes to arrive, and only counts in a vault with Azure RBAC: with access policies, allow encrypt and decrypt there.',
            next: ['When AKS answers that the key cannot be reached, wait ten minutes and carry on with aks-harden resume.'],
          },
        ]),
    ...(lb === 'basic'
      ? [
          {
            id: 'migration-first',
            title: 'No migration is left that wants it off',
            verdict: 'refuse' as const,
            detail: 'The Basic load balancer must be left first: that migration needs this encryption off.',
            override: 'never' as const,
          },
        ]
      : []),
  ];
}
