import type { ArmPut, ArmUpdate, Change, Edit, ManualChange } from '../../../src/model/change.ts';
import { clusterAt, clusterRef, type Facts, nodeCount } from '../../../src/model/facts.ts';
import { at, isObject, isTrue, type Json, type JsonObject, list, path, same, text } from '../../../src/model/json.ts';
import { addonConfig } from '../../shared/addons.ts';
import { clusterTarget } from '../../shared/edits.ts';
import { CLUSTER_WRITE_MINUTES, SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { commandWord, plural, sameId, shortName } from '../../shared/texts.ts';
import { type Preset, presets } from './presets.ts';
import { agentOf, ENABLE, extensionOf, legacyIsOver, regionOf, ruleNow, STEP } from './state.ts';

/** The switch of the cluster's identity, which comes first where both are planned. */
const IDENTITY = 'identity.cluster-identity/switch';
const OFF = `${STEP}/legacy-off`;
const RULE = `${STEP}/rule`;
const addon = ['properties', 'addonProfiles', 'omsagent'];

/** Takes the old agent off: az and the service refuse to change how it signs in while it is on (azure-cli: managed_cluster_decorator.py). */
function legacyOff(facts: Facts): ArmUpdate {
  return {
    kind: 'arm.update',
    id: OFF,
    step: STEP,
    controls: ['4.1'],
    title: 'Take the agent off that signs in with the workspace’s key',
    target: clusterTarget(facts),
    edits: [{ path: [...addon, 'enabled'], before: clusterAt(facts, 'properties.addonProfiles.omsagent.enabled'), after: false }],
    impact: {
      kind: 'workload',
      scope: `the agent leaves ${plural(nodeCount(facts), 'node')}; ${legacyIsOver(facts) ? 'nothing of it arrived any more' : 'no logs are collected until the next write'}`,
    },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'partly', how: 'The agent can be put back; its old way to sign in has ended.' },
    after: [IDENTITY],
    undo: [],
  };
}

function enable(facts: Facts, workspace: string): ArmUpdate | undefined {
  const agent = agentOf(facts);
  if (agent === 'profile') return undefined;
  // After the write that takes the old agent off, nothing of its settings is left.
  const before = (key: string): Json | undefined => (agent === 'legacy' ? undefined : addonConfig(facts, 'omsagent', key));
  const enabled = agent === 'legacy' ? false : clusterAt(facts, 'properties.addonProfiles.omsagent.enabled');
  const current = text(before('logAnalyticsWorkspaceResourceID'));
  const switched: readonly Edit[] = isTrue(enabled) ? [] : [{ path: [...addon, 'enabled'], before: enabled, after: true }];
  // An add-on that was turned off shows `config: null`: there is nothing in it to edit, so that it is written as a whole.
  const none = agent === 'legacy' || clusterAt(facts, 'properties.addonProfiles.omsagent.config') === null;
  const edits: readonly Edit[] = none
    ? [...switched, { path: [...addon, 'config'], before: null, after: { logAnalyticsWorkspaceResourceID: workspace, useAADAuth: 'true' } }]
    : [
        ...switched,
        ...(current !== undefined && sameId(current, workspace)
          ? []
          : [{ path: [...addon, 'config', 'logAnalyticsWorkspaceResourceID'], before: before('logAnalyticsWorkspaceResourceID'), after: workspace }]),
        ...(isTrue(before('useAADAuth')) ? [] : [{ path: [...addon, 'config', 'useAADAuth'], before: before('useAADAuth'), after: 'true' }]),
      ];
  if (edits.length === 0) return undefined;
  return {
    kind: 'arm.update',
    id: ENABLE,
    step: STEP,
    controls: ['4.1'],
    title: 'Turn on Container Insights, with the managed identity',
    target: clusterTarget(facts),
    edits,
    impact: { kind: 'workload', scope: `an agent is added to each of ${plural(nodeCount(facts), 'node')}; no node is replaced` },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'The agent is taken off again. What was collected stays in the workspace.' },
    after: agent === 'legacy' ? [OFF, IDENTITY] : [IDENTITY],
  };
}

