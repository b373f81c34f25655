import { pass } from '../../src/model/assessment.ts';
import type { Checklist } from '../../src/model/checklist.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import { clusterRef, type Facts } from '../../src/model/facts.ts';
import { withAt } from '../../src/model/json.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { commandsOf, diffOf } from '../../src/render/index.ts';
import { showCommand } from '../../src/render/quote.ts';
import { script } from '../../src/render/script.ts';
import type { Desk, Entrance, Reach, SessionDeps, Tools } from '../../src/session/deps.ts';

import { id, sampleFacts, sampleSteps } from './sample-steps.ts';

export { heavy, light, sampleFacts, sampleSteps } from './sample-steps.ts';

export const sampleTools: Tools = {
  steps: sampleSteps,
  makePlan,
  completeChoice,
  diffOf,
  commandsOf,
  showCommand,
  script: (plan, shell) => script(plan, { shell, version: '0.0.0', readAt: '2026-11-20T10:00:00Z' }),
};

/** A checklist that nobody has written to. */
export function emptyChecklist(facts: Facts): Checklist {
  return {
    schemaVersion: 1,
    tool: 'aks-harden 0.0.0',
    cluster: { ...clusterRef(facts), fingerprint: 'f' },
    createdAt: '2026-11-20T10:00:00Z',
    updatedAt: '2026-11-20T10:00:00Z',
    queue: [],
    steps: {},
    operations: [],
    lastSeen: {},
  };
}

/** What a fake cluster was asked to do, and what it answers. */
export interface SampleOptions {
  readonly facts?: Facts;
  readonly checklist?: Checklist;
  /** Fails the entrance of this kind. */
  readonly noEntrance?: Entrance['kind'];
  readonly apply?: Desk['apply'];
  readonly resume?: Desk['resume'];
  readonly reach?: Partial<Reach>;
  readonly desk?: Partial<Desk>;
}

export interface Sample {
  readonly deps: SessionDeps;
  readonly applied: string[];
  readonly closed: string[];
  readonly checklist: () => Checklist;
}

/** Changes that all work, the cluster's facts afterwards as the edits say. */
export async function* applyAll(plan: Parameters<Desk['apply']>[0]): AsyncGenerator<ApplyEvent> {
  const at = '2026-11-20T10:05:00Z';
  for (const { change } of plan.changes) {
    yield { type: 'checked', change: change.id, at, noop: false };
    yield { type: 'started', change: change.id, at };
    yield { type: 'waiting', change: change.id, at, elapsedMs: 10_000, detail: 'Updating' };
    yield { type: 'done', change: change.id, at, verified: Object.fromEntries(change.controls.map((control) => [control, pass()])), besides: [] };
  }
  yield { type: 'finished', at, outcome: 'applied' };
}

/** Doors of a session that lead to a fake cluster. Its facts follow what is applied, its checklist is in memory. */
export function sampleDeps(options: SampleOptions = {}): Sample {
  let facts = options.facts ?? sampleFacts();
  let checklist = options.checklist ?? emptyChecklist(facts);
  const applied: string[] = [];
  const closed: string[] = [];
  const desk: Desk = {
    who: 'ada@example.com',
    store: {
      path: './aks-hardening/shop-weu.json',
      current: () => checklist,
      update: async (change) => {
        checklist = change(checklist);
        return checklist;
      },
      close: async () => {},
    },
    read: async () => facts,
    readToPlan: async (read) => ({ ...read, known: { ...read.known, runCommand: { state: 'known', value: { reachable: true, detail: 'answered' } } } }),
    apply: async function* (plan, read, overrides, control) {
      applied.push(...plan.changes.map(({ change }) => change.id));
      for await (const event of (options.apply ?? applyAll)(plan, read, overrides, control)) {
        const done = event.type === 'done' ? plan.changes.find(({ change }) => change.id === event.change)?.change : undefined;
        const edits = done?.kind === 'arm.update' ? done.edits : [];
        for (const edit of edits) facts = { ...facts, cluster: withAt(facts.cluster, edit.path, edit.after) as Facts['cluster'] };
        yield event;
      }
    },
    resume: options.resume ?? (() => applyAll({ changes: [] } as unknown as Parameters<Desk['apply']>[0])),
    writeScript: async () => './aks-hardening/shop-weu.plan.sh',
    close: async () => void closed.push('desk'),
    ...options.desk,
  };
  const reach: Reach = {
    kind: 'practice',
    label: 'legacy',
    clusterId: id,
    subscriptions: async () => [],
    clusters: async () => [],
    open: async () => desk,
    close: async () => void closed.push('reach'),
    ...options.reach,
  };
  return {
    deps: {
      tools: async () => sampleTools,
      enter: async (entrance) => {
        if (entrance.kind === options.noEntrance) throw new Error('No Azure sign-in was found.');
        return reach;
      },
      now: () => new Date('2026-11-20T10:00:00Z'),
    },
    applied,
    closed,
    checklist: () => checklist,
  };
}
