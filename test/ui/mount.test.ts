import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createSession } from '../../src/session/session.ts';
import { mountWizard } from '../../src/ui/mount.tsx';
import { sampleDeps } from '../session/sample.ts';

/** Both ends of a terminal, as mountWizard takes them. */
function terminal() {
  const written: string[] = [];
  const out = Object.assign(
    new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => {
        written.push(String(chunk));
        done();
      },
    }),
    { isTTY: true, columns: 80, rows: 24 },
  );
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input, ref: () => input, unref: () => input });
  return { written, stdout: out as unknown as NodeJS.WriteStream, stdin: input as unknown as NodeJS.ReadStream };
}

test('the entrance is opened after the first frame; the last words are how to come back', async () => {
  const { written, stdout, stdin } = terminal();
  const sample = sampleDeps();
  let before = '';
  const enter: typeof sample.deps.enter = (...given) => {
    before = written.join('');
    return sample.deps.enter(...given);
  };
  const session = createSession({ ...sample.deps, enter }, { start: { kind: 'practice', scenario: 'legacy' } });
  session.subscribe(() => {
    if (session.getState().screen.kind !== 'overview' || session.getState().ended !== undefined) return;
    if (session.getState().overlay) session.dispatch({ type: 'confirm' });
    else session.dispatch({ type: 'quit' });
  });
  const code = await mountWizard(session, { stdin, stdout, now: () => 0 });
  expect(code).toBe(0);
  expect(before).toContain('Setting up the practice cluster');
  expect(written.at(-1)).toBe('shop-weu (PRACTICE): 2 open.\nResume with: aks-harden resume ./aks-hardening/shop-weu.json\n');
  expect(sample.closed).toEqual(['desk', 'reach']);
});

test('a process that is told to end closes the cluster and says how to come back', async () => {
  const { written, stdout, stdin } = terminal();
  const sample = sampleDeps();
  const told = new AbortController();
  const session = createSession(sample.deps, { start: { kind: 'practice', scenario: 'legacy' } });
  session.subscribe(() => {
    if (session.getState().screen.kind === 'overview') told.abort();
  });
  expect(await mountWizard(session, { stdin, stdout, signal: told.signal, now: () => 0 })).toBe(143);
  expect(written.at(-1)).toContain('Resume with:');
  expect(sample.closed).toEqual(['desk', 'reach']);
});

test('what is copied goes to the terminal as OSC 52', async () => {
  const { written, stdout, stdin } = terminal();
  const sample = sampleDeps();
  const session = createSession(sample.deps, { start: { kind: 'practice', scenario: 'legacy' } });
  const way = ['choose', 'choose', 'choose', 'choose', 'move', 'move', 'choose', 'copy'] as const;
  let begun = false;
  session.subscribe(() => {
    if (begun || session.getState().screen.kind !== 'overview') return;
    begun = true;
    for (const type of way) session.dispatch(type === 'move' ? { type, by: 1 } : { type });
    session.dispatch({ type: 'interrupt' });
    session.dispatch({ type: 'interrupt' });
  });
  expect(await mountWizard(session, { stdin, stdout, now: () => 0 })).toBe(130);
  const copied = written.join('').match(/\u001b\]52;c;([A-Za-z0-9+/=]+)\u0007/)?.[1] ?? '';
  expect(Buffer.from(copied, 'base64').toString('utf8')).toMatch(/^#!\/usr\/bin\/env bash\n[\s\S]*--disable-local-accounts/);
});
