import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/model/problem.ts';
import { fakePrograms } from './fake-az.ts';
import { newKit, told } from './kit.ts';
import { applying, kubeBench, labelling, policy } from './kube-kit.ts';

const programs = (kubectl: string) => fakePrograms({ az: 'exit 0', kubelogin: 'exit 0', kubectl: `cat > /dev/null; ${kubectl}` });
const denial = { webhook: 'w.example.org', kind: 'NetworkPolicy', message: 'no' };

describe('changes of objects by their printed commands', () => {
  it('are looked at first where there is a way into the cluster', async () => {
    const bench = await kubeBench();
    const { runner, calls } = await programs('exit 0');
    const run = newKit().run;
    const more = { via: 'az', commands: runner, kubernetes: bench.kubernetes } as const;
    bench.set({ denials: [denial] });
    expect(told(await run([applying([policy('a')])], more))).toEqual(['failed k/apply admission-denied', 'finished failed']);
    expect(told(await run([labelling({ team: 'x' }, { team: 'old' })], more))).toEqual(['drift k/label', 'finished drift']);
    expect(told(await run([labelling({ team: 'shop' }, { team: 'old' })], more)).at(-1)).toBe('finished nothing-to-do');
    expect(await calls()).toEqual([]);
    bench.set({ denials: [] });
    expect(told(await run([applying([policy('a')])], more)).at(-1)).toBe('finished applied');
    expect((await calls()).filter(([program]) => program === 'kubectl')).toHaveLength(2);
  });

  it('are run without a look where the look finds no way: the commands have one of their own', async () => {
    const shut = new ProblemError({ code: 'no-way-in', what: 'No way in.', why: 'kubectl points elsewhere', next: [] });
    const bench = await kubeBench({ call: () => Promise.reject(shut) });
    const { runner, calls } = await programs('exit 0');
    expect(told(await newKit().run([applying([policy('a')])], { via: 'az', commands: runner, kubernetes: bench.kubernetes })).at(-1)).toBe('finished applied');
    expect((await calls()).filter(([program]) => program === 'kubectl')).toHaveLength(2);
  });

  it.each([
    ['Error from server (Forbidden): error when creating "STDIN": admission webhook "w.example.org" denied the request: (Team) is missing', 'admission-denied'],
    ['error: Apply failed with 1 conflict: conflict with "flux": .spec.policyTypes', 'field-conflict'],
    ['Unable to connect to the server: dial tcp: lookup x: no such host', 'api-server-unreachable'],
    ['error: something else (Strange) happened', 'command-failed'],
  ])('%s', async (says, code) => {
    const { runner, calls } = await programs(`echo '${says}' >&2; exit 1`);
    const { run, store } = newKit();
    const events = await run([applying([policy('a')])], { via: 'az', commands: runner });
    const [problem] = events.flatMap((event) => (event.type === 'failed' ? [event.problem] : []));
    expect(problem?.code).toBe(code);
    expect(problem?.why).toContain(says.slice(-20));
    expect(problem?.next.at(-1)).toContain('kubectl apply');
    // The dry run is the first command: nothing was sent after it.
    expect((await calls()).filter(([program]) => program === 'kubectl')).toHaveLength(1);
    expect(store.current().steps['s.local']).toMatchObject({ status: 'failed', problem: { code } });
  });
});
