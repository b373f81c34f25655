import { type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, isTrue, list, path, text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { covered, networksOf } from '../../shared/addresses.ts';
import { allows } from '../../shared/permissions.ts';
import { poolsWhere } from '../../shared/pool-sizes.ts';
import { listed, shortName } from '../../shared/texts.ts';
import { egress, egressReason } from '../api-server-exposure/state.ts';
import { addressResource, cidrsOf, controlPlane, fence, outsideFence } from './addresses.ts';
import { talkative } from './choose.ts';

/** Registries whose own allow-list holds an address that traffic leaves from today. */
function registriesThatKnow(facts: Facts, old: readonly string[]): readonly string[] {
  const inside = networksOf(old);
  return (knownValue(facts, 'registries') ?? [])
    .filter((registry) =>
      list(at(registry, path('properties.networkRuleSet.ipRules'))).some((rule) =>
        networksOf([text(at(rule, ['value'])) ?? '']).some((range) => inside.some((one) => covered(one, [range]))),
      ),
    )
    .map((registry) => shortName(text(registry['id']) ?? ''));
}

/** Everybody who lets in the old address refuses the new one until he knows it. */
export function oldAddressGuard(facts: Facts): Guard {
  const id = 'old-address';
  const title = 'Whoever lets in the old address learns the new one';
  const old = egress(facts);
  const next = [
    'Look through allow-lists of partners, databases, vaults, storage accounts and registries for the old address, and add the new one before traffic moves.',
  ];
  if (old === undefined)
    return {
      id,
      title,
      verdict: 'warn',
      detail: `From where traffic leaves today is not known (${egressReason(facts)}): allow-lists that hold it cannot be told.`,
      next,
    };
  const registries = registriesThatKnow(facts, old);
  if (registries.length > 0) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `Registry ${listed(registries)} lets in ${listed(old)}, from where traffic leaves today: images can no longer be pulled once it leaves from elsewhere.`,
      next: ['az acr network-rule add --name REGISTRY --ip-address NEW_ADDRESS, and keep the old one until traffic has moved.', ...next],
      override: 'the registries let the new address in',
    };
  }
  return { id, title, verdict: 'warn', detail: `Traffic leaves from ${listed(old)} today, and from elsewhere afterwards.`, next };
}

/** The API server's list holds the address that the nodes will come from, before they do. */
export function fenceGuard(facts: Facts, coming: { readonly ids: readonly string[]; readonly cidrs?: readonly string[] }): readonly Guard[] {
  const { stands } = fence(facts);
  if (!stands) return [];
  const id = 'nodes-let-in';
  const title = 'Nodes keep their way to the API server';
  const cidrs = [...cidrsOf(facts, coming.ids), ...(coming.cidrs ?? [])];
  if (coming.ids.length > cidrs.length) {
    return [
      {
        id,
        title,
        verdict: 'warn',
        detail: `The API server lets in named networks only, and ${listed(coming.ids.map(shortName))} has no address yet. So only the address is made now, and no traffic moves.`,
        next: ['Then read the cluster again and choose this option once more: the address goes into the ranges first, and traffic moves after that.'],
      },
    ];
  }
  if (cidrs.length === 0) {
    return [
      {
        id,
        title,
        verdict: 'refuse',
        detail: 'The API server lets in named networks only, and from where traffic will leave is not known: nodes would be cut off within minutes.',
        next: ['Name the addresses that the firewall sends from (firewallAddresses).'],
        override: 'the new address is among the ranges',
      },
    ];
  }
  const missing = outsideFence(facts, cidrs);
  return [
    {
      id,
      title,
      verdict: 'clear',
      detail: missing.length > 0 ? `${listed(missing)} is let in at the API server before traffic moves.` : `${listed(cidrs)} is among the authorized ranges.`,
    },
  ];
}

/** What nobody could look at is taken for new: a wrong guess must not overwrite an address, or a gateway. */
export function unreadGuard(facts: Facts, addresses: readonly string[], gateway?: string): readonly Guard[] {
  const sources = [fact(facts, 'publicAddresses'), ...(gateway === undefined ? [] : [fact(facts, 'natGateways')])];
  const [why] = sources.flatMap((found) => (found.state === 'unknown' ? [found.reason] : []));
  const unread = [
    ...addresses.filter((id) => addressResource(facts, id) === 'unread'),
    ...(gateway !== undefined && sources[1]?.state === 'unknown' ? [gateway] : []),
  ];
  if (unread.length === 0) return [];
  return [
    {
      id: 'addresses-unread',
      title: 'Nothing that is there is written over',
      verdict: 'unknown',
      detail: `What is there already could not be read (${clean(why ?? '')}): whether ${listed(unread.map(shortName))} is there is not known.`,
      next: ['az resource show --ids ID'],
      override: 'nothing of that name is there',
    },
  ];
}

