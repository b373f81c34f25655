import type { Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Option, Param } from '../../../src/model/step.ts';
import { addonOn } from '../../shared/addons.ts';
import { keepersOf, placeName } from '../../shared/kube-objects.ts';
import { CLUSTER_WRITE_MINUTES } from '../../shared/minutes.ts';
import { size } from '../../shared/pool-sizes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { knownUses, type SecretUse, secretUses } from './environment.ts';
import { kmsParams, kmsRefusal } from './kms.ts';
import { pollInterval, providerChange } from './provider.ts';
import { ADDON } from './verdicts.ts';

export const optionIds = ['key-vault', 'files', 'synced', 'key-vault-and-kms', 'other-store'] as const;
export type OptionId = (typeof optionIds)[number];

/** The vault that manifests name. */
export const vaultParam: Param = {
  name: 'vault-name',
  prompt: 'Which Key Vault holds the secrets?',
  help: 'Its name, 3 to 24 letters, digits and hyphens: it stands in the manifests. Make it with az keyvault create --enable-rbac-authorization.',
  kind: 'text',
  defaultValue: () => undefined,
  validate: (value) =>
    typeof value === 'string' && /^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(value) && !value.includes('--')
      ? undefined
      : 'Give the name of a Key Vault: 3 to 24 letters, digits and single hyphens, beginning with a letter.',
};

function usesText(uses: readonly SecretUse[]): string {
  const secrets = new Set(uses.flatMap(({ workload, variables }) => variables.map(({ secret }) => `${workload.namespace}/${secret}`)));
  const names = listed(
    uses.map(({ workload }) => placeName(workload)),
    3,
  );
  const kept = keepersOf(uses.map(({ workload }) => workload));
  return `${names} ${uses.length === 1 ? 'takes' : 'take'} ${plural(secrets.size, 'Secret')} as variables${kept === '' ? '' : `; ${kept} keeps some`}.`;
}

/** The ways to decide, told with the workloads that take Secrets as variables. */
export function options(facts: Facts): readonly Option[] {
  const on = addonOn(facts, ADDON);
  const provider = on
    ? 'The Key Vault provider is on; this makes it fetch new versions by itself.'
    : `A DaemonSet on ${size(facts)} mounts secrets from Key Vault as files, fetched with the pod’s own identity, and renews them.`;
  const refusal = kmsRefusal(facts);
  const found = secretUses(facts);
  const uses = knownUses(facts);
  const unread = found.state === 'unknown' ? { unavailable: `Pods could not be read: ${clean(found.reason)}.` } : {};
  const none = 'No workload takes a Secret as an environment variable: there is nothing to write.';
  const installed = providerChange(facts, {}).length === 0;
  const filesNow = installed && uses.length > 0;
  const first = installed ? '' : 'Switches the provider on; ';
  const byHand = {
    impact: { kind: 'none', scope: installed ? 'nothing until you roll the manifests out' : 'driver pods on the nodes; workloads when you roll out' },
    minutes: installed ? ([0, 1] as const) : CLUSTER_WRITE_MINUTES,
    ...unread,
    params: [vaultParam.name, pollInterval.name],
  } as const;
  const ways = {
    'key-vault': {
      title: 'Secrets from Key Vault, renewed by themselves',
      tradeOff: `${provider} Who read which secret stands in the vault’s log. Applications must read files and notice changes: environment variables and subPath mounts never renew. A pod that starts while the vault is away does not start.`,
      impact: { kind: 'none', scope: 'driver pods on the nodes; running pods and existing Secrets stay as they are' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'Key Vault operations, more with a shorter interval',
      reversible: { kind: 'yes', how: 'the add-on is switched off, when no pod mounts from it any more' },
      notWhen: 'another store (HashiCorp Vault, External Secrets) already does this',
      ...(filesNow
        ? {}
        : {
            recommended: on
              ? 'The provider is there; a renewed secret should reach the pods without a restart.'
              : 'Nothing changes for running pods, and it is the store that AKS installs, patches and supports.',
          }),
      params: [pollInterval.name],
    },
    files: {
      title: 'Files instead of environment variables',
      tradeOff:
        uses.length === 0
          ? none
          : `${usesText(uses)} ${first}you get a SecretProviderClass and a patch for each: files renew, nothing lies in etcd, and neither a crash dump nor kubectl describe shows them. Reading a file is a change of the application: nothing is sent.`,
      cost: 'Time of the teams; Key Vault operations',
      reversible: { kind: 'yes', how: 'the old manifests, as long as the Secrets are there' },
      notWhen: 'an image cannot be changed and takes variables only: then synced',
      ...(filesNow && found.state === 'known'
        ? { recommended: `The provider is there, and ${plural(uses.length, 'workload')} ${uses.length === 1 ? 'does' : 'do'} not use it yet.` }
        : {}),
      ...byHand,
    },
    synced: {
      title: 'Variables from Secrets the vault fills',
      tradeOff:
        uses.length === 0
          ? none
          : `${usesText(uses)} ${first}the driver makes Kubernetes Secrets of the vault’s while a pod mounts them, and variables come from those: no application changes. But the copy lies in etcd, whoever reads Secrets reads it, variables renew with a restart only, and 18.3 stays open.`,
      cost: 'Key Vault operations',
      reversible: { kind: 'yes', how: 'the old manifests, as long as the old Secrets are there' },
      notWhen: 'the application can read a file',
      ...byHand,
    },
    'key-vault-and-kms': {
      title: 'Key Vault, and a key of your own for etcd',
      tradeOff: `${provider} Besides, Secrets in etcd are encrypted once more with a key in your vault: you hold the key, and taking it away locks the data. That also means that a key which is lost or expires is the end of the cluster, and that the API server is only as available as the vault. etcd is encrypted with Azure’s keys in any case.`,
      impact: { kind: 'api-server', scope: 'the API server restarts and needs the vault from then on' },
      minutes: [CLUSTER_WRITE_MINUTES[0] * 2, CLUSTER_WRITE_MINUTES[1] * 2 + 10],
      cost: 'Key Vault operations',
      reversible: { kind: 'partly', how: 'it can be switched off, but every key ever used must be kept for the life of the cluster' },
      notWhen: 'no regulation asks for a key of your own; Kubernetes 1.33 and later get a simpler way, now in preview',
      ...(refusal === undefined ? {} : { unavailable: refusal }),
      params: [pollInterval.name, ...kmsParams.map(({ name }) => name)],
    },
    'other-store': {
      title: 'A store of your own, such as HashiCorp Vault',
      tradeOff: `The same store for several clouds, and you install, patch and back it up. Vault’s injector writes files that renew, as the Key Vault provider does; External Secrets makes Kubernetes Secrets, in etcd.${uses.length > 0 ? ` ${usesText(uses)} You get a patch for Vault’s injector for each.` : ''} AKS knows nothing of it: what this program does not see of it, decline with that reason.`,
      impact: { kind: 'none', scope: 'by hand' },
      minutes: [120, 2880],
      cost: 'The machines and the work of running it',
      reversible: { kind: 'yes', how: 'applications are pointed back' },
      notWhen: 'secrets are in Azure only: Key Vault is less work',
      params: [],
    },
  } as const satisfies { readonly [id in OptionId]: Omit<Option, 'id'> };
  return optionIds.map((id) => ({ id, ...ways[id] }));
}
