import type { Block, Line } from './line.ts';

/** All lines of a screen, and where the cursor is among them. */
export interface Page {
  readonly lines: readonly Line[];
  readonly focus?: { readonly from: number; readonly to: number };
}

/** Blocks one below the other. */
export function pageOf(blocks: readonly Block[]): Page {
  const lines = blocks.flatMap((each) => each.lines);
  const at = blocks.findIndex(({ focused }) => focused);
  if (at < 0) return { lines };
  const from = blocks.slice(0, at).reduce((sum, each) => sum + each.lines.length, 0);
  return { lines, focus: { from, to: from + (blocks[at]?.lines.length ?? 1) - 1 } };
}

/** Where a page is scrolled to. `key` names the page, `seen` is the cursor that the offset was made for. */
export interface Scroll {
  readonly key: string;
  readonly offset: number;
  readonly seen: number;
}

const last = (page: Page, height: number) => Math.max(0, page.lines.length - height);

/**
 * The scroll that a page is shown with: a new page from its top, the cursor in sight whenever it moved, never beyond the end.
 * The same value comes back when nothing changes.
 */
export function settled(scroll: Scroll, key: string, page: Page, height: number): Scroll {
  const seen = page.focus?.from ?? -1;
  const start = scroll.key === key ? scroll.offset : 0;
  const moved = page.focus !== undefined && (scroll.key !== key || scroll.seen !== seen);
  const offset = Math.min(last(page, height), moved && page.focus ? inSight(start, page.focus, height) : start);
  return scroll.key === key && scroll.offset === offset && scroll.seen === seen ? scroll : { key, offset, seen };
}

/** The nearest offset that shows the whole cursor, its top if it is taller; near the top, the page's own beginning. */
function inSight(offset: number, focus: { readonly from: number; readonly to: number }, height: number): number {
  if (focus.to < height) return Math.min(offset, focus.from) === offset && focus.to < offset + height ? offset : 0;
  if (focus.from < offset || focus.to - focus.from >= height) return focus.from;
  return focus.to >= offset + height ? focus.to - height + 1 : offset;
}

/** Scrolled by lines, or to an end. */
export function scrolled(scroll: Scroll, by: number | 'first' | 'last', page: Page, height: number): Scroll {
  const target = by === 'first' ? 0 : by === 'last' ? last(page, height) : scroll.offset + by;
  return { ...scroll, offset: Math.max(0, Math.min(last(page, height), target)) };
}

/** `11–18 of 30`, or nothing when the whole page is seen. */
export function position(scroll: Scroll, page: Page, height: number, dash: string): string {
  if (page.lines.length <= height) return '';
  return `${scroll.offset + 1}${dash}${Math.min(page.lines.length, scroll.offset + height)} of ${page.lines.length}`;
}
