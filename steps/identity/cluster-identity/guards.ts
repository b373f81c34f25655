import type { Change } from '../../../src/model/change.ts';
import { type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Guard } from '../../../src/model/step.ts';
import { allows, WRITE_ROLE_ASSIGNMENT } from '../../shared/permissions.ts';
import { drainGuard } from '../../shared/pool-edits.ts';
import { type PulledRegistry, pulledRegistries } from '../../shared/registry-access.ts';
import { grantOf } from '../../shared/roles.ts';
import { listed, plural, sameId, shortName } from '../../shared/texts.ts';
import { actingOf, daysLeft, ownPrivateZone, ownRouteTables, ownSubnets, sharers } from './state.ts';

/** With an expired secret every operation fails, the switch as well (public issue threads: AADSTS7000222). */
function expiredGuard(facts: Facts): readonly Guard[] {
  if (actingOf(facts).kind !== 'service-principal') return [];
  const id = 'secret-good';
  const title = 'The secret of today still works';
  const found = fact(facts, 'servicePrincipal');
  const days = daysLeft(facts);
  if (found.state === 'unknown' || days === undefined) {
    const reason = found.state === 'unknown' ? clean(found.reason) : 'Graph shows no credential';
    return [{ id, title, verdict: 'unknown', detail: `When it ends is not known: ${reason}. With an expired secret the switch itself fails.` }];
  }
  if (days >= 0) return [{ id, title, verdict: 'clear', detail: `The earliest credential ends in ${plural(days, 'day')}.` }];
  return [
    {
      id,
      title,
      verdict: 'refuse',
      detail: 'A credential has expired. If it is the cluster’s, every operation of the cluster fails, this one as well.',
      next: ['Choose rotate-secret first, or remove the expired credential when it is not the cluster’s, and read again.'],
      override: 'the cluster uses another secret',
    },
  ];
}

/** Roles of the service principal that nothing here carries over. */
function notCarriedGuard(facts: Facts, registries: readonly PulledRegistry[]): readonly Guard[] {
  if (actingOf(facts).kind !== 'service-principal') return [];
  const id = 'other-roles';
  const title = 'Nothing else hangs on the service principal’s roles';
  const found = fact(facts, 'identityRoleAssignments');
  if (found.state === 'unknown') return [{ id, title, verdict: 'unknown', detail: `Its role assignments could not be read: ${clean(found.reason)}.` }];
  const zone = ownPrivateZone(facts);
  const carried = [...ownSubnets(facts), ...ownRouteTables(facts), ...registries.map((one) => one.id), ...(zone === undefined ? [] : [zone])];
  const rest = found.value
    .flatMap(({ assignments }) => assignments)
    .map(grantOf)
    .filter(({ scope }) => !carried.some((one) => sameId(one, scope)));
  if (rest.length === 0) return [{ id, title, verdict: 'clear', detail: 'All its roles are about what the new identities are given.' }];
  const said = rest.map(({ role, roleId, scope }) => `${role ?? `role ${roleId}`} on ${shortName(scope) === '' ? '/' : shortName(scope)}`);
  return [
    {
      id,
      title,
      verdict: 'warn',
      detail: `It also has ${listed(said)}. The new identities get their own subnets, route tables and registries only: disks, addresses, DNS zones or vaults in other groups need roles of their own.`,
      next: ['Give the new identities what is needed on single resources before the switch, not a broad role.'],
    },
  ];
}

function sharedGuard(facts: Facts): readonly Guard[] {
  const acting = actingOf(facts);
  if (acting.kind !== 'service-principal') return [];
  const id = 'shared-principal';
  const title = 'Nobody else acts as the same service principal';
  const found = fact(facts, 'siblingClusters');
  if (found.state === 'unknown') return [{ id, title, verdict: 'unknown', detail: `Other clusters could not be listed: ${clean(found.reason)}.` }];
  const others = sharers(facts, acting.appId);
  return others.length === 0
    ? [{ id, title, verdict: 'clear', detail: 'No other cluster of this subscription does. Other subscriptions were not looked at.' }]
    : [
        {
          id,
          title,
          verdict: 'warn',
          detail: `${listed(others.map(shortName))} ${others.length === 1 ? 'acts' : 'act'} as it too: the switch leaves them alone, a deleted application or a removed secret does not.`,
        },
      ];
}

/** Roles on subnets, registries and identities are written outside of the cluster: only rights on the subscription prove them. */
function grantGuard(facts: Facts, changes: readonly Change[]): readonly Guard[] {
  const scopes = changes.flatMap((change) => (change.kind === 'arm.put' ? [change.target.id.replace(/\/providers\/Microsoft\.Authorization\/.*$/i, '')] : []));
  if (scopes.length === 0) return [];
  const id = `permission:${WRITE_ROLE_ASSIGNMENT}`;
  const title = 'Right to assign roles';
  const permissions = knownValue(facts, 'subscriptionPermissions');
  if (permissions !== undefined && allows(permissions, WRITE_ROLE_ASSIGNMENT))
    return [{ id, title, verdict: 'clear', detail: `${WRITE_ROLE_ASSIGNMENT} is allowed in the whole subscription.` }];
  return [
    {
      id,
      title,
      verdict: 'unknown',
      detail: `Whether ${WRITE_ROLE_ASSIGNMENT} is allowed on ${listed(scopes.map(shortName))} is not proven: the subscription as a whole does not grant it. A refusal stops the plan before the switch.`,
    },
  ];
}

/** Guards of a switch, behind those that every step shares. */
export function switchGuards(facts: Facts, changes: readonly Change[], registries: readonly PulledRegistry[]): readonly Guard[] {
  const pulled = pulledRegistries(facts);
  return [
    ...expiredGuard(facts),
    ...grantGuard(facts, changes),
    ...notCarriedGuard(facts, registries),
    ...sharedGuard(facts),
    ...(pulled.state === 'unknown'
      ? [
          {
            id: 'registries-known',
            title: 'Registries are known',
            verdict: 'unknown',
            detail: `Which registries the nodes pull from is not known: ${clean(pulled.reason)}. A registry that is left out refuses the new nodes.`,
          } as const,
        ]
      : []),
    ...(changes.some(({ kind }) => kind === 'arm.put')
      ? [
          {
            id: 'role-delay',
            title: 'Roles have arrived',
            verdict: 'warn',
            detail: 'A new role assignment may take minutes, at times an hour, to hold. Nodes that come up before it cannot pull.',
            next: ['Let the role assignments run first and wait, where an outage of minutes matters.'],
          } as const,
        ]
      : []),
    ...(changes.some(({ impact }) => impact.kind === 'reimage') ? [drainGuard] : []),
  ];
}
