import type { FlagGroup, FlagRule } from './rule.ts';
import { textsOf, toggle } from './rule.ts';

const access = 'properties.apiServerAccessProfile';

/**
 * Who can reach the API server. az refuses ranges while the cluster is private, and a public name before it is
 * (_get_api_server_authorized_ip_ranges, _get_disable_public_fqdn look at the cluster as it stands): such pairs are two commands.
 */
const reach: FlagRule = {
  reads: ['authorizedIPRanges', 'enableVnetIntegration', 'subnetId', 'enablePrivateCluster', 'privateDNSZone', 'enablePrivateClusterPublicFQDN'].map(
    (name) => `${access}.${name}`,
  ),
  groups: (found) => {
    const get = (name: string) => found.get(`${access}.${name}`);
    const opens = get('enablePrivateCluster') !== undefined && get('enablePrivateCluster')?.after !== true;
    const closes = get('enablePrivateCluster')?.after === true;
    const vnet = get('enableVnetIntegration');
    const subnet = get('subnetId')?.after;
    const zone = get('privateDNSZone');
    const ranges = get('authorizedIPRanges');
    const list = ranges && textsOf(ranges);
    // Integration can not be taken back, and a subnet goes with the flag that switches it on.
    if ((vnet && vnet.after !== true) || (get('subnetId') && (typeof subnet !== 'string' || !vnet))) return undefined;
    if ((ranges && !list) || (zone && typeof zone.after !== 'string')) return undefined;

    const main: (readonly string[])[] = [];
    const groups: FlagGroup[] = [];
    if (vnet) main.push(['--enable-apiserver-vnet-integration'], ...(typeof subnet === 'string' ? [['--apiserver-subnet-id', subnet]] : []));
    if (closes) main.push(['--enable-private-cluster']);
    if (opens) groups.push({ flags: [['--disable-private-cluster']], azVersion: '2.73.0', ...(list && list.length > 0 ? { when: 'first' } : {}) });
    if (typeof zone?.after === 'string') main.push(['--private-dns-zone', zone.after]);
    if (list) main.push(['--api-server-authorized-ip-ranges', list.join(',')]);
    const name = get('enablePrivateClusterPublicFQDN');
    const nameFlag = name?.after === false ? '--disable-public-fqdn' : '--enable-public-fqdn';
    // A public cluster has no such choice: when it opens, the property goes with the rest.
    if (name && !opens) groups.push({ flags: [[nameFlag]], ...(closes ? { when: 'last' } : {}) });
    if (main.length > 0) groups.push({ flags: main, ...(vnet || closes ? { azVersion: '2.73.0' } : {}) });
    return groups;
  },
};

/** The API server's reachability, and the way in through ARM. */
export const apiServerRules: readonly FlagRule[] = [reach, toggle(`${access}.disableRunCommand`, '--disable-run-command', '--enable-run-command')];
