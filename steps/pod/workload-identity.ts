import { type Assessment, fail, partial, pass, preconfigured } from '../../src/model/assessment.ts';
import { clusterAt, clusterRef, type Facts, isAutomatic } from '../../src/model/facts.ts';
import { list } from '../../src/model/json.ts';
import { type Choice, defineStep, type Guard, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { notShown } from '../shared/pool-verdict.ts';
import { listed, plural } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import {
  enabling,
  ISSUER,
  issuerImpact,
  issuerOn,
  leaving,
  none,
  oneWay,
  POD_IDENTITY,
  podIdentityOn,
  STEP,
  WEBHOOK,
  webhookOn,
} from './workload-identity/changes.ts';

const NO_ADD_ON = 'The pod identity add-on is not on: there is nothing to move away from.';

const boundIdentities = (facts: Facts): number => list(clusterAt(facts, 'properties.podIdentityProfile.userAssignedIdentities')).length;

function assessWorkload(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic has workload identity and the OIDC issuer on.');
  const hidden = notShown(facts, ISSUER, '2022-09-01') ?? notShown(facts, WEBHOOK, '2023-01-01');
  if (hidden !== undefined) return hidden;
  const evidence = [
    { path: ISSUER, actual: clusterAt(facts, ISSUER), wanted: 'true' },
    { path: WEBHOOK, actual: clusterAt(facts, WEBHOOK), wanted: 'true' },
  ];
  if (issuerOn(facts) && webhookOn(facts)) return pass(...evidence);
  return issuerOn(facts) ? partial('the issuer is on, the webhook that gives pods their tokens is not', ...evidence) : fail(...evidence);
}

function assessPodIdentity(facts: Facts): Assessment {
  const hidden = notShown(facts, POD_IDENTITY, '2020-11-01');
  if (hidden !== undefined) return hidden;
  const evidence = { path: POD_IDENTITY, actual: clusterAt(facts, POD_IDENTITY), wanted: 'absent or false' };
  if (podIdentityOn(facts)) return fail(evidence);
  return {
    status: 'pass',
    evidence: [evidence],
    note: 'This is about the add-on. A pod identity that somebody installed with Helm (AzureIdentity objects, pods labelled aadpodidbinding) can only be seen in Kubernetes.',
  };
}

function options(facts: Facts): readonly Option[] {
  const name = listed([clusterRef(facts).name]);
  const opens = !issuerOn(facts) && !isAutomatic(facts);
  const cost = 'None';
  const issuerText = opens
    ? `The API server of ${name} restarts once for its token issuer, and the issuer stays for good.`
    : 'The issuer is on already, so nothing restarts.';
  const migrates = podIdentityOn(facts);
  return [
    {
      id: 'on',
      title: 'Give pods an identity without a secret',
      tradeOff: `Pods exchange their Kubernetes token for an Entra token of their own managed identity: no secret to store, none to rotate. ${issuerText} Applications use it one by one, with a federated credential each (20 to an identity), a label and a current Azure SDK; what uses pod identity now goes on.`,
      impact: opens ? issuerImpact : none,
      minutes: CLUSTER_WRITE_MINUTES,
      cost,
      reversible: opens ? oneWay : { kind: 'yes', how: 'the webhook is switched off again' },
      notWhen: 'a service outside checks the issuer of your service account tokens and cannot be changed yet',
      ...(migrates ? {} : { recommended: 'It costs nothing, breaks no running pod, and Key Vault access without secrets (18.1) builds on it.' }),
      params: [],
    },
    {
      id: 'migrate',
      title: 'The same, and leave AAD pod identity',
      tradeOff: `As above; then every application on pod identity is moved (${plural(boundIdentities(facts), 'identity', 'identities')} bound now), and the add-on is switched off. Both run side by side until then. ${issuerText}`,
      impact: opens ? issuerImpact : { kind: 'workload', scope: 'pods that still use pod identity lose their access to Azure when the add-on goes' },
      minutes: [CLUSTER_WRITE_MINUTES[0] * 2 + 60, CLUSTER_WRITE_MINUTES[1] * 2 + 960],
      cost,
      reversible: opens ? oneWay : { kind: 'no', how: 'support for pod identity ended in September 2025, and AKS need not take it back' },
      notWhen: 'applications cannot be moved now: then turn workload identity on first, and come back',
      ...(migrates ? { recommended: 'Pod identity is on, and nobody has supported it since September 2025.' } : { unavailable: NO_ADD_ON }),
      params: [],
    },
  ];
}

const issuerGuard: Guard = {
  id: 'token-issuer',
  title: 'Nothing outside checks the old token issuer',
  verdict: 'warn',
  detail:
    'Service account tokens get another issuer (iss). Vault, other clouds or gateways that check these tokens against the old one refuse them; which do cannot be seen here.',
  next: ['Where a service outside checks Kubernetes tokens, add the new issuer there in the same hour: az aks show --query oidcIssuerProfile.issuerUrl'],
};

function bindingsGuard(facts: Facts): Guard {
  const bound = boundIdentities(facts);
  const id = 'pod-identity-users';
  const title = 'No application uses pod identity any more';
  if (bound > 0) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `${plural(bound, 'identity is', 'identities are')} still bound to pods: they lose their access to Azure when the add-on goes.`,
      next: ['Move them first, as the manual part of this plan says, and read the cluster again; or choose the other option now.'],
      override: 'they are moved before the add-on goes',
    };
  }
  return { id, title, verdict: 'unknown', detail: 'The add-on lists no binding; AzureIdentityBinding objects made by hand can only be seen in Kubernetes.' };
}

