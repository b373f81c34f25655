import type { ArmResource } from '../../model/facts.ts';
import type { JsonObject } from '../../model/json.ts';
import { network, publicIp, resource, subscription, tenantId } from './ground.ts';

/** What people come in by: a Bastion with tunnels, or a VPN gateway that laptops dial in to with their Entra sign-in. */
export type Door = 'bastion' | 'vpn';

/** Where a hub stands, and what it is beside. */
export interface HubPlan {
  readonly group: string;
  /** The id of the network that is peered with it. */
  readonly spoke: string;
  readonly door: Door;
  /** The public address of the door. */
  readonly address: string;
}

/** A hub network: its own resources, and the peering as the spoke shows it. */
export interface Hub {
  readonly peering: JsonObject;
  readonly resources: readonly ArmResource[];
}

const NAME = 'hub-vnet';

/** One side of a peering. */
function peering(name: string, remote: string, own: JsonObject): JsonObject {
  return {
    name,
    type: 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
    properties: {
      provisioningState: 'Succeeded',
      peeringState: 'Connected',
      peeringSyncLevel: 'FullyInSync',
      remoteVirtualNetwork: { id: remote },
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: true,
      allowGatewayTransit: false,
      useRemoteGateways: false,
      ...own,
    },
  };
}

const bastion = (group: string, subnet: string, address: string): ArmResource =>
  resource(
    group,
    'Microsoft.Network/bastionHosts',
    'hub-bastion',
    {
      dnsName: 'bst-0d0d0d0d.bastion.azure.com',
      enableTunneling: true,
      scaleUnits: 2,
      ipConfigurations: [{ name: 'out', properties: { privateIPAllocationMethod: 'Dynamic', publicIPAddress: { id: address }, subnet: { id: subnet } } }],
    },
    { sku: { name: 'Standard' } },
  );

/** The audience is Azure's own VPN client, registered by Microsoft (VPN Gateway docs: point-to-site-entra-gateway). */
const vpn = (group: string, subnet: string, address: string): ArmResource =>
  resource(group, 'Microsoft.Network/virtualNetworkGateways', 'hub-vpn', {
    gatewayType: 'Vpn',
    vpnType: 'RouteBased',
    vpnGatewayGeneration: 'Generation1',
    activeActive: false,
    sku: { name: 'VpnGw1AZ', tier: 'VpnGw1AZ', capacity: 2 },
    ipConfigurations: [{ name: 'default', properties: { privateIPAllocationMethod: 'Dynamic', publicIPAddress: { id: address }, subnet: { id: subnet } } }],
    vpnClientConfiguration: {
      vpnClientAddressPool: { addressPrefixes: ['172.16.201.0/24'] },
      vpnClientProtocols: ['OpenVPN'],
      vpnAuthenticationTypes: ['AAD'],
      aadTenant: `https://login.microsoftonline.com/${tenantId}/`,
      aadAudience: 'c632b3df-fb67-4d84-bdcf-b95ad541b5c8',
      aadIssuer: `https://sts.windows.net/${tenantId}/`,
    },
  });

const doors = {
  bastion: { subnet: 'AzureBastionSubnet', addressPrefix: '10.20.1.0/26', make: bastion, uses: {}, transit: {} },
  vpn: { subnet: 'GatewaySubnet', addressPrefix: '10.20.2.0/27', make: vpn, uses: { useRemoteGateways: true }, transit: { allowGatewayTransit: true } },
} as const;

/** A hub network, peered with a spoke, with a way in for people. */
export function hub({ group, spoke, door, address }: HubPlan): Hub {
  const { subnet, addressPrefix, make, uses, transit } = doors[door];
  const id = `${subscription}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/${NAME}`;
  const outside = publicIp(group, `hub-${door}-ip`, address);
  const entrance = make(group, `${id}/subnets/${subnet}`, String(outside['id']));
  const kind = String(entrance['type']).split('/')[1] ?? '';
  const subnets = [
    { name: 'AzureFirewallSubnet', addressPrefix: '10.20.0.0/26' },
    {
      name: subnet,
      addressPrefix,
      usedBy: [`${String(entrance['id'])}/${kind === 'bastionHosts' ? 'bastionHostIpConfigurations' : 'ipConfigurations'}/default`],
    },
  ];
  const name = spoke.split('/').at(-1) ?? 'spoke';
  return {
    peering: peering('to-hub', id, uses),
    resources: [...network(group, NAME, '10.20.0.0/16', subnets, [peering(`to-${name}`, spoke, transit)]), outside, entrance],
  };
}
