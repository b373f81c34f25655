import { at, list, path, text } from '../../model/json.ts';
import { nodeGroupScope } from '../outbound.ts';
import { resourcesOf } from '../world.ts';
import { changes, lowerShall, lowerWas, minorOf, poolsOf, type Rule, unchangeable, type Write, was } from './rule.ts';

const SKU = 'networkProfile.loadBalancerSku';
const upgrades = (write: Write): boolean => lowerWas(write, SKU) === 'basic' && lowerShall(write, SKU) === 'standard';
const version = (write: Write): string => text(was(write, 'currentKubernetesVersion')) ?? text(was(write, 'kubernetesVersion')) ?? '';

/** From the Basic to the Standard load balancer. AKS docs: upgrade-basic-load-balancer-on-aks, availability-sets-on-aks. */
export const loadBalancerRules: readonly Rule[] = [
  {
    id: 'load-balancer-back-to-basic',
    code: 'PropertyChangeNotAllowed',
    target: SKU,
    broken: (write) => (lowerWas(write, SKU) === 'standard' && changes(write, SKU) ? unchangeable(SKU) : undefined),
  },
  {
    id: 'load-balancer-upgrade-version',
    code: 'BadRequest',
    target: SKU,
    broken: (write) =>
      upgrades(write) && minorOf(version(write)) < minorOf('1.27')
        ? `Migrating to the Standard load balancer requires Kubernetes 1.27 or later, the cluster has ${version(write)}.`
        : undefined,
  },
  {
    id: 'load-balancer-upgrade-availability-sets',
    code: 'BadRequest',
    target: SKU,
    broken: (write) =>
      upgrades(write) && poolsOf(write.before).some((pool) => text(pool['type'])?.toLowerCase() === 'availabilityset')
        ? 'Node pools of availability sets must be migrated together with the load balancer.'
        : undefined,
  },
  {
    id: 'load-balancer-upgrade-kms',
    code: 'BadRequest',
    target: SKU,
    broken: (write) =>
      upgrades(write) &&
      was(write, 'securityProfile.azureKeyVaultKms.enabled') === true &&
      lowerWas(write, 'securityProfile.azureKeyVaultKms.keyVaultNetworkAccess') === 'private'
        ? 'Key Management Service with a private key vault must be disabled before the load balancer is migrated.'
        : undefined,
  },
  {
    id: 'load-balancer-upgrade-internal',
    code: 'BadRequest',
    target: SKU,
    broken: (write) => {
      if (!upgrades(write)) return undefined;
      const internal = resourcesOf(write.world, nodeGroupScope(write.before), 'Microsoft.Network/loadBalancers').some((balancer) =>
        list(at(balancer, path('properties.frontendIPConfigurations'))).some((one) => at(one, path('properties.subnet.id')) !== undefined),
      );
      return internal ? 'Migrating internal virtual network load balancers from Basic to Standard in place is not supported.' : undefined;
    },
  },
];
