import type { ArmUpdate, ManualChange } from '../../src/model/change.ts';
import { clusterAt, type Facts } from '../../src/model/facts.ts';
import { isTrue, type Json, text } from '../../src/model/json.ts';
import { type Choice, defineStep, type Guard, type Option, type Param, type StepPlan } from '../../src/model/step.ts';
import { addonConfig, addonOn } from '../shared/addons.ts';
import { aksDoc, psruleDoc } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { size } from '../shared/pool-sizes.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { kmsChanges, kmsGuards, kmsParams, kmsRefusal } from './secrets/kms.ts';
import { ADDON, assessKms, assessRotation, assessStore, BASE } from './secrets/verdicts.ts';

const STEP = 'pod.secrets';
/** What AKS takes where nothing is set (AKS docs: csi-secrets-store-configuration-options). */
const DEFAULT_INTERVAL = '2m';

const pollInterval: Param = {
  name: 'poll-interval',
  prompt: 'How often does it look for new versions?',
  help: 'A number and s, m or h: 2m is what AKS takes by itself. Each look asks the Key Vault once for every mounted object, on every node.',
  kind: 'text',
  defaultValue: (facts) => text(addonConfig(facts, ADDON, 'rotationPollInterval')) ?? DEFAULT_INTERVAL,
  validate: (value) =>
    typeof value === 'string' && /^[1-9]\d{0,4}[smh]$/.test(value) ? undefined : 'Give a number and s, m or h: 2m for every two minutes, 1h for every hour.',
};

