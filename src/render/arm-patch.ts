import type { ArmPatch, Edit } from '../model/change.ts';
import { at, type JsonObject } from '../model/json.ts';
import type { Command, Request } from '../model/plan.ts';
import { az, fileFlag, flag, jsonFile } from './az.ts';
import { applyRules, type FlagRule, value } from './flags/rule.ts';
import { isType, placeOf } from './place.ts';
import { applyEdits } from './write-body.ts';

function boolean(read: string, flagName: string): FlagRule {
  return {
    reads: [read],
    groups: (found) => {
      const after = found.get(read)?.after ?? false;
      return typeof after === 'boolean' ? [{ flags: [[flagName, String(after)]] }] : undefined;
    },
  };
}

/** Flags of `az acr update`. */
const registryRules: readonly FlagRule[] = [
  boolean('properties.adminUserEnabled', '--admin-enabled'),
  boolean('properties.anonymousPullEnabled', '--anonymous-pull-enabled'),
  toggleTo('properties.publicNetworkAccess', '--public-network-enabled', { Enabled: 'true', Disabled: 'false' }),
  toggleTo('properties.networkRuleBypassOptions', '--allow-trusted-services', { AzureServices: 'true', None: 'false' }),
  boolean('properties.dataEndpointEnabled', '--data-endpoint-enabled'),
  toggleTo('properties.networkRuleSet.defaultAction', '--default-action', { Allow: 'Allow', Deny: 'Deny' }),
  toggleTo('sku.name', '--sku', { Basic: 'Basic', Standard: 'Standard', Premium: 'Premium' }),
];

function toggleTo(read: string, flagName: string, values: { readonly [arm: string]: string }): FlagRule {
  return value(read, flagName, { values });
}

/** The patch body: the edits and nothing else; null takes a property away (RFC 7396, as ARM's PATCH reads it). */
function patchOf(edits: readonly Edit[]): JsonObject {
  return applyEdits(
    {},
    edits.map((edit) => ({ path: edit.path, after: edit.after ?? null })),
  );
}

/** The PATCH with the edits. */
export function armPatchRequest({ target, edits }: ArmPatch): Request {
  return { method: 'PATCH', url: `${target.id}?api-version=${target.apiVersion}`, body: patchOf(edits) };
}

function resourcePatch(change: ArmPatch, edits: readonly Edit[]): Command {
  const patch = patchOf(edits);
  const onlyProperties = Object.keys(patch).every((key) => key === 'properties');
  const file = jsonFile('patch.json', onlyProperties ? (at(patch, ['properties']) ?? {}) : patch);
  const { id, apiVersion } = change.target;
  return az(
    'resource patch',
    placeOf(change.target).subscription,
    [flag('--ids', id), flag('--api-version', apiVersion), ...(onlyProperties ? [] : [['--is-full-object']]), fileFlag('--properties', file)],
    { files: [file] },
  );
}

/** The same as commands: `az acr update` for a registry, and `az resource patch` for everything else. */
export function armPatchCommands(change: ArmPatch): readonly Command[] {
  const isRegistry = isType(change.target, 'Microsoft.ContainerRegistry/registries');
  const { groups, left } = isRegistry ? applyRules(change.edits, registryRules) : { groups: [], left: change.edits };
  const { subscription, resourceGroup, name } = placeOf(change.target);
  const flags = groups.flatMap((group) => group.flags);
  return [
    ...(flags.length > 0 ? [az('acr update', subscription, [flag('--resource-group', resourceGroup), flag('--name', name), ...flags])] : []),
    ...(left.length > 0 ? [resourcePatch(change, left)] : []),
  ];
}