/** az's own name for the rule, so that both mean the same one (azure-cli: acs/addonconfiguration.py). */
function ruleName(facts: Facts, region: string): string {
  return `MSCI-${region}-${clusterRef(facts).name}`.slice(0, 64).replace(/-$/, '');
}

function freshRule(facts: Facts, workspace: string, preset: Preset): JsonObject {
  return {
    location: regionOf(facts, workspace),
    kind: 'Linux',
    properties: {
      dataSources: { extensions: [extension(preset)] },
      dataFlows: [{ streams: preset.streams, destinations: ['la-workspace'] }],
      destinations: { logAnalytics: [{ workspaceResourceId: workspace, name: 'la-workspace' }] },
    },
  };
}

function extension(preset: Preset): JsonObject {
  return {
    name: 'ContainerInsightsExtension',
    streams: preset.streams,
    extensionName: 'ContainerInsights',
    extensionSettings: { dataCollectionSettings: preset.settings },
  };
}

/** What a rule may be written back with. */
function writable(rule: JsonObject): JsonObject {
  const { location, kind, tags, identity, properties } = rule;
  const { provisioningState: _p, immutableId: _i, endpoints: _e, metadata: _m, ...own } = isObject(properties) ? properties : {};
  const top = { location, kind, tags, identity };
  return { ...Object.fromEntries(Object.entries(top).filter(([, value]) => value !== undefined)), properties: own };
}

/** The rule of today with other settings, where some are chosen: other sources, flows and destinations in it stay. */
function editedRule(rule: JsonObject, preset: Preset | undefined, workspace: string): JsonObject {
  const before = writable(rule);
  const old = list(at(extensionOf(rule), ['streams']));
  const isOurs = (one: Json): boolean => text(at(one, ['extensionName']))?.toLowerCase() === 'containerinsights';
  const properties = isObject(before['properties']) ? before['properties'] : {};
  const destinations = list(at(rule, path('properties.destinations.logAnalytics')));
  const [only] = destinations;
  const moved =
    destinations.length === 1 && isObject(only) && !sameId(text(only['workspaceResourceId']) ?? '', workspace)
      ? {
          destinations: {
            ...(isObject(properties['destinations']) ? properties['destinations'] : {}),
            logAnalytics: [{ name: only['name'], workspaceResourceId: workspace }],
          },
        }
      : {};
  if (preset === undefined) return { ...before, properties: { ...properties, ...moved } };
  return {
    ...before,
    properties: {
      ...properties,
      ...moved,
      dataSources: {
        ...(isObject(properties['dataSources']) ? properties['dataSources'] : {}),
        extensions: list(at(rule, path('properties.dataSources.extensions'))).map((one) =>
          isOurs(one) && isObject(one)
            ? {
                ...one,
                streams: preset.streams,
                extensionSettings: { ...(isObject(one['extensionSettings']) ? one['extensionSettings'] : {}), dataCollectionSettings: preset.settings },
              }
            : one,
        ),
      },
      dataFlows: list(at(rule, path('properties.dataFlows'))).map((flow) =>
        isObject(flow) && same(flow['streams'], old) ? { ...flow, streams: preset.streams } : flow,
      ),
    },
  };
}

function rulePut(id: string, body: JsonObject, before: JsonObject | undefined): ArmPut {
  return {
    kind: 'arm.put',
    id: RULE,
    step: STEP,
    controls: ['4.1'],
    title: before === undefined ? 'Make the data collection rule: what is sent, how often, where to' : 'Set what is collected, and how often',
    target: { id, type: 'Microsoft.Insights/dataCollectionRules', apiVersion: '2023-03-11' },
    body,
    before,
    impact: { kind: 'billing', scope: 'what the rule lets through is paid for by the gigabyte in the workspace' },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: before === undefined ? 'The rule is deleted. What was collected stays.' : 'The rule is written back as it was.' },
    // az makes a rule of this name by itself when it turns the add-on on, with its own defaults: ours comes after and decides.
    after: [ENABLE],
    ...(before === undefined ? { mayExist: true as const } : {}),
  };
}

