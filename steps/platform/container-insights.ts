import { clusterAt, type Facts, nodeCount } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { isTrue, type Json, text } from '../../src/model/json.ts';
import { type Choice, defineStep, type Guard, type Option, type Param, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn, psruleDoc } from '../shared/docs.ts';
import { commonGuards, permissionGuard } from '../shared/guards.ts';
import type { CodeLine } from '../shared/iac.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { WRITE_CLUSTER } from '../shared/permissions.ts';
import { listed, plural, shortName } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assess } from './container-insights/assess.ts';
import { insightsChanges, prometheusByHand } from './container-insights/changes.ts';
import { AS_IT_IS, presetNow, presets } from './container-insights/presets.ts';
import { agentOf, isServicePrincipal, LEGACY_END, legacyIsOver, ruleNow, STEP, settingsNow, workspaceNow } from './container-insights/state.ts';
import { workspaceGuard, workspaceParam } from './workspaces.ts';

const WRITE_ASSOCIATION = 'Microsoft.Insights/dataCollectionRuleAssociations/write';
const costs = learn('Container insights cost settings', 'azure/azure-monitor/containers/container-insights-cost-config');
const migrate = learn('Migrate to managed identity authentication', 'azure/azure-monitor/containers/container-insights-authentication');

/** What watches the cluster today, in a sentence or two. */
function today(facts: Facts): string {
  const metrics = isTrue(clusterAt(facts, 'properties.azureMonitorProfile.metrics.enabled'))
    ? 'Prometheus metrics are collected.'
    : 'Prometheus metrics are not.';
  const workspace = workspaceNow(facts);
  const to = workspace === undefined ? '' : ` to ${shortName(workspace)}`;
  const agent = agentOf(facts);
  switch (agent) {
    case 'off':
      return `Here no agent sends logs to Azure Monitor. ${metrics}`;
    case 'legacy':
      return `Here the agent signs in${to} with the workspace’s key, ${legacyIsOver(facts) ? `which stopped working on ${LEGACY_END}: nothing arrives` : `which stops working on ${LEGACY_END}`}. ${metrics}`;
    case 'managed-identity':
    case 'profile':
      return `Here the agent signs in${to} with its managed identity${ruleNow(facts) === undefined ? ', but no rule tells it what to send' : ''}. ${metrics}`;
    default:
      return agent satisfies never;
  }
}

function collected(facts: Facts): string {
  const now = settingsNow(facts);
  if (now === undefined) return '';
  return ` Today’s rule collects every ${clean(now.interval)}${now.namespaces.toLowerCase() === 'off' ? ', from every namespace' : ''}.`;
}

function options(facts: Facts): readonly Option[] {
  const metricsOn = isTrue(clusterAt(facts, 'properties.azureMonitorProfile.metrics.enabled'));
  const agent = agentOf(facts);
  const good = (agent === 'managed-identity' || agent === 'profile') && ruleNow(facts) !== undefined;
  const nodes = plural(nodeCount(facts), 'node');
  const shape = {
    impact: { kind: 'workload', scope: `an agent on each of ${nodes}; no node is replaced, no workload restarts` },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'The agent, the rule and its association are taken away again. What was collected stays.' },
  } as const;
  const migrating = agent === 'legacy' ? 'The old agent has to be taken off first; its settings in ConfigMaps stay. ' : '';
  return [
    {
      id: 'insights',
      title: 'Container Insights, with managed identity',
      tradeOff: `${migrating}Logs, events and inventory of ${nodes} in one workspace, for what it takes in by the gigabyte.${collected(facts)} Reading every five minutes and leaving out the namespaces of AKS itself takes off most of the bill; what happened in them is then not there.`,
      cost: 'Log Analytics ingestion, per gigabyte. The preset decides how much.',
      notWhen: 'Another product collects the logs already: two agents on every node cost twice.',
      params: ['workspace', 'preset'],
      ...shape,
      ...(good
        ? {}
        : {
            recommended:
              agent === 'legacy'
                ? `The agent of today signs in with a key that Azure Monitor ${legacyIsOver(facts) ? 'no longer takes' : 'soon no longer takes'}.`
                : agent === 'off'
                  ? 'Nothing keeps the logs of pods that are gone.'
                  : 'The agent runs without a rule that tells it what to send.',
          }),
    },
    {
      id: 'insights-and-prometheus',
      title: 'Container Insights, and Prometheus for metrics',
      tradeOff: `${migrating}Metrics go to an Azure Monitor workspace, where they cost less and alert faster than as logs: choose the preset logs-and-events, so that nothing is paid for twice. Prometheus is turned on with az, which makes the rules and endpoints that go with its version.`,
      cost: 'Log Analytics ingestion, per gigabyte, and samples of metrics, per million.',
      notWhen: 'A Prometheus of your own scrapes the cluster and somebody looks after it.',
      params: ['workspace', 'preset', 'monitorWorkspace'],
      ...shape,
      ...(metricsOn ? { unavailable: 'Prometheus metrics are collected already: choose insights for the rest.' } : {}),
    },
  ];
}

