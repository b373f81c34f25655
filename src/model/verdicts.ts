import { type Assessment, gravest, isSettled, type Status } from './assessment.ts';
import type { Facts } from './facts.ts';
import { type Control, type Pillar, pillars, type Step } from './step.ts';

/** A control with its verdict. */
export interface ControlVerdict {
  readonly control: Control;
  readonly assessment: Assessment;
}

/** A step with the verdicts of its controls, in the step's own order. */
export interface StepVerdict {
  readonly step: Step;
  readonly status: Status;
  readonly controls: readonly ControlVerdict[];
}

/** Assesses one step. A control that the step's code gives no verdict for is `unknown`, never passed over. */
export function assessStep(step: Step, facts: Facts): StepVerdict {
  const found = step.assess(facts);
  const controls = step.controls.map((control) => ({
    control,
    assessment: found[control.id] ?? { status: 'unknown' as const, reason: 'this program has no verdict for it' },
  }));
  return { step, status: gravest(controls.map(({ assessment }) => assessment.status)), controls };
}

/** Assesses every step, in walking order. */
export function assessAll(steps: readonly Step[], facts: Facts): readonly StepVerdict[] {
  return steps.map((step) => assessStep(step, facts));
}

/** How many controls have each status. */
export type Counts = { readonly [S in Status]: number };

/** Counts controls by status. */
export function countControls(verdicts: readonly StepVerdict[]): Counts {
  const counts: { [S in Status]: number } = { pass: 0, fail: 0, partial: 0, 'not-applicable': 0, preconfigured: 0, unknown: 0 };
  for (const { controls } of verdicts) for (const { assessment } of controls) counts[assessment.status] += 1;
  return counts;
}

/** True when something is left to decide: a control that fails, holds in part, or could not be read. */
export function hasFindings(verdicts: readonly StepVerdict[]): boolean {
  return verdicts.some(({ controls }) => controls.some(({ assessment }) => !isSettled(assessment.status)));
}

/** The verdicts grouped by pillar, in the pillars' order; pillars without a step are left out. */
export function byPillar(verdicts: readonly StepVerdict[]): readonly { readonly pillar: Pillar; readonly verdicts: readonly StepVerdict[] }[] {
  return pillars.map((pillar) => ({ pillar, verdicts: verdicts.filter(({ step }) => step.pillar === pillar) })).filter((group) => group.verdicts.length > 0);
}
