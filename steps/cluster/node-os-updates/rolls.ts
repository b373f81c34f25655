import { isSettled } from '../../../src/model/assessment.ts';
import type { Change } from '../../../src/model/change.ts';
import { type Facts, fact, isAutomatic } from '../../../src/model/facts.ts';
import { type JsonObject, text } from '../../../src/model/json.ts';
import type { Option, StepPlan } from '../../../src/model/step.ts';
import { rollGuards } from '../../shared/drain.ts';
import { commonGuards } from '../../shared/guards.ts';
import { reimageMinutes } from '../../shared/minutes.ts';
import { UPGRADE_NODE_IMAGE, WRITE_POOL } from '../../shared/pool-edits.ts';
import { about } from '../../shared/pool-sizes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { assessImages, newImages, oldImages } from './images.ts';
import { agingPools, assessSystems, movablePools, moveSystems, stuckPools, successor } from './systems.ts';

/** Options that replace nodes now, beside those that say who does it from then on. */
type Roll = 'images-now' | 'os-version';
const rolls: readonly Roll[] = ['images-now', 'os-version'];

/** True for the id of such an option. */
export const isRoll = (id: string): id is Roll => rolls.some((roll) => roll === id);

const namesOf = (pools: readonly JsonObject[]): readonly string[] => pools.map((pool) => text(pool['name']) ?? '?');

/** The roll that is due where channel and windows are in place; undefined where none is, or where it is for a person's hands. */
export function dueRoll(facts: Facts): Roll | undefined {
  if (isAutomatic(facts)) return undefined;
  const systems = assessSystems(facts).status;
  if ((systems === 'fail' || systems === 'partial') && movablePools(facts).length > 0) return 'os-version';
  const images = assessImages(facts).status;
  return (images === 'fail' || images === 'partial') && oldImages(facts).length > 0 ? 'images-now' : undefined;
}

function noImages(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return 'AKS Automatic brings new images by itself.';
  const found = fact(facts, 'poolImages');
  if (found.state === 'unknown') return `The newest images were not read: ${found.reason}. Look: az aks nodepool get-upgrades.`;
  return oldImages(facts).length > 0 ? undefined : 'Every pool runs the newest image.';
}

function noSystem(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return 'AKS Automatic chooses the system of its nodes.';
  if (agingPools(facts).length === 0) return 'No pool runs a system whose support ends within a year.';
  return movablePools(facts).length > 0 || !isSettled(assessSystems(facts).status)
    ? undefined
    : 'The next Kubernetes version brings the next system by itself (1.35 for Ubuntu); until then nothing has to move.';
}

/** What happens to which pools, where their system ends within a year or has ended. */
function systemWords(facts: Facts, { moved, stuck, later }: { readonly [kind in 'moved' | 'stuck' | 'later']: readonly string[] }): string {
  if (moved.length + stuck.length + later.length === 0) return 'No pool runs a system that ends within a year.';
  const goals = [...new Set(movablePools(facts).flatMap((pool) => successor(pool) ?? []))];
  return [
    ...(moved.length > 0
      ? [
          `AKS moves pool ${listed(moved)} in place to ${listed(goals)}: nodes are replaced, ${about(reimageMinutes(facts, moved))}, and pods meet another kernel, glibc and container runtime.`,
        ]
      : []),
    ...(stuck.length > 0 ? [`Pool ${listed(stuck)} cannot be moved in place: an upgrade of Kubernetes, or a new pool.`] : []),
    ...(later.length > 0 ? [`Pool ${listed(later)} has time: the next Kubernetes version brings the next system.`] : []),
  ].join(' ');
}

/** New images and new systems, now. `due` is recommended. */
export function rollOptions(facts: Facts, due: Roll | undefined): readonly Option[] {
  const old = oldImages(facts);
  const moved = namesOf(movablePools(facts));
  const stuck = namesOf(stuckPools(facts));
  const later = namesOf(agingPools(facts)).filter((name) => !moved.includes(name) && !stuck.includes(name));
  const aging = [...moved, ...stuck];
  const finish = (option: Option, unavailable: string | undefined, why: string): Option => ({
    ...option,
    ...(unavailable === undefined ? {} : { unavailable }),
    ...(unavailable === undefined && due === option.id ? { recommended: why } : {}),
  });
  return [
    finish(
      {
        id: 'images-now',
        title: 'The newest image now',
        tradeOff:
          old.length === 0
            ? 'No pool has an older image.'
            : `Does not wait for the window: the nodes of pool ${listed(old)} are drained and replaced now, one pool after the other, ${about(reimageMinutes(facts, old))}. The Kubernetes version stays. A new version that is planned with it brings the image as well, and no pool rolls twice.`,
        impact: { kind: 'reimage', scope: `the nodes of pool ${listed(old)}; one way`, pools: old },
        minutes: reimageMinutes(facts, old),
        cost: 'Surge nodes during the roll',
        reversible: { kind: 'no', how: 'an image is not taken back; for seven days a pool can be rolled back (az 2.88, channels off)' },
        notWhen: 'the window comes within days and nothing urgent is in the image',
        params: [],
      },
      noImages(facts),
      `Channel and windows are in place; ${plural(old.length, 'pool')} still runs what was built before.`,
    ),
    finish(
      {
        id: 'os-version',
        title: 'A system that is patched',
        tradeOff: systemWords(facts, { moved, stuck, later }),
        impact: { kind: 'reimage', scope: `the nodes of pool ${listed(aging)}, with another system below the pods`, pools: aging },
        minutes: reimageMinutes(facts, aging),
        cost: 'Surge nodes during the roll',
        reversible: { kind: 'partly', how: 'back to the old system while AKS has images of it, which replaces the nodes once more' },
        notWhen: 'an upgrade to Kubernetes 1.35 is near: it brings Ubuntu 24.04 by itself',
        params: [],
      },
      noSystem(facts),
      `Nobody patches what pool ${listed(aging)} runs, now or very soon.`,
    ),
  ];
}

/** What such an option comes to. */
export function planRoll(facts: Facts, roll: Roll): StepPlan {
  const changes: readonly Change[] = roll === 'images-now' ? newImages(facts, oldImages(facts)) : moveSystems(facts);
  if (changes.length === 0) return { changes, guards: [] };
  const byHand = changes.every(({ kind }) => kind === 'manual');
  const pools = changes.flatMap(({ impact }) => impact.pools ?? []);
  const goals = [...new Set(movablePools(facts).flatMap((pool) => successor(pool) ?? []))];
  const code =
    roll === 'os-version' && goals.length > 0
      ? [
          {
            terraform: { line: `os_sku = "${goals[0] ?? ''}" on each pool`, effect: 'reverts' as const },
            bicep: `agentPoolProfiles: [{ osSKU: '${goals[0] ?? ''}' }]`,
          },
        ]
      : [];
  const actions = [roll === 'images-now' ? UPGRADE_NODE_IMAGE : WRITE_POOL];
  return { changes, guards: [...commonGuards(facts, { impact: 'reimage', actions, writesCluster: !byHand, code }), ...rollGuards(facts, pools)] };
}
