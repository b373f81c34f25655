import { isObject, type Json } from '../../model/json.ts';
import { type FlagRule, textsOf, toggle, value } from './rule.ts';

const upgrade = 'properties.upgradeSettings';

/** Taints as a whole; an empty text clears them. */
const taints: FlagRule = {
  reads: ['properties.nodeTaints'],
  groups: (found) => {
    const edit = found.get('properties.nodeTaints');
    const texts = edit && textsOf(edit);
    return texts ? [{ flags: [['--node-taints', texts.join(',')]] }] : undefined;
  },
};

function pairs(map: Json | undefined): readonly string[] | undefined {
  if (map === undefined || map === null) return [];
  if (!isObject(map)) return undefined;
  const entries = Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const sayable = entries.every(([key, entry]) => !/[\s,=@-]/.test(key.charAt(0)) && !/\s/.test(key + entry) && !entry.startsWith('@'));
  return sayable && entries.length === Object.keys(map).length ? entries.map(([key, entry]) => `${key}=${entry}`) : undefined;
}

/** Labels and tags are replaced as a whole: an edit of a single one has no flag. */
function map(read: string, flag: string): FlagRule {
  return {
    reads: [read],
    groups: (found) => {
      const texts = pairs(found.get(read)?.after);
      return texts ? [{ flags: [[flag, ...texts]] }] : undefined;
    },
  };
}

/** The Kubernetes version of the pool's nodes: a command of its own, after the settings that it rolls by. az asks where nothing would change. */
const orchestratorVersion: FlagRule = {
  reads: ['properties.orchestratorVersion'],
  groups: (found) => {
    const after = found.get('properties.orchestratorVersion')?.after;
    return typeof after === 'string' ? [{ words: 'aks nodepool upgrade', flags: [['--kubernetes-version', after]], yes: true, when: 'last' }] : undefined;
  },
};

/** Flags of `az aks nodepool update`. */
export const poolRules: readonly FlagRule[] = [
  value('properties.mode', '--mode', { values: { System: 'System', User: 'User', Gateway: 'Gateway' } }),
  value('properties.osSKU', '--os-sku', {
    values: Object.fromEntries(['AzureContainerLinux', 'AzureLinux', 'AzureLinux3', 'Ubuntu', 'Ubuntu2204', 'Ubuntu2404'].map((sku) => [sku, sku])),
  }),
  toggle('properties.enableFIPS', '--enable-fips-image', '--disable-fips-image', { azVersion: '2.64.0' }),
  toggle('properties.securityProfile.enableVTPM', '--enable-vtpm', '--disable-vtpm', { azVersion: '2.66.0' }),
  toggle('properties.securityProfile.enableSecureBoot', '--enable-secure-boot', '--disable-secure-boot', { azVersion: '2.66.0' }),
  value('properties.securityProfile.sshAccess', '--ssh-access', {
    extension: 'aks-preview',
    yes: true,
    when: 'last',
    values: { Disabled: 'disabled', LocalUser: 'localuser', EntraID: 'entraid' },
  }),
  value(`${upgrade}.maxSurge`, '--max-surge'),
  value(`${upgrade}.maxUnavailable`, '--max-unavailable'),
  value(`${upgrade}.drainTimeoutInMinutes`, '--drain-timeout'),
  value(`${upgrade}.nodeSoakDurationInMinutes`, '--node-soak-duration'),
  value(`${upgrade}.undrainableNodeBehavior`, '--undrainable-node-behavior'),
  taints,
  orchestratorVersion,
  map('properties.nodeLabels', '--labels'),
  map('properties.tags', '--tags'),
];
