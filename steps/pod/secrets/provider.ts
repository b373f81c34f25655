import type { ArmUpdate } from '../../../src/model/change.ts';
import { clusterAt, type Facts } from '../../../src/model/facts.ts';
import { isTrue, type Json, text } from '../../../src/model/json.ts';
import type { Guard, Param } from '../../../src/model/step.ts';
import { addonConfig, addonOn } from '../../shared/addons.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { CLUSTER_WRITE_MINUTES } from '../../shared/minutes.ts';
import { ADDON, BASE } from './verdicts.ts';

const STEP = 'pod.secrets';
/** What AKS takes where nothing is set (AKS docs: csi-secrets-store-configuration-options). */
const DEFAULT_INTERVAL = '2m';

export const pollInterval: Param = {
  name: 'poll-interval',
  prompt: 'How often does it look for new versions?',
  help: 'A number and s, m or h: 2m is what AKS takes by itself. Each look asks the Key Vault once for every mounted object, on every node.',
  kind: 'text',
  defaultValue: (facts) => text(addonConfig(facts, ADDON, 'rotationPollInterval')) ?? DEFAULT_INTERVAL,
  validate: (value) =>
    typeof value === 'string' && /^[1-9]\d{0,4}[smh]$/.test(value) ? undefined : 'Give a number and s, m or h: 2m for every two minutes, 1h for every hour.',
};

/** The Key Vault provider, with renewal; nothing where both are in place. */
export function providerChange(facts: Facts, values: { readonly [param: string]: Json }): readonly ArmUpdate[] {
  const rotates = isTrue(addonConfig(facts, ADDON, 'enableSecretRotation'));
  const wanted = text(values[pollInterval.name] ?? pollInterval.defaultValue(facts)) ?? DEFAULT_INTERVAL;
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

/** Whether nodes get to the vault. */
export function egressGuard(facts: Facts): Guard {
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
