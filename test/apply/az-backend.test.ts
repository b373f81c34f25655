import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { resumeOperations } from '../../src/apply/resume.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import type { KubernetesGateway } from '../../src/model/gateway.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { credentialCommands } from '../../src/render/credentials.ts';
import { commandsOf } from '../../src/render/index.ts';
import { fakePrograms } from './fake-az.ts';
import { CLUSTER, collect, local, logs, newKit, told } from './kit.ts';

const output = (events: readonly ApplyEvent[]) => events.flatMap((event) => (event.type === 'output' ? [`${event.stream}: ${event.line}`] : []));
const problemIn = (events: readonly ApplyEvent[]) => events.find((event) => event.type === 'failed')?.problem;

/** A cluster where the edit stands as soon as az has been called. */
async function kitWithAz(body: string, isCarriedOut = true) {
  const kit = newKit();
  const az = await fakePrograms({ az: body });
  kit.arm.onRead = () => undefined;
  const { run } = az.runner;
  const commands: typeof az.runner = {
    run: async function* (command, signal, env) {
      const end = yield* run(command, signal, env);
      if (isCarriedOut) kit.arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], true);
      return end;
    },
  };
  return { ...kit, az, commands };
}

describe('--via az', () => {
  it('runs the printed argument vectors, word for word, and tells and notes what the SDK path does', async () => {
    const { run, az, commands, store, arm } = await kitWithAz('echo "working"; echo "WARNING: take care" >&2');
    const events = await run([local], { via: 'az', commands });
    expect(await az.calls()).toEqual(commandsOf(local).map(({ argv }) => argv));
    expect(told(events)).toEqual(['checked s.local/edit', 'started s.local/edit', 'done s.local/edit', 'finished applied']);
    expect([...output(events)].sort()).toEqual(['stderr: WARNING: take care', 'stdout: working']);
    expect(arm.log.filter((line) => !line.startsWith('GET'))).toEqual([]);
    expect(store.current().operations).toMatchObject([{ status: 'succeeded', via: 'az' }]);
    expect(store.current().steps['s.local']).toMatchObject({ status: 'verified', undo: [{ kind: 'arm.update' }] });
  });

  it('is on file before az starts', async () => {
    const { run, commands, store } = await kitWithAz('true');
    const seen: (string | undefined)[] = [];
    const watched: typeof commands = {
      run: (command, signal) => {
        seen.push(store.current().operations[0]?.status);
        return commands.run(command, signal);
      },
    };
    await run([local], { via: 'az', commands: watched });
    expect(seen).toEqual(['running']);
  });

  it('checks first: drift and nothing to do run no command', async () => {
    const { run, commands, az, arm } = await kitWithAz('true');
    arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], true);
    expect(told(await run([local], { via: 'az', commands })).at(-1)).toBe('finished nothing-to-do');
    arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], 'odd');
    expect(told(await run([local], { via: 'az', commands })).at(-1)).toBe('finished drift');
    expect(await az.calls()).toEqual([]);
  });

  it.each([
    [
      "ARM's error",
      `echo "ERROR: (SubnetIsFull) Subnet snet is full." >&2; echo "Code: SubnetIsFull" >&2; echo "Message: Subnet snet is full." >&2; exit 1`,
      { code: 'command-refused', cloud: { code: 'SubnetIsFull', message: 'Subnet snet is full.' } },
    ],
    ['no sign-in', `echo "ERROR: Please run 'az login' to setup account." >&2; exit 1`, { code: 'az-signed-out' }],
    ['an unknown flag', 'echo "ERROR: unrecognized arguments: --new-flag" >&2; exit 2', { code: 'az-too-old' }],
    [
      'a missing extension',
      'echo "ERROR: The command requires the extension aks-preview. Unable to prompt for extension install confirmation" >&2; exit 2',
      { code: 'az-extension-missing' },
    ],
    ['a proxy', 'echo "ERROR: HTTPSConnectionPool: Max retries exceeded (Caused by ProxyError(Cannot connect to proxy.))" >&2; exit 1', { code: 'az-proxy' }],
    ['something else', 'echo "ERROR: it broke" >&2; exit 3', { code: 'command-failed', why: 'ERROR: it broke' }],
    ['nothing said', 'exit 3', { code: 'command-failed', what: 'az ended with exit code 3.' }],
  ])('%s becomes a Problem', async (_name, body, wanted) => {
    const { run, commands, store } = await kitWithAz(body, false);
    const events = await run([local], { via: 'az', commands });
    expect(problemIn(events)).toMatchObject(wanted);
    expect(problemIn(events)?.next.join('\n')).toContain('az aks update');
    expect(store.current().operations[0]).toMatchObject({ status: 'failed' });
  });

  it('az failed, but the change stands: the state decides', async () => {
    const { run, commands } = await kitWithAz('echo "ERROR: Connection aborted" >&2; exit 1');
    expect(told(await run([local], { via: 'az', commands })).at(-1)).toBe('finished applied');
  });

  it('az said yes, but nothing stands: not called done', async () => {
    const { run, commands } = await kitWithAz('exit 0', false);
    expect(problemIn(await run([local], { via: 'az', commands }))?.code).toBe('change-not-in-place');
  });

  it('hostile output cannot move the cursor', async () => {
    const { run, commands } = await kitWithAz(`printf 'a\\033[2Jb\\n'`);
    expect(output(await run([local], { via: 'az', commands }))).toEqual(['stdout: ab']);
  });

  it('cancelled: az and what it started are ended, and the operation is left for resume', async () => {
    const { run, commands, arm, store, az, options } = await kitWithAz('(sleep 600; echo late > "$LOG.late") & echo started; wait', false);
    const controller = new AbortController();
    const lines: string[] = [];
    const watched: typeof commands = {
      run: async function* (command, signal) {
        const process = commands.run(command, signal);
        for (let step = await process.next(); ; step = await process.next()) {
          if (step.done) return step.value;
          lines.push(step.value.line);
          controller.abort();
          yield step.value;
        }
      },
    };
    const events = await run([local, logs], { via: 'az', commands: watched, signal: controller.signal });
    expect(told(events)).toEqual([
      'checked s.local/edit',
      'started s.local/edit',
      'left-running s.local/edit',
      'skipped s.logs/setting',
      'finished interrupted',
    ]);
    // The background process holds the output open: that the run ended shows that it was ended too.
    expect(lines).toEqual(['started']);
    expect(existsSync(`${az.folder}/calls.late`)).toBe(false);
    expect(store.current().operations[0]?.status).toBe('left-running');
    arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], true);
    expect(told(await collect(resumeOperations(options([]))))).toEqual(['started s.local/edit again', 'done s.local/edit', 'finished applied']);
  });

  it('files are there while the command runs, for this user only, and gone afterwards', async () => {
    const { runner } = await fakePrograms({ az: 'pwd; ls -l body.json | cut -c1-10; stat -c %a . ; cat body.json' });
    const lines: string[] = [];
    const process = runner.run({ argv: ['az', 'rest', '--body', '@body.json'], files: { 'body.json': '{"a":1}\n' } });
    let step = await process.next();
    for (; !step.done; step = await process.next()) lines.push(step.value.line);
    expect(step.value).toMatchObject({ exitCode: 0, cancelled: false, missing: false });
    expect(lines.slice(1)).toEqual(['-rw-------', '700', '{"a":1}']);
    expect(existsSync(lines[0] ?? '')).toBe(false);
  });

  it('a file that would leave the folder is refused', async () => {
    const { runner } = await fakePrograms({ az: 'true' });
    await expect(runner.run({ argv: ['az'], files: { '../x': '' } }).next()).rejects.toThrow('bare name');
    expect((await readdir(tmpdir())).includes('x')).toBe(false);
  });

  it('standard input reaches the command, and is empty otherwise', async () => {
    const { runner } = await fakePrograms({ kubectl: 'cat' });
    const read = async (stdin?: string) => {
      const lines: string[] = [];
      for await (const { line } of runner.run({ argv: ['kubectl', 'apply'], ...(stdin === undefined ? {} : { stdin }) })) lines.push(line);
      return lines;
    };
    expect(await read('one\ntwo\n')).toEqual(['one', 'two']);
    expect(await read()).toEqual([]);
  });

  it('no az at all', async () => {
    const { createCommandRunner } = await import('../../src/apply/az-run.ts');
    const { run } = newKit();
    const events = await run([local], { via: 'az', commands: createCommandRunner({ env: { PATH: '/nowhere' } }) });
    expect(problemIn(events)).toMatchObject({ code: 'az-missing' });
  });
});

