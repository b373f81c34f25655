import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/model/assessment.ts';
import { factsFromText } from '../../src/snapshot/file.ts';
import { hasRecorded, recordedClusters } from '../snapshot/recorded.ts';
import { bodies, oddFacts } from './odd-bodies.ts';
import { verdictOf } from './verdict-of.ts';

type Name = keyof typeof bodies;
const statuses = (wanted: Status, ...controls: readonly string[]) => controls.map((control) => [control, wanted] as const);

/** What each odd body comes to, where it differs from what one would think. */
const expected: { readonly [N in Name]?: readonly (readonly [control: string, wanted: Status])[] } = {
  automatic: [
    ...statuses('preconfigured', '2.1', '2.2', '2.3', '2.4', '9.1', '11.2', '15.1', '15.3', '16.1', '20.1', '20.2', '20.4', '20.5', '20.10'),
    ...statuses('fail', '4.1', '5.2', '12.1'),
  ],
  // SSH keys and Trusted Launch are questions of Linux; the encryption of hosts is everybody's.
  windows: statuses('pass', '12.4', '17.1', '20.6', '20.10', '11.4'),
  machines: statuses('pass', '12.4', '17.1', '20.6', '20.10', '11.4'),
  spot: [...statuses('pass', '12.4', '17.1', '20.6'), ...statuses('fail', '20.10')],
  empty: [...statuses('pass', '12.4', '17.1', '20.6'), ...statuses('fail', '20.10')],
  stopped: [...statuses('pass', '1.1', '2.1', '9.1', '12.4', '17.1'), ...statuses('fail', '2.2', '12.1', '15.1')],
  managedSystem: [...statuses('pass', '12.4', '17.1', '20.6', '20.10'), ...statuses('not-applicable', '20.7')],
  noPools: statuses('not-applicable', '11.4', '12.4', '17.1', '20.6', '20.7'),
  casing: [
    ...statuses('unknown', '16.2'),
    ...statuses(
      'pass',
      ...['2.1', '2.2', '2.3', '2.4', '4.1', '5.2', '11.1', '11.2', '11.3', '11.4', '12.3', '12.4'],
      ...['16.1', '17.1', '18.1', '18.2', '18.4', '20.1', '20.2', '20.6', '20.8', '20.10'],
    ),
  ],
  strings: [
    ...statuses('unknown', '16.2'),
    ...statuses(
      'pass',
      ...['2.1', '2.2', '2.3', '2.4', '4.1', '5.2', '11.1', '11.2', '11.3', '11.4', '12.3', '12.4'],
      ...['16.1', '17.1', '18.1', '18.2', '18.4', '20.1', '20.2', '20.6', '20.8', '20.10'],
    ),
  ],
  bare: [...statuses('unknown', '1.1', '1.2', '2.1', '15.1', '15.3'), ...statuses('fail', '2.2', '2.4', '9.1', '11.1', '12.1', '16.1', '18.1', '20.1')],
  hundred: [...statuses('partial', '12.4', '17.1', '20.6'), ...statuses('fail', '11.4'), ...statuses('pass', '20.10')],
};

describe.each(Object.entries(expected))('%s', (name, rows) => {
  it.each(rows)('%s: %s', (control, wanted) => {
    const found = verdictOf(oddFacts(bodies[name as Name]), control);
    expect(found.status, JSON.stringify(found).slice(0, 400)).toBe(wanted);
  });
});

/** Recorded clusters, each with what somebody did to it just before, and controls whose property its api-version does not show. */
const recorded: { readonly [file: string]: readonly (readonly [control: string, wanted: Status])[] } = {
  'private_cluster-2024-01-01.json': [...statuses('pass', '11.1'), ...statuses('not-applicable', '12.1')],
  'create_fqdn_subdomain-2022-02-01.json': statuses('pass', '11.1'),
  'create_with_windows-2021-10-01.json': [...statuses('unknown', '9.1', '16.1', '18.4', '20.2', '20.4', '20.6', '12.4'), ...statuses('fail', '17.1')],
  'create_enable_encryption-2023-04-01.json': statuses('pass', '17.1'),
  'create_network_cidr-2023-05-01.json': statuses('pass', '15.1'),
  'install_azure_npm-2024-05-01.json': statuses('partial', '15.1'),
  'update_node_provisioning_profile-2025-04-02-preview.json': statuses('pass', '15.1'),
  'create_with_node_os_upgrade_channel-2024-02-01.json': statuses('pass', '9.1'),
  'disable_ssh-2023-11-02-preview.json': statuses('pass', '12.4'),
  'enable_addon_with_azurekeyvaultsecretsprovider-2022-09-01.json': statuses('pass', '18.1', '18.2'),
  'enable_addon_with_azurekeyvaultsecretsprovider-2023-05-01.json': [...statuses('pass', '18.1'), ...statuses('fail', '18.2')],
  'update_with_defender-2022-04-01.json': statuses('unknown', '5.2'),
  'create_with_monitoring_legacy_auth-2025-02-02-preview.json': statuses('pass', '4.1'),
  'create_with_trustedaccess_rolebinding-2023-10-01.json': statuses('pass', '20.2'),
  'approuting_zone_add_delete_list-2024-01-01.json': statuses('partial', '20.8'),
  'addon_disable_openservicemesh-2023-10-02-preview.json': statuses('pass', '20.8'),
  'update_with_kms_infrastructure_encryption-2025-08-02-preview.json': statuses('pass', '18.4'),
  'update_with_managed_system_pool-2025-05-02-preview.json': statuses('not-applicable', '11.4', '12.4', '17.1', '20.6'),
  'test_vms_agentpool_type-2024-03-02-preview.json': statuses('fail', '12.4', '17.1', '20.6'),
  'upgrade_node_image_only_nodepool-2020-11-01.json': statuses(
    'unknown',
    '2.4',
    '9.1',
    '12.3',
    '12.4',
    '16.1',
    '17.1',
    '18.1',
    '18.2',
    '18.4',
    '20.2',
    '20.4',
    '20.6',
  ),
};

describe.runIf(hasRecorded).each(Object.entries(recorded))('recorded: %s', (file, rows) => {
  const text = recordedClusters().find(([name]) => name === file)?.[1] ?? '';
  const apiVersion = /\d{4}-\d\d-\d\d(-preview)?(?=\.json$)/.exec(file)?.[0] ?? '';

  it.each(rows)('%s: %s', (control, wanted) => {
    const [read] = factsFromText(text, file, '2026-09-01T08:00:00Z');
    if (read === undefined) throw new Error(`${file} holds no cluster`);
    expect(verdictOf({ ...read, apiVersion }, control).status).toBe(wanted);
  });
});
