import type { Step } from '../model/step.ts';
import type { SessionDeps, Tools } from '../session/deps.ts';
import { type EntranceSettings, enter } from './entrances.ts';
import type { Io } from './io.ts';

/** The steps, the planner and the renderers, loaded together when the first cluster is opened. */
export async function loadTools(steps: readonly Step[], io: Pick<Io, 'version' | 'now'>): Promise<Tools> {
  const [{ makePlan }, { completeChoice }, { commandsOf, diffOf }, { showCommand }, { script }] = await Promise.all([
    import('../plan/plan.ts'),
    import('../plan/choices.ts'),
    import('../render/index.ts'),
    import('../render/quote.ts'),
    import('../render/script.ts'),
  ]);
  return {
    steps,
    makePlan,
    completeChoice,
    commandsOf,
    diffOf,
    showCommand,
    script: (plan, shell) => script(plan, { shell, version: io.version, readAt: io.now().toISOString() }),
  };
}

/** What a session needs, wired to the real thing. Everything heavy is imported when it is first used. */
export function sessionDeps(settings: EntranceSettings): SessionDeps {
  return {
    tools: async () => loadTools(await settings.steps(), settings.io),
    enter: (entrance, tell, signal) => enter(entrance, tell, signal, settings),
    now: settings.io.now,
  };
}
