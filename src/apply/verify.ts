import { type Assessment, unknown } from '../model/assessment.ts';
import type { Change } from '../model/change.ts';
import type { ArmResource, FactKey, Facts } from '../model/facts.ts';
import { at, entrySegment, isObject, type Json, type JsonObject, type Path, showPath, text, withAt } from '../model/json.ts';
import type { PlannedChange } from '../model/plan.ts';
import { problemOf } from '../model/problem.ts';
import type { Step } from '../model/step.ts';
import { differences, writableBody } from '../render/write-body.ts';
import { alike, settled } from './compare.ts';
import { isWithin } from './lossless.ts';
import type { Run } from './run.ts';
import { type ArmChange, clusterIdOf, isArm, readResource } from './state.ts';

/** Verdicts on fresh facts after a change. */
export interface Verified {
  readonly byStep: { readonly [step: string]: { readonly [control: string]: Assessment } };
  readonly byControl: { readonly [control: string]: Assessment };
  /** Properties that changed beside the plan's edits, dotted. */
  readonly besides: readonly string[];
}

/** Verdicts by step and control, and the facts they rest on; no facts when they could not be read, which makes every verdict `unknown`. */
export interface Fresh {
  readonly byStep: Verified['byStep'];
  readonly facts?: Facts;
}

/** Reads fresh facts and assesses some controls of some steps. Never throws: what was not seen is not claimed. */
export async function assessFresh(run: Pick<Run, 'steps' | 'reread'>, stepIds: readonly string[], isMeant: (control: string) => boolean): Promise<Fresh> {
  const own = run.steps.filter(({ id }) => stepIds.includes(id));
  const verdicts = (assess: (step: Step) => { readonly [control: string]: Assessment }, reason: string): Verified['byStep'] =>
    Object.fromEntries(
      own.map((step) => {
        const found = assess(step);
        const controls = step.controls.map(({ id }) => id).filter(isMeant);
        return [step.id, Object.fromEntries(controls.map((id) => [id, found[id] ?? unknown(reason)]))];
      }),
    );
  try {
    const facts = await run.reread([...new Set<FactKey>(own.flatMap(({ needs }) => needs))]);
    return { byStep: verdicts((step) => step.assess(facts), 'this program has no verdict for it'), facts };
  } catch (error) {
    const { what, why } = problemOf(error);
    return { byStep: verdicts(() => ({}), `it could not be read again: ${what} ${why}`) };
  }
}

/** Pools by name instead of in a list, so that a difference names the pool and the property whatever their order. */
function poolsByName(body: ArmResource, dropImage: boolean): ArmResource {
  const pools = at(body, ['properties', 'agentPoolProfiles']);
  if (!Array.isArray(pools)) return dropImage ? withoutImage(body) : body;
  const named = Object.fromEntries(
    pools.filter(isObject).map((pool, i): [string, Json] => {
      const { nodeImageVersion: image, ...rest } = pool;
      return [entrySegment(text(pool['name']) ?? String(i)), dropImage ? rest : { ...rest, nodeImageVersion: image }];
    }),
  );
  const next = withAt(body, ['properties', 'agentPoolProfiles'], named);
  return isObject(next) ? next : body;
}

/** A pool as its own resource, without the image that its nodes have. */
function withoutImage(pool: ArmResource): ArmResource {
  const next = withAt(pool, ['properties', 'nodeImageVersion'], undefined);
  return isObject(next) && at(pool, ['properties', 'nodeImageVersion']) !== undefined ? next : pool;
}

/** True where a difference is a default that AKS filled into a block which the plan itself made. */
function isFilledIn(path: Path, before: JsonObject, edits: readonly { readonly path: Path }[]): boolean {
  return path.some((_segment, i) => {
    const parent = path.slice(0, i);
    return i > 1 && !isObject(at(before, parent)) && edits.some((edit) => isWithin(edit.path, parent));
  });
}

/** Properties of the written resource that changed beside the edits. States, eTags, autoscaled counts and read-only properties do not count. */
export function besidesOf(change: Change, before: ArmResource, after: ArmResource): readonly string[] {
  if (change.kind !== 'arm.update' && change.kind !== 'arm.patch') return [];
  // A new node image is what a reimage means.
  const dropImage = change.impact.kind === 'reimage' || change.impact.kind === 'recreate';
  const [old, now] = [before, after].map((body) => poolsByName(settled(writableBody(body)), dropImage));
  if (old === undefined || now === undefined) return [];
  return differences(old, now)
    .filter((path) => !change.edits.some((edit) => isWithin(path, edit.path)))
    .filter((path) => !alike(at(old, path), at(now, path)) && !isFilledIn(path, old, change.edits))
    .map(showPath);
}

/** The resource after the change; undefined when it is gone or could not be read: then nothing is said about what else changed. */
async function readBack(run: Run, change: ArmChange, facts: Facts): Promise<ArmResource | undefined> {
  const isCluster = clusterIdOf(change.target)?.toLowerCase() === change.target.id.toLowerCase();
  return isCluster ? facts.cluster : readResource(run.arm, change.target).catch(() => undefined);
}

/**
 * Reads fresh facts, assesses the controls of a change, and compares the resource with `before`, what it was when it was written (where that is known).
 */
export async function verify(run: Run, planned: PlannedChange, before: ArmResource | undefined): Promise<Verified> {
  const { change } = planned;
  const { byStep, facts } = await assessFresh(run, planned.steps, (control) => change.controls.includes(control));
  const byControl: Verified['byControl'] = Object.assign({}, ...Object.values(byStep));
  const after = facts !== undefined && isArm(change) ? await readBack(run, change, facts) : undefined;
  if (isArm(change) && after !== undefined) run.left.set(change.target.id.toLowerCase(), after);
  return { byStep, byControl, besides: before !== undefined && after !== undefined ? besidesOf(change, before, after) : [] };
}
