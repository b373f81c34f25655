import { clusterRef, type Facts, fact, idPart } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Guard } from '../../../src/model/step.ts';
import { listed, plural, sameId, shortName } from '../../shared/texts.ts';
import { activeAssignments, isCarriedOut } from './assignments.ts';
import { inventory, type UsedImage, usersText } from './inventory.ts';

/** What runs and would not be let in again: each by its name, before anything is refused. */
export function refusedGuard(facts: Facts, refused: readonly UsedImage[] | undefined): Guard {
  const id = 'images-outside';
  const title = 'Nothing that runs is refused';
  const found = inventory(facts);
  if (refused === undefined) {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `What runs was not read${found.state === 'unknown' ? `: ${clean(found.reason)}` : ''}. Pods whose image is not on the list do not come up after their next restart, of a node included.`,
      next: ['Assign it at audit first, and look at the compliance of the assignment in Azure.'],
      override: 'the list holds every registry',
    };
  }
  if (refused.length === 0)
    return { id, title, verdict: 'clear', detail: 'Every image that is known comes from the list. Images that come and go are not known.' };
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `${plural(refused.length, 'image')} ${refused.length === 1 ? 'is' : 'are'} not on the list: ${listed(
      refused.map((one) => `${one.image} (${usersText(one)})`),
      6,
    )}. Running pods stay; each new one is refused, after an update of the node too.`,
    next: ['Copy them into your registry (az acr import) and point the workloads there, or approve where they come from.'],
    override: 'these images may be refused',
  };
}

/** Whether anything carries the assignment out. */
export function carriedOutGuard(facts: Facts): Guard {
  const id = 'policy-add-on';
  const title = 'Somebody carries the policy out';
  return isCarriedOut(facts)
    ? { id, title, verdict: 'clear', detail: 'The Azure Policy add-on is on.' }
    : {
        id,
        title,
        verdict: 'warn',
        detail: 'The Azure Policy add-on is off: until it is on, this assignment neither reports nor refuses anything here.',
        next: ['Step governance.policy installs it.'],
      };
}

/** Whether somebody has looked at the reports before pods are refused. */
export function auditFirstGuard(facts: Facts): Guard {
  const id = 'audit-first';
  const title = 'It has reported before it refuses';
  return activeAssignments(facts).length > 0
    ? { id, title, verdict: 'clear', detail: 'The policy is assigned already; its reports stand in Azure.' }
    : {
        id,
        title,
        verdict: 'warn',
        detail: 'Nothing has been reported yet: jobs, other teams’ pipelines and what starts once a month are not in what was read.',
        next: ['Choose audit now, and deny in a week.'],
      };
}

/** The assignment stands on the resource group: other clusters there obey it too. */
export function neighboursGuard(facts: Facts): Guard {
  const id = 'other-clusters';
  const title = 'It meets this cluster alone';
  const { id: own, resourceGroup } = clusterRef(facts);
  const found = fact(facts, 'siblingClusters');
  if (found.state === 'unknown') {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `Clusters of the subscription were not read (${clean(found.reason)}): every one in ${clean(resourceGroup)} with the add-on obeys it too.`,
    };
  }
  const others = found.value.filter((one) => !sameId(one.id, own) && sameId(idPart(one.id, 'resourceGroups') ?? '', resourceGroup));
  return others.length === 0
    ? { id, title, verdict: 'clear', detail: `No other cluster stands in ${clean(resourceGroup)}.` }
    : {
        id,
        title,
        verdict: 'warn',
        detail: `${listed(others.map((one) => shortName(one.id)))} in the same resource group ${others.length === 1 ? 'obeys' : 'obey'} it too, and what runs there was not read.`,
        next: ['Look at their images first: the same step, for that cluster.'],
      };
}