function plan(facts: Facts, { option }: Choice): StepPlan {
  const migrates = option === 'migrate';
  if (migrates && !podIdentityOn(facts)) return { changes: [], guards: [unavailableGuard(NO_ADD_ON)] };
  const on = enabling(facts);
  const changes = [
    ...on,
    ...(migrates
      ? leaving(
          facts,
          on.map(({ id }) => id),
        )
      : []),
  ];
  if (changes.length === 0) return { changes: [], guards: [] };
  const code = [
    {
      terraform: { line: 'oidc_issuer_enabled = true', effect: 'safe' as const, note: 'a line that says false plans a new cluster from azurerm 4.68 on' },
      bicep: 'oidcIssuerProfile: { enabled: true }',
    },
    {
      terraform: { line: 'workload_identity_enabled = true', effect: 'reverts' as const, note: 'and pods lose their identity' },
      bicep: 'securityProfile: { workloadIdentity: { enabled: true } }',
    },
  ];
  return {
    changes,
    guards: [
      ...commonGuards(facts, { impact: migrates ? 'workload' : 'api-server', code }),
      ...(on.some(({ id }) => id.endsWith('/issuer')) ? [issuerGuard] : []),
      ...(migrates ? [bindingsGuard(facts)] : []),
    ],
  };
}

/** How pods prove to Azure who they are. */
export const workloadIdentity = defineStep({
  id: STEP,
  pillar: 'pod',
  title: 'How do pods prove who they are?',
  controls: [
    {
      id: '16.1',
      title: 'Workload identity and the OIDC issuer are on',
      severity: 'medium',
      references: {
        policy: ['2cc2e023-0dac-4046-875b-178f683929d5'],
        docs: [aksDoc('Workload identity', 'workload-identity-overview'), aksDoc('OIDC issuer', 'use-oidc-issuer')],
      },
    },
    {
      id: '16.2',
      title: 'The AAD pod identity add-on is off',
      severity: 'high',
      references: {
        docs: [
          aksDoc('Migrate from pod identity', 'workload-identity-migrate-from-pod-identity'),
          aksDoc('Pod identity (retired)', 'use-azure-ad-pod-identity'),
        ],
      },
    },
  ],
  needs: [],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools'],
  explain: () => ({
    what: 'A pod that reads a Key Vault or a queue must prove to Azure who it is. Workload identity lets it do that with its Kubernetes token, for one managed identity, without a secret.',
    why: 'Secrets in manifests and environment variables leak and live for years; and a pod without an identity of its own can take the identity of its node, which all pods there share.',
    today:
      'The 2020 advice was AAD pod identity. It was deprecated on 2022-10-24, its project archived in 2023, and the add-on has had no support since September 2025. Workload identity replaces it.',
  }),
  assess: (facts) => ({ '16.1': assessWorkload(facts), '16.2': assessPodIdentity(facts) }),
  options,
  params: [],
  plan,
  // Its webhook would stand in the way of a move off the Basic load balancer.
  after: ['cluster.network-policy', 'cluster.load-balancer'],
});
