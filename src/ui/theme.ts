/** What a piece of text is, never how it looks: screens say tones, this file says colours. */
export type Tone = 'plain' | 'strong' | 'muted' | 'accent' | 'focus' | 'good' | 'warn' | 'bad' | 'badge' | 'cursor';

/** The properties of ink's Text that a tone stands for. */
export interface Look {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
}

/** The terminal's own sixteen colours, so that they follow the user's theme, light or dark. Without colour the words and marks remain. */
export const looks: { readonly [T in Tone]: Look } = {
  plain: {},
  strong: { bold: true },
  muted: { dimColor: true },
  accent: { color: 'cyan' },
  focus: { color: 'cyan', bold: true },
  good: { color: 'green' },
  warn: { color: 'yellow' },
  bad: { color: 'red' },
  badge: { color: 'yellow', bold: true, inverse: true },
  cursor: { inverse: true },
};
