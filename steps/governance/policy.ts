import { type Assessment, preconfigured, verdict } from '../../src/model/assessment.ts';
import type { ArmPut, ArmUpdate, Change } from '../../src/model/change.ts';
import { clusterAt, clusterRef, type Facts, fact, isAutomatic } from '../../src/model/facts.ts';
import { texts } from '../../src/model/json.ts';
import { type Choice, defineStep, type Option, type Param, type StepPlan } from '../../src/model/step.ts';
import { addonOn } from '../shared/addons.ts';
import { aksDoc, learn, psruleDoc } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES, SIDE_WRITE_MINUTES } from '../shared/minutes.ts';
import { WRITE_CLUSTER } from '../shared/permissions.ts';
import { assignedInitiative, initiatives } from '../shared/pod-security-initiative.ts';
import { assignmentTarget } from '../shared/policy-assignment.ts';
import { notShown } from '../shared/pool-verdict.ts';
import { listed } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assignmentGuard, denyGuard, providerGuard } from './policy/guards.ts';

const STEP = 'governance.policy';
const ADDON = 'azurepolicy';
const AUTOMATIC = 'AKS Automatic enforces deployment safeguards and the pod security baseline by itself.';

function assess(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured(AUTOMATIC);
  const shown = `properties.addonProfiles.${ADDON}.enabled`;
  return notShown(facts, shown, '2020-02-01') ?? verdict(addonOn(facts, ADDON), { path: shown, actual: clusterAt(facts, shown), wanted: 'true' });
}

const exclusions: Param = {
  name: 'excluded-namespaces',
  prompt: 'Namespaces that the rules leave out',
  help: 'System namespaces, and those of agents that need the host (network, disks, security). Separated by commas.',
  kind: 'list',
  defaultValue: () => ['kube-system', 'gatekeeper-system', 'azure-arc'],
  validate: (value) => {
    const wrong = texts(value).find((name) => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name));
    if (wrong !== undefined) return `${listed([wrong])} is no namespace: use lower-case letters, digits and hyphens, 63 at most.`;
    const missing = ['kube-system', 'gatekeeper-system'].filter((name) => !texts(value).includes(name));
    return missing.length > 0 ? `Keep ${listed(missing)} in the list: its pods need what the rules forbid.` : undefined;
  },
};

function assignmentRefusal(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return AUTOMATIC;
  const found = fact(facts, 'policyAssignments');
  return found.state === 'unknown'
    ? `Whether the initiative is assigned already is not known (${found.reason}): a second one would report everything twice.`
    : undefined;
}

