import { text } from '../../model/json.ts';
import { changes, immutable, lowerShall, lowerWas, minorOf, poolsOf, type Rule, shall, unchangeable, type Write } from './rule.ts';

const none = (policy: string): boolean => policy === '' || policy === 'none';

function hasWindows(write: Write): boolean {
  return poolsOf(write.goal).some((pool) => text(pool['osType']) === 'Windows');
}

const goesOverlay = (write: Write): boolean =>
  lowerShall(write, 'networkProfile.networkPluginMode') === 'overlay' && changes(write, 'networkProfile.networkPluginMode');

/** Plugin, dataplane, policy engine. */
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
  immutable('networkProfile.serviceCidr'),
  immutable('networkProfile.dnsServiceIP'),
];
