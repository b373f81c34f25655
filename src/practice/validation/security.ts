import { at, isObject, isTrue, type Json, list, text, texts } from '../../model/json.ts';
import { resourceOf } from '../world.ts';
import { changes, immutable, invalid, lowerShall, poolsOf, type Rule, shall, type Write, was } from './rule.ts';

function missingWorkspace(write: Write, id: Json | undefined): string | undefined {
  const workspace = text(id);
  if (workspace === undefined || resourceOf(write.world, workspace) !== undefined) return undefined;
  return `Unable to get log analytics workspace info. Resource ID: ${workspace}. Details: The Resource 'Microsoft.OperationalInsights/workspaces/${workspace.split('/').at(-1)}' was not found.`;
}

const addon = (write: Write, name: string): Json | undefined => shall(write, `addonProfiles.${name}`);

/** Add-ons, Defender, channels, versions, tier. */
export const securityRules: readonly Rule[] = [
  {
    // Any write fails once the workspace has gone, not only one that names it (public issue threads).
    id: 'defender-workspace-gone',
    code: 'BadRequest',
    broken: (write) =>
      shall(write, 'securityProfile.defender.securityMonitoring.enabled') === true
        ? missingWorkspace(write, shall(write, 'securityProfile.defender.logAnalyticsWorkspaceResourceId'))
        : undefined,
  },
  {
    id: 'defender-needs-workspace',
    code: 'InvalidParameter',
    target: 'securityProfile.defender.logAnalyticsWorkspaceResourceId',
    broken: (write) =>
      shall(write, 'securityProfile.defender.securityMonitoring.enabled') === true &&
      text(shall(write, 'securityProfile.defender.logAnalyticsWorkspaceResourceId')) === undefined
        ? invalid('securityProfile.defender.logAnalyticsWorkspaceResourceId', 'a workspace is required')
        : undefined,
  },
  {
    id: 'omsagent-workspace-gone',
    code: 'BadRequest',
    broken: (write) => {
      const agent = addon(write, 'omsagent');
      return isTrue(at(agent, ['enabled'])) ? missingWorkspace(write, at(agent, ['config', 'logAnalyticsWorkspaceResourceID'])) : undefined;
    },
  },
  {
    id: 'image-cleaner-interval',
    code: 'InvalidParameter',
    target: 'securityProfile.imageCleaner.intervalHours',
    broken: (write) => {
      const hours = shall(write, 'securityProfile.imageCleaner.intervalHours');
      return typeof hours === 'number' && (hours < 24 || hours > 2160)
        ? invalid('securityProfile.imageCleaner.intervalHours', `${hours} is not between 24 and 2160`)
        : undefined;
    },
  },
  {
    id: 'kms-needs-user-assigned-identity',
    code: 'BadRequest',
    target: 'securityProfile.azureKeyVaultKms',
    broken: (write) =>
      shall(write, 'securityProfile.azureKeyVaultKms.enabled') === true &&
      was(write, 'securityProfile.azureKeyVaultKms.enabled') !== true &&
      text(at(write.goal, ['identity', 'type'])) !== 'UserAssigned'
        ? 'Azure Key Vault KMS requires a user-assigned managed identity'
        : undefined,
  },
  {
    id: 'pod-identity-retired',
    code: 'BadRequest',
    target: 'podIdentityProfile.enabled',
    broken: (write) =>
      shall(write, 'podIdentityProfile.enabled') === true && was(write, 'podIdentityProfile.enabled') !== true
        ? 'AAD Pod Identity is retired and cannot be enabled'
        : undefined,
  },
  {
    id: 'long-term-support-needs-premium',
    code: 'BadRequest',
    target: 'supportPlan',
    broken: (write) => {
      const tier = text(at(write.goal, ['sku', 'tier']))?.toLowerCase();
      return lowerShall(write, 'supportPlan') === 'akslongtermsupport' && tier !== 'premium'
        ? "Support plan 'AKSLongTermSupport' requires the Premium tier"
        : undefined;
    },
  },
  {
    // AKS docs, auto-upgrade-node-os-image: SecurityPatch isn't supported on Windows node pools.
    id: 'security-patch-no-windows',
    code: 'BadRequest',
    target: 'autoUpgradeProfile.nodeOSUpgradeChannel',
    broken: (write) =>
      lowerShall(write, 'autoUpgradeProfile.nodeOSUpgradeChannel') === 'securitypatch' &&
      changes(write, 'autoUpgradeProfile.nodeOSUpgradeChannel') &&
      poolsOf(write.goal).some((pool) => text(pool['osType']) === 'Windows')
        ? 'Node OS upgrade channel SecurityPatch is not supported with Windows node pools'
        : undefined,
  },
  {
    // Recorded error of 2025.
    id: 'gateway-api-needs-implementation',
    code: 'BadRequest',
    broken: (write) => {
      const mesh = lowerShall(write, 'serviceMeshProfile.mode') === 'istio';
      const routing = shall(write, 'ingressProfile.webAppRouting.gatewayAPIImplementations.appRoutingIstio.mode') === 'Enabled';
      return lowerShall(write, 'ingressProfile.gatewayAPI.installation') === 'standard' && !mesh && !routing
        ? 'Gateway API installation requires at least one implementation that uses Gateway API to be enabled. Supported implementations are Istio Service Mesh Addon.'
        : undefined;
    },
  },
  {
    // Recorded error of 2024.
    id: 'web-app-routing-zone-not-found',
    code: 'WebAppRoutingDNSZoneNotFound',
    broken: (write) => {
      const missing = texts(shall(write, 'ingressProfile.webAppRouting.dnsZoneResourceIds')).find((id) => resourceOf(write.world, id) === undefined);
      return missing !== undefined && changes(write, 'ingressProfile.webAppRouting.dnsZoneResourceIds')
        ? `The Azure DNS Zone '${missing}' does not exist`
        : undefined;
    },
  },
  immutable('dnsPrefix'),
  immutable('nodeResourceGroup'),
  immutable('enableRBAC'),
  immutable('diskEncryptionSetID'),
];

