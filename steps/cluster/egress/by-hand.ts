import type { ManualChange } from '../../../src/model/change.ts';
import { clusterRef, type Facts, idPart, knownValue } from '../../../src/model/facts.ts';
import { at, list, path, text } from '../../../src/model/json.ts';
import { commandWord, listed, shortName } from '../../shared/texts.ts';
import { network } from '../network-policy/state.ts';
import { clusterWords } from './changes.ts';
import { isRouted, subnetPaths } from './paths.ts';
import { STEP, wayOut } from './state.ts';

const word = (id: string, part: string, placeholder: string): string => commandWord(idPart(id, part) ?? '', placeholder);

/** Private addresses of the Azure firewalls that were found, for a person to pick from. */
function firewallsFound(facts: Facts): string {
  const found = (knownValue(facts, 'firewalls') ?? []).map((firewall) => {
    const address = list(at(firewall, path('properties.ipConfigurations'))).flatMap((one) => text(at(one, path('properties.privateIPAddress'))) ?? [])[0];
    return `${shortName(text(firewall['id']) ?? '')} at ${address ?? 'no address yet'}`;
  });
  return found.length > 0 ? `Firewalls found: ${listed(found)}.` : 'No Azure firewall was found in the subscription.';
}

/**
 * A firewall, its rules and the routes to it. Made by people: a route for everything moves all traffic of a subnet in one moment, and whether
 * the firewall's rules let it through cannot be seen in Azure's resources.
 */
export function buildFirewall(facts: Facts): ManualChange {
  const paths = subnetPaths(facts);
  const open = paths.state === 'known' ? paths.value.filter((one) => !isRouted(one)).map(({ id }) => id) : wayOut(facts).subnets;
  const { location } = clusterRef(facts);
  const place = commandWord(location, 'LOCATION');
  const kubenet = network(facts).plugin === 'kubenet';
  return {
    kind: 'manual',
    id: `${STEP}/build-firewall`,
    step: STEP,
    controls: ['14.2'],
    title: 'Build the way through a firewall',
    instructions: [
      `${firewallsFound(facts)} Take one, or make one: az extension add --name azure-firewall, then az network public-ip create --sku Standard, az network firewall create --enable-dns-proxy true and az network firewall ip-config create, in a subnet named AzureFirewallSubnet.`,
      `Rules first, for what AKS needs (AKS docs: limit-egress-traffic): an application rule with --fqdn-tags AzureKubernetesService, network rules for AzureCloud.${place} on UDP 1194 and TCP 9000, NTP, and every registry, add-on and partner that the cluster calls. Private clusters need neither 1194 nor 9000.`,
      kubenet
        ? 'The subnet has the route table in which kubenet keeps its pod routes: add the route to that one, never replace it.'
        : `A route table in the network's group: az network route-table create --location ${place}`,
      'az network route-table route create --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address FIREWALL_PRIVATE_ADDRESS; and the firewall’s own public address as /32 with --next-hop-type Internet.',
      'Public Services stop answering where replies leave by the firewall: bring their traffic in through it as well (DNAT), before the next line.',
      ...open.map(
        (id) =>
          `In a maintenance window, for everything in the subnet leaves by the firewall from then on: az network vnet subnet update --resource-group ${word(id, 'resourceGroups', 'GROUP')} --vnet-name ${word(id, 'virtualNetworks', 'NETWORK')} --name ${word(id, 'subnets', 'SUBNET')} --route-table ID`,
      ),
      'See that a new pod can pull and call out, then read the cluster again and choose this option once more: it closes the load balancer’s way out.',
    ],
    doneWhen: `the route table of ${listed(open.map(shortName))} sends 0.0.0.0/0 to the firewall, and pods still reach what they need`,
    impact: { kind: 'network', scope: `everything that leaves subnet ${listed(open.map(shortName))}, whoever it belongs to` },
    minutes: [240, 2880],
    reversible: { kind: 'yes', how: 'the route table is taken off the subnets again' },
    after: [],
  };
}

/** The pool that carries single namespaces' traffic, and who uses it. */
export function gatewayPool(facts: Facts, after: readonly string[]): ManualChange {
  return {
    kind: 'manual',
    id: `${STEP}/gateway-pool`,
    step: STEP,
    controls: ['14.3'],
    title: 'Make the gateway pool, and say which pods leave by it',
    instructions: [
      `az aks nodepool add ${clusterWords(facts).replace('--name', '--cluster-name')} --name egressgw --mode gateway --node-count 2 --gateway-prefix-size 30`,
      'In each namespace that needs addresses of its own a StaticGatewayConfiguration that names the pool (AKS docs: configure-static-egress-gateway), and the annotation kubernetes.azure.com/static-gateway-configuration on its pods.',
      'NetworkPolicy does not hold for what leaves by the gateway: allow only pods that are trusted with that.',
    ],
    doneWhen: 'kubectl get staticgatewayconfiguration -A shows an egressIpPrefix for each',
    impact: { kind: 'billing', scope: 'two more nodes and a public IP prefix' },
    minutes: [20, 60],
    reversible: { kind: 'yes', how: 'the annotation, the configuration and the pool are taken away' },
    after,
  };
}
