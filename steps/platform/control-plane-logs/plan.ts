import type { ArmPut } from '../../../src/model/change.ts';
import { clusterRef, type Facts, knownValue } from '../../../src/model/facts.ts';
import { isObject, type Json, type JsonObject, list, same, text, texts } from '../../../src/model/json.ts';
import type { Choice, StepPlan } from '../../../src/model/step.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { sameId, shortName } from '../../shared/texts.ts';
import { guardsFor } from './guards.ts';
import { settingsNow } from './params.ts';
import { AUDIT_ADMIN, AUDIT_FULL, allCategories, type Setting, type SinkKind, settingOf, sinkKinds } from './settings.ts';

const step = 'platform.control-plane-logs';

/** One destination with what shall reach it. Each becomes a setting of its own, because a setting sends the same to all its destinations. */
export interface Stream {
  readonly kind: SinkKind;
  readonly sink: string;
  readonly audit: 'admin' | 'full' | 'none';
  readonly eventHubName: string | undefined;
}

/** A stream with the setting that carries it and what other settings already bring to the same place. */
export interface Carried {
  readonly stream: Stream;
  readonly name: string;
  readonly existing: Setting | undefined;
  /** Categories the setting shall have. */
  readonly enabled: readonly string[];
  /** Other settings that send to the same place: which of the wanted categories, and whether the smaller audit log. */
  readonly elsewhere: readonly { readonly setting: string; readonly categories: readonly string[]; readonly auditAdmin: boolean }[];
}

const ownNames: { readonly [K in SinkKind]: string } = {
  workspace: 'aks-hardening',
  storage: 'aks-hardening-archive',
  eventHub: 'aks-hardening-stream',
};

const mode = (value: Json | undefined): Stream['audit'] => (value === 'full' || value === 'none' ? value : 'admin');

/** The destinations of an option. */
function streamsOf({ option, values }: Choice): readonly Stream[] {
  const workspace: Stream = { kind: 'workspace', sink: text(values['workspace']) ?? '', audit: mode(values['audit']), eventHubName: undefined };
  const storage: Stream = { kind: 'storage', sink: text(values['storageAccount']) ?? '', audit: mode(values['archiveAudit']), eventHubName: undefined };
  switch (option) {
    case 'storage':
      return [storage];
    case 'event-hub':
      return [
        { kind: 'eventHub', sink: text(values['eventHubRule']) ?? '', audit: mode(values['audit']), eventHubName: text(values['eventHubName']) || undefined },
      ];
    case 'workspace-and-storage':
      return [workspace, storage];
    default:
      return [workspace];
  }
}

/** Settings that a policy or other code brings back or takes away are left alone. */
function belongsToOthers(facts: Facts, setting: Setting): boolean {
  const owners = knownValue(facts, 'ownership');
  return /policy/i.test(setting.name) || owners === undefined || owners.length > 0;
}

/** The setting to write: ours, else one that somebody made by hand for this destination alone, else none yet. */
function existingFor(facts: Facts, stream: Stream): Setting | undefined {
  const all = (knownValue(facts, 'diagnosticSettings') ?? []).map(settingOf);
  const own = all.find(({ name }) => name.toLowerCase() === ownNames[stream.kind]);
  if (own) return own;
  return settingsNow(facts).find((setting) => {
    const sink = setting.sinks[stream.kind];
    return sink !== undefined && sameId(sink, stream.sink) && Object.keys(setting.sinks).length === 1 && !belongsToOthers(facts, setting);
  });
}

