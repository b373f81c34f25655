import type { Facts } from '../../src/model/facts.ts';
import { texts } from '../../src/model/json.ts';
import { type Choice, defineStep, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { keeperGuard, kubernetesGuard } from '../shared/kube-objects.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { enabling, leaving, podIdentityOn, STEP } from './workload-identity/changes.ts';
import { bindingsGuard, holdersGuard, identityRightGuard, issuerGuard } from './workload-identity/guards.ts';
import { movingChanges } from './workload-identity/moving.ts';
import { movingRefusal, NO_ADD_ON, options, proxy, tokenNamespaces } from './workload-identity/options.ts';
import { assessTokens, keptAccounts, openAccounts, ownAccounts, tokenChange } from './workload-identity/tokens.ts';
import { assessPodIdentity, assessWorkload } from './workload-identity/verdicts.ts';

function tokenPlan(facts: Facts, chosen: readonly string[]): StepPlan {
  const wanted = openAccounts(facts).filter(({ namespace }) => chosen.includes(namespace));
  if (wanted.length === 0) return { changes: [], guards: [] };
  const ours = ownAccounts(wanted);
  const kept = wanted.filter((one) => !ours.includes(one));
  return {
    changes: [...ours.map(tokenChange), ...keptAccounts(kept)],
    guards: [
      kubernetesGuard(facts),
      ...keeperGuard(kept, 'account'),
      holdersGuard(
        facts,
        ours.map(({ namespace }) => namespace),
      ),
    ],
  };
}

function movingPlan(facts: Facts, withProxy: boolean): StepPlan {
  const refusal = movingRefusal(facts);
  if (refusal !== undefined) return { changes: [], guards: [unavailableGuard(refusal)] };
  const changes = movingChanges(facts, withProxy);
  return changes.length === 0
    ? { changes: [], guards: [] }
    : { changes, guards: [...commonGuards(facts, { impact: 'none', writesCluster: false, actions: [] }), kubernetesGuard(facts), identityRightGuard] };
}

function plan(facts: Facts, { option, values }: Choice): StepPlan {
  if (option === 'no-default-tokens') return tokenPlan(facts, texts(values[tokenNamespaces.name] ?? tokenNamespaces.defaultValue(facts)));
  if (option === 'move-applications') return movingPlan(facts, values[proxy.name] === true);
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
      title: 'AAD pod identity is gone',
      severity: 'high',
      references: {
        docs: [
          aksDoc('Migrate from pod identity', 'workload-identity-migrate-from-pod-identity'),
          aksDoc('Pod identity (retired)', 'use-azure-ad-pod-identity'),
        ],
      },
    },
    {
      id: '16.4',
      title: 'Default service accounts hand out no token',
      severity: 'low',
      references: {
        cis: ['4.1.5', '4.1.6'],
        policy: ['423dd1ba-798e-40e4-9c4d-b6902674b423'],
        checkov: ['CKV_K8S_38'],
        docs: [{ title: 'Opt out of API credential automounting', url: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/' }],
      },
    },
  ],
  needs: ['podIdentities', 'workloads', 'serviceAccounts', 'namespaces'],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools', 'kubernetesAccess'],
  explain: () => ({
    what: 'A pod that reads a Key Vault or a queue must prove to Azure who it is. Workload identity lets it do that with its Kubernetes token, for one managed identity, without a secret.',
    why: 'Secrets in manifests and environment variables leak and live for years; and a pod without an identity of its own can take the identity of its node, which all pods there share.',
    today:
      'The 2020 advice was AAD pod identity. It was deprecated on 2022-10-24, its project archived in 2023, and the add-on has had no support since September 2025. Workload identity replaces it.',
  }),
  assess: (facts) => ({ '16.1': assessWorkload(facts), '16.2': assessPodIdentity(facts), '16.4': assessTokens(facts) }),
  options,
  params: [proxy, tokenNamespaces],
  plan,
  // Its webhook would stand in the way of a move off the Basic load balancer.
  after: ['cluster.network-policy', 'cluster.load-balancer'],
});
