import { type AssociatedRule, clusterAt, clusterRef, type Facts, knownValue } from '../../../src/model/facts.ts';
import { at, isObject, isTrue, type Json, list, path, text } from '../../../src/model/json.ts';
import { addonConfig, addonOn } from '../../shared/addons.ts';
import { sameId } from '../../shared/texts.ts';

export const STEP = 'platform.container-insights';
/** The change that other signs of life of the agent wait for. */
export const ENABLE = `${STEP}/enable`;

/** The day from which Azure Monitor takes nothing in any more from agents that sign in with the workspace's key (AKS docs: managed-identity-overview). */
export const LEGACY_END = '2026-09-30';

/** How the agent signs in, or that there is none. `profile` is the newer form below azureMonitorProfile, which knows managed identity only. */
export type Agent = 'off' | 'legacy' | 'managed-identity' | 'profile';

/** The agent of Container Insights on this cluster. */
export function agentOf(facts: Facts): Agent {
  if (isTrue(clusterAt(facts, 'properties.azureMonitorProfile.containerInsights.enabled'))) return 'profile';
  if (!addonOn(facts, 'omsagent')) return 'off';
  return isTrue(addonConfig(facts, 'omsagent', 'useAADAuth')) ? 'managed-identity' : 'legacy';
}

/** True when the day is past on which the old sign-in stopped. */
export function legacyIsOver(facts: Facts): boolean {
  return facts.source.readAt.slice(0, 10) >= LEGACY_END;
}

/** The workspace the agent sends to, as the cluster names it. */
export function workspaceNow(facts: Facts): string | undefined {
  return (
    text(addonConfig(facts, 'omsagent', 'logAnalyticsWorkspaceResourceID')) ??
    text(clusterAt(facts, 'properties.azureMonitorProfile.containerInsights.logAnalyticsWorkspaceResourceId'))
  );
}

/** Whether the cluster still acts as a service principal, with which the new sign-in does not work. */
export function isServicePrincipal(facts: Facts): boolean {
  const id = text(clusterAt(facts, 'properties.servicePrincipalProfile.clientId')) ?? '';
  return id !== '' && id.toLowerCase() !== 'msi';
}

/** The part of a rule that Container Insights reads. */
export function extensionOf(rule: Json | undefined): Json | undefined {
  return list(at(rule, path('properties.dataSources.extensions'))).find((one) => text(at(one, ['extensionName']))?.toLowerCase() === 'containerinsights');
}

/** The rule that tells the agent what to send; undefined where none is associated, or that is not known. */
export function ruleNow(facts: Facts): AssociatedRule | undefined {
  return knownValue(facts, 'dataCollectionRules')?.find(({ rule }) => extensionOf(rule) !== undefined);
}

/** Where a rule sends to. */
export function ruleWorkspaces(rule: Json | undefined): readonly string[] {
  return list(at(rule, path('properties.destinations.logAnalytics'))).flatMap((one) => text(at(one, ['workspaceResourceId'])) ?? []);
}

/** The region of a workspace: a rule stands where the workspace does. The cluster's where it is not known. */
export function regionOf(facts: Facts, workspace: string): string {
  const found = knownValue(facts, 'availableWorkspaces')?.find(({ id }) => sameId(id, workspace));
  return (found?.location || clusterRef(facts).location).replaceAll(' ', '').toLowerCase();
}

/** What the rule collects today. */
export function settingsNow(facts: Facts): { readonly interval: string; readonly namespaces: string; readonly streams: readonly string[] } | undefined {
  const extension = extensionOf(ruleNow(facts)?.rule);
  if (extension === undefined) return undefined;
  const settings = at(extension, path('extensionSettings.dataCollectionSettings'));
  const mode = text(at(settings, ['namespaceFilteringMode'])) ?? 'Off';
  return {
    interval: isObject(settings) ? (text(settings['interval']) ?? '1m') : '1m',
    namespaces: mode,
    streams: list(at(extension, ['streams'])).flatMap((one) => text(one) ?? []),
  };
}
