import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type Json, type JsonObject, list, path, same, text, texts } from '../model/json.ts';
import { resolved } from './kubernetes-versions.ts';
import { latestImage } from './node-images.ts';
import { minorOf } from './validation/rule.ts';
import type { Outcome, World } from './world.ts';

type Reimage = 'all-at-once' | 'one-by-one';

interface Row {
  /** Below the resource, dotted. */
  readonly property: string;
  readonly seconds: number;
  /** Which nodes are replaced. AKS docs: node-disruption-policy. */
  readonly reimage?: Reimage | ((before: ArmResource) => Reimage | undefined);
  readonly state?: string;
}

const VERSION = 'properties.kubernetesVersion';

const unmanaged = (cluster: ArmResource): boolean => text(at(cluster, path('properties.autoUpgradeProfile.nodeOSUpgradeChannel'))) === 'Unmanaged';
const usesServicePrincipal = (cluster: ArmResource): boolean => !/^(system|user)/i.test(text(at(cluster, path('identity.type'))) ?? '');

/** How long a change takes where no node is replaced: recorded durations of small clusters, 2023. */
const rows: readonly Row[] = [
  { property: 'properties.aadProfile', seconds: 172 },
  { property: 'properties.disableLocalAccounts', seconds: 106 },
  { property: 'properties.apiServerAccessProfile', seconds: 101 },
  { property: 'properties.apiServerAccessProfile.enableVnetIntegration', seconds: 300, reimage: 'all-at-once' },
  { property: 'properties.apiServerAccessProfile.privateDNSZone', seconds: 180, reimage: (before) => (privateZone(before) ? 'one-by-one' : undefined) },
  { property: 'properties.networkProfile.networkPolicy', seconds: 130, reimage: 'all-at-once' },
  { property: 'properties.networkProfile.networkDataplane', seconds: 400, reimage: 'all-at-once' },
  { property: 'properties.networkProfile.networkPluginMode', seconds: 200, reimage: 'all-at-once' },
  { property: 'properties.networkProfile.loadBalancerSku', seconds: 300, reimage: 'all-at-once' },
  { property: 'properties.networkProfile.loadBalancerProfile', seconds: 90 },
  // From 1.37 on AKS replaces the nodes by itself; before, they wait for a new image (AKS release notes 2026-08-07).
  { property: 'properties.networkProfile.outboundType', seconds: 180, reimage: (before) => (isYoung(before) ? 'one-by-one' : undefined) },
  { property: 'properties.networkProfile.staticEgressGatewayProfile', seconds: 120 },
  { property: 'properties.bootstrapProfile', seconds: 150, reimage: (before) => (isYoung(before) ? 'one-by-one' : undefined) },
  { property: 'properties.identityProfile', seconds: 130, reimage: 'one-by-one' },
  { property: 'identity.type', seconds: 132, reimage: (before) => (usesServicePrincipal(before) ? 'one-by-one' : undefined) },
  { property: 'identity', seconds: 100 },
  { property: 'properties.autoUpgradeProfile', seconds: 95 },
  { property: 'properties.oidcIssuerProfile', seconds: 129 },
  { property: 'properties.securityProfile', seconds: 105 },
  { property: 'properties.securityProfile.azureKeyVaultKms', seconds: 240 },
  { property: 'properties.addonProfiles', seconds: 160 },
  { property: 'properties.azureMonitorProfile', seconds: 120 },
  { property: 'properties.httpProxyConfig', seconds: 120, reimage: 'one-by-one' },
  { property: 'properties.nodeResourceGroupProfile', seconds: 90 },
  { property: VERSION, seconds: 600, state: 'Upgrading' },
  { property: 'sku', seconds: 123 },
];

const isYoung = (cluster: ArmResource): boolean => minorOf(text(at(cluster, path('properties.currentKubernetesVersion'))) ?? '') >= minorOf('1.37');
const privateZone = (cluster: ArmResource): boolean => at(cluster, path('properties.apiServerAccessProfile.enablePrivateCluster')) === true;

/** Pool properties whose change replaces that pool's nodes at once (AKS docs: node-disruption-policy, enable-fips-nodes, use-trusted-launch). */
const reimagingPoolProperties: readonly string[] = ['enableFIPS', 'securityProfile.enableVTPM', 'securityProfile.enableSecureBoot', 'localDNSProfile', 'osSKU'];

/** What a write sets going: how long, what it is called, and what is true at its end. */
export interface Effect {
  readonly ms: number;
  readonly state: string;
  /** Pools whose nodes are replaced. */
  readonly reimaged: readonly string[];
  readonly outcomes: readonly Outcome[];
}

