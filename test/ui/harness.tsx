import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { render } from 'ink';
import { createSession, type Session } from '../../src/session/session.ts';
import type { SessionSettings } from '../../src/session/state.ts';
import { App } from '../../src/ui/app.tsx';
import { ascii, unicode } from '../../src/ui/symbols.ts';
import { type Sample, type SampleOptions, sampleDeps } from '../session/sample.ts';

/** A terminal's output: real stream, real size, no emulation. With `debug` ink writes each frame whole. */
class Screen extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  last = '';
  constructor(columns: number, rows: number) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }
  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    // Modes (paste, cursor) are switched by writes of their own, which show nothing.
    const text = String(chunk);
    if (text.replaceAll(/\u001b\[[?0-9;]*[a-zA-Z]/g, '') !== '') this.last = text;
    done();
    this.emit('frame');
  }
}

export const keys = {
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  pageDown: '\u001b[6~',
  end: '\u001b[F',
  enter: '\r',
  escape: '\u001b',
  tab: '\t',
  backspace: '\u007f',
  ctrlC: '\u0003',
  ctrlU: '\u0015',
} as const;

export interface Stage extends Sample {
  readonly session: Session;
  /** The rows of the frame: what ink painted below the journal. */
  readonly frame: () => readonly string[];
  readonly text: () => string;
  /** Sends keys one after the other. */
  readonly press: (...pressed: readonly string[]) => Promise<void>;
  readonly paste: (text: string) => Promise<void>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  /** Waits until the frame holds `words`; throws with the frame when it never does. */
  readonly see: (words: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

export interface StageOptions extends SampleOptions {
  readonly columns: number;
  readonly rows: number;
  readonly start?: SessionSettings['start'];
  readonly ascii?: boolean;
  readonly screenReader?: boolean;
  readonly colour?: boolean;
}

const macrotask = () => new Promise((resolve) => setImmediate(resolve));

/** Opens the wizard over a fake cluster in a terminal of the given size. */
export async function stage(options: StageOptions): Promise<Stage> {
  const sample = sampleDeps(options);
  const session = createSession(sample.deps, { start: options.start ?? { kind: 'practice', scenario: 'legacy' } });
  const stdout = new Screen(options.columns, options.rows);
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin, ref: () => stdin, unref: () => stdin });
  const instance = render(
    <App
      session={session}
      symbols={options.ascii ? ascii : unicode}
      screenReader={options.screenReader ?? false}
      colour={options.colour ?? true}
      now={() => Date.parse('2026-11-20T10:00:07Z')}
    />,
    { stdout, stdin, debug: true, exitOnCtrlC: false, interactive: true, patchConsole: false, isScreenReaderEnabled: options.screenReader ?? false },
  );
  const settle = async () => {
    await macrotask();
    await instance.waitUntilRenderFlush();
  };
  const frame = () => {
    const rows = stdout.last.split('\n').map((row) => row.trimEnd());
    // The journal stands above the frame and is no part of it: the frame begins with its title, right above the first rule.
    const title = rows.findIndex((row) => /^ [─-]{20}/.test(row)) - 1;
    return options.screenReader ? rows : rows.slice(Math.max(0, title));
  };
  const text = () => frame().join('\n');
  const see = async (words: string) => {
    const signal = AbortSignal.timeout(8000);
    while (!text().includes(words)) {
      await once(stdout, 'frame', { signal }).catch(() => {
        throw new Error(`never seen: ${words}\n${text()}`);
      });
    }
    return text();
  };
  const send = async (chunk: string) => {
    stdin.write(chunk);
    await settle();
  };
  session.start();
  await settle();
  return {
    ...sample,
    session,
    frame,
    text,
    see,
    press: async (...pressed) => {
      for (const key of pressed) await send(key);
    },
    paste: (pasted) => send(`\u001b[200~${pasted}\u001b[201~`),
    resize: async (columns, rows) => {
      Object.assign(stdout, { columns, rows });
      stdout.emit('resize');
      await settle();
    },
    close: async () => {
      instance.unmount();
      await session.end(0);
    },
  };
}
