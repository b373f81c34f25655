import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/model/assessment.ts';
import type { Facts } from '../../src/model/facts.ts';
import { addon, api, archive, bad, defender, good, group, logs, metricsOnly, network, of, pools, registry, ssh, tier, version } from './peer-fixtures.ts';
import { verdictOf } from './verdict-of.ts';

/** What other tools get wrong about AKS, each held against the right verdict. Their rule is named where it is public. */
type Row = readonly [what: string, control: string, facts: Facts, wanted: Status];

const groups: { readonly [group: string]: readonly Row[] } = {
  '1 an engine is one that enforces': [
    ['"none" passes CKV_AZURE_7, Prowler and Steampipe', '15.1', network('none'), 'fail'],
    ['"None" in another case', '15.1', network('None'), 'fail'],
    ['an empty text', '15.1', network(''), 'fail'],
    ['null passes KubeBuddy AKSNET002', '15.1', network(null), 'fail'],
    ['absent', '15.1', of({ networkProfile: { networkPolicy: undefined } }), 'fail'],
    ['Cilium fails AZR-000027 and Kubescape', '15.1', network('cilium'), 'pass'],
    ['Calico', '15.1', network('calico'), 'pass'],
    ['Azure NPM works until it ends', '15.1', network('azure'), 'partial'],
  ],
  '2 Premium holds all of Standard': [
    ['Premium fails AZR-000285 and CKV_AZURE_170', '20.5', tier('Premium'), 'pass'],
    ['Standard', '20.5', tier('Standard'), 'pass'],
    ['Paid, as older api-versions call it', '20.5', tier('Paid'), 'pass'],
    ['Free', '20.5', tier('Free'), 'fail'],
  ],
  '3 private clusters need no ranges, and every pool counts': [
    ['a private cluster fails CKV_AZURE_6', '12.1', api({ enablePrivateCluster: true }), 'not-applicable'],
    ['a public one without ranges', '12.1', api({ enablePrivateCluster: false }), 'fail'],
    ['encryption at host: CKV_AZURE_227 looks at the first pool', '17.1', pools(good, bad), 'partial'],
    ['public addresses: CKV_AZURE_143 looks at the first pool, Prowler for any good one', '11.4', pools(good, bad), 'fail'],
    ['SSH of every pool', '12.4', pools(good, bad), 'partial'],
    ['Trusted Launch of every pool', '20.6', pools(good, bad), 'partial'],
    ['every system pool is for the system', '20.10', pools(good, { ...bad, mode: 'System' }, { ...bad, name: 'third' }), 'fail'],
    ['the other way round', '11.4', pools(bad, good), 'fail'],
    ['all of them good', '17.1', pools(good, { ...good, name: 'second' }), 'pass'],
  ],
  '4 a dashboard that is not there is no finding': [
    ['no add-ons at all fails CKV_AZURE_8', '20.8', of({}), 'pass'],
    ['no dashboard beside others', '20.8', addon({ azurepolicy: { enabled: true } }), 'pass'],
    ['off: KubeBuddy AKSSEC007 calls it a high finding', '20.8', addon({ kubeDashboard: { enabled: false } }), 'pass'],
    ['on: KubeBuddy AKSSEC007 passes it', '20.8', addon({ kubeDashboard: { enabled: true } }), 'fail'],
    ['on, in the case that Azure has it too', '20.8', addon({ KubeDashboard: { enabled: 'true' } }), 'fail'],
  ],
  '5 a tier is no scan, and dead plans protect nothing': [
    ['Premium without a scan passes CKV_AZURE_163', '6.6', registry({}), 'fail'],
    ['the plan on Free passes CKV_AZURE_85', '5.1', defender('Containers', 'Free'), 'fail'],
    ['the plan KubernetesService, which Containers has replaced', '5.1', defender('KubernetesService', 'Standard'), 'unknown'],
    ['the plan ContainerRegistry: CKV_AZURE_86', '5.1', defender('ContainerRegistry', 'Standard'), 'unknown'],
    ['Standard without its parts', '5.1', defender('Containers', 'Standard'), 'partial'],
  ],
  '6 etcd is not the host, and a private endpoint is not a property': [
    ['host encryption passes Kubescape C-0244 for etcd', '18.4', pools(good, { ...good, name: 'second' }), 'fail'],
    ['0.0.0.0/32 is Kubescape’s fix: nobody but the cluster gets in', '12.1', api({ authorizedIPRanges: ['0.0.0.0/32'] }), 'partial'],
    ['0.0.0.0/0 is no fence', '12.1', api({ authorizedIPRanges: ['0.0.0.0/0'] }), 'fail'],
    ['properties.privateEndpoint, which no cluster has', '11.1', of({ privateEndpoint: { id: '/x' } }), 'fail'],
  ],
  '8 a system-assigned identity is a managed identity': [
    ['SystemAssigned fails KubeBuddy AKSIAM002 and 004', '1.1', of({ servicePrincipalProfile: { clientId: 'msi' } }), 'pass'],
    ['and has no secret that could end', '1.2', of({ servicePrincipalProfile: { clientId: 'msi' } }), 'not-applicable'],
  ],
  '9 what is enabled counts, however it is written': [
    ['the group "audit": AZR-000022 wants categories', '3.1', logs(group('audit')), 'pass'],
    ['the group "allLogs"', '3.1', logs(group('allLogs')), 'pass'],
    ['the group "allLogs" for the other logs: AZR-000023', '3.2', logs(group('allLogs')), 'pass'],
    ['a second setting for metrics only fails AZR-000022', '3.1', logs(group('audit'), metricsOnly), 'pass'],
    ['a setting for metrics only', '3.1', logs(metricsOnly), 'fail'],
    ['a workspace needs no retentionPolicy: policy 245fc9df wants one', '3.4', logs(group('audit')), 'pass'],
    ['retentionPolicy passes policy 245fc9df, and deletes nothing any more', '3.4', logs(archive(365)), 'partial'],
    ['a version that nobody patches: policy fb893a29 knows none after 1.13', '7.1', version('1.30.9'), 'fail'],
    ['a version that is served', '7.1', version('1.35.1'), 'pass'],
    ['SSH Disabled', '12.4', ssh('Disabled'), 'pass'],
    ['SSH by Entra sign-in', '12.4', ssh('EntraID'), 'pass'],
    ['SSH by key', '12.4', ssh('LocalUser'), 'fail'],
  ],
  '10 quarantine and content trust are no plain duties': [
    ['no quarantine fails AZR-000008 and CKV_AZURE_166', '6.1', registry({}), 'partial'],
    ['quarantine without a scanner: every new image stays out', '6.1', registry({ policies: { quarantinePolicy: { status: 'enabled' } } }), 'partial'],
    ['content trust passes AZR-000009 and CKV_AZURE_164, and ends', '6.2', registry({ policies: { trustPolicy: { status: 'enabled' } } }), 'partial'],
  ],
};

describe.each(Object.entries(groups))('%s', (_group, rows) => {
  it.each(rows)('%s (%s)', (_what, control, facts, wanted) => {
    const found = verdictOf(facts, control);
    expect(found.status, JSON.stringify(found)).toBe(wanted);
  });
});