function options(facts: Facts): readonly Option[] {
  const group = listed([clusterRef(facts).resourceGroup]);
  const refusal = assignmentRefusal(facts);
  const there = assignedInitiative(facts);
  const rules = 'no privileged containers, no host namespaces, ports and paths, no extra capabilities';
  return [
    {
      id: 'add-on-and-audit',
      title: 'Install the add-on and look at what breaks the pod security baseline',
      tradeOff: there
        ? `The initiative is assigned already (${listed([there.name])}): this installs the add-on that carries it out.`
        : `Gatekeeper in the cluster, and the built-in baseline initiative (${rules}) at audit on resource group ${group}: it refuses nothing and lists every pod that breaks a rule, on all clusters with the add-on in that group. First results take up to 20 minutes. Turn it to deny when the list is empty.`,
      impact: { kind: 'workload', scope: 'an admission webhook before every new object; it lets everything pass at audit, and lets pass when it is away' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'Three small pods on the nodes; Azure Policy itself is free for AKS',
      reversible: { kind: 'yes', how: 'the assignment is deleted and the add-on taken off' },
      notWhen: 'another Gatekeeper runs in the cluster already: there can be only one',
      ...(refusal === undefined
        ? { recommended: 'The add-on alone enforces nothing; at audit nothing can break, and the list is what you need before deny.' }
        : { unavailable: refusal }),
      params: [exclusions.name],
    },
    {
      id: 'add-on',
      title: 'Install the add-on only',
      tradeOff:
        'Gatekeeper is there for whatever your organisation assigns to the subscription or the management group. Assignments that are there take effect within 20 minutes, deny included.',
      impact: { kind: 'workload', scope: 'an admission webhook before every new object; what it refuses depends on assignments above' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'Three small pods on the nodes; Azure Policy itself is free for AKS',
      reversible: { kind: 'yes', how: 'the add-on is taken off' },
      notWhen: 'nobody assigns policies above this cluster: nothing would be checked',
      ...(isAutomatic(facts)
        ? { unavailable: AUTOMATIC }
        : refusal !== undefined
          ? { recommended: 'It is what can be done without knowing what is assigned.' }
          : {}),
      params: [],
    },
  ];
}

function addOn(facts: Facts): readonly ArmUpdate[] {
  if (addonOn(facts, ADDON)) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/add-on`,
      step: STEP,
      controls: ['20.1'],
      title: 'Install the Azure Policy add-on',
      target: clusterTarget(facts),
      edits: clusterEdits(facts, [[`properties.addonProfiles.${ADDON}.enabled`, true]]),
      impact: { kind: 'workload', scope: 'an admission webhook before every new object' },
      minutes: CLUSTER_WRITE_MINUTES,
      reversible: { kind: 'yes', how: 'the add-on is taken off' },
      after: [],
    },
  ];
}

function assignment(facts: Facts, excluded: readonly string[]): readonly ArmPut[] {
  if (assignedInitiative(facts) !== undefined) return [];
  return [
    {
      kind: 'arm.put',
      id: `${STEP}/audit`,
      step: STEP,
      controls: ['20.1'],
      title: 'Assign the pod security baseline at audit',
      target: assignmentTarget(facts, 'aks-pod-security-baseline'),
      body: {
        properties: {
          displayName: 'Kubernetes pod security baseline (audit)',
          policyDefinitionId: `/providers/Microsoft.Authorization/policySetDefinitions/${initiatives.baseline}`,
          enforcementMode: 'Default',
          parameters: { effect: { value: 'audit' }, excludedNamespaces: { value: excluded } },
        },
      },
      before: undefined,
      impact: { kind: 'none', scope: 'reports only; nothing is refused' },
      minutes: SIDE_WRITE_MINUTES,
      reversible: { kind: 'yes', how: 'the assignment is deleted' },
      after: [],
    },
  ];
}

function plan(facts: Facts, { option, values }: Choice): StepPlan {
  if (isAutomatic(facts)) return { changes: [], guards: [unavailableGuard(AUTOMATIC)] };
  const audits = option === 'add-on-and-audit';
  const refusal = audits ? assignmentRefusal(facts) : undefined;
  if (refusal !== undefined) return { changes: [], guards: [unavailableGuard(refusal)] };
  const install = addOn(facts);
  const assign = audits ? assignment(facts, texts(values[exclusions.name] ?? exclusions.defaultValue(facts))) : [];
  // The assignment first: the add-on then finds it at audit, and nothing is ever enforced by surprise.
  const changes: readonly Change[] = [...assign, ...install.map((one) => ({ ...one, after: assign.map(({ id }) => id) }))];
  if (changes.length === 0) return { changes: [], guards: [] };
  const code = [
    ...(install.length > 0
      ? [{ terraform: { line: 'azure_policy_enabled = true', effect: 'reverts' as const }, bicep: 'addonProfiles: { azurepolicy: { enabled: true } }' }]
      : []),
  ];
  return {
    changes,
    guards: [
      ...commonGuards(facts, { impact: 'workload', writesCluster: install.length > 0, actions: install.length > 0 ? [WRITE_CLUSTER] : [], code }),
      ...(assign.length > 0 ? [assignmentGuard(facts)] : []),
      ...(install.length > 0 ? [denyGuard(facts), providerGuard] : []),
    ],
  };
}

/** Whether the cluster is checked against rules that hold for the whole organisation. */
export const policy = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'Who checks what is deployed?',
  controls: [
    {
      id: '20.1',
      title: 'The Azure Policy add-on is on',
      severity: 'medium',
      references: {
        policy: ['0a15ec92-a229-4763-bb14-0ea34a568f8d'],
        psrule: ['AZR-000028'],
        checkov: ['CKV_AZURE_116'],
        docs: [
          aksDoc('Secure clusters with Azure Policy', 'use-azure-policy'),
          learn('Azure Policy for Kubernetes', 'azure/governance/policy/concepts/policy-for-kubernetes'),
          psruleDoc('Azure.AKS.AzurePolicyAddOn'),
        ],
      },
    },
  ],
  needs: [],
  needsToPlan: ['policyAssignments', 'permissions', 'subscriptionPermissions', 'locks', 'ownership', 'agentPools'],
  explain: () => ({
    what: 'The add-on runs Gatekeeper in the cluster. It looks at every object that is to be created and compares it with the policies that are assigned in Azure: it reports, or refuses.',
    why: 'Without it each team’s pods are as safe as that team remembered to make them, and nobody sees the privileged container until it is used.',
    today:
      'Pod Security Policy, which the 2020 advice built on, was removed from Kubernetes 1.25 and from AKS on 2023-08-01. Azure Policy, deployment safeguards and Pod Security Admission took its place.',
  }),
  assess: (facts) => ({ '20.1': assess(facts) }),
  options,
  params: [exclusions],
  plan,
  // Its webhook would stand in the way of a move off the Basic load balancer.
  after: ['cluster.load-balancer'],
});
