import type { ArmUpdate, Edit } from '../model/change.ts';
import type { ArmResource } from '../model/facts.ts';
import type { Command, Request } from '../model/plan.ts';
import { az, flag, laterVersion } from './az.ts';
import { addonRules } from './flags/addons.ts';
import { apiServerRules } from './flags/api-server.ts';
import { identityRules } from './flags/identity.ts';
import { lifecycleRules } from './flags/lifecycle.ts';
import { networkRules } from './flags/network.ts';
import { poolRules } from './flags/pool.ts';
import { applyRules, type FlagGroup, type FlagRule } from './flags/rule.ts';
import { securityRules } from './flags/security.ts';
import { isType, placeOf } from './place.ts';
import { resourceUpdate } from './resource-update.ts';
import { subnetUpdate } from './subnet-update.ts';
import { applyEdits, writableBody } from './write-body.ts';

/** All rows for a cluster, in the order in which their flags are printed. */
export const clusterRules: readonly FlagRule[] = [...identityRules, ...apiServerRules, ...networkRules, ...securityRules, ...lifecycleRules, ...addonRules];

/**
 * The write: the whole resource back with the edits. Without `current` the body is missing, and the request is not ready to send.
 */
export function armUpdateRequest(change: ArmUpdate, current?: ArmResource): Request {
  const url = `${change.target.id}?api-version=${change.target.apiVersion}`;
  return current === undefined ? { method: 'PUT', url } : { method: 'PUT', url, body: applyEdits(writableBody(current), change.edits) };
}

/** Edits of single entries of the identity map as one edit of the map: az names the identity that shall be there, and no other. */
function identitiesTogether(edits: readonly Edit[]): readonly Edit[] {
  const isEntry = (edit: Edit) => edit.path.length === 3 && edit.path[0] === 'identity' && edit.path[1] === 'userAssignedIdentities';
  const entries = edits.filter(isEntry);
  if (entries.length === 0) return edits;
  const map = (side: 'before' | 'after') => Object.fromEntries(entries.flatMap((edit) => (edit[side] === undefined ? [] : [[edit.path[2] ?? '', edit[side]]])));
  return [...edits.filter((edit) => !isEntry(edit)), { path: ['identity', 'userAssignedIdentities'], before: map('before'), after: map('after') }];
}

/** Flag groups that go into one command, as that command. */
function commandOf(change: ArmUpdate, words: string, names: readonly (readonly string[])[], groups: readonly FlagGroup[]): Command {
  const flags = [...names, ...groups.flatMap((group) => group.flags)].map((one) => {
    const [name, only] = one;
    return name !== undefined && only !== undefined && one.length === 2 ? flag(name, only) : one;
  });
  return az(words, placeOf(change.target).subscription, [...flags, ...(groups.some((group) => group.yes) ? [['--yes']] : [])], {
    files: groups.flatMap((group) => group.files ?? []),
    azVersion: groups.map((group) => group.azVersion).reduce(laterVersion, undefined),
    extension: groups.map((group) => group.extension).find((extension) => extension !== undefined),
    comment: groups.map((group) => group.comment).find((comment) => comment !== undefined),
  });
}

function commandsFrom(
  change: ArmUpdate,
  update: string,
  names: readonly (readonly string[])[],
  groups: readonly FlagGroup[],
  left: readonly Edit[],
): readonly Command[] {
  const own = (when: 'first' | 'last') =>
    groups.filter((group) => group.when === when).map((group) => commandOf(change, group.words ?? update, names, [group]));
  const together = groups.filter((group) => group.when === undefined);
  return [
    ...own('first'),
    ...(together.length > 0 ? [commandOf(change, update, names, together)] : []),
    ...(left.length > 0 ? [resourceUpdate(change.target, left)] : []),
    ...own('last'),
  ];
}

/**
 * The same as commands: one `az aks update` (or `nodepool update`) with a flag for each edit, further commands where az
 * refuses a combination or has a command of its own, and `az resource update` for what has no flag. No edit is dropped.
 */
export function armUpdateCommands(change: ArmUpdate): readonly Command[] {
  const { resourceGroup, name, cluster } = placeOf(change.target);
  if (isType(change.target, 'Microsoft.ContainerService/managedClusters')) {
    const { groups, left } = applyRules(identitiesTogether(change.edits), clusterRules);
    return commandsFrom(
      change,
      'aks update',
      [
        ['--resource-group', resourceGroup],
        ['--name', name],
      ],
      groups,
      left,
    );
  }
  if (isType(change.target, 'Microsoft.ContainerService/managedClusters/agentPools')) {
    const { groups, left } = applyRules(change.edits, poolRules);
    return commandsFrom(
      change,
      'aks nodepool update',
      [
        ['--resource-group', resourceGroup],
        ['--cluster-name', cluster],
        ['--name', name],
      ],
      groups,
      left,
    );
  }
  if (change.edits.length === 0) return [];
  const own = isType(change.target, 'Microsoft.Network/virtualNetworks/subnets') ? subnetUpdate(change) : undefined;
  return [own ?? resourceUpdate(change.target, change.edits)];
}
