import type { Status } from '../model/assessment.ts';
import type { StepStatus } from '../model/checklist.ts';
import type { Guard } from '../model/step.ts';
import type { RunStatus } from '../session/state.ts';
import type { Tone } from './theme.ts';

/** Every mark that is drawn, in two alphabets. */
export interface Symbols {
  readonly pass: string;
  readonly fail: string;
  readonly partial: string;
  readonly unknown: string;
  readonly preset: string;
  readonly none: string;
  readonly pointer: string;
  readonly radioOn: string;
  readonly radioOff: string;
  readonly boxOn: string;
  readonly boxOff: string;
  readonly arrow: string;
  readonly dot: string;
  readonly bullet: string;
  readonly star: string;
  readonly rule: string;
  readonly heavy: string;
  readonly dash: string;
  readonly ellipsis: string;
  readonly upDown: string;
  readonly leftRight: string;
  readonly caret: string;
  readonly crumb: string;
  readonly spinner: readonly string[];
  /** Corners and sides of a card: top left, top right, bottom left, bottom right, across, down. */
  readonly card: readonly [string, string, string, string, string, string];
  readonly focusedCard: readonly [string, string, string, string, string, string];
}

export const unicode: Symbols = {
  pass: '✓',
  fail: '✗',
  partial: '◐',
  unknown: '?',
  preset: '●',
  none: '·',
  pointer: '❯',
  radioOn: '●',
  radioOff: '○',
  boxOn: '[x]',
  boxOff: '[ ]',
  arrow: '→',
  dot: '·',
  bullet: '•',
  star: '★',
  rule: '─',
  heavy: '━',
  dash: '–',
  ellipsis: '…',
  upDown: '↑↓',
  leftRight: '←→',
  caret: '▏',
  crumb: '›',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  card: ['╭', '╮', '╰', '╯', '─', '│'],
  focusedCard: ['┏', '┓', '┗', '┛', '━', '┃'],
};

export const ascii: Symbols = {
  pass: '+',
  fail: 'x',
  partial: '~',
  unknown: '?',
  preset: '*',
  none: '-',
  pointer: '>',
  radioOn: '(o)',
  radioOff: '( )',
  boxOn: '[x]',
  boxOff: '[ ]',
  arrow: '->',
  dot: '-',
  bullet: '*',
  star: '*',
  rule: '-',
  heavy: '=',
  dash: '-',
  ellipsis: '..',
  upDown: 'Up/Down',
  leftRight: 'Left/Right',
  caret: '|',
  crumb: '>',
  spinner: ['-', '\\', '|', '/'],
  card: ['+', '+', '+', '+', '-', '|'],
  focusedCard: ['#', '#', '#', '#', '=', '#'],
};

/** A meaning as mark, word and tone: colour is never the only sign. */
export interface Sign {
  readonly mark: Exclude<keyof Symbols, 'spinner' | 'card' | 'focusedCard'>;
  readonly word: string;
  readonly tone: Tone;
}

export const statusSigns: { readonly [S in Status]: Sign } = {
  pass: { mark: 'pass', word: 'pass', tone: 'good' },
  fail: { mark: 'fail', word: 'fail', tone: 'bad' },
  partial: { mark: 'partial', word: 'partial', tone: 'warn' },
  unknown: { mark: 'unknown', word: 'unknown', tone: 'warn' },
  preconfigured: { mark: 'preset', word: 'set by AKS', tone: 'good' },
  'not-applicable': { mark: 'none', word: 'n/a', tone: 'muted' },
};

export const stepSigns: { readonly [S in StepStatus]: Sign } = {
  open: { mark: 'none', word: 'open', tone: 'plain' },
  queued: { mark: 'radioOn', word: 'queued', tone: 'accent' },
  applying: { mark: 'partial', word: 'being applied', tone: 'accent' },
  verified: { mark: 'pass', word: 'verified', tone: 'good' },
  'half-done': { mark: 'partial', word: 'half done', tone: 'warn' },
  failed: { mark: 'fail', word: 'failed', tone: 'bad' },
  printed: { mark: 'arrow', word: 'commands taken', tone: 'accent' },
  declined: { mark: 'dash', word: 'declined', tone: 'muted' },
  skipped: { mark: 'dash', word: 'skipped', tone: 'muted' },
};

export const guardSigns: { readonly [V in Guard['verdict']]: Sign } = {
  clear: { mark: 'pass', word: 'clear', tone: 'good' },
  warn: { mark: 'partial', word: 'warning', tone: 'warn' },
  refuse: { mark: 'fail', word: 'refused', tone: 'bad' },
  unknown: { mark: 'unknown', word: 'not known', tone: 'warn' },
};

export const runSigns: { readonly [S in RunStatus]: Sign } = {
  waiting: { mark: 'none', word: 'Waiting', tone: 'muted' },
  checked: { mark: 'radioOff', word: 'Checked', tone: 'plain' },
  running: { mark: 'partial', word: 'Applying', tone: 'accent' },
  restoring: { mark: 'partial', word: 'Putting back', tone: 'warn' },
  restored: { mark: 'dash', word: 'Put back', tone: 'warn' },
  done: { mark: 'pass', word: 'Done', tone: 'good' },
  unchanged: { mark: 'pass', word: 'Already so', tone: 'good' },
  failed: { mark: 'fail', word: 'Failed', tone: 'bad' },
  skipped: { mark: 'dash', word: 'Skipped', tone: 'warn' },
  manual: { mark: 'bullet', word: 'By hand', tone: 'warn' },
  drift: { mark: 'fail', word: 'Not as planned', tone: 'warn' },
  'left-running': { mark: 'arrow', word: 'Left running', tone: 'warn' },
};
