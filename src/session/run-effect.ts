import type { ApplyEvent } from '../model/events.ts';
import { clusterRef } from '../model/facts.ts';
import { ProblemError, problemOf } from '../model/problem.ts';
import type { Desk, Reach, SessionDeps, TellRead, Tools } from './deps.ts';
import type { Effect } from './effects.ts';
import type { SessionEvent } from './events.ts';
import { withNote } from './note-decisions.ts';
import type { Place } from './state.ts';

/** What only a view can do. */
export interface Host {
  /** Puts text into the terminal's clipboard, where the terminal allows it. */
  readonly copy: (text: string) => void;
}

interface Means {
  readonly deps: SessionDeps;
  readonly dispatch: (event: SessionEvent) => void;
  readonly host: () => Host;
  readonly learn: (tools: Tools) => void;
  readonly finish: (code: number) => void;
}

type Of<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** Runs effects and dispatches what comes of them. Holds what cannot be data: the sign-in, the open cluster, the abort signals. */
export function createEffects({ deps, dispatch, host, learn, finish }: Means): { readonly run: (effect: Effect) => void } {
  let entering = new AbortController();
  let reach: Reach | undefined;
  let desk: Desk | undefined;
  let tools: Tools | undefined;
  let leaveRunning = new AbortController();
  let stopAfterThis = new AbortController();
  /** Writes of the file, one after the other, and whether the last one succeeded: nothing is applied before its decision is on disk. */
  let written: Promise<boolean> = Promise.resolve(true);
  let over = false;

  const soFar: TellRead = (progress) => dispatch({ type: 'read-so-far', progress });

  const atDesk = (): Desk => {
    if (!desk) throw new ProblemError({ code: 'no-cluster-open', what: 'No cluster is open.', why: 'It was closed meanwhile.', next: ['Start again.'] });
    return desk;
  };

  async function enter({ entrance, attempt }: Of<'enter'>): Promise<void> {
    entering.abort();
    entering = new AbortController();
    const { signal } = entering;
    try {
      const found = await deps.enter(entrance, (line) => dispatch({ type: 'told', attempt, line }), signal);
      if (signal.aborted) return await found.close();
      await leave();
      reach = found;
      const place: Place = {
        kind: found.kind,
        label: found.label,
        ...(entrance.kind === 'practice' ? { scenario: entrance.scenario } : {}),
        ...(found.subscription === undefined ? {} : { subscription: found.subscription }),
      };
      dispatch({ type: 'entered', attempt, place, ...(found.clusterId === undefined ? {} : { clusterId: found.clusterId }) });
    } catch (thrown) {
      if (!signal.aborted) dispatch({ type: 'not-entered', attempt, problem: problemOf(thrown) });
    }
  }

  async function leave(): Promise<void> {
    const [oldDesk, oldReach] = [desk, reach];
    desk = undefined;
    reach = undefined;
    await oldDesk?.close();
    await oldReach?.close();
  }

  async function open({ clusterId }: Of<'open'>): Promise<void> {
    if (!reach) return;
    const [loaded, opened] = await Promise.all([tools ?? deps.tools(), reach.open(clusterId, soFar)]);
    tools = loaded;
    learn(loaded);
    await desk?.close();
    desk = opened;
    const facts = await opened.read(soFar);
    dispatch({
      type: 'opened',
      facts,
      checklist: opened.store.current(),
      ...(opened.store.path === '' ? {} : { path: opened.store.path }),
      ...(opened.readOnly === undefined ? {} : { readOnly: opened.readOnly }),
    });
  }

  async function save({ note }: Of<'save'>): Promise<void> {
    const { store, who } = atDesk();
    const stamp = { who, when: deps.now().toISOString() };
    dispatch({ type: 'saved', checklist: await store.update((checklist) => withNote(checklist, note, stamp)) });
  }

  async function follow(events: AsyncIterable<ApplyEvent>): Promise<void> {
    const { store } = atDesk();
    let ended = false;
    for await (const event of events) {
      // The executor writes its own part of the file; the screen after the run shows what stands there.
      if (event.type === 'finished') dispatch({ type: 'saved', checklist: store.current() });
      ended ||= event.type === 'finished';
      dispatch({ type: 'apply-event', event, seenAt: deps.now().getTime() });
    }
    if (!ended)
      dispatch({ type: 'apply-event', event: { type: 'finished', at: deps.now().toISOString(), outcome: 'interrupted' }, seenAt: deps.now().getTime() });
  }

  const control = () => {
    leaveRunning = new AbortController();
    stopAfterThis = new AbortController();
    return { leaveRunning: leaveRunning.signal, stopAfterThis: stopAfterThis.signal };
  };

  async function quit({ code }: Of<'quit'>): Promise<void> {
    if (over) return;
    over = true;
    entering.abort();
    leaveRunning.abort();
    // What could not be written or closed has been told of already; the program must still end.
    await written;
    await leave().catch(() => undefined);
    finish(code);
  }

  async function perform(effect: Effect): Promise<void> {
    switch (effect.type) {
      case 'enter':
        return enter(effect);
      case 'leave-entrance':
        entering.abort();
        return leave();
      case 'list-subscriptions':
        return dispatch({ type: 'subscriptions', items: (await reach?.subscriptions()) ?? [] });
      case 'list-clusters':
        return dispatch({ type: 'clusters', items: (await reach?.clusters(effect.subscription)) ?? [] });
      case 'open':
        return open(effect);
      case 'read':
        return dispatch({ type: 'facts', facts: await atDesk().read(soFar) });
      case 'read-to-plan':
        return readToPlan(effect);
      case 'save':
        return save(effect);
      case 'apply':
        return follow(atDesk().apply(effect.plan, effect.facts, effect.overrides, control()));
      case 'resume':
        return follow(atDesk().resume(control()));
      case 'leave-running':
        return leaveRunning.abort();
      case 'stop-after-this':
        return stopAfterThis.abort();
      case 'copy':
        return host().copy(effect.text);
      case 'write-script':
        return dispatch({ type: 'script-written', path: await atDesk().writeScript(effect.plan, effect.shell) });
      case 'quit':
        return quit(effect);
      default:
        return effect satisfies never;
    }
  }

  async function readToPlan({ step, facts, keys, choice }: Of<'read-to-plan'>): Promise<void> {
    try {
      const read = await atDesk().readToPlan(facts, keys, choice);
      // Another cluster may have been opened meanwhile.
      if (clusterRef(read).id === clusterRef(facts).id) dispatch({ type: 'plan-facts', step, facts: read });
    } catch (thrown) {
      dispatch({ type: 'plan-facts-missing', step, problem: problemOf(thrown) });
    }
  }

  /** Performs an effect; what goes wrong becomes an event. True when nothing did. */
  const performed = (effect: Effect): Promise<boolean> =>
    perform(effect).then(
      () => true,
      (thrown) => {
        dispatch({ type: 'failed', effect, problem: problemOf(thrown) });
        return false;
      },
    );

  return {
    run: (effect) => {
      if (effect.type === 'save') written = written.then(() => performed(effect));
      else if (effect.type === 'apply') void written.then((onDisk) => (onDisk ? performed(effect) : false));
      else void performed(effect);
    },
  };
}
