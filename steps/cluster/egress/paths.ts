import { type Fact, type Facts, fact } from '../../../src/model/facts.ts';
import { at, isFalse, path, text } from '../../../src/model/json.ts';
import { byId, type DefaultRoute, defaultRoute } from '../../../src/model/way-out.ts';
import { shortName } from '../../shared/texts.ts';
import { wayOut } from './state.ts';

/** How traffic leaves one of the nodes' subnets. */
export interface SubnetPath {
  readonly id: string;
  /** The route for everything else; undefined where no table has one. */
  readonly route: DefaultRoute | undefined;
  readonly table: string | undefined;
  readonly natGateway: string | undefined;
  /** Azure's implicit way to the internet is off. */
  readonly isPrivate: boolean;
}

/** How traffic leaves each of the nodes' subnets. Unknown where the subnets, or a route table that is attached to one, could not be read. */
export function subnetPaths(facts: Facts): Fact<readonly SubnetPath[]> {
  const subnets = fact(facts, 'subnets');
  if (subnets.state === 'unknown') return subnets;
  const own = wayOut(facts).subnets;
  const ids = own.length > 0 ? own : subnets.value.flatMap((subnet) => text(subnet['id']) ?? []);
  const tables = fact(facts, 'routeTables');
  const found: SubnetPath[] = [];
  for (const id of ids) {
    const subnet = byId(subnets.value, id);
    if (subnet === undefined) return { state: 'unknown', reason: `subnet ${shortName(id)} was not found` };
    const tableId = text(at(subnet, path('properties.routeTable.id')));
    if (tableId !== undefined && tables.state === 'unknown') return tables;
    const table = tableId === undefined || tables.state === 'unknown' ? undefined : byId(tables.value, tableId);
    if (tableId !== undefined && table === undefined) return { state: 'unknown', reason: `route table ${shortName(tableId)} was not found` };
    found.push({
      id,
      route: table && defaultRoute(table),
      table: tableId,
      natGateway: text(at(subnet, path('properties.natGateway.id'))),
      isPrivate: isFalse(at(subnet, path('properties.defaultOutboundAccess'))),
    });
  }
  return { state: 'known', value: found };
}

/** Whether everything that leaves a subnet goes to a firewall or another appliance. */
export const isFiltered = ({ route }: SubnetPath): boolean => route?.nextHop === 'virtualappliance';

/** Whether AKS takes the subnet's routes for user-defined routing: a firewall, or a gateway to somewhere else (AKS docs: egress-udr). */
export const isRouted = ({ route }: SubnetPath): boolean => route?.nextHop === 'virtualappliance' || route?.nextHop === 'virtualnetworkgateway';
