import type { ArmAction, ArmUpdate } from '../../../src/model/change.ts';
import { clusterRef, type Facts } from '../../../src/model/facts.ts';
import type { Json } from '../../../src/model/json.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { CLUSTER_WRITE_MINUTES, poolNames, reimageMinutes } from '../../shared/minutes.ts';
import { namedPools, nodeImageUpgrade } from '../../shared/pool-edits.ts';
import { size } from '../../shared/pool-sizes.ts';
import { commandWord, listed, shortName } from '../../shared/texts.ts';
import { reimagesBySelf } from '../node-access/changes.ts';
import { fence, outsideFence } from './addresses.ts';
import { type OutboundType, spelled } from './matrix.ts';
import { BALANCER, GATEWAY, STEP, TYPE, wayOut } from './state.ts';
import { byHand, RANGES, unsettling } from './way-back.ts';

/** Lets the new addresses in at the API server, before traffic comes from them. */
export function letIn(facts: Facts, cidrs: readonly string[], after: readonly string[]): readonly ArmUpdate[] {
  const missing = fence(facts).stands ? outsideFence(facts, cidrs) : [];
  if (missing.length === 0) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/let-in`,
      step: STEP,
      controls: ['14.1'],
      title: `Let ${listed(missing)} in at the API server`,
      target: clusterTarget(facts),
      edits: clusterEdits(facts, [[RANGES, [...fence(facts).ranges, ...missing]]]),
      impact: { kind: 'none', scope: 'one more address may call the API server; takes up to two minutes to hold' },
      minutes: CLUSTER_WRITE_MINUTES,
      reversible: { kind: 'partly', how: 'the range is taken out by hand, once nothing leaves from it' },
      undo: [],
      after,
      alone: true,
    },
  ];
}

/** Puts the load balancer on addresses of one's own. */
export function ownAddresses(facts: Facts, ids: readonly string[], after: readonly string[]): ArmUpdate {
  return {
    kind: 'arm.update',
    id: `${STEP}/static-ip`,
    step: STEP,
    controls: ['14.1'],
    title: `Let traffic leave from ${listed(ids.map(shortName))}`,
    target: clusterTarget(facts),
    edits: clusterEdits(facts, [
      [`${BALANCER}.outboundIPs`, { publicIPs: ids.map((id) => ({ id })) }],
      [`${BALANCER}.managedOutboundIPs`, undefined],
    ]),
    impact: { kind: 'network', scope: 'open connections to the outside break once, and traffic leaves from the new addresses; no node is touched' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'partly', how: 'AKS makes addresses again, but others than before' },
    after,
    ...unsettling(facts),
    ...byHand(facts),
  };
}

/** Changes the outbound type. The load balancer's outgoing addresses go with it: AKS refuses both together. */
export function becomes(facts: Facts, to: OutboundType, rest: Pick<ArmUpdate, 'controls' | 'after' | 'title'> & { readonly addresses?: number }): ArmUpdate {
  const { addresses, ...common } = rest;
  const { managedCount } = wayOut(facts);
  const bySelf = reimagesBySelf(facts);
  const edits = clusterEdits(facts, [
    [TYPE, spelled(to)],
    [BALANCER, undefined],
    ...(addresses === undefined ? [[GATEWAY, undefined] as const] : [[`${GATEWAY}.managedOutboundIPProfile.count`, addresses] as const]),
  ]);
  const change: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/${to}`,
    step: STEP,
    target: clusterTarget(facts),
    edits,
    impact: bySelf
      ? { kind: 'reimage', scope: `open connections to the outside break, and AKS replaces every node: ${size(facts)}`, pools: poolNames(facts) }
      : { kind: 'network', scope: 'open connections to the outside break; what traffic leaves from changes' },
    minutes: bySelf ? reimageMinutes(facts) : CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'partly', how: 'back to the load balancer, with new addresses of AKS’s' },
    alone: true,
    ...unsettling(facts),
    ...common,
  };
  if (to === 'managednatgateway' || to === 'managednatgatewayv2') {
    return { ...change, reversible: { kind: 'no', how: 'AKS lists no way from a NAT gateway of its own back to the load balancer' } };
  }
  const back: ArmUpdate = {
    ...change,
    id: `${STEP}/back-to-load-balancer`,
    title: 'Let traffic leave by the load balancer again',
    edits: [
      { path: TYPE.split('.'), before: spelled(to), after: 'loadBalancer' },
      { path: `${BALANCER}.managedOutboundIPs`.split('.'), before: undefined, after: { count: managedCount } satisfies Json },
    ],
    reversible: { kind: 'yes', how: 'the outbound type is changed again' },
    after: [],
  };
  return { ...change, undo: [back], ...byHand(facts) };
}

/** New node images: until Kubernetes 1.37 nodes learn of a new way out, or a new source of images, only with one (AKS docs: node-disruption-policy). */
export function freshNodes(facts: Facts, controls: readonly string[], why: string, after: readonly string[]): readonly ArmAction[] {
  if (reimagesBySelf(facts)) return [];
  return namedPools(facts).map((pool) => {
    const name = String(pool['name']);
    return nodeImageUpgrade(facts, name, { id: `${STEP}/image-${name}`, step: STEP, controls, why, after });
  });
}

/** Words for the cluster in a command of written instructions. */
export function clusterWords(facts: Facts): string {
  const { name, resourceGroup } = clusterRef(facts);
  return `--resource-group ${commandWord(resourceGroup, 'GROUP')} --name ${commandWord(name, 'CLUSTER')}`;
}
