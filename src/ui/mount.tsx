import { render } from 'ink';
import type { Session } from '../session/session.ts';
import { App } from './app.tsx';
import { closingText } from './closing.ts';
import { ascii, unicode } from './symbols.ts';

export interface MountOptions {
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  readonly ascii?: boolean;
  readonly screenReader?: boolean;
  /** False when colours and inverse text are off (NO_COLOR, --no-color). */
  readonly color?: boolean;
  /** Aborted when the process is told to end: what runs in Azure goes on, the checklist is closed. */
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

/** A terminal that has its rows shown again from a clean screen: a narrower one leaves pieces of wider lines behind otherwise. */
const wipe = '\u001b[2J\u001b[H';

/**
 * Shows a session in the terminal until it is over, and returns its exit code. The caller has made sure that both ends are terminals.
 * The session's entrance is started after the first frame is out, so that what it loads does not delay it.
 */
export async function mountWizard(session: Session, options: MountOptions): Promise<number> {
  const { stdin = process.stdin, stdout = process.stdout, screenReader = false, color = true, signal } = options;
  let width = stdout.columns;
  const narrowed = () => {
    if (stdout.columns < width && !screenReader) stdout.write(wipe);
    width = stdout.columns;
  };
  // Before ink's own listener, which then paints on the clean screen.
  stdout.prependListener('resize', narrowed);
  const instance = render(
    <App session={session} symbols={options.ascii ? ascii : unicode} screenReader={screenReader} colour={color} now={options.now ?? Date.now} />,
    { stdin, stdout, exitOnCtrlC: false, interactive: true, patchConsole: false, isScreenReaderEnabled: screenReader },
  );
  session.attach({ copy: (text) => void stdout.write(`\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`) });
  // A view that breaks must not leave the checklist locked, nor the caller waiting.
  const broken = instance.waitUntilExit().then(() => session.end(1));
  broken.catch(() => session.end(1));
  const told = () => void session.end(143);
  signal?.addEventListener('abort', told, { once: true });
  try {
    await instance.waitUntilRenderFlush();
    session.start();
    const code = await Promise.race([session.finished, broken]);
    await instance.waitUntilRenderFlush();
    return code;
  } finally {
    instance.unmount();
    stdout.off('resize', narrowed);
    signal?.removeEventListener('abort', told);
    // Keys that were pressed meanwhile must not reach the shell as commands.
    while (stdin.read() !== null);
    stdout.write(closingText(session.getState(), session.tools(), process.cwd()));
  }
}
