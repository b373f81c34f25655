import type { ArmAction, ArmPut, ArmUpdate, ManualChange } from '../../../src/model/change.ts';
import { clusterRef, type Facts } from '../../../src/model/facts.ts';
import type { Json } from '../../../src/model/json.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { CLUSTER_WRITE_MINUTES, poolNames, reimageMinutes, SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { namedPools, nodeImageUpgrade } from '../../shared/pool-edits.ts';
import { size } from '../../shared/pool-sizes.ts';
import { roleChange } from '../../shared/roles.ts';
import { commandWord, listed, shortName } from '../../shared/texts.ts';
import { nodesComeFromOutside, PROFILE } from '../api-server-exposure/state.ts';
import { reimagesBySelf } from '../node-access/changes.ts';
import { addressResource, controlPlane, fence, mayJoin, outsideFence } from './addresses.ts';
import { type OutboundType, spelled } from './matrix.ts';
import { BALANCER, GATEWAY, STEP, TYPE, wayOut } from './state.ts';

const NETWORK_VERSION = '2024-05-01';
const RANGES = `${PROFILE}.authorizedIPRanges`;

/** What moves the nodes' address makes every list of addresses that was thought out before it wrong. */
const unsettling = (facts: Facts): Pick<ArmUpdate, 'unsettles'> => (nodesComeFromOutside(facts) ? { unsettles: [RANGES] } : {});

/**
 * The way back where a fence stands before the API server: AKS makes a new address, which nobody can let in beforehand. So nothing is put
 * back by itself, and a person does it in the right order.
 */
function byHand(facts: Facts): Pick<ArmUpdate, 'reversible' | 'undo'> | undefined {
  if (!fence(facts).stands) return undefined;
  const note: ManualChange = {
    kind: 'manual',
    id: `${STEP}/back-by-hand`,
    step: STEP,
    controls: ['14.1'],
    title: 'Take the way out back by hand',
    instructions: [
      'The API server lets in named networks only, and the address that AKS would make on the way back is not among them: nodes would be cut off.',
      'Make a public address of your own, add it to the authorized ranges, and then put the load balancer on it: az aks update --outbound-type loadBalancer --load-balancer-outbound-ips ID',
    ],
    doneWhen: 'traffic leaves from the address that you chose, and the nodes are Ready',
    impact: { kind: 'network', scope: 'open connections to the outside break' },
    minutes: [10, 30],
    reversible: { kind: 'yes', how: 'the same way again' },
    after: [],
  };
  return { reversible: { kind: 'partly', how: 'by hand: AKS would make a new address, which the authorized ranges must hold first' }, undo: [note] };
}

/** Beside a way back by hand nothing is taken away by itself: addresses and gateways stay for as long as traffic leaves by them. */
const stays = (facts: Facts): Partial<Pick<ArmPut, 'undo' | 'reversible'>> =>
  fence(facts).stands ? { undo: [], reversible: { kind: 'partly', how: 'it is taken away by hand, once nothing leaves by it' } } : {};

/** A public address of one's own; none where it is there already. */
export function addressPut(facts: Facts, id: string): readonly ArmPut[] {
  const found = addressResource(facts, id);
  if (found !== undefined && found !== 'unread') return [];
  return [
    {
      kind: 'arm.put',
      id: `${STEP}/address-${shortName(id)}`,
      step: STEP,
      controls: ['14.1'],
      title: `Make the public address ${shortName(id)}`,
      target: { id, type: 'Microsoft.Network/publicIPAddresses', apiVersion: NETWORK_VERSION },
      body: {
        location: clusterRef(facts).location,
        sku: { name: 'Standard', tier: 'Regional' },
        properties: { publicIPAllocationMethod: 'Static', publicIPAddressVersion: 'IPv4', idleTimeoutInMinutes: 4 },
      },
      before: undefined,
      impact: { kind: 'billing', scope: 'a Standard public address, by the hour' },
      minutes: SIDE_WRITE_MINUTES,
      reversible: { kind: 'yes', how: 'the address is deleted; nobody gets the same one twice' },
      after: [],
      ...stays(facts),
    },
  ];
}

/** The role that lets the cluster use an address; none where it has it, or where its roles are not known. */
export function addressRole(facts: Facts, id: string, after: readonly string[]): readonly ArmPut[] {
  const acting = controlPlane(facts);
  if (acting === undefined || mayJoin(acting.grants, id)) return [];
  const to = { principalId: acting.principalId, name: `${listed([clusterRef(facts).name])}’s identity` };
  return [
    { ...roleChange(facts, 'Network Contributor', to, id, { id: `${STEP}/role-${shortName(id)}`, step: STEP, controls: ['14.1'], after }), ...stays(facts) },
  ];
}

/** A NAT gateway with one address. */
export function gatewayPut(facts: Facts, id: string, addressId: string, after: readonly string[]): ArmPut {
  return {
    kind: 'arm.put',
    id: `${STEP}/gateway-${shortName(id)}`,
    step: STEP,
    controls: ['14.1'],
    title: `Make the NAT gateway ${shortName(id)}`,
    target: { id, type: 'Microsoft.Network/natGateways', apiVersion: NETWORK_VERSION },
    body: {
      location: clusterRef(facts).location,
      sku: { name: 'Standard' },
      properties: { publicIpAddresses: [{ id: addressId }], idleTimeoutInMinutes: 4 },
    },
    before: undefined,
    impact: { kind: 'billing', scope: 'a NAT gateway, by the hour and by the data that it carries' },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the gateway is deleted' },
    after,
    ...stays(facts),
  };
}

