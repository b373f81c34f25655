import { at, isObject, list, text } from '../../model/json.ts';
import { resourceOf } from '../world.ts';
import { changes, immutable, lowerShall, lowerWas, poolsOf, type Rule, shall, unchangeable, type Write } from './rule.ts';

const none = (policy: string): boolean => policy === '' || policy === 'none';

/** Major and minor as one number: 1.30 → 1030. */
export function minorOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
}

function hasWindows(write: Write): boolean {
  return poolsOf(write.goal).some((pool) => text(pool['osType']) === 'Windows');
}

const goesOverlay = (write: Write): boolean =>
  lowerShall(write, 'networkProfile.networkPluginMode') === 'overlay' && changes(write, 'networkProfile.networkPluginMode');

/** AKS docs, egress-outboundtype: what an outbound type can become; for a managed and for an own virtual network. */
const outboundTypes: { readonly managed: { readonly [from: string]: readonly string[] }; readonly own: { readonly [from: string]: readonly string[] } } = {
  managed: {
    loadbalancer: ['managednatgateway', 'managednatgatewayv2', 'none', 'block'],
    managednatgateway: ['none', 'block', 'managednatgatewayv2'],
    managednatgatewayv2: [],
    none: ['loadbalancer', 'managednatgateway', 'block'],
    block: ['loadbalancer', 'managednatgateway', 'none'],
  },
  own: {
    loadbalancer: ['userassignednatgateway', 'userdefinedrouting', 'none'],
    userassignednatgateway: ['loadbalancer', 'userdefinedrouting', 'none'],
    userdefinedrouting: ['loadbalancer', 'userassignednatgateway', 'none'],
    none: ['loadbalancer', 'userassignednatgateway', 'userdefinedrouting'],
  },
};

