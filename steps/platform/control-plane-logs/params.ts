import { type Facts, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Json } from '../../../src/model/json.ts';
import type { Param } from '../../../src/model/step.ts';
import { idShape, isArmId } from '../../shared/arm-ids.ts';
import { listed } from '../../shared/texts.ts';
import { workspaceParam } from '../workspaces.ts';
import { AUDIT_ADMIN, AUDIT_FULL, categories, logSettings, platformCategories, type Setting, type SinkKind } from './settings.ts';

const names: readonly string[] = categories.map(({ name }) => name);

/** Settings that send logs today; none where they could not be read. */
export function settingsNow(facts: Facts): readonly Setting[] {
  return logSettings(knownValue(facts, 'diagnosticSettings') ?? []);
}

/** The first destination of a kind that logs go to today. */
export function sinkNow(facts: Facts, kind: SinkKind): string | undefined {
  return settingsNow(facts).find(({ sinks }) => sinks[kind] !== undefined)?.sinks[kind];
}

/** Which audit log a kind of destination gets today. */
function auditNow(facts: Facts, kind: SinkKind): 'admin' | 'full' | undefined {
  const settings = settingsNow(facts).filter(({ sinks }) => sinks[kind] !== undefined);
  if (settings.some(({ enabled }) => enabled.has(AUDIT_ADMIN))) return 'admin';
  return settings.some(({ enabled }) => enabled.has(AUDIT_FULL)) ? 'full' : undefined;
}

const auditChoices = [
  { value: 'admin', label: 'kube-audit-admin: everything that changes something; reads (get, list) are left out' },
  { value: 'full', label: 'kube-audit: reads as well; many times the volume' },
  { value: 'none', label: 'no audit log here' },
] as const;

function auditParam(name: string, prompt: string, help: string, defaultValue: (facts: Facts) => Json): Param {
  return {
    name,
    prompt,
    help,
    kind: 'choice',
    choices: () => auditChoices,
    defaultValue,
    validate: (value: Json) => (auditChoices.some((choice) => choice.value === value) ? undefined : 'Choose admin, full or none.'),
  };
}

export const params: readonly Param[] = [
  workspaceParam('Log Analytics workspace for the logs', (facts) => [sinkNow(facts, 'workspace')]),
  {
    name: 'storageAccount',
    prompt: 'Storage account for the archive',
    help: 'Its resource id: az storage account list --query "[].id". It must be in the region of the cluster. Old blobs go away by a lifecycle rule on the account, not by the setting.',
    kind: 'text',
    defaultValue: (facts) => sinkNow(facts, 'storage'),
    validate: (value: Json) =>
      typeof value === 'string' && isArmId('storageAccount', value) ? undefined : `Give the resource id of a storage account: ${idShape('storageAccount')}`,
  },
  {
    name: 'eventHubRule',
    prompt: 'Authorization rule of the Event Hubs namespace',
    help: 'A rule of the namespace with Manage, Send and Listen: az eventhubs namespace authorization-rule list --query "[].id". The namespace must be in the region of the cluster.',
    kind: 'text',
    defaultValue: (facts) => sinkNow(facts, 'eventHub'),
    validate: (value: Json) =>
      typeof value === 'string' && isArmId('eventHubRule', value)
        ? undefined
        : `Give the resource id of a rule of the namespace, not of one hub: ${idShape('eventHubRule')}`,
  },
  {
    name: 'eventHubName',
    prompt: 'Event hub (empty: one hub for each category)',
    help: 'Left empty, Azure Monitor makes a hub named insights-logs-CATEGORY for each category.',
    kind: 'text',
    defaultValue: (facts) => settingsNow(facts).find(({ sinks }) => sinks.eventHub !== undefined)?.eventHubName ?? '',
    validate: (value: Json) =>
      typeof value === 'string' && (value === '' || /^[A-Za-z0-9][\w.-]{0,255}$/.test(value))
        ? undefined
        : 'Give the name of a hub in that namespace, letters, digits, dots, dashes and underscores, or leave it empty.',
  },
  {
    name: 'categories',
    prompt: 'Logs beside the audit log',
    help: 'guard belongs to the audit trail; the four of the control plane tell why things happened. The others are chatty and rarely needed.',
    kind: 'choices',
    choices: () => categories.map(({ name, about }) => ({ value: name, label: `${name}: ${about}` })),
    defaultValue: (facts) => {
      const on = new Set(settingsNow(facts).flatMap(({ enabled }) => [...enabled]));
      return names.filter((name) => on.has(name) || name === 'guard' || platformCategories.some((wanted) => wanted === name));
    },
    validate: (value: Json) => {
      if (!Array.isArray(value)) return 'Give a list of categories, separated by commas.';
      const wrong = value.find((entry) => typeof entry !== 'string' || !names.includes(entry));
      return wrong === undefined
        ? undefined
        : `"${clean(String(wrong))}" is not one of ${listed(names, names.length)}. The audit log has a parameter of its own.`;
    },
  },
  auditParam(
    'audit',
    'Audit log to the workspace or event hub',
    'Reads are most of what an API server does: leaving them out keeps who changed what at a fraction of the volume.',
    (facts) => auditNow(facts, 'workspace') ?? auditNow(facts, 'eventHub') ?? 'admin',
  ),
  auditParam(
    'archiveAudit',
    'Audit log to the storage account',
    'Storage is where the full log is affordable: it also tells who read which Secret.',
    (facts) => auditNow(facts, 'storage') ?? 'full',
  ),
];