/** The cluster's identity must be let use an address. */
export function joinGuard(facts: Facts): readonly Guard[] {
  if (controlPlane(facts) !== undefined) return [];
  const found = fact(facts, 'identityRoleAssignments');
  return [
    {
      id: 'may-join',
      title: 'The cluster may use the address',
      verdict: 'unknown',
      detail: `What the cluster's identity may do could not be read${found.state === 'unknown' ? ` (${clean(found.reason)})` : ''}: without Network Contributor on the address AKS refuses it (LinkedAuthorizationFailed).`,
      next: [
        'az role assignment create --role "Network Contributor" --assignee-object-id PRINCIPAL --assignee-principal-type ServicePrincipal --scope ADDRESS_ID',
      ],
      override: 'the identity may use the address',
    },
  ];
}

/** Writing a subnet of somebody's network is a right of its own, and touches whatever else is in it. */
export function subnetGuards(facts: Facts, subnets: readonly string[]): readonly Guard[] {
  if (subnets.length === 0) return [];
  const action = 'Microsoft.Network/virtualNetworks/subnets/write';
  const found = fact(facts, 'subscriptionPermissions');
  const proven = found.state === 'known' && allows(found.value, action);
  return [
    {
      id: 'subnet-permission',
      title: 'The subnets may be written',
      verdict: proven ? 'clear' : 'warn',
      detail: proven
        ? `${action} is allowed.`
        : `${action} could not be proven from the subscription: it may be granted on the network alone. Without it the plan stops before any traffic has moved.`,
    },
    {
      id: 'subnet-neighbours',
      title: 'Others in the subnet agree',
      verdict: 'warn',
      detail: `A NAT gateway is for the whole subnet: whatever else is in ${listed(subnets.map(shortName))} leaves from the new address as well, at once. Azure refuses it where something Basic (address, load balancer) is in there.`,
      next: ['az network vnet subnet show --ids SUBNET --query "ipConfigurations[].id"'],
    },
  ];
}

/** Nodes with addresses of their own leave by those, whatever the cluster says. */
export function nodeAddressGuard(facts: Facts): readonly Guard[] {
  const pools = poolsWhere(facts, (pool) => isTrue(pool['enableNodePublicIP']));
  if (pools.length === 0) return [];
  return [
    {
      id: 'node-addresses',
      title: 'No node leaves by an address of its own',
      verdict: 'warn',
      detail: `The nodes of pool ${listed(pools)} have public addresses and leave by them, past whatever is decided here.`,
      next: ['Decide cluster.node-access first.'],
    },
  ];
}

/** What a firewall in the way must let through, which nobody can see in Azure's resources. */
export function firewallGuards(facts: Facts): readonly Guard[] {
  const registries = (knownValue(facts, 'registries') ?? []).map((one) => `${shortName(text(one['id']) ?? '')}.azurecr.io`);
  const addons = talkative(facts);
  return [
    {
      id: 'firewall-rules',
      title: 'The firewall lets through what the cluster needs',
      verdict: 'unknown',
      detail: `Its rules are not read here. AKS's own names (FQDN tag AzureKubernetesService), registries${registries.length > 0 ? ` (${listed(registries, 3)} with their blob storage)` : ''}${addons.length > 0 ? `, ${listed(addons)}` : ''} and everything your pods call: what is missing shows as nodes that do not start and images that do not come.`,
      next: [
        'From a pod: curl -sS https://mcr.microsoft.com/v2/ and the login server of each registry.',
        'AKS docs: outbound-rules-control-egress lists names and ports for each add-on.',
      ],
      override: 'the firewall lets it through',
    },
    {
      id: 'asymmetric-ingress',
      title: 'Public Services still answer',
      verdict: 'warn',
      detail:
        'A request that comes in by the load balancer and is answered through the firewall is dropped there. Public Services need a DNAT rule of the firewall, or a front door of their own.',
      next: ['kubectl get services -A -o wide | grep LoadBalancer'],
    },
  ];
}

/** What an isolated cluster does without. */
export function isolationGuards(facts: Facts): readonly Guard[] {
  const addons = talkative(facts);
  return [
    {
      id: 'no-internet',
      title: 'Nothing in the cluster needs the internet',
      verdict: 'refuse',
      detail: `Every call of every pod to the internet fails from then on, unless you build a way for it. ${addons.length > 0 ? `${listed(addons)} ${addons.length === 1 ? 'needs' : 'need'} a private endpoint or a firewall first. ` : ''}Flux, Dapr, Azure Backup and App Configuration extensions are not supported.`,
      next: [
        'See what leaves today, e.g. with NSG flow logs or Container Network Observability, for a week that holds a month’s end.',
        'Registries, vaults, storage and databases get private endpoints before the way out goes.',
      ],
      override: 'nothing needs the internet',
    },
  ];
}
