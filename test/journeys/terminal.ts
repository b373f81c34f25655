import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = resolve(import.meta.dirname, '../../dist/cli.js');
let count = 0;

/** A real terminal with the built program in it. */
export interface Terminal {
  /** A folder of its own: the program's working folder and home. */
  readonly folder: string;
  /** Keys as tmux names them: `Enter`, `Escape`, `C-c`, `Down`; other words are typed letter by letter. */
  readonly keys: (...keys: readonly string[]) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  readonly screen: () => Promise<string>;
  /** The screen as soon as it holds the words (or fits the pattern); throws with the last screen when it never does. */
  readonly see: (words: string | RegExp | ((screen: string) => boolean), seconds?: number) => Promise<string>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  /** Starts the program (again) with these arguments. */
  readonly start: (...args: readonly string[]) => Promise<void>;
  /** Kills the program as `kill -9` does. */
  readonly kill: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a terminal of the given size. Nothing of the machine's own sign-in is visible in it. */
export async function openTerminal(columns: number, rows: number): Promise<Terminal> {
  const folder = await mkdtemp(join(tmpdir(), 'journey-'));
  count += 1;
  const socket = `journey-${process.pid}-${count}`;
  const tmux = (...args: string[]) => run('tmux', ['-L', socket, ...args]);
  await tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    String(columns),
    '-y',
    String(rows),
    '-c',
    folder,
    'env',
    '-i',
    `HOME=${folder}`,
    `PATH=${process.env['PATH'] ?? ''}`,
    'TERM=screen-256color',
    'LANG=C.UTF-8',
    'PS1=$ ',
    'sh',
  );
  const screen = async () => (await tmux('capture-pane', '-p')).stdout;
  const see: Terminal['see'] = async (words, seconds = 30) => {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const shown = await screen();
      if (typeof words === 'string' ? shown.includes(words) : typeof words === 'function' ? words(shown) : words.test(shown)) return shown;
      if (Date.now() > until) throw new Error(`never saw ${String(words)} on:\n${shown}`);
      await pause(40);
    }
  };
  const keys: Terminal['keys'] = async (...names) => {
    for (const name of names) await tmux('send-keys', name);
  };
  await see('$');
  return {
    folder,
    keys,
    screen,
    see,
    type: async (text) => void (await tmux('send-keys', '-l', text)),
    resize: async (wide, high) => void (await tmux('resize-window', '-x', String(wide), '-y', String(high))),
    start: async (...args) => {
      const line = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
      // A program that was killed leaves the terminal raw; there only C-j ends a line.
      await tmux('send-keys', '-l', `stty sane; clear; ${line}; echo "exit=$?"`);
      await tmux('send-keys', 'C-j');
    },
    kill: async () => {
      const { stdout } = await tmux('list-panes', '-F', '#{pane_pid}');
      const { stdout: children } = await run('ps', ['-o', 'pid=', '--ppid', stdout.trim()]);
      for (const pid of children.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
    },
    close: async () => {
      await tmux('kill-server').catch((error: unknown) => {
        // The server ends by itself with its last window.
        if (!String(error).includes('no server running')) throw error;
      });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
