import type { ManualChange } from '../../../src/model/change.ts';
import { type Facts, knownValue } from '../../../src/model/facts.ts';
import { isGuid } from '../../shared/texts.ts';
import { clusterWords, hubPlace, idWord, isManagedNetwork, ownPlace, type Place, resourceWords } from './places.ts';
import { isLockedDown, openWay, STEP, type Way, waysIn } from './state.ts';

/** The application that Azure's own VPN client signs in as, in public Azure (VPN Gateway docs: point-to-site-entra-gateway). */
const VPN_CLIENT = 'c632b3df-fb67-4d84-bdcf-b95ad541b5c8';

const READY = 'kubectl get --raw /readyz';
const ok = 'kubectl get --raw /readyz prints ok, over this way and no other';
const common = { kind: 'manual', step: STEP, controls: ['12.2'], after: [] } as const;

/** Where something new is built, and what must be made before. Never in the network that AKS keeps in the node resource group. */
function site(facts: Facts): { readonly place: Place; readonly before: readonly string[] } {
  const hub = hubPlace(facts);
  if (hub !== undefined) return { place: hub, before: [] };
  const own = ownPlace(facts);
  if (!isManagedNetwork(facts)) return { place: own, before: [] };
  const place: Place = { id: '', network: 'HUB_NETWORK', where: '--resource-group HUB_GROUP' };
  return {
    place,
    before: [
      `AKS made the network ${own.network}, in the node resource group: build in a network of your own beside it.`,
      'az network vnet create --resource-group HUB_GROUP --name HUB_NETWORK --address-prefixes A.B.C.D/22',
      `az network vnet peering create --resource-group HUB_GROUP --vnet-name HUB_NETWORK --name to-cluster --remote-vnet ${idWord(own.id, 'CLUSTER_NETWORK_ID')} --allow-vnet-access true --allow-gateway-transit true`,
      `az network vnet peering create ${own.where} --vnet-name ${own.network} --name to-hub --remote-vnet HUB_NETWORK_ID --allow-vnet-access true`,
      ...(isLockedDown(facts)
        ? ['That last peering is refused while the node resource group is locked down: lift the lockdown for it (governance.resource-group-lockdown).']
        : []),
    ],
  };
}

const subnet = ({ where, network }: Place, name: string, size: number): string =>
  `az network vnet subnet create ${where} --vnet-name ${network} --name ${name} --address-prefixes A.B.C.D/${size}`;
const address = ({ where }: Place, name: string, zones = ''): string =>
  `az network public-ip create ${where} --name ${name} --sku Standard --allocation-method Static${zones}`;

const tunnel = (facts: Facts, bastionId: string): readonly string[] => [
  'Each person needs the role Reader on the cluster, on the Bastion and, where that is peered, on the cluster’s network.',
  'az extension add --name aks-preview',
  'az extension add --name bastion',
  `az aks bastion tunnel ${clusterWords(facts)} --bastion ${idWord(bastionId, 'BASTION_ID')}`,
  `In the shell that it opens: ${READY}`,
];

/** Bastion: try the one that is there, raise one that has no tunnel, or make one. */
export function bastionByHand(facts: Facts): ManualChange {
  const open = openWay(facts, 'bastion');
  if (open !== undefined) {
    return {
      ...common,
      id: `${STEP}/try-bastion`,
      title: `Try the tunnel through ${open.name}`,
      instructions: tunnel(facts, open.id),
      doneWhen: ok,
      impact: { kind: 'none', scope: 'one connection' },
      minutes: [1, 5],
      reversible: { kind: 'yes', how: 'the tunnel is closed' },
    };
  }
  const shut = waysIn(facts).find((way) => way.kind === 'bastion' && /tier|native client/.test(way.fault ?? ''));
  if (shut !== undefined) {
    const { name, where } = resourceWords(facts, shut.id);
    return {
      ...common,
      id: `${STEP}/raise-bastion`,
      title: `Let ${shut.name} make tunnels`,
      instructions: [`az network bastion update ${where} --name ${name} --sku Standard --enable-tunneling true`, ...tunnel(facts, shut.id)],
      doneWhen: ok,
      impact: { kind: 'billing', scope: 'a Bastion of a higher tier, by the hour; its sessions break off while it changes' },
      minutes: [10, 20],
      reversible: { kind: 'partly', how: 'tunnels can be switched off; a tier cannot be lowered, only the Bastion made anew' },
    };
  }
  const { place, before } = site(facts);
  return {
    ...common,
    id: `${STEP}/make-bastion`,
    title: 'Set up a Bastion with tunnels',
    instructions: [
      ...before,
      subnet(place, 'AzureBastionSubnet', 26),
      address(place, 'bastion-ip'),
      `az network bastion create ${place.where} --name bastion --vnet-name ${place.network} --public-ip-address bastion-ip --sku Standard --enable-tunneling true`,
      ...tunnel(facts, 'BASTION_ID'),
    ],
    doneWhen: ok,
    impact: { kind: 'billing', scope: 'a Bastion by the hour; the cluster is not touched' },
    minutes: [15, 40],
    reversible: { kind: 'yes', how: 'az network bastion delete' },
  };
}

