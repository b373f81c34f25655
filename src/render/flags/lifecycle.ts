import { type FlagGroup, type FlagRule, toggle, value } from './rule.ts';

const upgrades = 'properties.autoUpgradeProfile';

/**
 * `none` is not said with the flag: az would also pin the versions of the cluster and of every pool to what runs
 * (update_kubernetes_version_and_orchestrator_version).
 */
const upgradeChannel: FlagRule = value(`${upgrades}.upgradeChannel`, '--auto-upgrade-channel', {
  values: { rapid: 'rapid', stable: 'stable', patch: 'patch', 'node-image': 'node-image' },
});

const nodeOsChannel: FlagRule = {
  reads: [`${upgrades}.nodeOSUpgradeChannel`],
  groups: (found) => {
    const after = found.get(`${upgrades}.nodeOSUpgradeChannel`)?.after;
    if (typeof after !== 'string') return undefined;
    return [{ flags: [['--node-os-upgrade-channel', after]], azVersion: after === 'SecurityPatch' ? '2.61.0' : '2.52.0' }];
  },
};

/** The tier. `sku.name` needs a flag only where it changes kind; az writes `Base` by itself. */
const tier: FlagRule = {
  reads: ['sku.tier', 'sku.name'],
  groups: (found) => {
    const name = found.get('sku.name');
    const after = found.get('sku.tier')?.after;
    const spelled = typeof after === 'string' ? after.toLowerCase() : undefined;
    const tiers: FlagGroup['flags'] = spelled && ['free', 'standard', 'premium'].includes(spelled) ? [['--tier', spelled]] : [];
    const named = typeof name?.after === 'string' ? name.after.toLowerCase() : undefined;
    const names: FlagGroup['flags'] = named === 'automatic' ? [['--sku', 'automatic']] : [];
    if (tiers.length + names.length === 0 || (name && named !== 'automatic' && named !== 'base')) return undefined;
    return [{ flags: [...names, ...tiers], azVersion: '2.47.0' }];
  },
};

const poolVersions = 'properties.agentPoolProfiles.[*].orchestratorVersion';

/**
 * The version of the control plane, or of it and of all pools: a command of its own, and az asks before each. Without --control-plane-only
 * az sets the version on every pool (aks_upgrade); pools that have it already are no edit.
 */
const kubernetesVersion: FlagRule = {
  reads: ['properties.kubernetesVersion', poolVersions],
  groups: (found) => {
    const after = found.get('properties.kubernetesVersion')?.after;
    const onPools = found.all(poolVersions);
    if (typeof after !== 'string' || onPools.some((edit) => edit.after !== after)) return undefined;
    const scope = onPools.length > 0 ? [] : [['--control-plane-only']];
    return [{ words: 'aks upgrade', flags: [['--kubernetes-version', after], ...scope], yes: true, when: 'last' }];
  },
};

/** Versions, images and the contract with Azure. */
export const lifecycleRules: readonly FlagRule[] = [
  upgradeChannel,
  nodeOsChannel,
  tier,
  value('properties.supportPlan', '--k8s-support-plan', {
    absent: 'KubernetesOfficial',
    values: { KubernetesOfficial: 'KubernetesOfficial', AKSLongTermSupport: 'AKSLongTermSupport' },
  }),
  value('properties.nodeResourceGroupProfile.restrictionLevel', '--nrg-lockdown-restriction-level', {
    azVersion: '2.44.0',
    absent: 'Unrestricted',
    values: { ReadOnly: 'ReadOnly', Unrestricted: 'Unrestricted' },
  }),
  toggle('properties.storageProfile.blobCSIDriver.enabled', '--enable-blob-driver', '--disable-blob-driver', { yes: true }),
  toggle('properties.storageProfile.diskCSIDriver.enabled', '--enable-disk-driver', '--disable-disk-driver', { yes: true, absent: true }),
  toggle('properties.storageProfile.fileCSIDriver.enabled', '--enable-file-driver', '--disable-file-driver', { yes: true, absent: true }),
  toggle('properties.storageProfile.snapshotController.enabled', '--enable-snapshot-controller', '--disable-snapshot-controller', { yes: true, absent: true }),
  kubernetesVersion,
];
