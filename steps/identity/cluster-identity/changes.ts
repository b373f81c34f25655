import type { ArmPut, ArmUpdate, Change, Edit, Reversible } from '../../../src/model/change.ts';
import { clusterAt, type Facts, knownValue, type ManagedIdentity } from '../../../src/model/facts.ts';
import { isObject, type Json, type JsonObject, text } from '../../../src/model/json.ts';
import { BALANCER, wayOut } from '../../cluster/egress/state.ts';
import { clusterTarget } from '../../shared/edits.ts';
import { poolNames, reimageMinutes } from '../../shared/minutes.ts';
import { nodeImageUpgrade } from '../../shared/pool-edits.ts';
import { type PulledRegistry, pullRole } from '../../shared/registry-access.ts';
import { grantOf, type Role, reaches, roleChange } from '../../shared/roles.ts';
import { sameId, shortName } from '../../shared/texts.ts';
import type { Wanted } from './params.ts';
import { actingOf, identityIds, ownPrivateZone, ownRouteTables, ownSubnets, STEP, SWITCH } from './state.ts';

const KUBELET = ['properties', 'identityProfile', 'kubeletidentity'];

/** The network that a subnet belongs to. */
const networkOf = (subnet: string): string => subnet.replace(/\/subnets\/[^/]+$/i, '');

/** True where assignments were read and one of them gives the role there already. */
function holds(facts: Facts, principalId: string, role: Role, scope: string): boolean {
  const own = (knownValue(facts, 'identityRoleAssignments') ?? []).filter((one) => sameId(one.principalId, principalId));
  return own.some(({ assignments }) => assignments.map(grantOf).some((grant) => grant.role === role && !grant.condition && reaches(grant.scope, scope)));
}

/** What the control plane needs beside its own resource group: the kubelets' identity, subnets, route tables and a DNS zone that it did not make. */
function controlPlaneGrants(facts: Facts, kubelet: ManagedIdentity): readonly (readonly [Role, string])[] {
  const subnets = ownSubnets(facts);
  const zone = ownPrivateZone(facts);
  return [
    ['Managed Identity Operator', kubelet.id],
    // Outgoing addresses of one's own: without the right to use them every later write of the load balancer fails.
    ...[...subnets, ...ownRouteTables(facts), ...wayOut(facts).ownAddresses].map((id): readonly [Role, string] => ['Network Contributor', id]),
    ...(zone === undefined
      ? []
      : [
          ['Private DNS Zone Contributor', zone] as const,
          ...[...new Set(subnets.map(networkOf))].map((id): readonly [Role, string] => ['Network Contributor', id]),
        ]),
  ];
}

/** Roles that both identities must hold before anything acts as them. Those in place are left out. */
export function grantChanges(facts: Facts, control: ManagedIdentity, kubelet: ManagedIdentity, registries: readonly PulledRegistry[]): readonly ArmPut[] {
  const wanted: readonly (readonly [ManagedIdentity, Role, string, string])[] = [
    ...controlPlaneGrants(facts, kubelet).map(([role, scope]) => [control, role, scope, '1.1'] as const),
    ...registries.map((registry) => [kubelet, pullRole(registry.resource), registry.id, '1.4'] as const),
  ];
  return wanted
    .filter(([identity, role, scope]) => !holds(facts, identity.principalId, role, scope))
    .map(([identity, role, scope, controlId], i) => ({
      ...roleChange(facts, role, { principalId: identity.principalId, name: shortName(identity.id) }, scope, {
        id: `${STEP}/grant-${i + 1}`,
        step: STEP,
        controls: [controlId],
        after: [],
      }),
      // The switch stays, and the cluster cannot do without its roles from then on: an undo must not take them away.
      ...(actingOf(facts).kind === 'service-principal'
        ? {
            undo: [],
            reversible: {
              kind: 'partly',
              how: 'The role can be deleted as long as the cluster does not act as this identity; afterwards it is needed.',
            } as const,
          }
        : {}),
    }));
}

/** An identity map as it may be written: ARM refuses the ids that it shows itself. */
function blank(map: Json | undefined): JsonObject | undefined {
  return isObject(map) ? Object.fromEntries(Object.keys(map).map((id) => [id, {}])) : undefined;
}