function association(facts: Facts, ruleId: string): ArmPut {
  return {
    kind: 'arm.put',
    id: `${STEP}/association`,
    step: STEP,
    controls: ['4.1'],
    title: 'Associate the rule with the cluster',
    target: {
      id: `${clusterRef(facts).id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/ContainerInsightsExtension`,
      type: 'Microsoft.Insights/dataCollectionRuleAssociations',
      apiVersion: '2023-03-11',
    },
    body: { properties: { dataCollectionRuleId: ruleId, description: 'what Container Insights collects from this cluster' } },
    before: undefined,
    mayExist: true,
    impact: { kind: 'billing', scope: 'the agent begins to send' },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'The association is deleted; the agent then sends nothing.' },
    after: [RULE],
  };
}

function ruleChanges(facts: Facts, workspace: string, preset: string): readonly Change[] {
  const now = ruleNow(facts);
  const chosen = presets.find(({ id }) => id === preset);
  if (now?.rule !== undefined) {
    const before = writable(now.rule);
    const body = editedRule(now.rule, chosen, workspace);
    return same(body, before) ? [] : [rulePut(now.ruleId, body, before)];
  }
  const { subscriptionId, resourceGroup } = clusterRef(facts);
  const ruleId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Insights/dataCollectionRules/${ruleName(facts, regionOf(facts, workspace))}`;
  const [fallback] = presets;
  const used = chosen ?? fallback;
  return used === undefined ? [] : [rulePut(ruleId, freshRule(facts, workspace, used), undefined), association(facts, ruleId)];
}

/** The agent, then the rule, then its association with the cluster. */
export function insightsChanges(facts: Facts, workspace: string, preset: string): readonly Change[] {
  const on = enable(facts, workspace);
  return [...(agentOf(facts) === 'legacy' ? [legacyOff(facts)] : []), ...(on === undefined ? [] : [on]), ...ruleChanges(facts, workspace, preset)];
}

/** Prometheus: az makes six resources beside the one property, and their rules change from version to version. */
export function prometheusByHand(facts: Facts, monitorWorkspace: string): readonly ManualChange[] {
  if (isTrue(clusterAt(facts, 'properties.azureMonitorProfile.metrics.enabled'))) return [];
  const { resourceGroup, name } = clusterRef(facts);
  const place = `--resource-group ${commandWord(resourceGroup, 'GROUP')} --name ${commandWord(name, 'CLUSTER')}`;
  const named = /^[\w/.-]+$/.test(monitorWorkspace) ? ` --azure-monitor-workspace-resource-id ${monitorWorkspace}` : '';
  return [
    {
      kind: 'manual',
      id: `${STEP}/prometheus`,
      step: STEP,
      controls: ['4.2'],
      title: 'Turn on managed Prometheus',
      impact: { kind: 'workload', scope: `collectors are added to ${plural(nodeCount(facts), 'node')}; samples are paid for` },
      minutes: [5, 15],
      reversible: { kind: 'yes', how: 'az aks update --disable-azure-monitor-metrics takes it off with its rules; samples stay.' },
      after: [IDENTITY, ENABLE],
      instructions: [
        `az aks update ${place} --enable-azure-monitor-metrics${named}`,
        named === ''
          ? 'Without a workspace of your own az makes DefaultAzureMonitorWorkspace for the region. It also makes an endpoint, a rule, an association and recording rules.'
          : `It sends to ${shortName(monitorWorkspace)}, and makes an endpoint, a rule, an association and recording rules.`,
      ],
      doneWhen: 'properties.azureMonitorProfile.metrics.enabled is true; read the cluster again to see',
    },
  ];
}
