import { clean } from '../../model/foreign.ts';
import { soFarText } from '../../model/read-progress.ts';
import type { Step } from '../../model/step.ts';
import type { Entrance } from '../../session/deps.ts';
import type { Screen } from '../../session/state.ts';
import { paragraph } from '../parts/blocks.ts';
import { type Block, blank, line, span } from '../text/line.ts';
import type { Scene, View } from '../view.ts';

/** A turning mark before what is waited for; a plain line for screen readers. */
export function waitingBlock(scene: Scene, text: string): Block {
  const { symbols, linear, frame } = scene;
  const mark = linear ? '' : `${symbols.spinner[frame % symbols.spinner.length] ?? ''} `;
  return { lines: [line(span(mark, 'accent'), span(clean(text)))] };
}

/** Said while facts are read that this decision needs. */
export function readingBlocks(scene: Scene, step: Step): readonly Block[] {
  return scene.state.readingFor === step.id ? [waitingBlock(scene, `Reading what this decision needs${scene.symbols.ellipsis}`), blank] : [];
}

const doing: { readonly [K in Entrance['kind']]: string } = {
  default: 'Looking for an Azure sign-in',
  browser: 'Waiting for the sign-in in your browser',
  'device-code': 'Waiting for the sign-in with the device code',
  practice: 'Setting up the practice cluster',
  given: 'Opening',
};

export function connectingView(scene: Scene, { entrance, told }: Extract<Screen, { kind: 'connecting' }>): View {
  return {
    key: 'connecting',
    crumbs: ['Connecting'],
    blocks: [waitingBlock(scene, `${doing[entrance.kind]}${scene.symbols.ellipsis}`), ...told.flatMap((text) => [blank, paragraph(scene, text, 'strong')])],
    contexts: ['back', 'anywhere'],
  };
}

export function readingView(scene: Scene, { what, progress }: Extract<Screen, { kind: 'reading' }>): View {
  return {
    key: 'reading',
    crumbs: ['Reading'],
    blocks: [
      waitingBlock(scene, `Reading ${what}${scene.symbols.ellipsis}`),
      ...(progress === undefined ? [] : [paragraph(scene, soFarText(progress))]),
      blank,
      paragraph(scene, 'Reading changes nothing.', 'muted'),
    ],
    contexts: ['anywhere'],
  };
}
