import { type Assessment, type Evidence, fail, notApplicable, partial, pass, unknown } from '../../../src/model/assessment.ts';
import type { ArmUpdate, Change } from '../../../src/model/change.ts';
import { clusterAt, type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { isFalse, isObject, isTrue, type JsonObject, keyOf, text } from '../../../src/model/json.ts';
import { namedPools, nodeImageUpgrade, poolAt, poolEdits, poolTarget } from '../../shared/pool-edits.ts';
import { poolsMissing } from '../../shared/pool-verdict.ts';
import { listed } from '../../shared/texts.ts';
import { minorVersion } from '../network-policy/state.ts';

const STEP = 'cluster.certificates';
/** A pool with this tag keeps self-signed serving certificates; AKS stops heeding it on 2027-04-01 (AKS docs: certificate-rotation). */
export const OPT_OUT = 'aks-disable-kubelet-serving-certificate-rotation';
const LABEL = 'kubernetes.azure.com/kubelet-serving-ca';
/** From here on there is renewal at all, and pools got it with their first upgrade. */
const SINCE_MINOR = 27;
/** Renewal was everywhere in July 2025. Whoever runs 1.34, which came later, has been made or upgraded since. */
const CERTAIN_SINCE_MINOR = 34;
/** How to see it: each node that renews its certificate says so. */
const LOOK = `kubectl get nodes -L ${LABEL}`;

const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '?';

function minorOf(facts: Facts, pool: JsonObject): number | undefined {
  const version = text(pool['currentOrchestratorVersion']) ?? text(pool['orchestratorVersion']);
  const minor = Number(version?.split('.')[1]);
  return version === undefined || !Number.isInteger(minor) ? minorVersion(facts) : minor;
}

function tagsOf(facts: Facts, pool: JsonObject): JsonObject {
  const tags = poolAt(facts, nameOf(pool), 'tags') ?? pool['tags'];
  return isObject(tags) ? tags : {};
}

/** Whether a pool opted out. Names of tags match in any case (Azure docs: tag-resources). */
function optedOut(facts: Facts, pool: JsonObject): boolean {
  const tags = tagsOf(facts, pool);
  const key = keyOf(tags, OPT_OUT);
  return key !== undefined && isTrue(tags[key]);
}

/** Pools that opted out, by name. */
export function optedOutPools(facts: Facts): readonly string[] {
  return namedPools(facts)
    .filter((pool) => optedOut(facts, pool))
    .map(nameOf);
}

type Finding = { readonly pool: string; readonly good: boolean | undefined; readonly evidence: Evidence; readonly why: string };

/** One pool: what settles it, in the order of certainty. `good` is undefined where only the nodes themselves could tell. */
function look(facts: Facts, pool: JsonObject): Finding {
  const name = nameOf(pool);
  const at = `properties.agentPoolProfiles[${name}]`;
  const minor = minorOf(facts, pool);
  if (optedOut(facts, pool)) {
    return { pool: name, good: false, evidence: { path: `${at}.tags.${OPT_OUT}`, actual: 'true', wanted: 'absent' }, why: `pool ${name} opted out by a tag` };
  }
  const version = { path: `${at}.currentOrchestratorVersion`, actual: pool['currentOrchestratorVersion'], wanted: `1.${SINCE_MINOR} or later` };
  if (minor !== undefined && minor < SINCE_MINOR)
    return { pool: name, good: false, evidence: version, why: `pool ${name} is older than Kubernetes 1.${SINCE_MINOR}` };
  const nodes = (knownValue(facts, 'nodes') ?? []).filter((node) => node.pool.toLowerCase() === name.toLowerCase());
  if (nodes.length > 0) {
    const without = nodes.filter(({ servingAuthority }) => servingAuthority !== 'cluster');
    const first = without[0] ?? nodes[0];
    return {
      pool: name,
      good: without.length === 0,
      evidence: { path: `nodes/${clean(first?.name ?? name)}, label ${LABEL}`, actual: first?.servingAuthority, wanted: 'cluster' },
      why: `${without.length} of ${nodes.length} nodes of pool ${name} sign their serving certificate themselves`,
    };
  }
  const certain = minor !== undefined && minor >= CERTAIN_SINCE_MINOR;
  return {
    pool: name,
    good: certain || pool['count'] === 0 ? true : undefined,
    evidence: version,
    why: `pool ${name} may not have been upgraded since renewal came`,
  };
}

/** 13.2: every node renews the certificate that it shows as a server. */
export function assessServing(facts: Facts): Assessment {
  const missing = poolsMissing(facts);
  if (missing !== undefined) return missing;
  if (isFalse(clusterAt(facts, 'properties.enableRBAC')))
    return fail({ path: 'properties.enableRBAC', actual: false, wanted: 'true: certificates renew themselves only with it' });
  const found = namedPools(facts).map((pool) => look(facts, pool));
  if (found.length === 0) return notApplicable('there is no node pool of your own');
  const evidence = found.map((one) => one.evidence);
  const bad = found.filter(({ good }) => good === false);
  const open = found.filter(({ good }) => good === undefined);
  if (bad.length === found.length) return fail(...evidence);
  if (bad.length > 0) return partial(clean(bad.map(({ why }) => why).join('; ')), ...evidence);
  if (open.length > 0) {
    const nodes = fact(facts, 'nodes');
    const unread = nodes.state === 'unknown' ? clean(nodes.reason) : 'none of their nodes was seen';
    return unknown(
      `pool ${listed(open.map(({ pool }) => pool))} may not have been upgraded since renewal came in July 2025; the nodes tell, and were not read (${unread}). Look: ${LOOK}`,
    );
  }
  return pass(...evidence);
}

/** Takes the tag off every pool that opted out, and gives its nodes a new image: on the next boot they ask for a certificate. */
export function renewServing(facts: Facts): readonly Change[] {
  return optedOutPools(facts).flatMap((pool): readonly Change[] => {
    const tags = poolAt(facts, pool, 'tags');
    const rest = isObject(tags) ? Object.fromEntries(Object.entries(tags).filter(([key]) => key.toLowerCase() !== OPT_OUT)) : {};
    const update: ArmUpdate = {
      kind: 'arm.update',
      id: `${STEP}/serving-${pool}`,
      step: STEP,
      controls: ['13.2'],
      title: `Let the nodes of pool ${listed([pool])} renew their serving certificates`,
      target: poolTarget(facts, pool),
      edits: poolEdits(facts, pool, [['tags', rest]]),
      impact: { kind: 'none', scope: 'a tag of the pool; its nodes follow with their next image' },
      minutes: [1, 2],
      reversible: { kind: 'partly', how: 'the tag and another new image; AKS stops heeding the tag on 2027-04-01' },
      after: [],
    };
    return [
      update,
      nodeImageUpgrade(facts, pool, {
        id: `${STEP}/serving-image-${pool}`,
        step: STEP,
        controls: ['13.2'],
        why: 'they take a serving certificate from the cluster',
        after: [update.id],
      }),
    ];
  });
}
