import { jsonFile } from '../az.ts';
import { type FlagRule, toggle } from './rule.ts';

const security = 'properties.securityProfile';

/** The Defender sensor. The workspace goes into a file; without one az would create a workspace of its own. */
const defender: FlagRule = {
  reads: [`${security}.defender.logAnalyticsWorkspaceResourceId`, `${security}.defender.securityMonitoring.enabled`],
  groups: (found) => {
    const monitoring = found.get(`${security}.defender.securityMonitoring.enabled`);
    const workspace = found.get(`${security}.defender.logAnalyticsWorkspaceResourceId`);
    if (monitoring?.after === true && typeof workspace?.after === 'string') {
      const file = jsonFile('defender.json', { logAnalyticsWorkspaceResourceId: workspace.after });
      return [{ flags: [['--enable-defender'], ['--defender-config', file.name]], files: [file] }];
    }
    const off = monitoring && (monitoring.after === false || monitoring.after === undefined) && workspace?.after === undefined;
    return off ? [{ flags: [['--disable-defender']] }] : undefined;
  },
};

const imageCleaner: FlagRule = {
  reads: [`${security}.imageCleaner.enabled`, `${security}.imageCleaner.intervalHours`],
  groups: (found) => {
    const enabled = found.get(`${security}.imageCleaner.enabled`);
    const hours = found.get(`${security}.imageCleaner.intervalHours`);
    const off = enabled !== undefined && enabled.after !== true;
    if (off) return hours && hours.after !== undefined ? undefined : [{ flags: [['--disable-image-cleaner']], azVersion: '2.49.0' }];
    if (hours && typeof hours.after !== 'number') return undefined;
    const flags = [...(enabled ? [['--enable-image-cleaner']] : []), ...(hours ? [['--image-cleaner-interval-hours', String(hours.after)]] : [])];
    return [{ flags, azVersion: '2.49.0' }];
  },
};

const kmsPath = `${security}.azureKeyVaultKms`;

/** Encryption of Kubernetes Secrets with a key of one's own. az wants the network access named each time. */
const kms: FlagRule = {
  reads: ['enabled', 'keyId', 'keyVaultNetworkAccess', 'keyVaultResourceId'].map((name) => `${kmsPath}.${name}`),
  groups: (found) => {
    const get = (name: string) => found.get(`${kmsPath}.${name}`);
    if (get('enabled') && get('enabled')?.after !== true) {
      const others = ['keyId', 'keyVaultNetworkAccess', 'keyVaultResourceId'].some((name) => get(name)?.after !== undefined);
      return others ? undefined : [{ flags: [['--disable-azure-keyvault-kms']], azVersion: '2.39.0' }];
    }
    const [key, access, vault] = [get('keyId')?.after, get('keyVaultNetworkAccess')?.after, get('keyVaultResourceId')?.after];
    if (typeof key !== 'string' || typeof access !== 'string') return undefined;
    const flags = [
      ['--enable-azure-keyvault-kms'],
      ['--azure-keyvault-kms-key-id', key],
      ['--azure-keyvault-kms-key-vault-network-access', access],
      ...(typeof vault === 'string' && vault !== '' ? [['--azure-keyvault-kms-key-vault-resource-id', vault]] : []),
    ];
    return [{ flags, azVersion: '2.39.0' }];
  },
};

/** What watches the cluster and guards its secrets. */
export const securityRules: readonly FlagRule[] = [
  defender,
  imageCleaner,
  kms,
  toggle('properties.azureMonitorProfile.metrics.enabled', '--enable-azure-monitor-metrics', '--disable-azure-monitor-metrics'),
];
