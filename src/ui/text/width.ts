const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const plain = /^[\x20-\x7e]*$/;
const nothing = /^(?:\p{Mark}|\p{Default_Ignorable_Code_Point})+$/u;
/** East Asian wide and fullwidth, and what is drawn as an emoji (Unicode TR 11 and TR 51). */
const wide =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** Characters as a reader counts them. */
export function characters(text: string): readonly string[] {
  return plain.test(text) ? [...text] : [...graphemes.segment(text)].map(({ segment }) => segment);
}

function cellsOfCharacter(character: string): number {
  if (plain.test(character)) return 1;
  return nothing.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

/** Columns that a text takes in a terminal. */
export function cells(text: string): number {
  return plain.test(text) ? text.length : characters(text).reduce((sum, character) => sum + cellsOfCharacter(character), 0);
}

/** The longest beginning of `text` that fits in `most` columns. */
export function fitting(text: string, most: number): string {
  if (plain.test(text)) return text.slice(0, Math.max(0, most));
  let taken = '';
  let room = most;
  for (const character of characters(text)) {
    room -= cellsOfCharacter(character);
    if (room < 0) break;
    taken += character;
  }
  return taken;
}

/** `text` in at most `most` columns, the end replaced by an ellipsis where it does not fit. */
export function cut(text: string, most: number, ellipsis: string): string {
  if (cells(text) <= most) return text;
  return most <= cells(ellipsis) ? fitting(text, most) : `${fitting(text, most - cells(ellipsis)).trimEnd()}${ellipsis}`;
}
