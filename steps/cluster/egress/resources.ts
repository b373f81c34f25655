import type { ArmPut, ArmUpdate } from '../../../src/model/change.ts';
import { clusterRef, type Facts } from '../../../src/model/facts.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { roleChange } from '../../shared/roles.ts';
import { listed, shortName } from '../../shared/texts.ts';
import { addressResource, controlPlane, mayJoin } from './addresses.ts';
import { STEP } from './state.ts';
import { stays, unsettling } from './way-back.ts';

const NETWORK_VERSION = '2024-05-01';

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
