import type { ArmResource } from '../../src/model/facts.ts';
import { isObject, type Json, type JsonObject, withAt } from '../../src/model/json.ts';
import { ProblemError } from '../../src/model/problem.ts';
import { steppedClock } from '../../src/practice/clock.ts';
import { createPractice, type Practice } from '../../src/practice/index.ts';
import { resourceOf, type ScenarioName, type Settings, storeResource } from '../../src/practice/world.ts';

export const START = Date.UTC(2026, 7, 21, 9);
export const version = 'api-version=2026-05-01';

/** A practice cluster whose time only passes when somebody sleeps. */
export interface Bench extends Practice {
  readonly get: (path?: string) => Promise<JsonObject>;
  /** Reads the cluster, sets dotted properties below `properties`, writes it back. The code of a refusal, or 'accepted'. */
  readonly write: (edits: { readonly [dotted: string]: Json | undefined }) => Promise<string>;
  /** The same, and waits for the end. */
  readonly apply: (edits: { readonly [dotted: string]: Json | undefined }) => Promise<string>;
  readonly settings: (change: Partial<Settings>) => void;
  /** Sets properties of the stored cluster without any operation: for a test's starting point. */
  readonly plant: (edits: { readonly [dotted: string]: Json | undefined }) => void;
}

/** The code and message of what a call is refused with; 'accepted' when it is not. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'accepted';
  } catch (thrown) {
    if (thrown instanceof ProblemError && thrown.problem.cloud !== undefined) {
      const { status, code, message } = thrown.problem.cloud;
      return `${status} ${code}: ${message}`;
    }
    throw thrown;
  }
}

export async function waitFor(practice: Practice, state: string): Promise<void> {
  const operation = practice.arm.restore(state);
  for (;;) {
    const { done, retryAfterMs } = await operation.poll();
    if (done) return;
    await practice.arm.sleep(retryAfterMs);
  }
}

function edited(resource: ArmResource, edits: { readonly [dotted: string]: Json | undefined }): JsonObject {
  return Object.entries(edits).reduce<JsonObject>((body, [dotted, value]) => {
    const place = dotted.startsWith('/') ? dotted.slice(1).split('.') : ['properties', ...dotted.split('.')];
    const next = withAt(body, place, value);
    return isObject(next) ? next : body;
  }, resource);
}

export async function bench(scenario: ScenarioName, options: { readonly statePath?: string } = {}): Promise<Bench> {
  const practice = await createPractice({ scenario, clock: steppedClock(START), ...options });
  const url = (path = '') => `${practice.clusterId}${path}?${version}`;
  const get = async (path = '') => {
    const { body } = await practice.arm.send({ method: 'GET', url: url(path) });
    return isObject(body) ? body : {};
  };
  const begin = async (edits: { readonly [dotted: string]: Json | undefined }) =>
    practice.arm.begin({ method: 'PUT', url: url(), body: edited(withoutIdentityValues(await get()), edits) });
  return {
    ...practice,
    get,
    write: (edits) => outcome(begin(edits)),
    apply: async (edits) =>
      outcome(
        begin(edits).then(async ({ operation }) => {
          if (operation !== undefined) await waitFor(practice, operation.state);
        }),
      ),
    settings: (change) => {
      practice.world.state.settings = { ...practice.world.state.settings, ...change };
    },
    plant: (edits) => storeResource(practice.world, edited(resourceOf(practice.world, practice.clusterId) ?? {}, edits)),
  };
}

function withoutIdentityValues(cluster: JsonObject): JsonObject {
  const identity = cluster['identity'];
  const known = isObject(identity) ? identity['userAssignedIdentities'] : undefined;
  if (!isObject(identity) || !isObject(known)) return cluster;
  return { ...cluster, identity: { ...identity, userAssignedIdentities: Object.fromEntries(Object.keys(known).map((id) => [id, {}])) } };
}