const poolsIn = (cluster: ArmResource): readonly JsonObject[] => list(at(cluster, ['properties', 'agentPoolProfiles'])).filter(isObject);
const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '';

/** Nodes that are replaced at a time: `33%` of the pool, or a number; one when the pool does not say. */
function surge(pool: JsonObject, count: number): number {
  const setting = text(at(pool, ['upgradeSettings', 'maxSurge'])) ?? '1';
  const number = Number.parseInt(setting, 10);
  return Math.max(1, setting.endsWith('%') ? Math.ceil((count * number) / 100) : number || 1);
}

/** Seconds to replace a pool's nodes: about 200 each (provisioning and drain), as many side by side as it surges. */
export function reimageSeconds(pool: JsonObject): number {
  const count = typeof pool['count'] === 'number' ? pool['count'] : 1;
  return Math.ceil(count / surge(pool, count)) * 200;
}

/**
 * The version that something goes to when it stands at `current` and is wanted to be at `wanted`; undefined where it is there. `1.34` stands for
 * its newest patch, and is no order to leave another patch of the same minor. Old api-versions do not show `current`: what was wanted stands.
 */
function movesTo(current: Json | undefined, before: Json | undefined, wanted: Json | undefined): string | undefined {
  const [stands, shall] = [text(current) ?? text(before) ?? '', text(wanted)];
  return shall === undefined || shall === '' || stands === shall || stands.startsWith(`${shall}.`) ? undefined : resolved(shall);
}

/** What becomes true when a pool's nodes have been replaced. */
export function reimageOutcomes(world: World, clusterId: string, pool: JsonObject): readonly Outcome[] {
  const common = { kind: 'pool', cluster: clusterId.toLowerCase(), pool: nameOf(pool) } as const;
  const version = movesTo(pool['currentOrchestratorVersion'], undefined, pool['orchestratorVersion']);
  return [
    { ...common, path: ['nodeImageVersion'], value: latestImage(world, pool) },
    ...(version === undefined ? [] : [{ ...common, path: ['currentOrchestratorVersion'], value: version }]),
  ];
}

/** What changing `before` into `goal` does. A write that changes nothing is a reconcile: a minute and a half. */
export function effectOf(world: World, before: ArmResource, goal: ArmResource): Effect {
  const clusterId = (text(goal['id']) ?? '').toLowerCase();
  const version = movesTo(at(before, path('properties.currentKubernetesVersion')), at(before, path(VERSION)), at(goal, path(VERSION)));
  const changed = rows.filter((row) =>
    row.property === VERSION ? version !== undefined : !same(at(before, path(row.property)), at(goal, path(row.property))),
  );
  const kinds = changed.map((row) => (typeof row.reimage === 'function' ? row.reimage(before) : row.reimage));
  if (unmanaged(before) !== unmanaged(goal)) kinds.push('one-by-one');
  const all = poolsIn(goal);
  const old = new Map(poolsIn(before).map((pool) => [nameOf(pool), pool]));
  const own = all.filter((pool) => {
    const stood = old.get(nameOf(pool));
    return (
      stood !== undefined &&
      (movesTo(stood['currentOrchestratorVersion'], stood['orchestratorVersion'], pool['orchestratorVersion']) !== undefined ||
        reimagingPoolProperties.some((property) => !same(at(stood, path(property)), at(pool, path(property)))))
    );
  });
  const whole = kinds.some((kind) => kind !== undefined);
  const reimaged = whole ? all : own;
  const times = reimaged.map(reimageSeconds);
  const reimageTime = kinds.includes('all-at-once') ? Math.max(0, ...times) : times.reduce((sum, time) => sum + time, 0);
  const seconds = Math.max(90, ...changed.map((row) => row.seconds)) + reimageTime;
  const ranges = texts(at(goal, path('properties.apiServerAccessProfile.authorizedIPRanges')));
  const outcomes: Outcome[] = reimaged.flatMap((pool) => reimageOutcomes(world, clusterId, pool));
  if (!same(ranges, texts(at(before, path('properties.apiServerAccessProfile.authorizedIPRanges'))))) {
    outcomes.push({ kind: 'authorized-ranges', cluster: clusterId, ranges });
  }
  if (version !== undefined) outcomes.push({ kind: 'set', id: clusterId, path: path('properties.currentKubernetesVersion'), value: version });
  return { ms: seconds * 1000, state: changed.find((row) => row.state !== undefined)?.state ?? 'Updating', reimaged: reimaged.map(nameOf), outcomes };
}
