import { randomUUID } from 'node:crypto';
import { createArmGateway } from '../azure/arm-gateway.ts';
import type { Reachability } from '../model/facts.ts';
import type { ArmGateway, KubernetesGateway } from '../model/gateway.ts';
import { ProblemError } from '../model/problem.ts';
import { type Clock, runningClock, timeAfterPause } from './clock.ts';
import { practiceHttpClient } from './http-client.ts';
import { practiceKubernetes, runCommandReachability } from './kube-gateway.ts';
import { settle } from './operations.ts';
import { readWorld, writeWorldNow } from './persist.ts';
import { probe } from './reachability.ts';
import { scenarioState } from './scenarios/index.ts';
import { practiceToken } from './sign-in.ts';
import { type ScenarioName, scenarioNames, type World, type WorldState } from './world.ts';

/** How many times faster than real time the practice world runs: hardening the whole legacy cluster takes a few minutes. */
export const DEFAULT_SPEED = 60;

/** A name that can never be looked up: the practice world has no network. */
const ENDPOINT = 'https://practice.invalid';

export interface PracticeOptions {
  /** One of `scenarioNames`. A world that is read from `statePath` keeps its own. */
  readonly scenario: string;
  readonly speed?: number;
  /** Where the world is kept, so that an interrupted run finds it again. In memory only when not given. */
  readonly statePath?: string;
  /** Takes the place of the running clock: `steppedClock` in tests. */
  readonly clock?: Clock;
}

/** A practice cluster with the doors to it that a real one has. */
export interface Practice {
  readonly scenario: ScenarioName;
  readonly clusterId: string;
  readonly arm: ArmGateway;
  readonly world: World;
  readonly kubernetes: KubernetesGateway;
  /** Whether ARM's run-command would answer. */
  readonly runCommand: () => Promise<Reachability>;
  readonly close: () => Promise<void>;
}

function isScenario(name: string): name is ScenarioName {
  return scenarioNames.some((known) => known === name);
}

/** Opens a world: the one that was kept, or a fresh one of the scenario. Throws a ProblemError for an unknown scenario or an unreadable file. */
export async function openWorld(
  options: PracticeOptions & { readonly authority?: string },
): Promise<{ readonly world: World; readonly close: () => Promise<void> }> {
  const { scenario, statePath, authority } = options;
  if (!isScenario(scenario)) {
    throw new ProblemError({
      code: 'unknown-scenario',
      what: `There is no practice scenario "${scenario}".`,
      why: `The scenarios are ${scenarioNames.join(', ')}.`,
      next: ['Use one of these.'],
      exitCode: 2,
    });
  }
  const speed = options.speed ?? DEFAULT_SPEED;
  const saved = statePath === undefined ? undefined : await readWorld(statePath);
  const start = saved === undefined ? Date.now() : timeAfterPause(saved.clock, Date.now(), speed);
  const clock = options.clock ?? runningClock({ start, speed });
  const state: WorldState = saved?.state ?? scenarioState(scenario, randomUUID(), clock.now());
  const save = () => {
    if (statePath !== undefined) writeWorldNow(statePath, { clock: { virtual: clock.now(), real: Date.now() }, state });
  };
  const world: World = { state, clock, changed: save, ...(authority === undefined ? {} : { authority }) };
  settle(world);
  save();
  return { world, close: async () => save() };
}

/** The door to a world for programs in this process. */
export function practiceGateway(world: World): ArmGateway {
  return createArmGateway({
    credential: {
      getToken: async (scopes) => {
        const { token, expiresOn } = practiceToken(world.state.settings.operator, String(scopes), Date.now());
        return { token, expiresOnTimestamp: expiresOn };
      },
    },
    endpoint: ENDPOINT,
    graphEndpoint: `${ENDPOINT}/graph`,
    httpClient: practiceHttpClient(world),
    label: `practice cluster (${world.state.scenario})`,
    kind: 'practice',
    probe: async (host) => {
      settle(world);
      return probe(world, host);
    },
    sleep: (ms, signal) => world.clock.sleep(ms, signal),
  });
}

/**
 * An Azure with one AKS cluster in this process. It behaves like ARM and forgets nothing that it is told to keep.
 * Throws a ProblemError for an unknown scenario or a world file that cannot be read.
 */
export async function createPractice(options: PracticeOptions): Promise<Practice> {
  const { world, close } = await openWorld(options);
  const { scenario, clusterId } = world.state;
  return {
    scenario,
    clusterId,
    arm: practiceGateway(world),
    world,
    kubernetes: practiceKubernetes(world),
    runCommand: async () => runCommandReachability(world),
    close,
  };
}