describe('Kubernetes and Graph', () => {
  const { target: _target, edits: _edits, kind: _kind, ...rest } = local;
  const object: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } };
  const kube = { ...rest, id: 'k', kind: 'kube.apply', objects: [object], before: [] } as const;
  const graph = { ...rest, id: 'g', kind: 'graph', method: 'POST', path: '/groups', body: {} } as const;

  function gateway(refuses = false): { readonly kubernetes: KubernetesGateway; readonly calls: boolean[] } {
    const calls: boolean[] = [];
    const kubernetes: KubernetesGateway = {
      via: 'kubectl',
      list: async function* () {},
      get: async () => undefined,
      patch: async (_ref, patch) => ({ object: patch, warnings: [] }),
      remove: async () => undefined,
      access: async () => ({ allowed: true, as: 'ada' }),
      apply: async (objects, { dryRun }) => {
        calls.push(dryRun);
        if (refuses) throw new Error('admission webhook denied it');
        return objects.map((object) => ({ object, warnings: [] }));
      },
    };
    return { kubernetes, calls };
  }

  it('objects: a dry run, then for good', async () => {
    const { run, store } = newKit();
    const { kubernetes, calls } = gateway();
    expect(told(await run([kube], { kubernetes }))).toEqual(['checked k', 'started k', 'done k', 'finished partly']);
    expect(calls).toEqual([true, false]);
    expect(store.current().operations).toMatchObject([{ status: 'succeeded' }]);
  });

  it('a dry run that is refused applies nothing', async () => {
    const { run, store } = newKit();
    const { kubernetes, calls } = gateway(true);
    expect(told(await run([kube], { kubernetes }))).toEqual(['failed k unexpected', 'finished failed']);
    expect(calls).toEqual([true]);
    expect(store.current().operations).toEqual([]);
  });

  it.each([
    [kube, 'kubectl apply'],
    [graph, 'az rest'],
  ])('what cannot be reached is told with its command ($id)', async (change, command) => {
    const { run } = newKit();
    const problem = problemIn(await run([change]));
    expect(problem?.code).toBe('needs-command');
    expect(problem?.next.join('\n')).toContain(command);
  });

  it('--via az runs kubectl with a kubeconfig of this cluster, which az writes and which is gone afterwards', async () => {
    // The operator's own context may be another cluster's: the fake kubectl tells which file it is given.
    const writes = 'while [ $# -gt 0 ]; do [ "$1" = --file ] && echo mine > "$2"; shift; done';
    const { run, store } = newKit();
    const { runner, calls } = await fakePrograms({
      az: writes,
      kubelogin: 'exit 0',
      kubectl: 'cat > /dev/null; cat "$KUBECONFIG"; echo "$KUBECONFIG"',
    });
    const lines = output(await run([kube], { via: 'az', commands: runner }));
    const [content, file = ''] = lines.map((line) => line.replace('stdout: ', ''));
    expect(content).toBe('mine');
    expect(existsSync(file)).toBe(false);
    const commands = [...credentialCommands(store.current().cluster, file), ...commandsOf(kube)];
    expect(await calls()).toEqual(commands.map(({ argv }) => argv));
  });
});
