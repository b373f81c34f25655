/** Breaks text at spaces into lines of at most `width` characters; a longer word stands on a line of its own. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  if (line) lines.push(line);
  return lines;
}

/** `4` and `4-9 min`, for a low and a high estimate. */
export function minutesText([low, high]: readonly [number, number]): string {
  return low === high ? `${low} min` : `${low}-${high} min`;
}