/** Puts a NAT gateway on a subnet. From that moment on everything in the subnet leaves by it, whatever the cluster says. */
export function attachGateway(facts: Facts, subnet: string, gateway: string, after: readonly string[]): ArmUpdate {
  return {
    kind: 'arm.update',
    id: `${STEP}/subnet-${shortName(subnet)}`,
    step: STEP,
    controls: ['14.1'],
    title: `Put NAT gateway ${shortName(gateway)} on subnet ${shortName(subnet)}`,
    target: { id: subnet, type: 'Microsoft.Network/virtualNetworks/subnets', apiVersion: NETWORK_VERSION },
    edits: [{ path: ['properties', 'natGateway'], before: undefined, after: { id: gateway } }],
    impact: { kind: 'network', scope: `everything in subnet ${shortName(subnet)} leaves from the new address at once; open connections to the outside break` },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the gateway is taken off the subnet, and traffic leaves as before' },
    after,
    ...unsettling(facts),
    ...stays(facts),
  };
}

/** Lets the new addresses in at the API server, before traffic comes from them. */
export function letIn(facts: Facts, cidrs: readonly string[], after: readonly string[]): readonly ArmUpdate[] {
  const missing = fence(facts).stands ? outsideFence(facts, cidrs) : [];
  if (missing.length === 0) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/let-in`,
      step: STEP,
      controls: ['14.1'],
      title: `Let ${listed(missing)} in at the API server`,
      target: clusterTarget(facts),
      edits: clusterEdits(facts, [[RANGES, [...fence(facts).ranges, ...missing]]]),
      impact: { kind: 'none', scope: 'one more address may call the API server; takes up to two minutes to hold' },
      minutes: CLUSTER_WRITE_MINUTES,
      reversible: { kind: 'partly', how: 'the range is taken out by hand, once nothing leaves from it' },
      undo: [],
      after,
      alone: true,
    },
  ];
}

/** Puts the load balancer on addresses of one's own. */
export function ownAddresses(facts: Facts, ids: readonly string[], after: readonly string[]): ArmUpdate {
  return {
    kind: 'arm.update',
    id: `${STEP}/static-ip`,
    step: STEP,
    controls: ['14.1'],
    title: `Let traffic leave from ${listed(ids.map(shortName))}`,
    target: clusterTarget(facts),
    edits: clusterEdits(facts, [
      [`${BALANCER}.outboundIPs`, { publicIPs: ids.map((id) => ({ id })) }],
      [`${BALANCER}.managedOutboundIPs`, undefined],
    ]),
    impact: { kind: 'network', scope: 'open connections to the outside break once, and traffic leaves from the new addresses; no node is touched' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'partly', how: 'AKS makes addresses again, but others than before' },
    after,
    ...unsettling(facts),
    ...byHand(facts),
  };
}

/** Changes the outbound type. The load balancer's outgoing addresses go with it: AKS refuses both together. */
export function becomes(facts: Facts, to: OutboundType, rest: Pick<ArmUpdate, 'controls' | 'after' | 'title'> & { readonly addresses?: number }): ArmUpdate {
  const { addresses, ...common } = rest;
  const { managedCount } = wayOut(facts);
  const bySelf = reimagesBySelf(facts);
  const edits = clusterEdits(facts, [
    [TYPE, spelled(to)],
    [BALANCER, undefined],
    ...(addresses === undefined ? [[GATEWAY, undefined] as const] : [[`${GATEWAY}.managedOutboundIPProfile.count`, addresses] as const]),
  ]);
  const change: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/${to}`,
    step: STEP,
    target: clusterTarget(facts),
    edits,
    impact: bySelf
      ? { kind: 'reimage', scope: `open connections to the outside break, and AKS replaces every node: ${size(facts)}`, pools: poolNames(facts) }
      : { kind: 'network', scope: 'open connections to the outside break; what traffic leaves from changes' },
    minutes: bySelf ? reimageMinutes(facts) : CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'partly', how: 'back to the load balancer, with new addresses of AKS’s' },
    alone: true,
    ...unsettling(facts),
    ...common,
  };
  if (to === 'managednatgateway' || to === 'managednatgatewayv2') {
    return { ...change, reversible: { kind: 'no', how: 'AKS lists no way from a NAT gateway of its own back to the load balancer' } };
  }
  const back: ArmUpdate = {
    ...change,
    id: `${STEP}/back-to-load-balancer`,
    title: 'Let traffic leave by the load balancer again',
    edits: [
      { path: TYPE.split('.'), before: spelled(to), after: 'loadBalancer' },
      { path: `${BALANCER}.managedOutboundIPs`.split('.'), before: undefined, after: { count: managedCount } satisfies Json },
    ],
    reversible: { kind: 'yes', how: 'the outbound type is changed again' },
    after: [],
  };
  return { ...change, undo: [back], ...byHand(facts) };
}

/** New node images: until Kubernetes 1.37 nodes learn of a new way out, or a new source of images, only with one (AKS docs: node-disruption-policy). */
export function freshNodes(facts: Facts, controls: readonly string[], why: string, after: readonly string[]): readonly ArmAction[] {
  if (reimagesBySelf(facts)) return [];
  return namedPools(facts).map((pool) => {
    const name = String(pool['name']);
    return nodeImageUpgrade(facts, name, { id: `${STEP}/image-${name}`, step: STEP, controls, why, after });
  });
}

/** Words for the cluster in a command of written instructions. */
export function clusterWords(facts: Facts): string {
  const { name, resourceGroup } = clusterRef(facts);
  return `--resource-group ${commandWord(resourceGroup, 'GROUP')} --name ${commandWord(name, 'CLUSTER')}`;
}