function typeEdits(facts: Facts, type: 'SystemAssigned' | 'UserAssigned', id?: string): readonly Edit[] {
  const before = clusterAt(facts, 'identity.userAssignedIdentities');
  const stands = id === undefined ? identityIds(facts).control.length === 0 : identityIds(facts).control.some((one) => sameId(one, id));
  const beforeType = clusterAt(facts, 'identity.type');
  return [
    ...(text(beforeType)?.toLowerCase() === type.toLowerCase() ? [] : [{ path: ['identity', 'type'], before: beforeType, after: type }]),
    ...(stands ? [] : [{ path: ['identity', 'userAssignedIdentities'], before, after: id === undefined ? undefined : { [id]: {} } }]),
  ];
}

function switchChange(facts: Facts, edits: readonly Edit[], after: readonly string[]): ArmUpdate | undefined {
  if (edits.length === 0) return undefined;
  const oneWay = actingOf(facts).kind === 'service-principal';
  const reimages = oneWay || edits.some(({ path }) => path.includes('kubeletidentity'));
  const reversible: Reversible = oneWay
    ? { kind: 'no', how: 'A cluster with a managed identity never goes back to a service principal. The kind of managed identity can be changed later.' }
    : { kind: 'yes', how: 'The identities of before are written back; another kubelet identity replaces the nodes once more.' };
  const common = {
    step: STEP,
    controls: oneWay ? ['1.1', '1.2', '1.4'] : ['1.4'],
    target: clusterTarget(facts),
    impact: reimages
      ? ({ kind: 'reimage', scope: 'every pool, one round of surge nodes after the other; pods move', pools: poolNames(facts) } as const)
      : ({ kind: 'none', scope: 'the control plane takes the new identity up within hours; no node is touched' } as const),
    minutes: reimages ? reimageMinutes(facts) : ([2, 4] as const),
  };
  const undo: readonly Change[] = [
    {
      kind: 'arm.update',
      id: `${SWITCH}/undo`,
      ...common,
      title: 'Undo: act with the identities of before',
      edits: edits.map(({ path, before, after: wanted }) => ({
        path,
        before: wanted,
        after:
          path.at(-1) === 'userAssignedIdentities'
            ? blank(before)
            : path.at(-1) === 'kubeletidentity' && isObject(before)
              ? { resourceId: before['resourceId'] }
              : before,
      })),
      reversible: { kind: 'yes', how: 'apply the change again' },
      after: [],
    },
  ];
  return {
    kind: 'arm.update',
    id: SWITCH,
    ...common,
    title: oneWay ? 'Let the cluster act with a managed identity instead of its service principal' : 'Let the cluster act with identities of your own',
    edits,
    reversible,
    after,
    // Who may use addresses of one's own is another question afterwards.
    unsettles: [`${BALANCER}.outboundIPs`],
    ...(oneWay ? {} : { undo }),
  };
}

/** Roles first, then the switch to two identities of one's own. */
export function userAssignedChanges(facts: Facts, { control, kubelet, registries }: Wanted): readonly Change[] {
  if (control === undefined || kubelet === undefined || sameId(control.id, kubelet.id)) return [];
  const stands = sameId(identityIds(facts).kubelet ?? '', kubelet.id);
  const edits: readonly Edit[] = [
    ...typeEdits(facts, 'UserAssigned', control.id),
    ...(stands ? [] : [{ path: KUBELET, before: clusterAt(facts, KUBELET.join('.')), after: { resourceId: kubelet.id } }]),
  ];
  const grants = edits.length > 0 ? grantChanges(facts, control, kubelet, registries) : [];
  const change = switchChange(
    facts,
    edits,
    grants.map(({ id }) => id),
  );
  return change === undefined ? [] : [...grants, change];
}

/** The switch to the identity that Azure makes; nodes follow with a new image where nothing has to be granted by hand in between. */
export function systemAssignedChanges(facts: Facts, mustGrant: boolean): readonly Change[] {
  const change = switchChange(facts, typeEdits(facts, 'SystemAssigned'), []);
  if (change === undefined) return [];
  const nodes = mustGrant
    ? []
    : poolNames(facts).map((pool) =>
        nodeImageUpgrade(facts, pool, {
          id: `${STEP}/nodes-${pool}`,
          step: STEP,
          controls: ['1.1'],
          after: [SWITCH],
          why: 'its kubelets leave the service principal behind',
        }),
      );
  return [change, ...nodes];
}
