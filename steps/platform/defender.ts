import { clusterAt, clusterRef, type Facts, knownValue, nodeCount, pools } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { isTrue, type Json, text } from '../../src/model/json.ts';
import { machinesOf } from '../../src/model/machines.ts';
import { defineStep, type Option, type Param } from '../../src/model/step.ts';
import { learn, psruleDoc } from '../shared/docs.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { allows, WRITE_DEFENDER_PLAN } from '../shared/permissions.ts';
import { listed, plural } from '../shared/texts.ts';
import { plan } from './defender/plan.ts';
import { CHINA_END, chinaState, defenderPlanOf, extensions, isStandard, missingExtensions, requiredExtensions } from './defender/plan-state.ts';
import { verdicts } from './defender/verdicts.ts';
import { workspaceParam } from './workspaces.ts';

const overview = learn('Defender for Containers', 'azure/defender-for-cloud/defender-for-containers-introduction');
const enable = learn('Deploy Defender for Containers on Azure', 'azure/defender-for-cloud/tutorial-enable-containers-azure');
const names: readonly string[] = extensions.map(({ name }) => name);

/** The nodes by size: what the plan is billed by is their vCores, which the cluster itself does not state. */
function nodesBySize(facts: Facts): string {
  const sizes = pools(facts).flatMap((pool) => machinesOf(pool).map(({ size, count }) => `${count} × ${clean(size ?? 'unknown size')}`));
  return sizes.length > 0 ? ` (${listed(sizes)})` : '';
}

function planNow(facts: Facts): string {
  const found = defenderPlanOf(facts);
  if (found.state === 'unknown') return 'Whether the plan is on in this subscription is not known.';
  if (!isStandard(found)) return 'The plan is off in this subscription.';
  const missing = missingExtensions(found);
  return missing.length === 0 ? 'The plan is on in this subscription with all its parts.' : `The plan is on in this subscription, without ${listed(missing)}.`;
}

function sensorNow(facts: Facts): string {
  return isTrue(clusterAt(facts, 'properties.securityProfile.defender.securityMonitoring.enabled')) ? 'The sensor runs here.' : 'The sensor is off here.';
}