function options(facts: Facts): readonly Option[] {
  const on = addonOn(facts, ADDON);
  const provider = on
    ? 'The Key Vault provider is on; this makes it fetch new versions by itself.'
    : `A DaemonSet on ${size(facts)} mounts secrets from Key Vault as files, fetched with the pod’s own identity, and renews them.`;
  const refusal = kmsRefusal(facts);
  return [
    {
      id: 'key-vault',
      title: 'Secrets from Key Vault, renewed by themselves',
      tradeOff: `${provider} Who read which secret stands in the vault’s log. Applications must read files and notice changes: environment variables and subPath mounts never renew. A pod that starts while the vault is away does not start.`,
      impact: { kind: 'none', scope: 'driver pods on the nodes; running pods and existing Secrets stay as they are' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'Key Vault operations, more with a shorter interval',
      reversible: { kind: 'yes', how: 'the add-on is switched off, when no pod mounts from it any more' },
      notWhen: 'another store (HashiCorp Vault, External Secrets) already does this',
      recommended: on
        ? 'The provider is there; a renewed secret should reach the pods without a restart.'
        : 'Nothing changes for running pods, and it is the store that AKS installs, patches and supports.',
      params: [pollInterval.name],
    },
    {
      id: 'key-vault-and-kms',
      title: 'The same, and etcd encrypted with your own key',
      tradeOff: `${provider} Besides, Secrets in etcd are encrypted once more with a key in your vault: you hold the key, and taking it away locks the data. That also means that a key which is lost or expires is the end of the cluster, and that the API server is only as available as the vault. etcd is encrypted with Azure’s keys in any case.`,
      impact: { kind: 'api-server', scope: 'the API server restarts and needs the vault from then on' },
      minutes: [CLUSTER_WRITE_MINUTES[0] * 2, CLUSTER_WRITE_MINUTES[1] * 2 + 10],
      cost: 'Key Vault operations',
      reversible: { kind: 'partly', how: 'it can be switched off, but every key ever used must be kept for the life of the cluster' },
      notWhen: 'no regulation asks for a key of your own; Kubernetes 1.33 and later get a simpler way, now in preview',
      ...(refusal === undefined ? {} : { unavailable: refusal }),
      params: [pollInterval.name, ...kmsParams.map(({ name }) => name)],
    },
    {
      id: 'other-store',
      title: 'A store of your own',
      tradeOff:
        'HashiCorp Vault or External Secrets: the same store for several clouds, and you install, patch and back it up. AKS knows nothing of it, so control 18.1 stays open here until you decline it with that reason.',
      impact: { kind: 'none', scope: 'by hand' },
      minutes: [120, 2880],
      cost: 'The machines and the work of running it',
      reversible: { kind: 'yes', how: 'applications are pointed back' },
      notWhen: 'secrets are in Azure only: Key Vault is less work',
      params: [],
    },
  ];
}

function addOn(facts: Facts, values: { readonly [param: string]: Json }): readonly ArmUpdate[] {
  const rotates = isTrue(addonConfig(facts, ADDON, 'enableSecretRotation'));
  const wanted = text(values[pollInterval.name]) ?? DEFAULT_INTERVAL;
  const asDefault = rotates && wanted === DEFAULT_INTERVAL && addonConfig(facts, ADDON, 'rotationPollInterval') === undefined;
  const edits = clusterEdits(facts, [
    ...(addonOn(facts, ADDON) ? [] : [[`${BASE}.enabled`, true] as const]),
    // ARM keeps add-on settings as texts.
    ...(rotates ? [] : [[`${BASE}.config.enableSecretRotation`, 'true'] as const]),
    ...(asDefault ? [] : [[`${BASE}.config.rotationPollInterval`, wanted] as const]),
  ]);
  if (edits.length === 0) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/key-vault`,
      step: STEP,
      controls: ['18.1', '18.2'],
      title: addonOn(facts, ADDON) ? 'Have secrets from Key Vault renewed' : 'Install the Key Vault provider, with renewal',
      target: clusterTarget(facts),
      edits,
      impact: { kind: 'none', scope: 'driver pods on the nodes' },
      minutes: CLUSTER_WRITE_MINUTES,
      reversible: { kind: 'yes', how: 'the setting is put back; no pod may mount from the provider then' },
      after: [],
    },
  ];
}

const otherStore: ManualChange = {
  kind: 'manual',
  id: `${STEP}/other-store`,
  step: STEP,
  controls: ['18.1'],
  title: 'Use a store of your own for secrets',
  instructions: [
    'Install HashiCorp Vault’s agent injector or CSI provider, or External Secrets, with an identity of its own (workload identity) towards its back end.',
    'Move applications one by one, and delete the Secrets they used before.',
    'Then decline this step with the store’s name as the reason, so that the checklist remembers it.',
  ],
  doneWhen: 'no application reads a Secret that somebody wrote by hand',
  impact: { kind: 'none', scope: 'by hand' },
  minutes: [120, 2880],
  reversible: { kind: 'yes', how: 'applications are pointed back' },
  after: [],
};

function egressGuard(facts: Facts): Guard {
  const outbound = text(clusterAt(facts, 'properties.networkProfile.outboundType'))?.toLowerCase() ?? '';
  const id = 'vault-egress';
  const title = 'Nodes reach the vault';
  return ['userdefinedrouting', 'none', 'block'].includes(outbound)
    ? {
        id,
        title,
        verdict: 'warn',
        detail: 'Traffic leaves through a route of your own or not at all: pods that mount secrets hang without a way to the vault.',
        next: ['Allow vault.azure.net, or give the vault a private endpoint.'],
      }
    : { id, title, verdict: 'clear', detail: 'The outbound type does not filter where nodes go.' };
}

function plan(facts: Facts, { option, values }: Choice): StepPlan {
  if (option === 'other-store') return { changes: addonOn(facts, ADDON) ? [] : [otherStore], guards: [] };
  const withKms = option === 'key-vault-and-kms';
  const refusal = withKms ? kmsRefusal(facts) : undefined;
  if (refusal !== undefined) return { changes: [], guards: [unavailableGuard(refusal)] };
  const provider = addOn(facts, values);
  const encryption = withKms ? kmsChanges(facts, values, []) : [];
  const changes = [...provider, ...encryption];
  if (changes.length === 0) return { changes: [], guards: [] };
  const code = [
    ...(provider.length > 0
      ? [
          {
            terraform: { line: 'key_vault_secrets_provider { secret_rotation_enabled = true }', effect: 'reverts' as const },
            bicep: `addonProfiles: { ${ADDON}: { enabled: true, config: { enableSecretRotation: 'true' } } }`,
          },
        ]
      : []),
    ...(encryption.length > 0
      ? [
          {
            terraform: { line: 'key_management_service { key_vault_key_id = "…" }', effect: 'reverts' as const },
            bicep: 'securityProfile: { azureKeyVaultKms: { … } }',
          },
        ]
      : []),
  ];
  return {
    changes,
    guards: [
      ...commonGuards(facts, { impact: encryption.length > 0 ? 'api-server' : 'none', code }),
      ...(provider.length > 0 ? [egressGuard(facts)] : []),
      ...(encryption.length > 0 ? kmsGuards(facts) : []),
    ],
  };
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
  needs: [],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools', 'roleAssignments'],
  explain: () => ({
    what: 'A Kubernetes Secret is text in etcd that whoever may read Secrets in a namespace can read. The Key Vault provider mounts secrets from a vault as files instead, with the pod’s own identity.',
    why: 'Secrets by hand are copied, committed and never changed. In a vault each one has an owner, a log of who read it, and a new version that reaches the pods.',
    today:
      'The FlexVolume for Key Vault of 2020 is gone; the Secrets Store CSI driver replaced it, as an add-on of AKS. Environment variables are still read once and shown by kubectl describe: prefer files. etcd is encrypted with Azure’s keys always; a key of your own is for regulation, and Microsoft’s AKS baseline leaves it off.',
  }),
  assess: (facts) => ({ '18.1': assessStore(facts), '18.2': assessRotation(facts), '18.4': assessKms(facts) }),
  options,
  params: [pollInterval, ...kmsParams],
  plan,
  after: ['identity.cluster-identity', 'pod.workload-identity'],
});
