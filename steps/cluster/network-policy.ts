import { type Assessment, fail, partial, pass, preconfigured, unknown } from '../../src/model/assessment.ts';
import { clusterAt, type Facts, isAutomatic } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { text } from '../../src/model/json.ts';
import { type Choice, defineStep, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import type { CodeLine } from '../shared/iac.ts';
import { windowsPools } from '../shared/pool-sizes.ts';
import { listed } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { policyGuards } from './network-policy/guards.ts';
import { isolationIds, isolationOptions, isolationReason, planIsolation } from './network-policy/isolation/options.ts';
import { isolationParams } from './network-policy/isolation/params.ts';
import { assessIsolation } from './network-policy/isolation/verdict.ts';
import { changesOf, engineOptions, isEngineSettled, KUBENET_ENDS, NPM_ENDS, type OptionId, optionIds } from './network-policy/options.ts';
import { params } from './network-policy/params.ts';
import { NETWORK, network, STEP, standingPodCidr } from './network-policy/state.ts';

const notSaid = unknown('the facts do not say what network the cluster has');

function assessEngine(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic comes with Azure CNI Overlay powered by Cilium.');
  const { isKnown, plugin, engine } = network(facts);
  if (!isKnown) return notSaid;
  const evidence = { path: `${NETWORK}.networkPolicy`, actual: clusterAt(facts, `${NETWORK}.networkPolicy`), wanted: 'cilium or calico (azure until it ends)' };
  switch (engine) {
    case 'cilium':
    case 'calico':
      return pass(evidence);
    case 'azure': {
      const windows = windowsPools(facts);
      const ends =
        windows.length > 0 ? `on Windows (pool ${listed(windows)}) on ${NPM_ENDS.windows}, on Linux on ${NPM_ENDS.linux}` : `on Linux on ${NPM_ENDS.linux}`;
      return partial(`Azure Network Policy Manager enforces today, but its support ends ${ends}`, evidence);
    }
    case 'none':
      return plugin === 'none'
        ? unknown('the cluster has a network plugin of its own (bring your own CNI), and Azure does not show whether it enforces policies')
        : fail(evidence);
    default:
      return unknown(`"${clean(engine)}" is no engine that this program knows`);
  }
}

function assessPlugin(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic comes with Azure CNI Overlay.');
  const { isKnown, plugin } = network(facts);
  if (!isKnown) return notSaid;
  const evidence = { path: `${NETWORK}.networkPlugin`, actual: clusterAt(facts, `${NETWORK}.networkPlugin`), wanted: 'not kubenet' };
  return plugin === 'kubenet' ? fail(evidence) : pass(evidence);
}

/** What an untouched Terraform or Bicep file would do next. The dataplane is the gravest: its default in Terraform is "azure", even where the file says nothing. */
function codeFor(facts: Facts, id: OptionId): readonly CodeLine[] {
  const engine = id === 'calico' || id === 'azure' ? id : 'cilium';
  const had = network(facts).engine !== 'none';
  const policy: CodeLine = {
    terraform: { line: `network_policy = "${engine}"`, effect: had ? 'replaces' : 'safe' },
    bicep: `networkProfile: { networkPolicy: '${engine}' }`,
  };
  if (engine !== 'cilium') return [policy];
  return [
    {
      terraform: {
        line: 'network_data_plane = "cilium"',
        effect: 'replaces',
        note: 'its default is "azure": a file that does not name it plans a new cluster',
      },
      bicep: "networkProfile: { networkDataplane: 'cilium' }",
    },
    policy,
    ...(id === 'overlay-then-cilium'
      ? [
          {
            terraform: { line: 'network_plugin = "azure" and network_plugin_mode = "overlay"', effect: 'replaces' as const },
            bicep: "networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay' }",
          },
        ]
      : []),
  ];
}

/** The engines, then what they enforce. Policies are the next thing once the engine is settled. */
function options(facts: Facts): readonly Option[] {
  const nextArePolicies = isEngineSettled(facts) && isolationReason(facts) !== undefined;
  return [...engineOptions(facts, !nextArePolicies), ...isolationOptions(facts, nextArePolicies)];
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const option = options(facts).find((candidate) => candidate.id === choice.option);
  if (option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  if (isolationIds.some((one) => one === choice.option)) return planIsolation(facts, choice);
  const id = optionIds.find((one) => one === choice.option);
  if (id === undefined) return { changes: [], guards: [] };
  const changes = changesOf(facts, id, text(choice.values['podCidr'])?.trim() ?? standingPodCidr(facts));
  if (changes.length === 0) return { changes: [], guards: [] };
  const engine = id === 'calico' || id === 'azure' ? id : 'cilium';
  return {
    changes,
    guards: [...commonGuards(facts, { impact: 'reimage', code: codeFor(facts, id) }), ...policyGuards(facts, engine, changes.length)],
  };
}

/** What keeps pods from talking to any other pod, and the network below it. */
export const networkPolicy = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'What keeps pods apart?',
  controls: [
    {
      id: '15.1',
      title: 'An engine enforces NetworkPolicy objects',
      severity: 'high',
      references: {
        cis: ['5.4.4'],
        psrule: ['AZR-000027'],
        checkov: ['CKV_AZURE_7'],
        docs: [
          aksDoc('Network policies', 'use-network-policies'),
          aksDoc('Update network mode and dataplane', 'update-azure-cni'),
          aksDoc('From NPM to Cilium', 'migrate-from-npm-to-cilium-network-policy'),
        ],
      },
    },
    {
      id: '15.2',
      title: 'Each namespace is closed for callers that nobody named',
      severity: 'medium',
      references: {
        cis: ['4.4.2'],
        docs: [
          aksDoc('Network security best practices', 'network-policy-best-practices'),
          { title: 'Network Policies: default deny', url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies' },
          aksDoc('LocalDNS', 'localdns-custom'),
        ],
      },
    },
    {
      id: '15.3',
      title: 'The cluster is not on kubenet',
      severity: 'medium',
      references: {
        policy: ['46238e2f-3f6f-4589-9f3f-77bed4116e67'],
        docs: [aksDoc('Update network mode and dataplane', 'update-azure-cni'), aksDoc('Azure CNI Overlay', 'concepts-network-azure-cni-overlay')],
      },
    },
  ],
  needs: ['namespaces', 'networkPolicies'],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools', 'subnets', 'services', 'ingresses', 'workloads', 'kubernetesAccess'],
  explain: () => ({
    what: 'Without an engine every pod may call every other pod, and NetworkPolicy objects are accepted, stored and ignored. An engine enforces them. By itself it forbids nothing: a namespace stays open until a policy there selects every pod. So these are two decisions, one after the other: the engine, then who may come into which namespace.',
    why: 'Who takes over one pod looks around for the next: databases, metadata, internal services without a password. Policies turn one network into many small ones.',
    today: `In 2020 the engine was chosen when the cluster was made. Today it can be added to a cluster that runs, at the price of a roll through all nodes at the same time. Cilium is what AKS recommends; Azure Network Policy Manager ends on ${NPM_ENDS.linux} for Linux and on ${NPM_ENDS.windows} for Windows, kubenet on ${KUBENET_ENDS}. Some scanners still fail a cluster for Cilium or pass one for the word "none": here only an engine that enforces counts.`,
  }),
  assess: (facts) => ({ '15.1': assessEngine(facts), '15.2': assessIsolation(facts), '15.3': assessPlugin(facts) }),
  options,
  params: [...params, ...isolationParams],
  plan,
  after: ['cluster.control-plane-version', 'cluster.node-pool-versions'],
});
