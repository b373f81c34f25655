import { clusterAt, clusterRef, type Facts, fact, idPart, knownValue } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { type Json, text } from '../../src/model/json.ts';
import type { Guard, Param } from '../../src/model/step.ts';
import { idShape, isArmId } from '../shared/arm-ids.ts';
import { listed, sameId, shortName } from '../shared/texts.ts';

/** Workspaces that parts of this cluster already send to. */
function usedWorkspaces(facts: Facts): readonly (string | undefined)[] {
  return [
    text(clusterAt(facts, 'properties.securityProfile.defender.logAnalyticsWorkspaceResourceId')),
    text(clusterAt(facts, 'properties.addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID')),
  ];
}

/**
 * The workspace to propose: one of `preferred`, else one that the cluster uses, else one of the subscription, in the cluster's region
 * before others; never one that is known to be gone. Undefined where none is known: a default workspace is not made behind anybody's back.
 */
export function proposedWorkspace(facts: Facts, preferred: readonly (string | undefined)[] = []): string | undefined {
  const available = knownValue(facts, 'availableWorkspaces') ?? [];
  const { location } = clusterRef(facts);
  const near = available.filter((workspace) => workspace.location.toLowerCase() === location.toLowerCase());
  const gone = (knownValue(facts, 'workspaces') ?? []).filter(({ exists }) => !exists);
  const inOrder = [...preferred, ...usedWorkspaces(facts), ...near.map(({ id }) => id), ...available.map(({ id }) => id)];
  return inOrder.find((id) => id !== undefined && id !== '' && !gone.some((other) => sameId(other.id, id)));
}

/** The parameter that asks for a workspace; `preferred` comes first in the proposal. */
export function workspaceParam(prompt: string, preferred: (facts: Facts) => readonly (string | undefined)[]): Param {
  return {
    name: 'workspace',
    prompt,
    help: 'Its resource id: az monitor log-analytics workspace list --query "[].id". It may be in another subscription; the same region saves transfer between regions.',
    kind: 'text',
    defaultValue: (facts) => proposedWorkspace(facts, preferred(facts)),
    validate: (value: Json) =>
      typeof value === 'string' && isArmId('workspace', value) ? undefined : `Give the resource id of a Log Analytics workspace: ${idShape('workspace')}`,
  };
}

/** A workspace that does not exist makes later, unrelated writes of the cluster fail: it is looked up first. */
export function workspaceGuard(facts: Facts, workspace: string): Guard {
  const id = 'workspace-exists';
  const title = `Workspace ${shortName(workspace)} exists`;
  const reference = (knownValue(facts, 'workspaces') ?? []).find((entry) => sameId(entry.id, workspace));
  const found = fact(facts, 'availableWorkspaces');
  const listedThere = found.state === 'known' && found.value.some((entry) => sameId(entry.id, workspace));
  if (reference?.exists || listedThere) return { id, title, verdict: 'clear', detail: 'It was found.' };
  if (reference?.exists === false) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: 'It is named on the cluster but does not exist any more.',
      next: ['Choose another workspace.'],
      override: 'never',
    };
  }
  if (found.state === 'unknown') return { id, title, verdict: 'unknown', detail: `Workspaces could not be listed: ${found.reason}.` };
  const subscription = idPart(workspace, 'subscriptions') ?? '';
  if (!sameId(subscription, clusterRef(facts).subscriptionId)) {
    return { id, title, verdict: 'unknown', detail: `It is in subscription ${clean(subscription)}, which was not looked at.` };
  }
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `The subscription has no such workspace; it has ${listed(found.value.map((entry) => shortName(entry.id)))}.`,
    next: ['Choose one of these, or make it first: az monitor log-analytics workspace create.'],
    override: 'the workspace exists',
  };
}