/** Plugin, dataplane, policy engine, and the way out. */
export const networkRules: readonly Rule[] = [
  {
    // Recorded in public issue threads as BadRequest with this text.
    id: 'cilium-dataplane-needs-cilium-policy',
    code: 'BadRequest',
    broken: (write) =>
      lowerShall(write, 'networkProfile.networkDataplane') === 'cilium' &&
      (changes(write, 'networkProfile.networkDataplane') || changes(write, 'networkProfile.networkPolicy')) &&
      lowerShall(write, 'networkProfile.networkPolicy') !== 'cilium'
        ? 'Cilium dataplane requires network policy cilium'
        : undefined,
  },
  {
    id: 'cilium-policy-needs-cilium-dataplane',
    code: 'BadRequest',
    broken: (write) =>
      lowerShall(write, 'networkProfile.networkPolicy') === 'cilium' &&
      changes(write, 'networkProfile.networkPolicy') &&
      lowerShall(write, 'networkProfile.networkDataplane') !== 'cilium'
        ? 'Network policy cilium requires network dataplane cilium'
        : undefined,
  },
  {
    id: 'cilium-needs-azure-cni',
    code: 'BadRequest',
    broken: (write) =>
      lowerShall(write, 'networkProfile.networkDataplane') === 'cilium' &&
      changes(write, 'networkProfile.networkDataplane') &&
      lowerShall(write, 'networkProfile.networkPlugin') !== 'azure'
        ? 'Cilium dataplane requires network plugin azure'
        : undefined,
  },
  {
    id: 'cilium-no-windows',
    code: 'BadRequest',
    broken: (write) =>
      lowerShall(write, 'networkProfile.networkDataplane') === 'cilium' && changes(write, 'networkProfile.networkDataplane') && hasWindows(write)
        ? 'Cilium dataplane does not support Windows node pools'
        : undefined,
  },
  {
    id: 'cilium-no-node-provisioning',
    code: 'BadRequest',
    broken: (write) =>
      changes(write, 'networkProfile.networkDataplane') && lowerWas(write, 'nodeProvisioningProfile.mode') === 'auto'
        ? 'The network dataplane cannot be changed while node auto provisioning is enabled'
        : undefined,
  },
  {
    id: 'leave-cilium',
    code: 'PropertyChangeNotAllowed',
    target: 'networkProfile.networkDataplane',
    broken: (write) =>
      lowerWas(write, 'networkProfile.networkDataplane') === 'cilium' && changes(write, 'networkProfile.networkDataplane')
        ? unchangeable('networkProfile.networkDataplane')
        : undefined,
  },
  {
    // AKS docs, use-network-policies: uninstall to none first, then install the other.
    id: 'policy-direct',
    code: 'BadRequest',
    target: 'networkProfile.networkPolicy',
    broken: (write) => {
      const from = lowerWas(write, 'networkProfile.networkPolicy');
      const to = lowerShall(write, 'networkProfile.networkPolicy');
      const engines = ['azure', 'calico'];
      return from !== to && engines.includes(from) && engines.includes(to)
        ? `Network policy cannot be changed from ${from} to ${to} directly. Set it to none first.`
        : undefined;
    },
  },
  {
    // AKS release notes: installing and uninstalling an engine is rejected below Kubernetes 1.30.
    id: 'policy-version',
    code: 'BadRequest',
    target: 'networkProfile.networkPolicy',
    broken: (write) => {
      const from = lowerWas(write, 'networkProfile.networkPolicy');
      const to = lowerShall(write, 'networkProfile.networkPolicy');
      const installs = none(from) !== none(to) && from !== 'cilium' && to !== 'cilium';
      const version = text(shall(write, 'currentKubernetesVersion')) ?? text(shall(write, 'kubernetesVersion')) ?? '';
      return installs && minorOf(version) < minorOf('1.30')
        ? `Installing or uninstalling network policy on an existing cluster requires Kubernetes 1.30 or later, the cluster has ${version}.`
        : undefined;
    },
  },
  {
    id: 'npm-needs-azure-cni',
    code: 'BadRequest',
    target: 'networkProfile.networkPolicy',
    broken: (write) =>
      lowerShall(write, 'networkProfile.networkPolicy') === 'azure' &&
      changes(write, 'networkProfile.networkPolicy') &&
      lowerShall(write, 'networkProfile.networkPlugin') !== 'azure'
        ? 'Network policy azure requires network plugin azure'
        : undefined,
  },
  {
    id: 'plugin-change',
    code: 'PropertyChangeNotAllowed',
    target: 'networkProfile.networkPlugin',
    broken: (write) =>
      changes(write, 'networkProfile.networkPlugin') &&
      !(lowerWas(write, 'networkProfile.networkPlugin') === 'kubenet' && lowerShall(write, 'networkProfile.networkPlugin') === 'azure' && goesOverlay(write))
        ? unchangeable('networkProfile.networkPlugin')
        : undefined,
  },
  {
    // AKS docs, update-azure-cni: remove the policy engine first, and change IP management and dataplane one after the other.
    id: 'overlay-with-policy',
    code: 'BadRequest',
    target: 'networkProfile.networkPluginMode',
    broken: (write) =>
      goesOverlay(write) && !none(lowerWas(write, 'networkProfile.networkPolicy'))
        ? 'Network policy must be removed before the cluster is updated to overlay mode'
        : undefined,
  },
  {
    id: 'overlay-and-dataplane',
    code: 'BadRequest',
    broken: (write) =>
      goesOverlay(write) && changes(write, 'networkProfile.networkDataplane')
        ? 'Updating the network plugin mode and the network dataplane in one operation is not supported'
        : undefined,
  },
  {
    id: 'overlay-off',
    code: 'PropertyChangeNotAllowed',
    target: 'networkProfile.networkPluginMode',
    broken: (write) =>
      lowerWas(write, 'networkProfile.networkPluginMode') === 'overlay' && lowerShall(write, 'networkProfile.networkPluginMode') !== 'overlay'
        ? unchangeable('networkProfile.networkPluginMode')
        : undefined,
  },
  {
    id: 'load-balancer-back-to-basic',
    code: 'PropertyChangeNotAllowed',
    target: 'networkProfile.loadBalancerSku',
    broken: (write) =>
      lowerWas(write, 'networkProfile.loadBalancerSku') === 'standard' && changes(write, 'networkProfile.loadBalancerSku')
        ? unchangeable('networkProfile.loadBalancerSku')
        : undefined,
  },
  {
    id: 'outbound-ips-need-standard',
    code: 'BadRequest',
    target: 'networkProfile.loadBalancerProfile',
    broken: (write) =>
      lowerShall(write, 'networkProfile.loadBalancerSku') === 'basic' && shall(write, 'networkProfile.loadBalancerProfile') !== undefined
        ? 'Load balancer profile is only supported with Standard load balancers'
        : undefined,
  },
  {
    id: 'outbound-ip-missing',
    code: 'InvalidResourceReference',
    target: 'networkProfile.loadBalancerProfile.outboundIPs',
    broken: (write) => {
      if (!changes(write, 'networkProfile.loadBalancerProfile.outboundIPs')) return undefined;
      const missing = list(shall(write, 'networkProfile.loadBalancerProfile.outboundIPs.publicIPs'))
        .filter(isObject)
        .map((reference) => text(reference['id']) ?? '')
        .find((id) => resourceOf(write.world, id) === undefined);
      return missing === undefined
        ? undefined
        : `Resource ${missing} referenced by resource ${text(at(write.before, ['id']))} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`;
    },
  },
  {
    id: 'outbound-type',
    code: 'BadRequest',
    target: 'networkProfile.outboundType',
    broken: (write) => {
      if (!changes(write, 'networkProfile.outboundType')) return undefined;
      const own = poolsOf(write.before).some((pool) => text(pool['vnetSubnetID']) !== undefined);
      const from = lowerWas(write, 'networkProfile.outboundType');
      const to = lowerShall(write, 'networkProfile.outboundType');
      const allowed = (own ? outboundTypes.own : outboundTypes.managed)[from] ?? [];
      return allowed.includes(to) ? undefined : `Updating outboundType from ${from} to ${to} is not supported for this cluster`;
    },
  },
  immutable('networkProfile.serviceCidr'),
  immutable('networkProfile.dnsServiceIP'),
];
