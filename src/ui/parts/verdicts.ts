import type { Assessment } from '../../model/assessment.ts';
import { clean, cleanValue } from '../../model/foreign.ts';
import type { ControlVerdict } from '../../model/verdicts.ts';
import { statusSigns } from '../symbols.ts';
import { flow } from '../text/flow.ts';
import { type Block, type Line, span } from '../text/line.ts';
import type { Scene } from '../view.ts';
import { signSpans } from './blocks.ts';
import { severityTones } from './words.ts';

/** What a verdict rests on: reason first, then each place with what stands there and what should. */
function groundLines(scene: Scene, assessment: Assessment): readonly Line[] {
  const margin = [span('      ')];
  const reason = 'reason' in assessment ? assessment.reason : 'note' in assessment ? assessment.note : undefined;
  const evidence = 'evidence' in assessment ? assessment.evidence : [];
  const settled = assessment.status === 'pass';
  return [
    ...(reason ? flow([span(clean(reason))], scene.width, margin) : []),
    ...evidence.flatMap(({ path, actual, wanted }) =>
      flow(
        [
          span(clean(path), 'muted'),
          span(' is '),
          span(cleanValue(actual), settled ? 'good' : 'strong'),
          ...(settled ? [] : [span(', wanted: '), span(clean(wanted), 'accent')]),
        ],
        scene.width,
        margin,
        [span('        ')],
      ),
    ),
  ];
}

/** A control with its verdict, its severity, and what it rests on. */
export function controlBlock(scene: Scene, { control, assessment }: ControlVerdict): Block {
  const sign = statusSigns[assessment.status];
  const head = [span('  '), ...signSpans(scene, sign, scene.mode === 'cards' ? 0 : 8), span('  ')];
  const title: Line = [span(`${control.id} `, 'muted'), span(clean(control.title)), span('  '), span(control.severity, severityTones[control.severity])];
  return { lines: [...flow(title, scene.width, head, [span('      ')]), ...groundLines(scene, assessment)] };
}
