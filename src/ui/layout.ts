/** How much room there is. `cards` stacks what `full` puts side by side. */
export type Mode = 'full' | 'compact' | 'cards' | 'too-small';

export interface Layout {
  readonly mode: Mode;
  /** Columns between the margins. */
  readonly width: number;
  /** Rows that a frame may have: one less than the terminal, or its top is lost. */
  readonly rows: number;
  /** True where a blank line between head and body can be afforded. */
  readonly airy: boolean;
}

/** The smallest terminal that the wizard can be read in. */
export const least = { columns: 40, rows: 12 };

/** Breakpoints as azd has them: 100 and more for tables and columns, 60 to 99 compact, below that cards. */
export function layoutOf(columns: number, rows: number): Layout {
  const mode: Mode = columns < least.columns || rows < least.rows ? 'too-small' : columns >= 100 ? 'full' : columns >= 60 ? 'compact' : 'cards';
  return { mode, width: Math.min(columns, 140) - 2, rows: rows - 1, airy: rows >= 24 };
}
