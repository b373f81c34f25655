import type { Assessment } from './assessment.ts';
import type { Change, Impact, Reversible } from './change.ts';
import type { FactKey, Facts } from './facts.ts';
import type { Json } from './json.ts';
import type { Link } from './problem.ts';

/** The post's order, then what the post did not know yet. */
export const pillars = ['identity', 'platform', 'cluster', 'pod', 'governance'] as const;
export type Pillar = (typeof pillars)[number];

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'advice';

/** What others call the same control. */
export interface References {
  readonly cis?: readonly string[];
  /** Azure Policy definition GUIDs. */
  readonly policy?: readonly string[];
  readonly psrule?: readonly string[];
  readonly checkov?: readonly string[];
  /** Where the pass condition, flags and dates come from. */
  readonly docs: readonly Link[];
}

/** One checkable fact. The id is the catalogue's, e.g. `12.1`. */
export interface Control {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly references: References;
}

/** Plain words for the operator. `today` says what replaced advice that has been retired, with the date. */
export interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly today?: string;
}

/** The decision, as plain JSON: it is kept in the checklist and given by `--choose` and `--set`. */
export interface Choice {
  readonly option: string;
  readonly values: { readonly [param: string]: Json };
}

/** One way to decide a step, told with the facts of this cluster. */
export interface Option {
  readonly id: string;
  readonly title: string;
  /** What it buys and what it costs, in a sentence or three that use the facts. */
  readonly tradeOff: string;
  readonly impact: Impact;
  readonly minutes: readonly [number, number];
  /** Cost in kind, never a price: "Log Analytics ingestion, per GB". */
  readonly cost: string;
  readonly reversible: Reversible;
  readonly notWhen?: string;
  /** Why this one, here. At most one option of a step has it. */
  readonly recommended?: string;
  /** Why it cannot be chosen now. Such an option is shown and refused. */
  readonly unavailable?: string;
  /** Names of the parameters it asks for, in order. */
  readonly params: readonly string[];
}

/** One parameter: the prompt, the flag `--set STEP.NAME=VALUE`, the default and the validator are this one entry. */
export interface Param {
  readonly name: string;
  readonly prompt: string;
  readonly help: string;
  readonly kind: 'text' | 'list' | 'choice' | 'choices' | 'yes-no';
  /** For `choice` and `choices`, from the facts. */
  readonly choices?: (facts: Facts) => readonly { readonly value: string; readonly label: string }[];
  /** For `text` and `list`: values from the facts to pick from, where guessing one would be wrong. */
  readonly suggestions?: (facts: Facts) => readonly { readonly value: string; readonly label: string }[];
  /** A sensible value from the facts; undefined where only a person can know. */
  readonly defaultValue: (facts: Facts) => Json | undefined;
  /** What is wrong with a value, in a sentence that says how to mend it; undefined when it is fine. */
  readonly validate: (value: Json, facts: Facts) => string | undefined;
}

/**
 * A guard stands before a change. `refuse` stops it: `override` is the phrase that lifts it (recorded), or `never`.
 * `unknown` could not be checked: it is treated like `refuse` where `override` is given, like a warning where it is not.
 */
export interface Guard {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'clear' | 'warn' | 'refuse' | 'unknown';
  readonly detail: string;
  readonly next?: readonly string[];
  readonly override?: string | 'never';
}

/** What a choice comes to. */
export interface StepPlan {
  readonly changes: readonly Change[];
  readonly guards: readonly Guard[];
}

/** One decision of the operator. Pure: facts in, verdicts, options and changes out. No I/O, ever (DESIGN law 1). */
export interface Step {
  /** `pillar.name`, stable. */
  readonly id: string;
  readonly pillar: Pillar;
  readonly title: string;
  readonly controls: readonly Control[];
  /** Facts beside the cluster body that the verdicts rest on. */
  readonly needs: readonly FactKey[];
  /** Facts that are only read when somebody decides this step: they cost time or start something (run-command, probes). */
  readonly needsToPlan?: readonly FactKey[];
  readonly explain: (facts: Facts) => Explanation;
  /** A verdict for each control, by its id. */
  readonly assess: (facts: Facts) => { readonly [control: string]: Assessment };
  readonly options: (facts: Facts) => readonly Option[];
  readonly params: readonly Param[];
  /** The choice is complete and valid when this is called. An option that changes nothing gives no changes. */
  readonly plan: (facts: Facts, choice: Choice) => StepPlan;
  /** Steps that come before this one, by id: for the order of the plan (controls.md 0.2). */
  readonly after: readonly string[];
}

/** Gives a step its type and nothing else. */
export function defineStep<const S extends Step>(step: S): Step {
  return step;
}
