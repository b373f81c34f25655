import { Box, Text } from 'ink';
import { type Block, type Line, plainText } from '../text/line.ts';
import { looks } from '../theme.ts';

/** Rows and spans have no identity but the place they stand at: that is their key. */
function placed<T>(things: readonly T[]): readonly { readonly place: number; readonly thing: T }[] {
  return things.map((thing, place) => ({ place, thing }));
}

/** One row. It never wraps: what does not fit was broken before. */
export function LineView({ line }: { readonly line: Line }) {
  return (
    <Text wrap="truncate">
      {line.length === 0
        ? ' '
        : placed(line).map(({ place, thing }) => (
            <Text key={place} {...looks[thing.tone]}>
              {thing.text}
            </Text>
          ))}
    </Text>
  );
}

/** Rows one below the other. */
export function Lines({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {placed(lines).map(({ place, thing }) => (
        <LineView key={place} line={thing} />
      ))}
    </Box>
  );
}

/** A block for a screen reader: an entry of a list has its role and state. */
function LinearBlock({ block }: { readonly block: Block }) {
  const rows = block.lines.map((line) => plainText(line).trim()).filter(Boolean);
  const role = block.item ? ({ 'aria-role': 'option', 'aria-state': block.item } as const) : {};
  return (
    <Box flexDirection="column" {...role}>
      {placed(rows).map(({ place, thing }) => (
        <Text key={place}>{thing}</Text>
      ))}
    </Box>
  );
}

/** Blocks for a screen reader: nothing is cut off by a window, and nothing is drawn only to be looked at. */
export function LinearBlocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <Box flexDirection="column">
      {placed(blocks).map(({ place, thing }) => (
        <LinearBlock key={place} block={thing} />
      ))}
    </Box>
  );
}
