import type { ArmUpdate, Change, Impact, ManualChange, Reversible } from '../../../src/model/change.ts';
import { clusterAt, type Facts, isAutomatic } from '../../../src/model/facts.ts';
import { isTrue, list } from '../../../src/model/json.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { CLUSTER_WRITE_MINUTES } from '../../shared/minutes.ts';

export const STEP = 'pod.workload-identity';
export const ISSUER = 'properties.oidcIssuerProfile.enabled';
export const WEBHOOK = 'properties.securityProfile.workloadIdentity.enabled';
export const POD_IDENTITY = 'properties.podIdentityProfile.enabled';

export const issuerOn = (facts: Facts): boolean => isTrue(clusterAt(facts, ISSUER));
export const webhookOn = (facts: Facts): boolean => isTrue(clusterAt(facts, WEBHOOK));
/** Identities that the add-on binds to pods. */
export const boundIdentities = (facts: Facts): number => list(clusterAt(facts, 'properties.podIdentityProfile.userAssignedIdentities')).length;
export const podIdentityOn = (facts: Facts): boolean => isTrue(clusterAt(facts, POD_IDENTITY));

export const issuerImpact: Impact = { kind: 'api-server', scope: 'the API server restarts: calls to it fail for moments, running pods go on' };
export const none: Impact = { kind: 'none', scope: 'two small webhook pods; only new pods with its label are touched' };
export const oneWay: Reversible = { kind: 'no', how: 'the OIDC issuer cannot be switched off again' };

/** The issuer, which stays for good, and the webhook; what is on is left out. */
export function enabling(facts: Facts): readonly ArmUpdate[] {
  if (isAutomatic(facts)) return [];
  const common = { kind: 'arm.update', step: STEP, controls: ['16.1'], target: clusterTarget(facts), minutes: CLUSTER_WRITE_MINUTES, after: [] } as const;
  const issuer: ArmUpdate = {
    ...common,
    id: `${STEP}/issuer`,
    title: 'Turn on the OIDC issuer',
    edits: issuerOn(facts) ? [] : clusterEdits(facts, [[ISSUER, true]]),
    impact: issuerImpact,
    reversible: oneWay,
  };
  const webhook: ArmUpdate = {
    ...common,
    id: `${STEP}/webhook`,
    title: 'Turn on workload identity',
    edits: webhookOn(facts) ? [] : clusterEdits(facts, [[WEBHOOK, true]]),
    impact: none,
    reversible: { kind: 'yes', how: 'the webhook is switched off again' },
  };
  return [issuer, webhook].filter(({ edits }) => edits.length > 0);
}

/** Every application moved by hand, then the pod identity add-on off. */
export function leaving(facts: Facts, after: readonly string[]): readonly Change[] {
  const migrate: ManualChange = {
    kind: 'manual',
    id: `${STEP}/migrate`,
    step: STEP,
    controls: ['16.2'],
    title: 'Move each application from pod identity to workload identity',
    instructions: [
      'Who uses it: kubectl get pods -A -l aadpodidbinding, and kubectl get azureidentity,azureidentitybinding -A',
      'For each identity: az identity federated-credential create --identity-name IDENTITY --resource-group GROUP --name NAME --issuer ISSUER_URL --subject system:serviceaccount:NAMESPACE:ACCOUNT --audiences api://AzureADTokenExchange',
      'Annotate the service account with azure.workload.identity/client-id, label the pods azure.workload.identity/use: "true", and take the label aadpodidbinding off.',
      'Old Azure SDKs on Linux: the annotation azure.workload.identity/inject-proxy-sidecar: "true" bridges until they are updated.',
      'Remove the bindings: az aks pod-identity delete --resource-group GROUP --cluster-name CLUSTER --namespace NAMESPACE --name NAME  (extension aks-preview)',
    ],
    doneWhen: 'no pod carries the label aadpodidbinding, and properties.podIdentityProfile.userAssignedIdentities is empty',
    impact: { kind: 'workload', scope: 'each application, when it is rolled out with its new identity' },
    minutes: [60, 960],
    reversible: { kind: 'yes', how: 'pod identity still runs beside it' },
    after,
  };
  const off: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/pod-identity-off`,
    step: STEP,
    controls: ['16.2'],
    title: 'Switch the pod identity add-on off',
    target: clusterTarget(facts),
    edits: clusterEdits(facts, [[POD_IDENTITY, false]]),
    impact: { kind: 'workload', scope: 'pods that still use pod identity lose their access to Azure' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'no', how: 'support for the add-on ended in September 2025, and AKS need not take it back' },
    after: [migrate.id],
  };
  return [migrate, off];
}
