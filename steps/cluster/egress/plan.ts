import type { ArmUpdate, Change } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { text } from '../../../src/model/json.ts';
import type { Choice, Guard, StepPlan } from '../../../src/model/step.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { commonGuards } from '../../shared/guards.ts';
import type { CodeLine } from '../../shared/iac.ts';
import { CLUSTER_WRITE_MINUTES, poolNames, reimageMinutes } from '../../shared/minutes.ts';
import { WRITE_CLUSTER, WRITE_ROLE_ASSIGNMENT } from '../../shared/permissions.ts';
import { drainGuard, UPGRADE_NODE_IMAGE } from '../../shared/pool-edits.ts';
import { size } from '../../shared/pool-sizes.ts';
import { unavailableGuard } from '../../shared/unavailable.ts';
import { reimagesBySelf } from '../node-access/changes.ts';
import { cidrsOf, fence, gatewayAddresses } from './addresses.ts';
import { buildFirewall, gatewayPool } from './by-hand.ts';
import { becomes, freshNodes, letIn, ownAddresses } from './changes.ts';
import { isInPlace, type OptionId, optionIds, refusal, routesReady, targetOf } from './choose.ts';
import { fenceGuard, firewallGuards, isolationGuards, joinGuard, nodeAddressGuard, oldAddressGuard, subnetGuards, unreadGuard } from './guards.ts';
import { spelled } from './matrix.ts';
import { type Wanted, wantedOf } from './params.ts';
import { subnetPaths } from './paths.ts';
import { addressPut, addressRole, attachGateway, gatewayPut } from './resources.ts';
import { BOOTSTRAP, STATIC_GATEWAY, STEP, wayOut } from './state.ts';

const idsOf = (changes: readonly Change[]): readonly string[] => changes.map(({ id }) => id);
const WRITE_ADDRESS = 'Microsoft.Network/publicIPAddresses/write';

/** What a part of the step comes to: its changes, its own guards, rights beside writing the cluster, and what code must say. */
interface Part extends StepPlan {
  readonly actions: readonly string[];
  readonly code: readonly CodeLine[];
}

const typeLine = (type: string): CodeLine => ({
  terraform: { line: `outbound_type = "${type}"`, effect: 'reverts', note: 'the attribute defaults to "loadBalancer"' },
  bicep: `networkProfile: { outboundType: '${type}' }`,
});

function staticIp(facts: Facts, { addresses }: Wanted): Part {
  const puts = addresses.flatMap((id) => addressPut(facts, id));
  const roles = addresses.flatMap((id) => addressRole(facts, id, idsOf(puts)));
  const known = cidrsOf(facts, addresses);
  // A load balancer alone is followed by AKS itself.
  const fenced = fence(facts).stands && !fence(facts).onlyBalancer;
  const waits = fenced && known.length < addresses.length;
  const entry = fenced && !waits ? letIn(facts, known, []) : [];
  const move = waits ? [] : [ownAddresses(facts, addresses, idsOf([...puts, ...roles, ...entry]))];
  return {
    changes: [...puts, ...roles, ...entry, ...move],
    guards: [oldAddressGuard(facts), ...(fenced ? fenceGuard(facts, { ids: addresses }) : []), ...unreadGuard(facts, addresses), ...joinGuard(facts)],
    actions: [...(puts.length > 0 ? [WRITE_ADDRESS] : []), ...(roles.length > 0 ? [WRITE_ROLE_ASSIGNMENT] : [])],
    code: [
      {
        terraform: { line: 'load_balancer_profile { outbound_ip_address_ids = [ID] } inside network_profile', effect: 'reverts' },
        bicep: 'networkProfile: { loadBalancerProfile: { outboundIPs: { publicIPs: [{ id: ID }] } } }',
      },
    ],
  };
}

const fresh = (facts: Facts, controls: readonly string[], after: readonly ArmUpdate[]) =>
  freshNodes(facts, controls, 'they know the new way out', idsOf(after));

