import type { ArmResource } from '../../model/facts.ts';
import { resource, subscription } from './ground.ts';

/** A firewall in a hub, and a route table that sends everything to it. */
export interface Behind {
  readonly routeTable: string;
  readonly resources: readonly ArmResource[];
}

const PRIVATE_ADDRESS = '10.20.0.4';

/** An Azure firewall with a public address, and the route to it for `subnets` (ids). The subnets name the table themselves. */
export function behindFirewall(group: string, publicAddress: string, subnets: readonly string[]): Behind {
  const table = resource(group, 'Microsoft.Network/routeTables', 'to-firewall', {
    disableBgpRoutePropagation: true,
    subnets: subnets.map((id) => ({ id })),
    routes: [
      {
        name: 'everything',
        properties: { provisioningState: 'Succeeded', addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: PRIVATE_ADDRESS },
      },
    ],
  });
  const hub = `${subscription}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/hub-vnet/subnets/AzureFirewallSubnet`;
  const firewall = resource(
    group,
    'Microsoft.Network/azureFirewalls',
    'hub-firewall',
    {
      sku: { name: 'AZFW_VNet', tier: 'Standard' },
      ipConfigurations: [{ name: 'out', properties: { privateIPAddress: PRIVATE_ADDRESS, publicIPAddress: { id: publicAddress }, subnet: { id: hub } } }],
    },
    { zones: ['1', '2', '3'] },
  );
  return { routeTable: String(table['id']), resources: [table, firewall] };
}
