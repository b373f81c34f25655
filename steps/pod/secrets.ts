import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import { text } from '../../src/model/json.ts';
import { type Choice, defineStep, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, psruleDoc } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assessEnvironment, knownUses, type SecretUse } from './secrets/environment.ts';
import { kmsChanges, kmsGuards, kmsParams } from './secrets/kms.ts';
import { optionIds, options, vaultParam } from './secrets/options.ts';
import { egressGuard, pollInterval, providerChange } from './secrets/provider.ts';
import { ADDON, assessKms, assessRotation, assessStore } from './secrets/verdicts.ts';
import { filesChange, otherStoreChange, readsFilesGuard, syncedChange } from './secrets/workload-changes.ts';

const STEP = 'pod.secrets';

/** What an infrastructure-as-code tool has to say beside the provider's switch. */
const providerCode = {
  terraform: { line: 'key_vault_secrets_provider { secret_rotation_enabled = true }', effect: 'reverts' as const },
  bicep: `addonProfiles: { ${ADDON}: { enabled: true, config: { enableSecretRotation: 'true' } } }`,
};
const kmsCode = {
  terraform: { line: 'key_management_service { key_vault_key_id = "…" }', effect: 'reverts' as const },
  bicep: 'securityProfile: { azureKeyVaultKms: { … } }',
};

/** Writes to the cluster, with the guards before them. */
function written(facts: Facts, provider: readonly Change[], encryption: readonly Change[] = []): StepPlan {
  const changes = [...provider, ...encryption];
  if (changes.length === 0) return { changes: [], guards: [] };
  const code = [...(provider.length > 0 ? [providerCode] : []), ...(encryption.length > 0 ? [kmsCode] : [])];
  return {
    changes,
    guards: [
      ...commonGuards(facts, { impact: encryption.length > 0 ? 'api-server' : 'none', code }),
      ...(provider.length > 0 ? [egressGuard(facts)] : []),
      ...(encryption.length > 0 ? kmsGuards(facts) : []),
    ],
  };
}

/** The provider where it is missing, then what the teams do with it. */
function withWorkloads(provider: StepPlan, byHand: readonly Change[], uses: readonly SecretUse[], change: 'files' | 'none'): StepPlan {
  const after = provider.changes.map(({ id }) => id);
  return {
    changes: [...provider.changes, ...byHand.map((one) => ({ ...one, after }))],
    guards: [...provider.guards, ...(change === 'files' && byHand.length > 0 ? [readsFilesGuard(uses)] : [])],
  };
}

function plan(facts: Facts, { option, values }: Choice): StepPlan {
  const id = optionIds.find((one) => one === option);
  const chosen = options(facts).find((one) => one.id === id);
  if (id === undefined || chosen === undefined) return { changes: [], guards: [] };
  if (chosen.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(chosen.unavailable)] };
  const uses = knownUses(facts);
  const vault = text(values[vaultParam.name]) ?? '';
  const provider = (): StepPlan => written(facts, providerChange(facts, values));
  switch (id) {
    case 'key-vault':
      return provider();
    case 'files':
      return withWorkloads(provider(), filesChange(facts, uses, vault), uses, 'files');
    case 'synced':
      return withWorkloads(provider(), syncedChange(facts, uses, vault), uses, 'none');
    case 'key-vault-and-kms':
      return written(facts, providerChange(facts, values), kmsChanges(facts, values, []));
    case 'other-store':
      return { changes: otherStoreChange(uses, assessStore(facts).status !== 'pass'), guards: uses.length > 0 ? [readsFilesGuard(uses)] : [] };
    default:
      return id satisfies never;
  }
}

/** Where secrets live, and who can read them at rest. */
export const secrets = defineStep({
  id: STEP,
  pillar: 'pod',
  title: 'Where do secrets live?',
  controls: [
    {
      id: '18.1',
      title: 'Secrets come from Key Vault or another store outside',
      severity: 'medium',
      references: {
        cis: ['4.5.2'],
        psrule: ['AZR-000033'],
        docs: [aksDoc('Key Vault provider for the Secrets Store CSI driver', 'csi-secrets-store-driver'), psruleDoc('Azure.AKS.SecretStore')],
      },
    },
    {
      id: '18.2',
      title: 'Secrets from Key Vault are renewed by themselves',
      severity: 'medium',
      references: {
        psrule: ['AZR-000034'],
        checkov: ['CKV_AZURE_172'],
        docs: [aksDoc('Rotation and its interval', 'csi-secrets-store-configuration-options'), psruleDoc('Azure.AKS.SecretStoreRotation')],
      },
    },
    {
      id: '18.3',
      title: 'Applications take secrets from files, not from environment variables',
      severity: 'low',
      references: {
        cis: ['4.5.1'],
        checkov: ['CKV_K8S_35'],
        docs: [
          aksDoc('Files, synced Secrets and what renews', 'csi-secrets-store-configuration-options'),
          aksDoc('Access with workload identity', 'csi-secrets-store-identity-access'),
          { title: 'Good practices for Kubernetes Secrets', url: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/' },
          { title: 'Vault agent injector', url: 'https://developer.hashicorp.com/vault/docs/platform/k8s/injector/annotations' },
        ],
      },
    },
    {
      id: '18.4',
      title: 'Secrets in etcd are encrypted through a key management service',
      severity: 'low',
      references: {
        cis: ['5.3.1'],
        policy: ['dbbdc317-9734-4dd8-9074-993b29c69008'],
        docs: [aksDoc('Encryption at rest, compared', 'kms-data-encryption-concepts'), aksDoc('Key Vault and etcd', 'use-kms-etcd-encryption')],
      },
    },
  ],
  needs: ['namespaces', 'workloads', 'secretProviderClasses'],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools', 'roleAssignments', 'serviceAccounts', 'subscriptionTenant'],
  explain: () => ({
    what: 'A Kubernetes Secret is text in etcd that whoever may read Secrets in a namespace can read. The Key Vault provider mounts secrets from a vault as files instead, with the pod’s own identity.',
    why: 'Secrets by hand are copied, committed and never changed. In a vault each one has an owner, a log of who read it, and a new version that reaches the pods.',
    today:
      'The FlexVolume for Key Vault of 2020 is gone; the Secrets Store CSI driver replaced it, as an add-on of AKS. Files of the driver renew; a variable never does before the pod restarts, a file mounted by subPath never at all, and a synced Secret lies in etcd like one written by hand. etcd is encrypted with Azure’s keys always; a key of your own is for regulation, and Microsoft’s AKS baseline leaves it off.',
  }),
  assess: (facts) => ({ '18.1': assessStore(facts), '18.2': assessRotation(facts), '18.3': assessEnvironment(facts), '18.4': assessKms(facts) }),
  options,
  params: [vaultParam, pollInterval, ...kmsParams],
  plan,
  after: ['identity.cluster-identity', 'pod.workload-identity'],
});
