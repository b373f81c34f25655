import type { ManualChange } from '../../../src/model/change.ts';
import type { PulledRegistry } from '../../shared/registry-access.ts';
import { commandWord, listed } from '../../shared/texts.ts';
import { hasContentTrust, STEP, TRUST_END } from './state.ts';

/** Signing today: a change of how images are built, which no tool can make from here. */
export function signing(registries: readonly PulledRegistry[]): ManualChange {
  const trusted = registries.filter(hasContentTrust);
  const first = commandWord(registries[0]?.name ?? '', 'REGISTRY');
  return {
    kind: 'manual',
    id: `${STEP}/signing`,
    step: STEP,
    controls: ['6.2'],
    title: 'Sign images with Notary Project signatures, and have the cluster look at them',
    impact: { kind: 'workload', scope: 'nothing while it audits; images without a signature are refused once a check denies' },
    minutes: [120, 2880],
    reversible:
      trusted.length > 0
        ? {
            kind: 'partly',
            how: 'Signatures stay, checks can be taken off. Content trust that was turned off cannot be turned on again, and its signatures are deleted.',
          }
        : { kind: 'yes', how: 'Checks can be taken off again; signatures do no harm.' },
    after: [],
    instructions: [
      'Keep the signing key in Key Vault, and let the pipeline that builds sign: notation sign --plugin azure-kv --id KEY_ID IMAGE@DIGEST (or sign through Artifact Signing, which keeps short-lived certificates).',
      `See what is signed: notation list ${first}.azurecr.io/IMAGE@DIGEST`,
      'Verify in the cluster, at audit first: Ratify with Gatekeeper, or AKS Image Integrity (az policy assignment create --policy-set-definition af28bf8b-c669-4dd3-9137-1e68fdc61bd6), which is in preview, audits only and is not meant for production.',
      ...trusted.map(
        ({ name }) =>
          `When every image has a new signature, and before ${TRUST_END}: az acr config content-trust update --registry ${commandWord(name, 'REGISTRY')} --status disabled. This deletes the old signatures for good.`,
      ),
    ],
    doneWhen: `an image without a signature shows up in the audit${trusted.length > 0 ? `, and ${listed(trusted.map(({ name }) => name))} no longer relies on Docker Content Trust` : ''}`,
  };
}
