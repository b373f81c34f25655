import { Box, Static, Text, useAnimation, useInput, usePaste, useWindowSize } from 'ink';
import { useState, useSyncExternalStore } from 'react';
import { clean } from '../model/foreign.ts';
import { isWaiting } from '../session/selectors.ts';
import type { Session } from '../session/session.ts';
import type { JournalLine } from '../session/state.ts';
import { Frame, LinearFrame } from './components/frame.tsx';
import { LinearBlocks, Lines } from './components/lines.tsx';
import { WelcomeMenu } from './components/welcome-menu.tsx';
import { bodyRows, hintLines, noticeLines } from './frame.ts';
import { type Deed, deedsOf } from './keys.ts';
import { layoutOf, least } from './layout.ts';
import { viewOf } from './screens/index.ts';
import type { Symbols } from './symbols.ts';
import { pageOf, position, type Scroll, scrolled, settled } from './text/scroll.ts';
import { looks, type Tone } from './theme.ts';
import type { Scene } from './view.ts';

export interface AppProps {
  readonly session: Session;
  readonly symbols: Symbols;
  readonly screenReader: boolean;
  readonly colour: boolean;
  /** Milliseconds since 1970: for what has passed since. */
  readonly now: () => number;
}

const journalTones: { readonly [M in JournalLine['mark']]: Tone } = { good: 'good', info: 'muted', warn: 'warn', bad: 'bad' };
const journalMarks: { readonly [M in JournalLine['mark']]: 'pass' | 'bullet' | 'partial' | 'fail' } = {
  good: 'pass',
  info: 'bullet',
  warn: 'partial',
  bad: 'fail',
};

/** The wizard's view: the session's state in a frame, keys into intents. It holds nothing itself but where a page is scrolled to. */
export function App({ session, symbols, screenReader, colour, now }: AppProps) {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  const { columns, rows } = useWindowSize();
  const layout = layoutOf(columns, rows);
  const [scroll, setScroll] = useState<Scroll>({ key: '', offset: 0, seen: -1 });
  const { frame } = useAnimation({ interval: 120, isActive: isWaiting(state) && !screenReader });

  const scene: Scene = { state, tools: session.tools(), mode: layout.mode, width: layout.width, symbols, linear: screenReader, colour, now: now(), frame };
  const view = viewOf(scene);
  const page = pageOf(view.blocks);
  const notices = noticeLines(scene).length;
  const hints = hintLines(scene, view, 2, page.lines.length > bodyRows(layout, 2, notices));
  const height = bodyRows(layout, hints.length, notices);
  const at = settled(scroll, view.key, page, height);
  if (at !== scroll) setScroll(at);

  const act = (deed: Deed) => {
    if ('intent' in deed) return session.dispatch(deed.intent);
    const by = deed.scroll === 'page-up' ? 1 - height : deed.scroll === 'page-down' ? height - 1 : deed.scroll;
    setScroll((from) => scrolled(from, by, page, height));
  };
  useInput((input, key) => {
    for (const deed of deedsOf(input, key, view.contexts)) act(deed);
  });
  // Pasted text is text for a field, never a heap of keys.
  usePaste((text) => {
    if (view.contexts.includes('text') || view.contexts.includes('lines')) session.dispatch({ type: 'text', text });
  });

  // The last frame is taken away: what remains on the terminal is the journal and the closing words.
  if (state.ended !== undefined) return <Journal lines={state.journal} symbols={symbols} />;
  return (
    <>
      <Journal lines={state.journal} symbols={symbols} />
      {screenReader ? (
        <LinearFrame scene={scene} view={view}>
          <LinearBlocks blocks={view.blocks} />
          {view.menu && <WelcomeMenu symbols={symbols} hints={false} limit={20} onPick={(id) => session.dispatch({ type: 'pick', id })} />}
        </LinearFrame>
      ) : layout.mode === 'too-small' ? (
        <Text wrap="truncate">
          Too small ({columns}x{rows}). Enlarge to {least.columns}x{least.rows}.
        </Text>
      ) : (
        <Frame scene={scene} view={view} layout={layout} position={position(at, page, height, symbols.dash)} height={height} hints={hints}>
          <Lines lines={page.lines.slice(at.offset, at.offset + height)} />
          {view.menu && (
            <WelcomeMenu
              symbols={symbols}
              hints={layout.mode !== 'cards'}
              limit={Math.max(2, height - page.lines.length)}
              onPick={(id) => session.dispatch({ type: 'pick', id })}
            />
          )}
        </Frame>
      )}
    </>
  );
}

/** What was decided and done, above the frame: it stays in the terminal's own history. */
function Journal({ lines, symbols }: { readonly lines: readonly JournalLine[]; readonly symbols: Symbols }) {
  return (
    <Static items={[...lines]}>
      {(line) => (
        <Box key={line.id} paddingX={1}>
          <Text {...looks[journalTones[line.mark]]}>
            {symbols[journalMarks[line.mark]]} {clean(line.text)}
          </Text>
        </Box>
      )}
    </Static>
  );
}
