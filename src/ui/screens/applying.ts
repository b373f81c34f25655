import type { Outcome } from '../../model/events.ts';
import { clean, cleanValue } from '../../model/foreign.ts';
import { interruptAnswers } from '../../session/reduce-applying.ts';
import type { ApplyingScreen, RunChange, Screen } from '../../session/state.ts';
import { bullet, heading, menu, paragraph } from '../parts/blocks.ts';
import { elapsedText, minutesText } from '../parts/words.ts';
import { runSigns, statusSigns } from '../symbols.ts';
import { flow } from '../text/flow.ts';
import { type Block, blank, type Line, span } from '../text/line.ts';
import type { Tone } from '../theme.ts';
import type { Scene, View } from '../view.ts';
import { waitingBlock } from './waiting.ts';

const isAtWork = ({ status }: RunChange) => status === 'running' || status === 'restoring';

/** Time passed since the change started, by the executor's clock and what went by since it spoke. */
function progress(scene: Scene, change: RunChange): string {
  const usually = change.minutes && change.minutes[1] > 0 ? `usually ${minutesText(change.minutes, scene.symbols.dash)}` : '';
  if (!isAtWork(change)) return change.status === 'waiting' ? usually : '';
  const passed = elapsedText(change.elapsedMs + Math.max(0, scene.now - change.seenAt));
  return [passed, usually].filter(Boolean).join(` ${scene.symbols.dot} `);
}

/** One change and how it stands; what went wrong or has to be done by hand below it. */
export function runBlock(scene: Scene, change: RunChange): Block {
  const sign = runSigns[change.status];
  const turning = isAtWork(change) && !scene.linear ? (scene.symbols.spinner[scene.frame % scene.symbols.spinner.length] ?? '') : scene.symbols[sign.mark];
  const head: Line = [span(`  ${turning} ${sign.word.padEnd(scene.mode === 'cards' ? 0 : 14)}  `, sign.tone)];
  const below = (text: string, tone: Tone = 'muted') => flow([span(clean(text), tone)], scene.width, [span('      ')]);
  const time = progress(scene, change);
  const apart = scene.mode === 'cards';
  return {
    lines: [
      ...flow(
        [span(clean(change.title), isAtWork(change) ? 'strong' : 'plain'), ...(time && !apart ? [span(` ${scene.symbols.dot} ${time}`, 'muted')] : [])],
        scene.width,
        head,
        [span('      ')],
      ),
      ...(time && apart ? below(time) : []),
      ...(change.detail && change.status !== 'done' && change.status !== 'unchanged' ? below(change.detail) : []),
      ...(change.instructions ?? []).flatMap((text) => flow([span(clean(text))], scene.width, [span(`      ${scene.symbols.bullet} `)])),
      ...(change.drift ?? []).flatMap(({ path, planned, found }) => below(`${path}: planned on ${cleanValue(planned)}, found ${cleanValue(found)}`, 'warn')),
      ...(change.problem
        ? [
            ...below(change.problem.what, 'bad'),
            ...below(change.problem.why),
            ...change.problem.next.flatMap((text) => flow([span(clean(text))], scene.width, [span(`      ${scene.symbols.bullet} `)])),
          ]
        : []),
      ...(change.status === 'left-running' && change.url ? below(change.url) : []),
    ],
    focused: isAtWork(change),
  };
}

export function applyingView(scene: Scene, screen: ApplyingScreen): View {
  const settled = screen.changes.filter(({ status }) => status !== 'waiting' && status !== 'checked' && !['running', 'restoring'].includes(status)).length;
  const asking = screen.question !== undefined;
  const stopping = { no: '', leaving: 'Leaving: what runs in Azure carries on.', 'after-this': 'Stopping after the change that runs.' }[screen.stopping];
  return {
    key: asking ? 'applying/question' : 'applying',
    crumbs: [screen.mode === 'resume' ? 'Following what still runs' : 'Applying'],
    aside: `${settled} of ${screen.changes.length}`,
    blocks: asking
      ? [
          paragraph(scene, 'Stop here?', 'strong'),
          paragraph(scene, 'A change is under way in Azure. Leaving it running loses nothing: the checklist knows of it.', 'muted'),
          blank,
          ...menu(scene, interruptAnswers, screen.question ?? 0),
          blank,
          ...screen.changes.filter(isAtWork).map((change) => ({ ...runBlock(scene, change), focused: false })),
        ]
      : [
          ...(stopping ? [paragraph(scene, stopping, 'warn'), blank] : []),
          ...(screen.changes.length === 0 ? [waitingBlock(scene, 'Looking at what was under way')] : screen.changes.map((change) => runBlock(scene, change))),
        ],
    contexts: asking ? ['list', 'pick', 'back'] : ['scroll', 'working'],
  };
}

const outcomes: { readonly [O in Outcome]: { readonly text: string; readonly tone: Tone } } = {
  applied: { text: 'Applied, and read again to make sure.', tone: 'good' },
  'nothing-to-do': { text: 'Nothing had to be changed.', tone: 'good' },
  partly: { text: 'Applied in part. What is missing stays in the checklist.', tone: 'warn' },
  failed: { text: 'It did not work. What was not done stays open.', tone: 'bad' },
  drift: { text: 'Nothing was applied: the cluster is not as it was when the plan was made.', tone: 'warn' },
  refused: { text: 'Nothing was applied: a guard stood in the way.', tone: 'warn' },
  interrupted: { text: 'Stopped as you asked. What was not done stays in the checklist.', tone: 'warn' },
};

/** Made is not proved: a control that cannot be seen, or that other things hold back as well. */
const unproved = { text: 'Every change is made, but not every control holds or can be seen yet.', tone: 'warn' } as const;

export function summaryView(scene: Scene, screen: Extract<Screen, { kind: 'summary' }>): View {
  const made = screen.changes.every(({ status }) => status === 'done' || status === 'unchanged');
  const outcome = screen.outcome === 'partly' && made ? unproved : outcomes[screen.outcome];
  // A control may be looked at after several changes: the last look counts.
  const verified = [...new Map(screen.changes.flatMap(({ verified: found }) => Object.entries(found ?? {})))];
  const titles = new Map(scene.tools.steps.flatMap(({ controls }) => controls).map(({ id, title }) => [id, title]));
  const besides = screen.changes.flatMap(({ besides: others }) => others ?? []);
  return {
    key: 'summary',
    crumbs: ['What came of it'],
    blocks: [
      paragraph(scene, outcome.text, outcome.tone),
      blank,
      ...screen.changes.map((change) => ({ ...runBlock(scene, change), focused: false })),
      ...(verified.length > 0
        ? [
            heading('Controls, on fresh facts'),
            ...verified.map(([id, { status }]) => ({
              lines: flow([span(`${id} `, 'muted'), span(clean(titles.get(id) ?? ''))], scene.width, [
                span(`  ${scene.symbols[statusSigns[status].mark]} ${statusSigns[status].word.padEnd(8)} `, statusSigns[status].tone),
              ]),
            })),
          ]
        : []),
      ...(besides.length > 0 ? [heading('Azure changed beside it'), ...besides.map((path) => bullet(scene, path))] : []),
      blank,
      screen.fresh ? paragraph(scene, 'Enter goes on.', 'accent') : waitingBlock(scene, `Reading the cluster again${scene.symbols.ellipsis}`),
    ],
    contexts: screen.fresh ? ['scroll', 'go-on', 'back', 'walk', 'anywhere'] : ['scroll', 'anywhere'],
  };
}
