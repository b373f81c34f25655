import { type Assessment, type Evidence, fail, notApplicable, partial, pass, unknown } from '../../../src/model/assessment.ts';
import { type Facts, fact } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { listed, shortName } from '../../shared/texts.ts';
import { AUDIT_ADMIN, AUDIT_FULL, logSettings, platformCategories, type Setting } from './settings.ts';

const place = (setting: Setting): string => `diagnosticSettings/${clean(setting.name)}`;
const enabledOf = (setting: Setting): Evidence['actual'] => [...setting.enabled].sort();

function evidenceOf(settings: readonly Setting[], wanted: string): readonly Evidence[] {
  if (settings.length === 0) return [{ path: 'diagnosticSettings', actual: undefined, wanted }];
  return settings.map((setting) => ({ path: place(setting), actual: enabledOf(setting), wanted }));
}

const union = (settings: readonly Setting[]): ReadonlySet<string> => new Set(settings.flatMap(({ enabled }) => [...enabled]));

/** 3.1: audit and guard reach some destination; category groups count. */
function audit(settings: readonly Setting[]): Assessment {
  const on = union(settings);
  const evidence = evidenceOf(settings, 'kube-audit-admin or kube-audit, and guard (or a category group that holds them)');
  const audited = on.has(AUDIT_FULL) || on.has(AUDIT_ADMIN);
  if (audited && on.has('guard')) return pass(...evidence);
  if (audited) return partial('the audit log is kept, but guard, which records sign-ins with Entra, is not', ...evidence);
  return fail(...evidence);
}

/** 3.2: the four platform logs reach some destination. */
function platform(settings: readonly Setting[]): Assessment {
  const on = union(settings);
  const missing = platformCategories.filter((name) => !on.has(name));
  const evidence = evidenceOf(settings, platformCategories.join(', '));
  if (missing.length === 0) return pass(...evidence);
  if (missing.length < platformCategories.length) return partial(`not collected: ${listed(missing)}`, ...evidence);
  return fail(...evidence);
}

/** 3.3: what is paid by the gigabyte is not paid twice. Only settings with a workspace are asked. */
function costAware(settings: readonly Setting[]): Assessment {
  const toWorkspace = settings.filter(({ sinks }) => sinks.workspace !== undefined);
  if (toWorkspace.length === 0) return notApplicable('no Log Analytics workspace receives these logs');
  const twice = toWorkspace.filter((setting) => {
    const same = toWorkspace.filter(({ sinks }) => sinks.workspace?.toLowerCase() === setting.sinks.workspace?.toLowerCase());
    return setting.enabled.has(AUDIT_FULL) && union(same).has(AUDIT_ADMIN);
  });
  const classic = toWorkspace.filter(({ dedicated }) => !dedicated);
  const evidence = [
    ...twice.map((setting) => ({
      path: place(setting),
      actual: enabledOf(setting),
      wanted: 'kube-audit off where kube-audit-admin is on: it holds the same events',
    })),
    ...classic.map((setting) => ({
      path: `${place(setting)} logAnalyticsDestinationType`,
      actual: setting.properties['logAnalyticsDestinationType'],
      wanted: 'Dedicated',
    })),
  ];
  if (evidence.length > 0) return fail(...evidence);
  return pass(...toWorkspace.map((setting) => ({ path: place(setting), actual: 'Dedicated', wanted: 'resource-specific tables, audit events once' })));
}

/** 3.4: a destination is named, and what is kept there goes away by a rule that still works. */
function destination(settings: readonly Setting[]): Assessment {
  const wanted = 'at least one of a workspace, a storage account, an event hub';
  if (settings.length === 0) return fail({ path: 'diagnosticSettings', actual: undefined, wanted });
  const evidence = settings.map((setting) => ({ path: place(setting), actual: Object.values(setting.sinks).map(shortName), wanted }));
  const stored = settings.filter(({ sinks }) => sinks.storage !== undefined);
  const relying = stored.filter(({ retention }) => retention);
  if (relying.length > 0) {
    return partial(`${listed(relying.map(({ name }) => name))} relies on retentionPolicy, which has deleted nothing since 2025-09-30`, ...evidence);
  }
  if (stored.length > 0) {
    const accounts = [...new Set(stored.map(({ sinks }) => shortName(sinks.storage ?? '')))];
    return unknown(
      `whether storage account ${listed(accounts)} has a lifecycle rule for insights-logs-* cannot be seen from the cluster: az storage account management-policy show`,
    );
  }
  return pass(...evidence);
}

/** All four, or the reason why the settings could not be read. */
export function verdicts(facts: Facts): { readonly [control: string]: Assessment } {
  const found = fact(facts, 'diagnosticSettings');
  if (found.state === 'unknown') {
    const reason = unknown(found.reason);
    return { '3.1': reason, '3.2': reason, '3.3': reason, '3.4': reason };
  }
  const settings = logSettings(found.value);
  return { '3.1': audit(settings), '3.2': platform(settings), '3.3': costAware(settings), '3.4': destination(settings) };
}
