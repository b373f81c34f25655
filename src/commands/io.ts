/** The process as a command sees it: injected, so that tests run commands without a process of their own. */
export interface Io {
  /** Data: what a pipe gets. */
  readonly out: (text: string) => void;
  /** Waits until a slow reader has taken what `out` gave it, so that much output does not pile up in memory. Rejects when interrupted. */
  readonly drained?: () => Promise<void>;
  /** Talk: progress, warnings, errors. */
  readonly err: (text: string) => void;
  readonly stdin: NodeJS.ReadStream;
  /** True when both ends are a terminal and nothing says that this is a pipeline. */
  readonly interactive: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly version: string;
  /** Aborted by the first Ctrl-C or a SIGTERM. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}
