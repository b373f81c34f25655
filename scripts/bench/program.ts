import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { keys, stage } from '../../test/ui/harness.tsx';
import { env, folder, median, medianOf, node, program, row } from './measure.ts';

/** A program in a pseudo-terminal of 100x30 (by `script`), from its start on. */
function inTerminal(command: string) {
  const start = performance.now();
  const child = spawn('script', ['-qfc', `stty cols 100 rows 30; exec ${command}`, '/dev/null'], { env: { ...env, TERM: 'xterm-256color' }, cwd: folder });
  let shown = '';
  let waiting: { words: RegExp; done: (ms: number) => void } | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (waiting?.words.test(shown)) waiting.done(performance.now());
  });
  return {
    start,
    /** The time at which the words stood on the screen. */
    see: (words: RegExp) => {
      if (words.test(shown)) return Promise.resolve(performance.now());
      return new Promise<number>((done, fail) => {
        waiting = { words, done };
        setTimeout(() => fail(new Error(`never saw ${words}: ${shown.slice(-400)}`)), 10_000).unref();
        child.on('exit', () => fail(new Error(`never saw ${words}: ${shown.slice(-400)}`)));
      });
    },
    end: () => child.kill('SIGKILL'),
  };
}

async function firstWords(command: string, words: RegExp): Promise<number> {
  const terminal = inTerminal(command);
  const time = (await terminal.see(words)) - terminal.start;
  terminal.end();
  return time;
}

/** How long the program takes to start, to show itself, and to answer a key. `base` is a Node that does nothing, in milliseconds. */
export async function measureProgram(base: number): Promise<void> {
  const version = median(15, () => node(program, '--version')) / base;
  row('--version', `${version.toFixed(2)}x node`, '2.5x', version < 2.5);

  // Both in the same pseudo-terminal, so that starting that does not count; in turns, so that a busy minute slows both.
  const bare = `${process.execPath} -e 'console.log("aks-harden")'`;
  const frame = await medianOf(11, async () => {
    const words = await firstWords(bare, /aks-harden/);
    return (await firstWords(`${process.execPath} ${program} --practice`, /aks-harden/)) / words;
  });
  row('first frame of the wizard', `${frame.toFixed(2)}x node`, '6x', frame < 6);

  const wizard = await stage({ columns: 100, rows: 30 });
  await wizard.see('controls hold');
  let down = false;
  const key = await medianOf(41, async () => {
    down = !down;
    const at = performance.now();
    await wizard.press(down ? keys.down : keys.up);
    return performance.now() - at;
  });
  await wizard.close();
  row('key to frame at 100x30', `${key.toFixed(1)} ms`, '16 ms', key < 16);
}
