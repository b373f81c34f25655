import type { ArmResource } from '../../../src/model/facts.ts';
import { at, isObject, isTrue, type JsonObject, list, path, text } from '../../../src/model/json.ts';

/** Log categories of a cluster (AKS docs: monitor-aks-reference), with what each is good for. `kube-audit` and `-admin` are decided by the audit mode. */
export const categories = [
  { name: 'guard', about: 'sign-ins with Entra and what Azure RBAC decided' },
  { name: 'kube-apiserver', about: 'the API server itself' },
  { name: 'kube-controller-manager', about: 'why nodes, endpoints and volumes change' },
  { name: 'kube-scheduler', about: 'why pods land where they do; busy' },
  { name: 'cluster-autoscaler', about: 'why nodes come and go' },
  { name: 'cloud-controller-manager', about: 'load balancers and routes in Azure' },
  { name: 'csi-azuredisk-controller', about: 'attaching disks' },
  { name: 'csi-azurefile-controller', about: 'mounting file shares' },
  { name: 'csi-snapshot-controller', about: 'snapshots' },
] as const;

/** The four that control 3.2 asks for. */
export const platformCategories = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'cluster-autoscaler'] as const;

export const AUDIT_FULL = 'kube-audit';
export const AUDIT_ADMIN = 'kube-audit-admin';
export const allCategories: readonly string[] = [AUDIT_FULL, AUDIT_ADMIN, ...categories.map(({ name }) => name)];

/** Where a setting sends to, by the property that names it. */
export const sinkKinds = { workspace: 'workspaceId', storage: 'storageAccountId', eventHub: 'eventHubAuthorizationRuleId' } as const;
export type SinkKind = keyof typeof sinkKinds;

/** One diagnostic setting, read once: what is enabled, where it goes. Groups are spelled out. */
export interface Setting {
  readonly name: string;
  readonly body: ArmResource;
  readonly properties: JsonObject;
  readonly enabled: ReadonlySet<string>;
  readonly sinks: { readonly [K in SinkKind]?: string };
  readonly eventHubName: string | undefined;
  readonly dedicated: boolean;
  /** It relies on `retentionPolicy`, which no longer deletes anything. */
  readonly retention: boolean;
}

/** `audit` and `allLogs` count as what they hold (Azure Monitor docs: diagnostic-settings, category groups). */
const groups: { readonly [group: string]: readonly string[] } = { audit: [AUDIT_FULL, AUDIT_ADMIN, 'guard'], alllogs: allCategories };

/** The catalogue's spelling of a category; one that it does not know keeps its own. */
function canonicalName(category: string): string {
  return allCategories.find((name) => name === category.toLowerCase()) ?? category;
}

function enabledIn(properties: JsonObject): ReadonlySet<string> {
  const on = list(properties['logs']).filter((entry) => isTrue(at(entry, ['enabled'])));
  return new Set(
    on.flatMap((entry) => {
      const category = text(at(entry, ['category']));
      const group = text(at(entry, ['categoryGroup']));
      return [...(category ? [canonicalName(category)] : []), ...(group ? (groups[group.toLowerCase()] ?? []) : [])];
    }),
  );
}

/** Reads a `Microsoft.Insights/diagnosticSettings` resource. */
export function settingOf(body: ArmResource): Setting {
  const found = at(body, path('properties'));
  const properties: JsonObject = isObject(found) ? found : {};
  const logs = list(properties['logs']);
  const sinks = Object.fromEntries(
    Object.entries(sinkKinds).flatMap(([kind, key]) => {
      const id = text(at(properties, [key]));
      return id ? [[kind, id]] : [];
    }),
  );
  return {
    name: text(body['name']) ?? '',
    body,
    properties,
    enabled: enabledIn(properties),
    sinks,
    eventHubName: text(at(properties, ['eventHubName'])),
    dedicated: text(at(properties, ['logAnalyticsDestinationType']))?.toLowerCase() === 'dedicated',
    retention: logs.some((entry) => isTrue(at(entry, path('retentionPolicy.enabled'))) && at(entry, path('retentionPolicy.days')) !== 0),
  };
}

/** Settings that carry logs somewhere. One that only sends metrics says nothing about logs, good or bad. */
export function logSettings(bodies: readonly ArmResource[]): readonly Setting[] {
  return bodies.map(settingOf).filter(({ enabled, sinks }) => enabled.size > 0 && Object.keys(sinks).length > 0);
}
