import type { Tools } from '../session/deps.ts';
import type { SessionState } from '../session/state.ts';
import type { Context } from './keys.ts';
import type { Mode } from './layout.ts';
import type { Symbols } from './symbols.ts';
import type { Block } from './text/line.ts';

/** Everything that a screen is drawn from. */
export interface Scene {
  readonly state: SessionState;
  readonly tools: Tools;
  readonly mode: Mode;
  /** Columns that a line may take. */
  readonly width: number;
  readonly symbols: Symbols;
  /** For screen readers: nothing side by side, no frames, no spinners. */
  readonly linear: boolean;
  /** False where inverse text cannot be told from other text: the cursor of a field is a mark then. */
  readonly colour: boolean;
  /** Milliseconds, for what has passed since; `frame` counts up while something is waited for. */
  readonly now: number;
  readonly frame: number;
}

/** A screen, ready to be put into the frame. */
export interface View {
  /** Names the page: another key starts at the top. */
  readonly key: string;
  readonly crumbs: readonly string[];
  readonly aside?: string;
  readonly blocks: readonly Block[];
  readonly contexts: readonly Context[];
  /** The welcome menu follows the blocks. */
  readonly menu?: boolean;
}