function carry(facts: Facts, stream: Stream, chosen: readonly string[]): Carried {
  const existing = existingFor(facts, stream);
  const others = settingsNow(facts).filter((setting) => setting.name !== existing?.name && sameId(setting.sinks[stream.kind] ?? '', stream.sink));
  const there = new Set(others.flatMap(({ enabled }) => [...enabled]));
  // The full audit log holds every event of the other one: sending both to one place pays twice.
  if (there.has(AUDIT_FULL)) there.add(AUDIT_ADMIN);
  const audit = stream.audit === 'full' ? [AUDIT_FULL] : stream.audit === 'admin' ? [AUDIT_ADMIN] : [];
  const wanted = [...audit, ...chosen];
  const foreign = [...(existing?.enabled ?? [])].filter((category) => !allCategories.includes(category));
  return {
    stream,
    name: existing?.name ?? ownNames[stream.kind],
    existing,
    enabled: [...wanted.filter((category) => !there.has(category)), ...foreign],
    elsewhere: others.map((setting) => ({
      setting: setting.name,
      categories: wanted
        .map((category) => (category === AUDIT_ADMIN && setting.enabled.has(AUDIT_FULL) ? AUDIT_FULL : category))
        .filter((category) => setting.enabled.has(category)),
      auditAdmin: setting.enabled.has(AUDIT_ADMIN),
    })),
  };
}

/** A write replaces the whole setting: what it holds beside logs and this destination is kept. */
function bodyOf({ stream, existing, enabled }: Carried): JsonObject {
  const { logs: _logs, metrics, ...kept } = existing?.properties ?? {};
  const measured = list(metrics)
    .filter(isObject)
    .map(({ retentionPolicy: _retired, ...metric }) => metric);
  return {
    properties: {
      ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== null)),
      [sinkKinds[stream.kind]]: stream.sink,
      ...(stream.kind === 'workspace' ? { logAnalyticsDestinationType: 'Dedicated' } : {}),
      ...(stream.kind === 'eventHub' ? { eventHubName: stream.eventHubName } : {}),
      logs: enabled.map((category) => ({ category, enabled: true })),
      ...(Array.isArray(metrics) ? { metrics: measured } : {}),
    },
  };
}

/** True where the setting already does what is wanted, however it is written down. */
function inPlace({ stream, existing, enabled }: Carried): boolean {
  if (existing === undefined) return enabled.length === 0;
  const sink = existing.sinks[stream.kind];
  return (
    sink !== undefined &&
    sameId(sink, stream.sink) &&
    same([...existing.enabled].sort(), [...enabled].sort()) &&
    (stream.kind !== 'workspace' || existing.dedicated) &&
    (stream.kind !== 'storage' || !existing.retention) &&
    (stream.kind !== 'eventHub' || (existing.eventHubName ?? '') === (stream.eventHubName ?? ''))
  );
}

function put(facts: Facts, carried: Carried): ArmPut {
  const { name, existing, stream } = carried;
  const target = {
    id: `${clusterRef(facts).id}/providers/Microsoft.Insights/diagnosticSettings/${name}`,
    type: 'Microsoft.Insights/diagnosticSettings',
    apiVersion: '2021-05-01-preview',
  };
  return {
    kind: 'arm.put',
    id: `${step}/${stream.kind === 'eventHub' ? 'event-hub' : stream.kind}`,
    step,
    controls: ['3.1', '3.2', '3.3', '3.4'],
    title: `Send control-plane logs to ${shortName(stream.sink)}`,
    target,
    body: bodyOf(carried),
    before: existing ? { properties: existing.properties } : undefined,
    impact: { kind: 'billing', scope: `what arrives in ${shortName(stream.sink)} is paid there; the cluster itself is not touched` },
    minutes: SIDE_WRITE_MINUTES,
    reversible: existing
      ? { kind: 'yes', how: 'The setting is written back as it was. What was collected stays.' }
      : { kind: 'yes', how: 'The setting is deleted. What was collected stays.' },
    after: [],
  };
}

/** Changes and guards of a complete choice. */
export function plan(facts: Facts, choice: Choice): StepPlan {
  const carried = streamsOf(choice).map((stream) => carry(facts, stream, texts(choice.values['categories'])));
  const open = carried.filter((one) => one.enabled.length > 0 && !inPlace(one));
  if (open.length === 0) return { changes: [], guards: [] };
  return { changes: open.map((one) => put(facts, one)), guards: guardsFor(facts, open) };
}
