import { Box, Text } from 'ink';
import SelectInput from 'ink-select-input';
import { welcomeItems } from '../../session/welcome.ts';
import type { Symbols } from '../symbols.ts';
import { looks } from '../theme.ts';

interface Props {
  readonly symbols: Symbols;
  /** Hints have no room beside the entries on a narrow screen. */
  readonly hints: boolean;
  readonly limit: number;
  readonly onPick: (id: string) => void;
}

/** The first menu. Nothing in it changes anything, so that its digits may choose at once. */
export function WelcomeMenu({ symbols, hints, limit, onPick }: Props) {
  const width = Math.max(...welcomeItems.map(({ label }) => label.length)) + 2;
  return (
    <SelectInput
      items={welcomeItems.map(({ id, label }) => ({ key: id, label, value: id }))}
      limit={limit}
      indicatorComponent={({ isSelected = false }) => (
        <Box flexShrink={0}>
          <Text {...looks.focus}>{isSelected ? `${symbols.pointer} ` : '  '}</Text>
        </Box>
      )}
      itemComponent={({ label, isSelected = false }) => (
        <Text wrap="truncate">
          <Text {...(isSelected ? looks.focus : looks.plain)}>{hints ? label.padEnd(width) : label}</Text>
          {hints && <Text {...looks.muted}>{welcomeItems.find((item) => item.label === label)?.hint ?? ''}</Text>}
        </Text>
      )}
      onSelect={(item) => onPick(item.value)}
    />
  );
}
