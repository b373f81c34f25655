import type { Edit } from '../../model/change.ts';
import { isFalse, isObject, isTrue, type Json } from '../../model/json.ts';
import type { FlagGroup, FlagRule, Found } from './rule.ts';

/** az's names of add-ons, by ARM's (azure-cli acs/_consts.py, ADDONS). */
const azNames: { readonly [arm: string]: string } = {
  omsagent: 'monitoring',
  azurepolicy: 'azure-policy',
  azurekeyvaultsecretsprovider: 'azure-keyvault-secrets-provider',
  httpapplicationrouting: 'http_application_routing',
  kubedashboard: 'kube-dashboard',
  openservicemesh: 'open-service-mesh',
};

const config = {
  rotation: 'enableSecretRotation',
  interval: 'rotationPollInterval',
  workspace: 'logAnalyticsWorkspaceResourceID',
  entra: 'useAADAuth',
} as const;

/** What the edits leave in the add-on's settings: a reader by key. Undefined when they hold a setting that has no flag. */
function settings(found: Found, base: string): ((key: string) => Json | undefined) | undefined {
  const whole = found.get(`${base}.config`)?.after;
  const known: readonly string[] = Object.values(config);
  if (isObject(whole) && Object.keys(whole).some((key) => !known.includes(key))) return undefined;
  return (key) => (isObject(whole) ? whole[key] : found.get(`${base}.config.${key}`)?.after);
}

function rotationFlags(get: (key: string) => Json | undefined): FlagGroup['flags'] {
  const interval = get(config.interval);
  return [
    ...(isTrue(get(config.rotation)) ? [['--enable-secret-rotation']] : []),
    ...(typeof interval === 'string' ? [['--rotation-poll-interval', interval]] : []),
  ];
}

function enabling(name: string, get: (key: string) => Json | undefined): FlagGroup {
  const workspace = get(config.workspace);
  const flags = [
    ['--addons', name],
    ...(name === 'azure-keyvault-secrets-provider' ? rotationFlags(get) : []),
    ...(typeof workspace === 'string' ? [['--workspace-resource-id', workspace]] : []),
  ];
  // az signs in with a managed identity by itself since then, and az 2.91 calls the flag for it deprecated.
  return { words: 'aks enable-addons', flags, ...(isTrue(get(config.entra)) ? { azVersion: '2.50.0' } : {}) };
}

/** One add-on. Switching is a command of its own; the Key Vault provider's rotation is a flag of the update. */
function addon(arm: string, name: string): FlagRule {
  const base = `properties.addonProfiles.${arm}`;
  return {
    reads: [`${base}.enabled`, `${base}.config`, ...Object.values(config).map((key) => `${base}.config.${key}`)],
    groups: (found) => {
      const get = settings(found, base);
      const enabled: Edit | undefined = found.get(`${base}.enabled`);
      if (!get) return undefined;
      // With the cluster's keys instead: only the deprecated flag says so.
      if (enabled?.after === true && isFalse(get(config.entra))) return undefined;
      if (enabled?.after === true) return [{ ...enabling(name, get), when: 'last' }];
      if (enabled) return [{ words: 'aks disable-addons', flags: [['--addons', name]], when: 'last' }];
      if (name !== 'azure-keyvault-secrets-provider' || get(config.workspace) !== undefined || get(config.entra) !== undefined) return undefined;
      const rotation = get(config.rotation);
      const flags = rotationFlags(get);
      if (isFalse(rotation)) return flags.length > 0 ? undefined : [{ flags: [['--disable-secret-rotation']] }];
      return flags.length > 0 ? [{ flags }] : undefined;
    },
  };
}

/** Add-ons. Anything that these rows do not know is written another way. */
export const addonRules: readonly FlagRule[] = Object.entries(azNames).map(([arm, name]) => addon(arm, name));
