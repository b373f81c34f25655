import ipaddr from 'ipaddr.js';
import { at, isObject, list, text, texts } from '../../model/json.ts';
import { resourceOf } from '../world.ts';
import { changes, invalid, lowerShall, type Rule, shall, unchangeable, type Write, was } from './rule.ts';

const ranges = 'apiServerAccessProfile.authorizedIPRanges';
const moreInfo = 'Refer to https://aka.ms/aks/auth-ip-ranges for more details';

const wanted = (write: Write): readonly string[] => texts(shall(write, ranges));
const setsRanges = (write: Write): boolean => wanted(write).length > 0 && changes(write, ranges);

/** True for an IPv4 address or network in CIDR notation. */
export function isRange(value: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(value) || (ipaddr.IPv4.isValidCIDR(value) && ipaddr.IPv4.isValidFourPartDecimal(value.split('/')[0] ?? ''));
}

function apiServerSubnet(write: Write): string | undefined {
  const id = text(shall(write, 'apiServerAccessProfile.subnetId'));
  if (id === undefined) return 'a subnet is required to enable API Server VNet Integration on an existing cluster';
  const subnet = resourceOf(write.world, id);
  if (subnet === undefined) return `the subnet ${id} was not found`;
  const delegated = list(at(subnet, ['properties', 'delegations'])).some(
    (one) => isObject(one) && text(at(one, ['properties', 'serviceName']))?.toLowerCase() === 'microsoft.containerservice/managedclusters',
  );
  if (!delegated) return `the subnet ${id} is not delegated to Microsoft.ContainerService/managedClusters`;
  const bits = Number((text(at(subnet, ['properties', 'addressPrefix'])) ?? '').split('/')[1]);
  return bits > 28 ? `the subnet ${id} is smaller than /28` : undefined;
}

/** Who reaches the API server. AKS docs: api-server-authorized-ip-ranges, api-server-vnet-integration, private-clusters. */
export const apiServerRules: readonly Rule[] = [
  {
    id: 'ranges-malformed',
    code: 'InvalidParameter',
    target: ranges,
    broken: (write) => {
      const wrong = changes(write, ranges) ? wanted(write).find((range) => !isRange(range)) : undefined;
      return wrong === undefined ? undefined : invalid(ranges, `${wrong} is not an IPv4 address or CIDR. ${moreInfo}`);
    },
  },
  {
    // Recorded text, from a public issue thread of terraform-azurerm-aks.
    id: 'ranges-zero-with-others',
    code: 'InvalidParameter',
    target: ranges,
    broken: (write) =>
      setsRanges(write) && wanted(write).includes('0.0.0.0/32') && wanted(write).length > 1
        ? `Setting apiServerAuthorizedIPRange to 0.0.0.0/32 is not allowed with other IP ranges. ${moreInfo}`
        : undefined,
  },
  {
    id: 'ranges-too-many',
    code: 'InvalidParameter',
    target: ranges,
    broken: (write) => {
      const most = shall(write, 'apiServerAccessProfile.enableVnetIntegration') === true ? 2000 : 200;
      return wanted(write).length > most && changes(write, ranges)
        ? invalid(ranges, `the number of authorized IP ranges ${wanted(write).length} exceeds the limit of ${most}`)
        : undefined;
    },
  },
  {
    id: 'ranges-private-cluster',
    code: 'InvalidParameter',
    target: ranges,
    broken: (write) =>
      wanted(write).length > 0 &&
      shall(write, 'apiServerAccessProfile.enablePrivateCluster') === true &&
      (changes(write, ranges) || changes(write, 'apiServerAccessProfile.enablePrivateCluster'))
        ? invalid(ranges, 'authorized IP ranges are not supported for private clusters')
        : undefined,
  },
  {
    id: 'ranges-basic-load-balancer',
    code: 'InvalidParameter',
    target: ranges,
    broken: (write) =>
      setsRanges(write) && lowerShall(write, 'networkProfile.loadBalancerSku') === 'basic'
        ? invalid(ranges, 'authorized IP ranges are only supported with Standard load balancers')
        : undefined,
  },
  {
    id: 'private-without-vnet-integration',
    code: 'PropertyChangeNotAllowed',
    target: 'apiServerAccessProfile.enablePrivateCluster',
    broken: (write) => {
      const before = was(write, 'apiServerAccessProfile.enablePrivateCluster') === true;
      const after = shall(write, 'apiServerAccessProfile.enablePrivateCluster') === true;
      return before !== after && was(write, 'apiServerAccessProfile.enableVnetIntegration') !== true
        ? unchangeable('apiServerAccessProfile.enablePrivateCluster')
        : undefined;
    },
  },
  {
    id: 'vnet-integration-off',
    code: 'PropertyChangeNotAllowed',
    target: 'apiServerAccessProfile.enableVnetIntegration',
    broken: (write) =>
      was(write, 'apiServerAccessProfile.enableVnetIntegration') === true && shall(write, 'apiServerAccessProfile.enableVnetIntegration') !== true
        ? unchangeable('apiServerAccessProfile.enableVnetIntegration')
        : undefined,
  },
  {
    id: 'vnet-integration-subnet',
    code: 'InvalidParameter',
    target: 'apiServerAccessProfile.subnetId',
    broken: (write) => {
      const turnsOn =
        shall(write, 'apiServerAccessProfile.enableVnetIntegration') === true && was(write, 'apiServerAccessProfile.enableVnetIntegration') !== true;
      const problem = turnsOn ? apiServerSubnet(write) : undefined;
      return problem === undefined ? undefined : invalid('apiServerAccessProfile.subnetId', problem);
    },
  },
  {
    id: 'no-name-at-all',
    code: 'BadRequest',
    target: 'apiServerAccessProfile.privateDNSZone',
    broken: (write) =>
      lowerShall(write, 'apiServerAccessProfile.privateDNSZone') === 'none' &&
      shall(write, 'apiServerAccessProfile.enablePrivateClusterPublicFQDN') === false &&
      (changes(write, 'apiServerAccessProfile.privateDNSZone') || changes(write, 'apiServerAccessProfile.enablePrivateClusterPublicFQDN'))
        ? 'privateDNSZone none is not supported when the public FQDN is disabled'
        : undefined,
  },
];
