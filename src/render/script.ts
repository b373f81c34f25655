import { clean } from '../model/foreign.ts';
import { type Command, type Plan, type PlannedChange, sparesWork } from '../model/plan.ts';
import { credentialCommands, KUBECONFIG_FILE, usesKubectl } from './credentials.ts';
import { commandsOf } from './index.ts';
import { type Needs, needsInWords, needsOf } from './needs.ts';
import type { Shell } from './quote.ts';
import { bash } from './script-bash.ts';
import { pwsh } from './script-pwsh.ts';

/** What a script needs to know beside the plan. */
export interface ScriptOptions {
  readonly shell: Shell;
  /** True when `plan` is an undo plan: said in the header. */
  readonly undo?: boolean;
  /** The tool's version. */
  readonly version: string;
  /** When the facts were read (ISO 8601). */
  readonly readAt: string;
  /** The tenant of the subscription: the script stops when az is signed in to another. */
  readonly tenant?: string;
}

/** The words of a shell that a script is made of. */
export interface Dialect {
  readonly start: (header: readonly string[], plan: Plan, options: ScriptOptions, needs: Needs) => readonly string[];
  readonly command: (command: Command) => readonly string[];
  /** Stops the script unless the variable AKS_HARDEN_OVERRIDE holds `consent`; always when there is none. */
  readonly stop: (reason: string, consent: string | undefined) => readonly string[];
  /** Asks whether work by hand is done, and stops where it is not; with no terminal it goes on only when AKS_HARDEN_OVERRIDE holds `consent`. */
  readonly pause: (work: string, consent: string) => readonly string[];
  readonly end: readonly string[];
}

const dialects: { readonly [shell in Shell]: Dialect } = { bash, pwsh };

function minutes([low, high]: readonly [number, number]): string {
  return low === high ? `${low} min` : `${low} to ${high} min`;
}

/** A comment: foreign text cleaned to one line, so that nothing in it can end the comment. */
function comment(text: string): string {
  const one = clean(text).trim();
  return one === '' ? '#' : `# ${one}`;
}

function header(plan: Plan, options: ScriptOptions, needs: Needs): readonly string[] {
  const { totals, separately, cluster } = plan;
  const alone = `${separately.writes} writes, ${separately.reimages} reimages, ${minutes(separately.minutes)}`;
  return [
    `${options.undo ? 'Takes back the changes to' : 'Hardens'} the AKS cluster ${cluster.name} (resource group ${cluster.resourceGroup}, subscription ${cluster.subscriptionId})`,
    `Made by aks-harden ${options.version} from facts of ${options.readAt}; plan ${plan.digest.slice(0, 12)}`,
    `${totals.writes} writes, ${totals.reimages} node pool reimages, ${minutes(totals.minutes)}${sparesWork(plan) ? ` (one command at a time: ${alone})` : ''}`,
    `Needs ${needsInWords(needs)}`,
    'Stops at the first error. Read it before you run it.',
  ].map(comment);
}

function blockHeader({ change, steps }: PlannedChange, index: number): readonly string[] {
  const { reversible, impact } = change;
  const lines = [
    `${index + 1}. ${change.title}`,
    `Steps: ${steps.join(', ')}; controls: ${change.controls.join(', ') || 'none'}`,
    `Impact: ${impact.kind}: ${impact.scope}; ${minutes(change.minutes)}`,
    reversible.kind === 'no' ? `ONE-WAY DOOR: ${reversible.how}` : `Way back: ${reversible.how}`,
  ];
  if (change.kind === 'manual') lines.push('By hand:', ...change.instructions.map((one) => `  - ${one}`), `Done when: ${change.doneWhen}`);
  return lines.map(comment);
}

const guardWords = { warn: 'Warning', refuse: 'REFUSED', unknown: 'NOT CHECKED' } as const;

/**
 * Guards that are not clear: said in the header, and those that refuse stop the script before its first command,
 * as they stop an apply. Their phrase lifts them here too: `AKS_HARDEN_OVERRIDE='GUARD=PHRASE'`.
 */
function guardLines(plan: Plan, dialect: Dialect): readonly string[] {
  return plan.guards.flatMap((guard) => {
    if (guard.verdict === 'clear') return [];
    const said = `${guardWords[guard.verdict]}: ${clean(guard.title)}: ${clean(guard.detail)}`;
    const stops = guard.verdict === 'refuse' || (guard.verdict === 'unknown' && guard.override !== undefined);
    if (!stops) return [comment(said)];
    const consent = guard.override === undefined || guard.override === 'never' ? undefined : clean(`${guard.id}=${guard.override}`);
    return ['', ...[said, ...(guard.next ?? [])].map(comment), ...dialect.stop(said, consent)];
  });
}

/** Work by hand that later changes wait for: applying stops before them, and so does the script until a person says that it is done. */
function pauseLines(plan: Plan, { change }: PlannedChange, dialect: Dialect): readonly string[] {
  const isAwaited = change.kind === 'manual' && plan.changes.some((later) => later.change.after.includes(change.id));
  return isAwaited ? dialect.pause(`By hand first: ${clean(change.title)} (done when: ${clean(change.doneWhen)}).`, doneConsent(change.id)) : [];
}

/** What AKS_HARDEN_OVERRIDE must hold for a script to take work by hand as done. */
export function doneConsent(change: string): string {
  return clean(`${change}=done`);
}

/** Before the first use of kubectl, and again after each change in Azure, which may have ended the credentials. */
function credentialLines({ cluster }: Plan, own: readonly Command[], before: readonly Command[] | undefined, dialect: Dialect): readonly string[] {
  if (!usesKubectl(own) || (before !== undefined && usesKubectl(before))) return [];
  return [comment('kubectl signs in as az does'), ...credentialCommands(cluster, KUBECONFIG_FILE).flatMap(dialect.command)];
}

/**
 * The plan as a script that can be run and read: header, sign-in check, one commented block for each change, files and manifests
 * inline. The commands are the ones that `commandsOf` gives, word for word. Ends with a newline.
 */
export function script(plan: Plan, options: ScriptOptions): string {
  const dialect = dialects[options.shell];
  const blocks = plan.changes.map((planned) => ({ planned, commands: commandsOf(planned.change) }));
  const needs = needsOf(blocks.flatMap((block) => block.commands));
  /** What ran last before a block: work by hand has no commands. */
  const previous = (i: number) => blocks.slice(0, i).findLast((block) => block.commands.length > 0)?.commands;
  const lines = [
    ...dialect.start(header(plan, options, needs), plan, options, needs),
    '',
    ...guardLines(plan, dialect),
    ...blocks.flatMap(({ planned, commands: own }, i) => [
      '',
      ...blockHeader(planned, i),
      ...pauseLines(plan, planned, dialect),
      ...credentialLines(plan, own, previous(i), dialect),
      ...own.flatMap((command) => [...(command.comment === undefined ? [] : [comment(command.comment)]), ...dialect.command(command)]),
    ]),
    ...(plan.changes.length === 0 ? ['', '# Nothing to change.'] : []),
    ...dialect.end,
  ];
  return `${lines.join('\n')}\n`;
}