const fixedPoolProperties = ['vmSize', 'osType', 'osDiskType', 'maxPods', 'enableEncryptionAtHost', 'vnetSubnetID', 'type', 'availabilityZones'] as const;

/** Rules over each node pool, wherever it is written from. */
export const poolRules: readonly Rule[] = [
  ...fixedPoolProperties.map(
    (property): Rule => ({
      id: `pool-fixed-${property}`,
      code: 'PropertyChangeNotAllowed',
      target: `agentPoolProfile.${property}`,
      broken: ({ before, goal }) => {
        const old = new Map(poolsOf(before).map((pool) => [text(pool['name']), pool]));
        const changed = poolsOf(goal).some((pool) => {
          const stood = old.get(text(pool['name']))?.[property];
          return stood !== undefined && stood !== null && JSON.stringify(stood) !== JSON.stringify(pool[property]);
        });
        return changed ? `Changing property 'agentPoolProfile.${property}' is not allowed.` : undefined;
      },
    }),
  ),
  {
    // Recorded error of 2023.
    id: 'system-pool-taints',
    code: 'SystemPoolHasRestrictedTaint',
    target: 'agentPoolProfile.nodeTaints',
    broken: ({ goal }) =>
      poolsOf(goal).some(
        (pool) =>
          pool['mode'] === 'System' &&
          texts(pool['nodeTaints']).some((taint) => !taint.startsWith('CriticalAddonsOnly') && !taint.endsWith(':PreferNoSchedule')),
      )
        ? "Placing custom taints on system pool is not supported(except 'CriticalAddonsOnly' taint or taint effect is 'PreferNoSchedule'). Please refer to https://aka.ms/aks/system-taints for detail"
        : undefined,
  },
  {
    // Recorded error of 2025.
    id: 'local-dns-zone',
    code: 'InvalidParameter',
    target: 'localDNSProfile.kubeDNSOverrides',
    broken: ({ goal }) =>
      poolsOf(goal).some((pool) => {
        const overrides = at(pool, ['localDNSProfile', 'kubeDNSOverrides']);
        return isObject(overrides) && Object.keys(overrides).length > 0 && !('cluster.local' in overrides);
      })
        ? invalid('localDNSProfile.kubeDNSOverrides', `zone '"cluster.local"' is required in KubeDNSOverrides`)
        : undefined,
  },
  {
    id: 'one-system-pool',
    code: 'BadRequest',
    broken: ({ goal }) =>
      list(at(goal, ['properties', 'agentPoolProfiles'])).length > 0 && !poolsOf(goal).some((pool) => pool['mode'] === 'System' || pool['mode'] === undefined)
        ? 'There has to be at least one system agent pool.'
        : undefined,
  },
];