function ownGateway(facts: Facts, { gateway }: Wanted): Part {
  const paths = subnetPaths(facts);
  const bare = paths.state === 'known' ? paths.value.filter(({ natGateway }) => natGateway === undefined).map(({ id }) => id) : [];
  const standing = gatewayAddresses(facts, gateway);
  const address = `${gateway.replace(/\/natGateways\/[^/]+$/i, '/publicIPAddresses')}/${gateway.split('/').at(-1) ?? ''}-ip`;
  const isNew = bare.length > 0 && standing.length === 0;
  const addresses = bare.length === 0 ? [] : isNew ? [address] : standing;
  const put = isNew ? addressPut(facts, address) : [];
  const made: readonly Change[] = isNew ? [...put, gatewayPut(facts, gateway, address, idsOf(put))] : [];
  const known = cidrsOf(facts, addresses);
  const waits = fence(facts).stands && known.length < addresses.length;
  const entry = waits ? [] : letIn(facts, known, []);
  const attached: ArmUpdate[] = [];
  for (const subnet of waits ? [] : bare) attached.push(attachGateway(facts, subnet, gateway, idsOf([...made, ...entry, ...attached])));
  const move = waits
    ? []
    : [
        becomes(facts, 'userassignednatgateway', {
          controls: ['14.1'],
          title: 'Tell AKS that the NAT gateway is the way out',
          after: idsOf([...made, ...entry, ...attached]),
        }),
      ];
  return {
    changes: [...made, ...entry, ...attached, ...move, ...fresh(facts, ['14.1'], move)],
    guards: [
      oldAddressGuard(facts),
      ...fenceGuard(facts, { ids: addresses }),
      ...(isNew ? unreadGuard(facts, [address], gateway) : []),
      ...subnetGuards(facts, bare),
    ],
    actions: isNew ? [WRITE_ADDRESS, 'Microsoft.Network/natGateways/write'] : [],
    code: [typeLine(spelled('userassignednatgateway'))],
  };
}

function managedGateway(facts: Facts): Part {
  const addresses = wayOut(facts).managedCount;
  const move = [becomes(facts, 'managednatgateway', { controls: ['14.1'], title: 'Let traffic leave by a NAT gateway of AKS’s', after: [], addresses })];
  return { changes: [...move, ...fresh(facts, ['14.1'], move)], guards: [oldAddressGuard(facts)], actions: [], code: [typeLine(spelled('managednatgateway'))] };
}

function firewall(facts: Facts, wanted: Wanted): Part {
  if (routesReady(facts) !== true) return { changes: [buildFirewall(facts)], guards: [], actions: [], code: [] };
  const entry = letIn(facts, wanted.firewall, []);
  const move = [
    becomes(facts, 'userdefinedrouting', { controls: ['14.1', '14.2'], title: 'Let traffic leave through the firewall alone', after: idsOf(entry) }),
  ];
  return {
    changes: [...entry, ...move, ...fresh(facts, ['14.2'], move)],
    guards: [oldAddressGuard(facts), ...fenceGuard(facts, { ids: [], cidrs: wanted.firewall }), ...firewallGuards(facts)],
    actions: [],
    code: [typeLine(spelled('userdefinedrouting'))],
  };
}