const connect = (facts: Facts): readonly string[] => [
  `Connected: az aks get-credentials ${clusterWords(facts)}, then nslookup of the server's name must give a private address. If it does not, let the people's DNS reach the private zone (a DNS Private Resolver in the network).`,
  READY,
];

function peeringWords(facts: Facts, shut: Way): readonly string[] {
  const own = ownPlace(facts);
  const hub = hubPlace(facts);
  const hubWords = hub === undefined ? '--resource-group HUB_GROUP --vnet-name HUB_NETWORK' : `${hub.where} --vnet-name ${hub.network}`;
  return [
    `${shut.name} stands in ${shut.network}. First look which routes it brings: they will hold for the nodes too.`,
    `az network vnet peering update ${hubWords} --name PEERING_TO_CLUSTER --set allowGatewayTransit=true`,
    `az network vnet peering update ${own.where} --vnet-name ${own.network} --name PEERING_TO_HUB --set useRemoteGateways=true`,
  ];
}

/** VPN or ExpressRoute: try the gateway that is there, let the network use one beside it, or make one. */
export function gatewayByHand(facts: Facts): ManualChange {
  const open = openWay(facts, 'gateway');
  if (open !== undefined) {
    return {
      ...common,
      id: `${STEP}/try-gateway`,
      title: `Come in through ${open.name}`,
      instructions: connect(facts),
      doneWhen: ok,
      impact: { kind: 'none', scope: 'one connection' },
      minutes: [2, 15],
      reversible: { kind: 'yes', how: 'the connection is closed' },
    };
  }
  const shut = waysIn(facts).find((way) => way.kind === 'gateway' && /does not use/.test(way.fault ?? ''));
  if (shut !== undefined) {
    return {
      ...common,
      id: `${STEP}/use-gateway`,
      title: `Use the gateway ${shut.name} from the cluster's network`,
      instructions: [...peeringWords(facts, shut), ...connect(facts)],
      doneWhen: ok,
      impact: { kind: 'network', scope: 'routes of the gateway hold in the cluster’s network from then on' },
      minutes: [5, 20],
      reversible: { kind: 'yes', how: 'the same two properties, set to false' },
    };
  }
  const { place, before } = site(facts);
  const known = knownValue(facts, 'subscriptionTenant');
  const tenant = known !== undefined && isGuid(known) ? known : 'TENANT_ID';
  return {
    ...common,
    id: `${STEP}/make-gateway`,
    title: 'Set up a VPN that people dial in to',
    instructions: [
      ...before,
      subnet(place, 'GatewaySubnet', 27),
      address(place, 'vpn-ip', ' --zone 1 2 3'),
      `az network vnet-gateway create ${place.where} --name vpn --vnet ${place.network} --public-ip-address vpn-ip --gateway-type Vpn --vpn-type RouteBased --sku VpnGw1AZ --address-prefixes A.B.C.D/24 --client-protocol OpenVPN --vpn-auth-type AAD --aad-tenant https://login.microsoftonline.com/${tenant}/ --aad-audience ${VPN_CLIENT} --aad-issuer https://sts.windows.net/${tenant}/`,
      ...(place.id === ownPlace(facts).id && place.id !== ''
        ? []
        : ['The peering from the cluster’s side must use it: useRemoteGateways=true; the other side allowGatewayTransit=true.']),
      ...connect(facts),
    ],
    doneWhen: ok,
    impact: { kind: 'billing', scope: 'a gateway by the hour; the cluster is not touched' },
    minutes: [45, 120],
    reversible: { kind: 'yes', how: 'az network vnet-gateway delete' },
  };
}

/** A machine in the network: the oldest way, and one more machine to keep. */
export function machineByHand(facts: Facts): ManualChange {
  const { place, before } = site(facts);
  return {
    ...common,
    id: `${STEP}/jump-machine`,
    title: 'Set up a jump machine without a public address',
    instructions: [
      ...before,
      subnet(place, 'jump', 28),
      `az vm create ${place.where} --name jump --image Ubuntu2404 --size Standard_B2s --vnet-name ${place.network} --subnet jump --public-ip-address "" --nsg "" --assign-identity "[system]" --patch-mode AutomaticByPlatform --generate-ssh-keys`,
      `az vm extension set ${place.where} --vm-name jump --publisher Microsoft.Azure.ActiveDirectory --name AADSSHLoginForLinux`,
      'Give people the role Virtual Machine User Login on it; they come in by Bastion (any tier, from the portal) or a VPN, not by an open SSH port.',
      'Azure patches it now; let it turn off at night.',
      `On it: az login, az aks get-credentials ${clusterWords(facts)}, kubelogin convert-kubeconfig, ${READY}`,
    ],
    doneWhen: ok,
    impact: { kind: 'billing', scope: 'a small machine by the hour; the cluster is not touched' },
    minutes: [20, 60],
    reversible: { kind: 'yes', how: 'the machine is deleted' },
  };
}
