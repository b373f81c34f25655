import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Checklist, ChecklistStore } from '../model/checklist.ts';
import { clusterRef, type FactKey, type Facts, knownValue } from '../model/facts.ts';
import { texts } from '../model/json.ts';
import type { Plan } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import type { Step } from '../model/step.ts';
import type { ApplyControl, Desk, Shell, TellRead } from '../session/deps.ts';
import type { Io } from './io.ts';
import { type Connection, factKeys } from './source.ts';

/** What a desk is opened with, beside the cluster itself. */
export interface DeskSettings {
  readonly io: Pick<Io, 'now' | 'version' | 'cwd'>;
  readonly steps: readonly Step[];
  readonly via: 'sdk' | 'az';
  /** Why nothing may be applied; undefined when it may. */
  readonly readOnly?: string;
  /** Where the checklist is; below the working folder when not given. */
  readonly checklist?: string;
  readonly practice?: Checklist['practice'];
}

/** Opens a cluster's checklist: reads who it is first, so that another cluster's file is never taken for this one's. */
async function openStore(facts: Facts, settings: DeskSettings): Promise<ChecklistStore> {
  const [{ openChecklist }, { checklistPath }, { fingerprintOf }] = await Promise.all([
    import('../checklist/store.ts'),
    import('../checklist/files.ts'),
    import('../checklist/fingerprint.ts'),
  ]);
  const cluster = clusterRef(facts);
  return openChecklist({
    path: settings.checklist ?? checklistPath(settings.io.cwd, cluster),
    cluster: { ...cluster, fingerprint: fingerprintOf(facts.cluster) },
    tool: `aks-harden ${settings.io.version}`,
    ...(settings.practice === undefined ? {} : { practice: settings.practice }),
    now: () => settings.io.now().toISOString(),
  });
}

/** The printed plan and its undo as files beside the checklist, for their owner alone. Returns the plan's path. */
async function writeScripts(plan: Plan, shell: Shell, facts: Facts, base: string, version: string): Promise<string> {
  const [{ script }, { undoPlan }] = await Promise.all([import('../render/script.ts'), import('../plan/undo.ts')]);
  const ending = shell === 'bash' ? 'sh' : 'ps1';
  const path = `${base}.plan.${ending}`;
  const tenant = knownValue(facts, 'subscriptionTenant');
  const about = { shell, version, readAt: facts.source.readAt, ...(tenant === undefined ? {} : { tenant }) };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, script(plan, { ...about, undo: false }), { mode: 0o700 });
  await writeFile(`${base}.undo.${ending}`, script(undoPlan(plan), { ...about, undo: true }), { mode: 0o700 });
  return path;
}

/** Everything the wizard may do with one connected cluster. Takes the checklist's lock; `close` gives it back. */
export async function openDesk(connection: Connection, settings: DeskSettings, tell?: TellRead): Promise<Desk> {
  const { arm, clusterId, kubernetes, withoutKubernetes, runCommand } = connection;
  const { steps, io, via } = settings;
  const [{ readFacts, readMore }, { withNamedGroups }] = await Promise.all([import('../snapshot/live.ts'), import('../snapshot/named-groups.ts')]);
  const doors = {
    arm,
    clusterId,
    ...(kubernetes ? { kubernetes } : {}),
    ...(withoutKubernetes === undefined ? {} : { withoutKubernetes }),
    ...(runCommand ? { runCommand } : {}),
  };
  const readKeys = (keys: readonly FactKey[]) => readFacts({ ...doors, keys, now: io.now() });
  const readAll = (told?: TellRead) => readFacts({ ...doors, keys: factKeys(steps), now: io.now(), ...(told ? { tell: told } : {}) });
  let first: Facts | undefined = await readAll(tell);
  const store = await openStore(first, settings);
  let latest: Facts = first;
  const { name: who } = await arm.operator();
  const tools = (control: ApplyControl) => ({
    ...doors,
    steps,
    store,
    who,
    reread: readKeys,
    signal: control.leaveRunning,
    stopAfterThis: control.stopAfterThis,
    now: () => io.now().toISOString(),
  });
  return {
    ...(settings.readOnly === undefined ? {} : { readOnly: settings.readOnly }),
    who,
    store,
    read: async (told) => {
      // The first read was just made, to know whose checklist to open.
      latest = first ?? (await readAll(told));
      first = undefined;
      return latest;
    },
    readToPlan: async (facts, keys, choice) => {
      const more = await readMore(facts, { ...doors, keys });
      return withNamedGroups(more, arm, texts(choice?.values['adminGroups']));
    },
    apply: async function* (plan, facts, overrides, control) {
      const [{ apply }, { azPreflight }] = await Promise.all([import('../apply/apply.ts'), import('../apply/az-preflight.ts')]);
      if (via === 'az') {
        const tenantId = knownValue(facts, 'subscriptionTenant');
        const [problem] = await azPreflight({ plan, signal: control.leaveRunning, ...(tenantId === undefined ? {} : { tenantId }) });
        if (problem) throw new ProblemError(problem);
      }
      yield* apply({ ...tools(control), plan, facts, via, overrides });
    },
    resume: async function* (control) {
      const { resumeOperations } = await import('../apply/resume.ts');
      yield* resumeOperations(tools(control));
    },
    writeScript: (plan, shell) => writeScripts(plan, shell, latest, store.path.replace(/\.json$/, ''), io.version),
    close: async () => {
      await store.close();
      await connection.close();
    },
  };
}
