import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { crumbLine, hintLines, noticeLines, ruleLine, titleLine } from '../frame.ts';
import type { Layout } from '../layout.ts';
import { type Line, plainText } from '../text/line.ts';
import type { Scene, View } from '../view.ts';
import { Lines, LineView } from './lines.tsx';

interface Props {
  readonly scene: Scene;
  readonly view: View;
  readonly layout: Layout;
  /** `11–18 of 30`, in the lower rule. */
  readonly position: string;
  readonly height: number;
  readonly hints: readonly Line[];
  readonly children: ReactNode;
}

/** Title, place in the walk, the screen, the keys. It fills the terminal but for its last row, so that nothing jumps. */
export function Frame({ scene, view, layout, position, height, hints, children }: Props) {
  return (
    <Box flexDirection="column" paddingX={1}>
      <LineView line={titleLine(scene)} />
      <LineView line={ruleLine(scene)} />
      <LineView line={crumbLine(scene, view)} />
      {layout.airy && <Text> </Text>}
      <Box flexDirection="column" height={height} overflow="hidden">
        {children}
      </Box>
      <Lines lines={noticeLines(scene)} />
      <LineView line={ruleLine(scene, position)} />
      <Lines lines={hints} />
    </Box>
  );
}

/** The same for a screen reader: where we are and the keys as plain lines, what is new last. */
export function LinearFrame({ scene, view, children }: { readonly scene: Scene; readonly view: View; readonly children: ReactNode }) {
  return (
    <Box flexDirection="column">
      <Text>{plainText(titleLine(scene)).replaceAll(/ +/g, ' ').trim()}</Text>
      <Text>
        Keys:{' '}
        {hintLines(scene, view, 3, true)
          .map((line) => plainText(line).trim())
          .join(' ')}
      </Text>
      <Text>{[...view.crumbs.filter(Boolean), view.aside ?? ''].filter(Boolean).join(', ')}</Text>
      {children}
      {noticeLines(scene).map((line) => (
        <Text key={plainText(line)}>{plainText(line)}</Text>
      ))}
    </Box>
  );
}
