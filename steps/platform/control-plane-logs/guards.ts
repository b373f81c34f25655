import { type Facts, fact } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { commonGuards } from '../../shared/guards.ts';
import type { CodeLine } from '../../shared/iac.ts';
import { WRITE_DIAGNOSTIC_SETTING } from '../../shared/permissions.ts';
import { listed, shortName } from '../../shared/texts.ts';
import { workspaceGuard } from '../workspaces.ts';
import type { Carried } from './plan.ts';
import { AUDIT_FULL } from './settings.ts';

/** A resource takes five diagnostic settings (Azure Monitor docs: diagnostic-settings). */
const MOST_SETTINGS = 5;

function limitGuard(facts: Facts, carried: readonly Carried[]): Guard {
  const id = 'setting-limit';
  const title = 'Room for another diagnostic setting';
  const found = fact(facts, 'diagnosticSettings');
  if (found.state === 'unknown') {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `The settings of today could not be read: ${found.reason}. A setting of the same name would be replaced.`,
      override: 'nothing of that name exists',
    };
  }
  const after = found.value.length + carried.filter(({ existing }) => existing === undefined).length;
  if (after <= MOST_SETTINGS) return { id, title, verdict: 'clear', detail: `The cluster has ${found.value.length} of ${MOST_SETTINGS} settings today.` };
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `The cluster has ${found.value.length} settings (${listed(found.value.map((body) => text(body['name']) ?? '?'))}); Azure Monitor takes ${MOST_SETTINGS}.`,
    next: ['Delete one that nobody reads: az monitor diagnostic-settings delete.', 'Or choose fewer destinations.'],
    override: 'never',
  };
}

function duplicateGuard({ name, stream, elsewhere, enabled }: Carried): Guard {
  const id = `duplicates:${stream.kind}`;
  const title = 'Nothing is sent twice';
  const shared = elsewhere.filter(({ categories }) => categories.length > 0);
  const where = shortName(stream.sink);
  // The other setting holds the smaller audit log and ours the full one: both arrive, and only its owner can end that.
  const overlap = stream.audit === 'full' && enabled.includes(AUDIT_FULL) && elsewhere.some(({ auditAdmin }) => auditAdmin);
  if (overlap) {
    return {
      id,
      title,
      verdict: 'warn',
      detail: `Another setting sends kube-audit-admin to ${where}, and kube-audit holds the same events again.`,
      next: ['Choose admin here, or turn kube-audit-admin off in the other setting.'],
    };
  }
  if (shared.length === 0) return { id, title, verdict: 'clear', detail: `No other setting sends these logs to ${where}.` };
  return {
    id,
    title,
    verdict: 'warn',
    detail: `${listed(shared.map(({ setting, categories }) => `${clean(setting)} sends ${listed(categories)}`))} to ${where} already; ${clean(name)} leaves that out. The other setting is left as it is.`,
    next: ['Where a policy or code makes that setting, change it there if it should use resource-specific tables or another audit log.'],
  };
}

function placeGuard(facts: Facts, { stream }: Carried): Guard {
  if (stream.kind === 'workspace') return workspaceGuard(facts, stream.sink);
  const what = stream.kind === 'storage' ? 'Storage account' : 'Event Hubs namespace';
  return {
    id: `destination:${stream.kind}`,
    title: `${what} is there and in the region of the cluster`,
    verdict: 'unknown',
    detail: `${shortName(stream.sink)} was not looked at. Azure Monitor refuses one in another region than the cluster's.`,
    next:
      stream.kind === 'storage'
        ? ['Give it a lifecycle rule for insights-logs-*, or it keeps everything: az storage account management-policy create.']
        : ['A namespace behind a firewall must let trusted Microsoft services through.'],
  };
}

function costGuard(facts: Facts, carried: readonly Carried[]): readonly Guard[] {
  const full = carried.some(({ stream, enabled }) => stream.kind === 'workspace' && enabled.includes(AUDIT_FULL));
  const stops = carried.some(
    ({ stream, existing, enabled }) => stream.kind === 'workspace' && existing?.enabled.has(AUDIT_FULL) && !enabled.includes(AUDIT_FULL),
  );
  const cluster = clean(text(facts.cluster['name']) ?? 'the cluster');
  return [
    ...(full
      ? [
          {
            id: 'audit-volume',
            title: 'The full audit log in a workspace is the expensive way',
            verdict: 'warn' as const,
            detail: `Every get and list of every controller in ${cluster} is ingested. Measure before you keep it.`,
            next: [
              'Before: growth of apiserver_request_total over an hour (kubectl get --raw /metrics), times about 2 KB an event: an estimate.',
              'After a day: AKSAudit | where TimeGenerated > ago(1d) | summarize GB = sum(_BilledSize) / 1e9',
              'Cheaper: az monitor log-analytics workspace table update --resource-group GROUP --workspace-name NAME --name AKSAudit --plan Basic',
            ],
          },
        ]
      : []),
    ...(stops
      ? [
          {
            id: 'audit-reads-end',
            title: 'Reads are no longer in the workspace',
            verdict: 'warn' as const,
            detail: 'kube-audit reaches the workspace today; afterwards who read what (get, list) is not recorded there any more.',
            next: ['Where rules ask for it, send the full log to a storage account: option workspace-and-storage.'],
          },
        ]
      : []),
  ];
}

const code: readonly CodeLine[] = [
  {
    terraform: {
      line: 'a resource azurerm_monitor_diagnostic_setting with the same name and target_resource_id, or terraform import',
      effect: 'unnoticed',
      note: 'a setting that Terraform did not make is not in its state',
    },
    bicep: "resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = { scope: cluster … }",
  },
];

/** Everything that should be known before the settings are written. */
export function guardsFor(facts: Facts, carried: readonly Carried[]): readonly Guard[] {
  return [
    ...commonGuards(facts, { impact: 'billing', actions: [WRITE_DIAGNOSTIC_SETTING], writesCluster: false, code }),
    limitGuard(facts, carried),
    ...carried.map((one) => placeGuard(facts, one)),
    ...carried.map(duplicateGuard),
    ...costGuard(facts, carried),
  ];
}
