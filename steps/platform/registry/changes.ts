import type { ArmPatch, ArmPut, Change, Edit, Impact, ManualChange, Reversible, Target } from '../../../src/model/change.ts';
import { type Facts, knownValue } from '../../../src/model/facts.ts';
import { at, type Json, type JsonObject, path, same } from '../../../src/model/json.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { type PulledRegistry, pullingIdentity, pullRole } from '../../shared/registry-access.ts';
import { roleChange } from '../../shared/roles.ts';
import { listed, shortName } from '../../shared/texts.ts';
import { excess, isFenced, isPremium, mayJustPull, STEP } from './state.ts';

const REGISTRY = 'Microsoft.ContainerRegistry/registries';
/** A change's id, from the registry's name and a word. */
export const idOf = (registry: PulledRegistry, word: string): string => `${STEP}/${registry.name.toLowerCase()}-${word}`;
const targetOf = (registry: PulledRegistry): Target => ({ id: registry.id, type: REGISTRY, apiVersion: '2025-11-01' });

/** What a change of one registry says about itself. */
export interface Words {
  readonly word: string;
  readonly controls: readonly string[];
  readonly title: string;
  readonly impact: Impact;
  readonly reversible: Reversible;
  readonly after?: readonly string[];
}

/** Properties of one registry that are not as wanted, as one patch; none where all stand. */
function patch(registry: PulledRegistry, wanted: readonly (readonly [dotted: string, after: Json])[], words: Words): readonly ArmPatch[] {
  const edits: readonly Edit[] = wanted
    .map(([dotted, after]) => ({ path: path(dotted), before: at(registry.resource, path(dotted)), after }))
    .filter(({ before, after }) => !same(before, after));
  const { word, after = [], ...rest } = words;
  return edits.length === 0
    ? []
    : [{ kind: 'arm.patch', id: idOf(registry, word), step: STEP, target: targetOf(registry), edits, minutes: SIDE_WRITE_MINUTES, after, ...rest }];
}

/** The tier that networks and private endpoints take. */
export function premium(registry: PulledRegistry): readonly ArmPatch[] {
  if (isPremium(registry)) return [];
  return patch(registry, [['sku.name', 'Premium']], {
    word: 'premium',
    controls: ['6.3'],
    title: `Move ${listed([registry.name])} to the Premium tier`,
    impact: { kind: 'billing', scope: `${listed([registry.name])} is paid by the day in the Premium tier from now on; pulls go on` },
    reversible: { kind: 'yes', how: 'Back to the old tier, once no Premium feature is in use.' },
  });
}

/** The right to pull, and the roles above it named for a person to take away. */
export function pullRights(facts: Facts, registry: PulledRegistry): readonly Change[] {
  const identity = pullingIdentity(knownValue(facts, 'identityRoleAssignments') ?? []);
  // A service principal is the control plane as well, which needs its broad role: the nodes first get an identity of their own.
  if (identity === undefined || identity.identity === 'service-principal') return [];
  const common = { step: STEP, controls: ['6.5'] };
  const give: readonly ArmPut[] = mayJustPull(registry)
    ? []
    : [
        roleChange(facts, pullRole(registry.resource), { principalId: identity.principalId, name: 'the nodes’ identity' }, registry.id, {
          ...common,
          id: idOf(registry, 'pull'),
          after: [],
        }),
      ];
  const broad = excess(registry);
  const take: readonly ManualChange[] =
    broad.length === 0
      ? []
      : [
          {
            kind: 'manual',
            ...common,
            id: idOf(registry, 'narrow'),
            title: `Take from the nodes what is more than pulling from ${listed([registry.name])}`,
            impact: { kind: 'workload', scope: 'whatever else relies on these roles loses them' },
            minutes: [5, 30],
            reversible: { kind: 'yes', how: 'the role assignment can be made again' },
            after: give.map(({ id }) => id),
            instructions: broad.map(
              ({ role, scope, id }) =>
                `${role ?? ''} on ${shortName(scope)}: see what else needs it, then az role assignment delete --ids ${/^[\w/.-]+$/.test(id) ? id : 'ASSIGNMENT_ID'}`,
            ),
            doneWhen: `the nodes’ identity holds ${pullRole(registry.resource)} on ${listed([registry.name])} and nothing more`,
          },
        ];
  return [...give, ...take];
}