/** In the documented order: images from a private registry, then nodes that use it, and only then the way out goes. */
function isolate(facts: Facts, { registry }: Wanted): Part {
  const bySelf = reimagesBySelf(facts);
  const { isCached, type } = wayOut(facts);
  const cache: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/cache`,
    step: STEP,
    controls: ['14.3'],
    title: 'Let nodes get AKS’s own images from a private registry',
    target: clusterTarget(facts),
    edits: clusterEdits(facts, [
      [`${BOOTSTRAP}.artifactSource`, 'Cache'],
      ...(registry === undefined ? [] : [[`${BOOTSTRAP}.containerRegistryId`, registry] as const]),
    ]),
    impact: bySelf
      ? { kind: 'reimage', scope: `every node is replaced: ${size(facts)}`, pools: poolNames(facts) }
      : { kind: 'none', scope: 'nothing until nodes get a new image' },
    minutes: bySelf ? reimageMinutes(facts) : CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'partly', how: 'Microsoft’s registry again, which takes another new image for all nodes' },
    after: [],
    alone: true,
  };
  const first = isCached ? [] : [cache];
  const images = isCached ? [] : freshNodes(facts, ['14.3'], 'they start from the private registry', idsOf(first));
  const isOut = type === 'none' || type === 'block';
  const move = isOut ? [] : [becomes(facts, 'none', { controls: ['14.3'], title: 'Take the way out away', after: idsOf([...first, ...images]) })];
  return {
    changes: [...first, ...images, ...move],
    guards: [...(isOut ? [] : isolationGuards(facts)), ...nodeAddressGuard(facts)],
    actions: [],
    code: [
      { terraform: { line: 'bootstrap_profile { artifact_source = "Cache" }', effect: 'reverts' }, bicep: "bootstrapProfile: { artifactSource: 'Cache' }" },
      typeLine('none'),
    ],
  };
}

function egressGateway(facts: Facts): Part {
  const enable: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/static-gateway`,
    step: STEP,
    controls: ['14.3'],
    title: 'Turn the static egress gateway on',
    target: clusterTarget(facts),
    edits: clusterEdits(facts, [[STATIC_GATEWAY, true]]),
    impact: { kind: 'none', scope: 'nothing until a pool and a pod ask for it' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'it is turned off, once the gateway pool is gone' },
    after: [],
  };
  return { changes: [enable, gatewayPool(facts, [enable.id])], guards: [], actions: [], code: [] };
}

function partOf(facts: Facts, id: OptionId, wanted: Wanted): Part {
  switch (id) {
    case 'static-ip':
      return staticIp(facts, wanted);
    case 'nat-gateway':
      return targetOf(facts, id) === 'managednatgateway' ? managedGateway(facts) : ownGateway(facts, wanted);
    case 'firewall':
      return firewall(facts, wanted);
    case 'network-isolated':
      return isolate(facts, wanted);
    case 'static-egress-gateway':
      return egressGateway(facts);
    default:
      return id satisfies never;
  }
}

function allGuards(facts: Facts, part: Part): readonly Guard[] {
  const own = part.changes.filter(({ kind }) => kind !== 'manual');
  if (own.length === 0) return part.guards;
  const rolls = own.some(({ impact }) => impact.kind === 'reimage');
  const writes = own.some((change) => 'target' in change && /managedclusters/i.test(text(change.target.type) ?? ''));
  const actions = [...(writes ? [WRITE_CLUSTER] : []), ...part.actions, ...(own.some(({ kind }) => kind === 'arm.action') ? [UPGRADE_NODE_IMAGE] : [])];
  return [
    ...commonGuards(facts, { impact: rolls ? 'reimage' : 'network', actions, writesCluster: writes, canLockOut: fence(facts).stands, code: part.code }),
    ...part.guards,
    ...(rolls ? [drainGuard] : []),
  ];
}

/** The changes of an option, and what stands before them. */
export function plan(facts: Facts, { option, values }: Choice): StepPlan {
  const id = optionIds.find((one) => one === option);
  if (id === undefined) return { changes: [], guards: [] };
  const refused = refusal(facts, id);
  if (refused !== undefined) return { changes: [], guards: [unavailableGuard(refused)] };
  if (isInPlace(facts, id)) return { changes: [], guards: [] };
  const part = partOf(facts, id, wantedOf(facts, values));
  const guards = [...allGuards(facts, part), ...(id === 'network-isolated' ? [] : nodeAddressGuard(facts))];
  return { changes: part.changes, guards };
}