function options(facts: Facts): readonly Option[] {
  const found = defenderPlanOf(facts);
  const complete = isStandard(found) && missingExtensions(found).length === 0;
  const permissions = knownValue(facts, 'subscriptionPermissions');
  const mayWrite = permissions === undefined || allows(permissions, WRITE_DEFENDER_PLAN);
  const china = chinaState(facts);
  const unavailable = china === 'ended' ? { unavailable: `Defender for Cloud ended in Azure China on ${CHINA_END}.` } : {};
  const sensorOnly = complete || !mayWrite;
  const nodes = `${plural(nodeCount(facts), 'node')}${nodesBySize(facts)}`;
  const subscription = clean(clusterRef(facts).subscriptionId);
  const recommend = (id: string): { recommended?: string } => {
    if (china !== 'no') return {};
    if (id === 'sensor-only' && sensorOnly) {
      return {
        recommended: complete
          ? 'The plan is on with all its parts: only the sensor is this cluster’s own matter.'
          : 'Your account may not change plans of the subscription; the sensor is what can be done here. Ask for the plan.',
      };
    }
    if (id === 'plan-and-sensor' && !sensorOnly) return { recommended: `${planNow(facts)} Without the plan the sensor raises no alerts.` };
    return {};
  };
  return [
    {
      id: 'plan-and-sensor',
      title: 'Plan for the subscription, and the sensor here',
      tradeOff: `Alerts at run time, inventory without an agent, and image scans in registries, for a recurring cost. It applies to everything in subscription ${subscription}, not only to the ${nodes} here.`,
      impact: { kind: 'billing', scope: `every cluster and registry in subscription ${subscription}; here a DaemonSet on each node` },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: `By vCore of all nodes in the subscription and by scanned image; here ${nodes}. The price list of Defender for Cloud tells how much.`,
      reversible: { kind: 'yes', how: 'The plan is written back as it was, the sensor taken off. Days that have begun are billed.' },
      notWhen: 'The subscription holds clusters that somebody else pays for, or another product watches the run time.',
      params: ['workspace', 'extensions'],
      ...recommend('plan-and-sensor'),
      ...unavailable,
    },
    {
      id: 'sensor-only',
      title: 'Only the sensor on this cluster',
      tradeOff: `The sensor watches processes and system calls on ${nodes} and sends to a workspace. ${
        isStandard(found) ? 'The plan turns that into alerts.' : 'Without the plan nothing turns that into alerts.'
      }`,
      impact: { kind: 'workload', scope: 'a privileged DaemonSet is added to every node; no node is replaced' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: isStandard(found) ? 'Contained in the plan, which is on.' : 'None of its own; the workspace may take some data in.',
      reversible: { kind: 'yes', how: 'az aks update --disable-defender. A policy that deploys the sensor puts it back.' },
      notWhen: 'The plan is off and stays off.',
      params: ['workspace'],
      ...recommend('sensor-only'),
      ...unavailable,
    },
  ];
}

const extensionsParam: Param = {
  name: 'extensions',
  prompt: 'Parts of the plan to turn on',
  help: 'What is on already stays on, with its settings: other clusters may rely on it.',
  kind: 'choices',
  choices: () => extensions.map(({ name, about }) => ({ value: name, label: `${name}: ${about}` })),
  defaultValue: (facts) => {
    const found = defenderPlanOf(facts);
    const enabled = found.state === 'known' ? found.enabled.map((name) => name.toLowerCase()) : [];
    return names.filter((name) => requiredExtensions.some((wanted) => wanted === name) || enabled.includes(name.toLowerCase()));
  },
  validate: (value: Json) => {
    if (!Array.isArray(value)) return 'Give a list of parts, separated by commas.';
    const wrong = value.find((entry) => typeof entry !== 'string' || !names.includes(entry));
    return wrong === undefined ? undefined : `"${clean(String(wrong))}" is no part of the plan: choose from ${listed(names)}.`;
  },
};

/** Whether somebody watches what runs in the cluster, and is told. */
export const defender = defineStep({
  id: 'platform.defender',
  pillar: 'platform',
  title: 'Does anybody notice an attack while it happens?',
  controls: [
    {
      id: '5.1',
      title: 'Defender for Containers plan on, with its extensions',
      severity: 'medium',
      references: {
        cis: ['5.1.1'],
        policy: ['1c988dd6-ade4-430f-a608-2a3e5b0a6d38', 'efd4031d-b232-4595-babf-ae817348e91b'],
        psrule: ['AZR-000290'],
        docs: [enable, psruleDoc('Azure.Defender.Containers')],
      },
    },
    {
      id: '5.2',
      title: 'Defender sensor enabled on the cluster',
      severity: 'medium',
      references: {
        policy: ['a1840de2-8088-4ea8-b153-b4c723e9cb01', '64def556-fbad-4622-930e-72d1d5589bf5'],
        psrule: ['AZR-000370'],
        docs: [overview, psruleDoc('Azure.AKS.DefenderProfile')],
      },
    },
  ],
  needs: ['defenderPlan', 'workspaces'],
  needsToPlan: ['availableWorkspaces', 'permissions', 'subscriptionPermissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `Two switches: a plan of the subscription, which is billed and raises alerts, and a sensor on this cluster, which sees what processes do on its ${plural(nodeCount(facts), 'node')}. The one does not turn on the other. ${planNow(facts)} ${sensorNow(facts)}`,
    why: 'Logs tell afterwards. The sensor notices a shell in a web server, a miner or a read of the node’s credentials while it happens; the image scan tells which running images have known holes.',
    today:
      'Azure Security Center is Defender for Cloud, and its plans "KubernetesService" and "ContainerRegistry" were replaced by the one plan "Containers" in December 2021: tools that still ask for the old names see nothing. In Azure China Defender ends on 2026-08-18.',
  }),
  assess: verdicts,
  options,
  params: [
    workspaceParam('Log Analytics workspace for the sensor', (facts) => [
      text(clusterAt(facts, 'properties.securityProfile.defender.logAnalyticsWorkspaceResourceId')),
    ]),
    extensionsParam,
  ],
  plan,
  after: [],
});
