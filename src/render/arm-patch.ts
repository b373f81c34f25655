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

/**
 * The public address and the firewall before it. `--public-network-enabled false` sets the firewall to Deny as well, which opening again
 * does not take back (azure-cli acr/custom.py): it is only used where that is wanted.
 */
const publicAccess: FlagRule = {
  reads: ['properties.publicNetworkAccess', 'properties.networkRuleSet.defaultAction'],
  groups: (found) => {
    const [access, action] = ['properties.publicNetworkAccess', 'properties.networkRuleSet.defaultAction'].map((dotted) => found.get(dotted));
    const [open, rule] = [access?.after, action?.after];
    if ((action && rule !== 'Allow' && rule !== 'Deny') || (access && open !== 'Enabled' && !(open === 'Disabled' && rule === 'Deny'))) return undefined;
    return [
      {
        flags: [
          ...(access ? [['--public-network-enabled', String(open === 'Enabled')]] : []),
          ...(typeof rule === 'string' ? [['--default-action', rule]] : []),
        ],
      },
    ];
  },
};

/** Flags of `az acr update`. */
const registryRules: readonly FlagRule[] = [
  boolean('properties.adminUserEnabled', '--admin-enabled'),
  boolean('properties.anonymousPullEnabled', '--anonymous-pull-enabled'),
  publicAccess,
  toggleTo('properties.networkRuleBypassOptions', '--allow-trusted-services', { AzureServices: 'true', None: 'false' }),
  boolean('properties.dataEndpointEnabled', '--data-endpoint-enabled'),
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