/** Admin user and anonymous pull off, after the nodes' own right to pull stands. */
export function withoutPasswords(registry: PulledRegistry, rights: readonly Change[]): readonly ArmPatch[] {
  const on = (key: string): boolean => at(registry.resource, ['properties', key]) === true;
  const wanted = ['adminUserEnabled', 'anonymousPullEnabled'].filter(on).map((key) => [`properties.${key}`, false] as const);
  return patch(registry, wanted, {
    word: 'credentials',
    controls: ['6.4'],
    title: `Turn off what nobody signs in for on ${listed([registry.name])}: ${listed(wanted.map(([key]) => (key.endsWith('adminUserEnabled') ? 'the admin password' : 'anonymous pull')))}`,
    impact: { kind: 'workload', scope: 'whatever pulls or pushes without an identity of its own fails at once' },
    reversible: { kind: 'yes', how: 'Both can be turned on again; the passwords stay the same.' },
    after: rights.filter(({ kind }) => kind === 'arm.put').map(({ id }) => id),
  });
}

/** Blocks what is pushed from now on, until it is released. */
export function quarantineOn(registry: PulledRegistry): readonly ArmPatch[] {
  return patch(registry, [['properties.policies.quarantinePolicy.status', 'enabled']], {
    word: 'quarantine',
    controls: ['6.1'],
    title: `Block new images of ${listed([registry.name])} until they are released`,
    impact: { kind: 'workload', scope: 'images pushed from now on cannot be pulled until a scanner marks them as good; older ones can' },
    reversible: { kind: 'yes', how: 'The policy is turned off; blocked images can then be pulled.' },
  });
}

/** Only named networks, in two writes: who may come in first, then that nobody else may. */
export function onlyFrom(registry: PulledRegistry, ranges: readonly string[], first: readonly Change[]): readonly ArmPatch[] {
  // The service writes a single address without a prefix.
  const ipRules: readonly JsonObject[] = ranges.map((range) => ({ action: 'Allow', value: range.replace(/\/32$/, '') }));
  const rules = patch(registry, [['properties.networkRuleSet.ipRules', ipRules]], {
    word: 'rules',
    controls: ['6.3'],
    title: `Name the networks that may reach ${listed([registry.name])}`,
    impact: { kind: 'none', scope: 'nothing, as long as everybody else may reach it as well' },
    reversible: { kind: 'yes', how: 'The rules of before are written back.' },
    after: first.map(({ id }) => id),
  });
  return [
    ...rules,
    ...patch(registry, [['properties.networkRuleSet.defaultAction', 'Deny']], {
      word: 'deny',
      controls: ['6.3'],
      title: `Let nobody else reach ${listed([registry.name])}`,
      impact: { kind: 'network', scope: `${listed([registry.name])} answers ${listed(ranges, 3)} only; pipelines and people elsewhere are refused` },
      reversible: { kind: 'yes', how: 'The default action goes back to Allow, through ARM, from anywhere.' },
      after: [...first, ...rules].map(({ id }) => id),
    }),
  ];
}

/** The last step of all: nobody comes in over the internet any more. */
export function close(registry: PulledRegistry, after: readonly string[]): readonly ArmPatch[] {
  if (isFenced(registry) && at(registry.resource, path('properties.publicNetworkAccess')) === 'Disabled') return [];
  return patch(registry, [['properties.publicNetworkAccess', 'Disabled']], {
    word: 'close',
    controls: ['6.3'],
    title: `Close ${listed([registry.name])} to the internet`,
    impact: {
      kind: 'network',
      scope: `only private endpoints reach ${listed([registry.name])}: pipelines, ACR Tasks and people outside of the network are refused`,
    },
    reversible: { kind: 'yes', how: 'Public access is turned on again through ARM, from anywhere.' },
    after,
  });
}