const presetParam: Param = {
  name: 'preset',
  prompt: 'What is collected, and how often',
  help: 'It becomes the data collection rule, and can be changed at any time without touching the cluster.',
  kind: 'choice',
  choices: (facts) => [
    ...presets.map(({ id, label }) => ({ value: id, label: `${id}: ${label}` })),
    ...(ruleNow(facts) === undefined ? [] : [{ value: AS_IT_IS, label: `${AS_IT_IS}: leave the rule that is there` }]),
  ],
  defaultValue: (facts) => (ruleNow(facts) === undefined ? 'cost-optimized' : (presetNow(facts)?.id ?? AS_IT_IS)),
  validate: (value: Json, facts: Facts) => {
    const known = [...presets.map(({ id }) => id), ...(ruleNow(facts) === undefined ? [] : [AS_IT_IS])];
    return known.some((id) => id === value) ? undefined : `Choose one of ${listed(known)}.`;
  },
};

const monitorWorkspace: Param = {
  name: 'monitorWorkspace',
  prompt: 'Azure Monitor workspace for metrics',
  help: 'Its resource id: az monitor account list --query "[].id". Empty: the region’s default one, which az makes where it is missing.',
  kind: 'text',
  defaultValue: () => '',
  validate: (value: Json) =>
    value === '' ||
    (typeof value === 'string' && /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w.()-]+\/providers\/Microsoft\.Monitor\/accounts\/[\w-]+$/i.test(value))
      ? undefined
      : 'Give the resource id of an Azure Monitor workspace (…/providers/Microsoft.Monitor/accounts/NAME), or nothing.',
};

function identityGuard(facts: Facts): readonly Guard[] {
  if (!isServicePrincipal(facts)) return [];
  return [
    {
      id: 'managed-identity',
      title: 'The cluster acts with a managed identity',
      verdict: 'refuse',
      detail: 'It acts as a service principal, with which the agent’s new sign-in does not work: az refuses it too.',
      next: ['Decide identity.cluster-identity first. Where it is in the same plan it comes before this.'],
      override: 'the identity is switched first',
    },
  ];
}

function codeOf(workspace: string): CodeLine {
  const id = clean(workspace);
  return {
    terraform: { line: `oms_agent { log_analytics_workspace_id = "${id}", msi_auth_for_monitoring_enabled = true }`, effect: 'reverts' },
    bicep: `addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: '${id}', useAADAuth: 'true' } } }`,
  };
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const option = options(facts).find(({ id }) => id === choice.option);
  if (option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  const workspace = text(choice.values['workspace']) ?? '';
  const insights = insightsChanges(facts, workspace, text(choice.values['preset']) ?? '');
  const changes = [...insights, ...(option.id === 'insights-and-prometheus' ? prometheusByHand(facts, text(choice.values['monitorWorkspace']) ?? '') : [])];
  if (changes.length === 0) return { changes, guards: [] };
  const writesCluster = insights.some(({ kind }) => kind === 'arm.update');
  const associates = insights.some(({ id }) => id.endsWith('/association'));
  return {
    changes,
    guards: [
      ...commonGuards(facts, {
        impact: 'workload',
        writesCluster,
        actions: writesCluster ? [WRITE_CLUSTER] : [],
        code: writesCluster ? [codeOf(workspace)] : [],
      }),
      ...(associates ? [permissionGuard(facts, WRITE_ASSOCIATION)] : []),
      ...(insights.length > 0 ? [workspaceGuard(facts, workspace)] : []),
      ...identityGuard(facts),
    ],
  };
}

/** What the nodes and pods write and do, kept where it can be searched. */
export const containerInsights = defineStep({
  id: STEP,
  pillar: 'platform',
  title: 'Who keeps the logs of pods and nodes?',
  controls: [
    {
      id: '4.1',
      title: 'Container Insights collects, with managed identity',
      severity: 'medium',
      references: { psrule: ['AZR-000041'], checkov: ['CKV_AZURE_4'], docs: [migrate, costs, psruleDoc('Azure.AKS.ContainerInsights')] },
    },
    {
      id: '4.2',
      title: 'Metrics go to managed Prometheus',
      severity: 'advice',
      references: {
        docs: [
          aksDoc('Monitor AKS', 'monitor-aks'),
          learn('Enable Prometheus and Container insights', 'azure/azure-monitor/containers/kubernetes-monitoring-enable'),
        ],
      },
    },
  ],
  needs: ['workspaces', 'dataCollectionRules'],
  needsToPlan: ['availableWorkspaces', 'permissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `What a container writes is gone with it. An agent on every node sends it to a workspace, with events and what runs where; a data collection rule says what is sent and how often, and with it what it costs. ${today(facts)}`,
    why: 'After an incident the question is what ran where and what it said: Kubernetes itself forgets within the hour, and so does whoever got in and deleted the pod.',
    today: `The add-on of 2020 signed in with the key of the workspace. That ends on ${LEGACY_END}: from then on nothing is taken in, and the add-on still says that it is on. Tools that only look whether it is on call such a cluster good. The new sign-in needs a managed identity, a rule and an association. For metrics, managed Prometheus has taken the place of counters in logs.`,
  }),
  assess,
  options,
  params: [workspaceParam('Log Analytics workspace for logs', (facts) => [workspaceNow(facts)]), presetParam, monitorWorkspace],
  plan,
  after: ['identity.cluster-identity'],
});
