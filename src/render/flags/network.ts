import { at, isObject, type Json, list as listOf, text } from '../../model/json.ts';
import { type FlagRule, toggle, value } from './rule.ts';

const network = 'properties.networkProfile';
const balancer = `${network}.loadBalancerProfile`;

function ids(value_: Json | undefined, key: string): readonly string[] {
  return listOf(at(value_, [key])).flatMap((entry) => text(at(entry, ['id'])) ?? []);
}

/** Pod addresses: `podCidrs` repeats `podCidr` and has no flag of its own. */
const podCidr: FlagRule = {
  reads: [`${network}.podCidr`, `${network}.podCidrs`],
  groups: (found) => {
    const single = found.get(`${network}.podCidr`)?.after;
    const many = found.get(`${network}.podCidrs`);
    const [first, ...others] = listOf(many?.after);
    if (typeof single !== 'string' || (many && (others.length > 0 || (first !== undefined && first !== single)))) return undefined;
    return [{ flags: [['--pod-cidr', single]] }];
  },
};

/** Addresses that traffic leaves from. Of the three kinds az keeps the one that is named and clears the others (_loadbalancer.py). */
const outboundIps: FlagRule = {
  reads: [`${balancer}.outboundIPs`, `${balancer}.outboundIPPrefixes`, `${balancer}.managedOutboundIPs`, `${balancer}.managedOutboundIPs.count`],
  groups: (found) => {
    const own = ids(found.get(`${balancer}.outboundIPs`)?.after, 'publicIPs');
    const prefixes = ids(found.get(`${balancer}.outboundIPPrefixes`)?.after, 'publicIPPrefixes');
    const managed = found.get(`${balancer}.managedOutboundIPs`)?.after;
    const count = found.get(`${balancer}.managedOutboundIPs.count`)?.after ?? at(managed, ['count']);
    const others = isObject(managed) && Object.entries(managed).some(([key, entry]) => key !== 'count' && entry !== 0 && entry !== null);
    const flags = [
      ...(own.length > 0 ? [['--load-balancer-outbound-ips', own.join(',')]] : []),
      ...(prefixes.length > 0 ? [['--load-balancer-outbound-ip-prefixes', prefixes.join(',')]] : []),
      ...(typeof count === 'number' ? [['--load-balancer-managed-outbound-ip-count', String(count)]] : []),
    ];
    return others || flags.length !== 1 ? undefined : [{ flags }];
  },
};

const outboundTypes = ['loadBalancer', 'managedNATGateway', 'none', 'userAssignedNATGateway', 'userDefinedRouting'];
const gatewayCount = `${network}.natGatewayProfile.managedOutboundIPProfile.count`;

/**
 * How traffic leaves. A profile of the other way goes with it: az drops those that do not belong to the new type by itself
 * (update_load_balancer_profile, update_nat_gateway_profile).
 */
const outboundType: FlagRule = {
  reads: [`${network}.outboundType`, balancer, `${network}.natGatewayProfile`, gatewayCount],
  groups: (found) => {
    const after = found.get(`${network}.outboundType`)?.after;
    const type = outboundTypes.find((one) => typeof after === 'string' && one.toLowerCase() === after.toLowerCase());
    const count = found.get(gatewayCount)?.after;
    const counted = typeof count === 'number' ? [['--nat-gateway-managed-outbound-ip-count', String(count)]] : [];
    if (found.get(gatewayCount) !== undefined && counted.length === 0) return undefined;
    const profiles = [found.get(balancer), found.get(`${network}.natGatewayProfile`)];
    if (profiles.some((edit) => edit !== undefined && edit.after !== undefined)) return undefined;
    if (type === undefined) return after === undefined && counted.length > 0 && profiles.every((edit) => edit === undefined) ? [{ flags: counted }] : undefined;
    const keeps = type === 'loadBalancer' ? profiles[0] : type === 'managedNATGateway' ? profiles[1] : undefined;
    return keeps === undefined ? [{ flags: [['--outbound-type', type], ...counted], azVersion: type === 'none' ? '2.71.0' : '2.56.0' }] : undefined;
  },
};

/** Where nodes get AKS's own images from. */
const bootstrap: FlagRule = {
  reads: ['properties.bootstrapProfile.artifactSource', 'properties.bootstrapProfile.containerRegistryId'],
  groups: (found) => {
    const source = found.get('properties.bootstrapProfile.artifactSource')?.after ?? 'Cache';
    const registry = found.get('properties.bootstrapProfile.containerRegistryId')?.after;
    if (source !== 'Cache' && source !== 'Direct') return undefined;
    if (source === 'Direct' && registry !== undefined) return undefined;
    const named = typeof registry === 'string' ? [['--bootstrap-container-registry-resource-id', registry]] : [];
    return [{ flags: [['--bootstrap-artifact-source', source], ...named], azVersion: '2.71.0' }];
  },
};

/** The network: plug-in, policies, and the way out. */
export const networkRules: readonly FlagRule[] = [
  value(`${network}.networkPlugin`, '--network-plugin', { values: { azure: 'azure', kubenet: 'kubenet', none: 'none' } }),
  value(`${network}.networkPluginMode`, '--network-plugin-mode'),
  podCidr,
  value(`${network}.networkDataplane`, '--network-dataplane', { azVersion: '2.52.0', values: { azure: 'azure', cilium: 'cilium' } }),
  value(`${network}.networkPolicy`, '--network-policy', { absent: 'none', values: { azure: 'azure', calico: 'calico', cilium: 'cilium', none: 'none' } }),
  value(`${network}.loadBalancerSku`, '--load-balancer-sku', { azVersion: '2.76.0', values: { standard: 'standard' } }),
  outboundType,
  outboundIps,
  toggle(`${network}.staticEgressGatewayProfile.enabled`, '--enable-static-egress-gateway', '--disable-static-egress-gateway', { azVersion: '2.75.0' }),
  bootstrap,
  value(`${balancer}.allocatedOutboundPorts`, '--load-balancer-outbound-ports'),
  value(`${balancer}.idleTimeoutInMinutes`, '--load-balancer-idle-timeout'),
  value(`${balancer}.backendPoolType`, '--load-balancer-backend-pool-type', { values: { nodeIP: 'nodeIP', nodeIPConfiguration: 'nodeIPConfiguration' } }),
];
