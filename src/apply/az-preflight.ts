import { clean } from '../model/foreign.ts';
import { isObject, type JsonObject, text } from '../model/json.ts';
import type { Command, Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { credentialCommands, KUBECONFIG_FILE, usesKubectl } from '../render/credentials.ts';
import { commandsOf } from '../render/index.ts';
import { needsOf } from '../render/needs.ts';
import { commandProblem } from './az-error.ts';
import { type CommandEnd, type CommandRunner, createCommandRunner } from './az-run.ts';

/** What looking az over takes. */
export interface PreflightOptions {
  readonly plan: Plan;
  /** The tenant of the plan's subscription, where it is known. */
  readonly tenantId?: string;
  readonly commands?: CommandRunner;
  readonly signal?: AbortSignal;
}

/** Runs a command for how it ends, not for what it says. */
async function ended(runner: CommandRunner, command: Command, signal: AbortSignal | undefined): Promise<CommandEnd> {
  const process = runner.run(command, signal);
  let step = await process.next();
  while (!step.done) step = await process.next();
  return step.value;
}

/** Runs a command and reads its answer as JSON; its Problem when it does not end well. */
async function ask(
  runner: CommandRunner,
  argv: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly answer: JsonObject } | { readonly problem: Problem }> {
  const command: Command = { argv };
  const lines: string[] = [];
  const process = runner.run(command, signal);
  let step = await process.next();
  while (!step.done) {
    if (step.value.stream === 'stdout') lines.push(step.value.line);
    step = await process.next();
  }
  if (step.value.exitCode !== 0) return { problem: commandProblem(command, step.value) };
  try {
    const answer: unknown = JSON.parse(lines.join('\n'));
    if (isObject(answer)) return { answer };
  } catch {
    // Falls through: what it said is no JSON.
  }
  return {
    problem: {
      code: 'az-answer',
      what: `${argv.join(' ')} did not answer with JSON.`,
      why: clean(lines.join(' ').slice(0, 200)),
      next: ['Check what az is in PATH: az --version'],
    },
  };
}

/** True when version `a` is below `b` (`2.73` < `2.73.1`); parts that are no numbers count as zero. */
function isBelow(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0));
  const length = Math.max(left?.length ?? 0, right?.length ?? 0);
  for (let i = 0; i < length; i += 1) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function versionProblems(answer: JsonObject, commands: readonly Command[]): readonly Problem[] {
  const found = text(answer['azure-cli']) ?? '0';
  const { azVersion: wanted, extensions } = needsOf(commands);
  const installed = isObject(answer['extensions']) ? Object.keys(answer['extensions']) : [];
  const missing = extensions.filter((name) => !installed.includes(name));
  return [
    ...(wanted !== undefined && isBelow(found, wanted)
      ? [
          {
            code: 'az-too-old',
            what: `az ${clean(found)} is too old for these commands: they need ${wanted} or later.`,
            why: `First needed by: ${neededBy(commands, wanted)}`,
            next: ['Bring it up to date: az upgrade', 'Or apply through the SDK: --via sdk'],
          },
        ]
      : []),
    ...missing.map((name) => ({
      code: 'az-extension-missing',
      what: `az lacks the extension ${name}.`,
      why: 'A command of the plan belongs to it, or one of its flags does.',
      next: [`Add it: az extension add --upgrade -n ${name}`],
    })),
  ];
}

function neededBy(commands: readonly Command[], version: string): string {
  const command = commands.find(({ azVersion }) => azVersion === version);
  return clean(command?.argv.slice(0, 6).join(' ') ?? '');
}

/** az is signed in to the plan's subscription, in its tenant. Printed commands name their subscription, so that another default does not matter. */
async function accountProblem({ plan, tenantId, signal }: PreflightOptions, runner: CommandRunner): Promise<Problem | undefined> {
  const { subscriptionId } = plan.cluster;
  const asked = await ask(runner, ['az', 'account', 'show', '--subscription', subscriptionId, '--output', 'json'], signal);
  if ('problem' in asked) {
    if (asked.problem.code !== 'command-failed' && !/not found|doesn't exist|does not exist/i.test(asked.problem.why)) return asked.problem;
    const current = await ask(runner, ['az', 'account', 'show', '--output', 'json'], signal);
    if ('problem' in current) return current.problem;
    return {
      code: 'az-other-subscription',
      what: `az is not signed in to the plan's subscription ${clean(subscriptionId)}.`,
      why: `It is signed in as ${nameOf(current.answer)}, to ${clean(text(current.answer['name']) ?? '')} (${clean(text(current.answer['id']) ?? '')}).`,
      next: [`Sign in to it: az login${tenantId === undefined ? '' : ` --tenant ${clean(tenantId)}`}`],
    };
  }
  const found = text(asked.answer['tenantId']);
  if (tenantId === undefined || found === undefined || found.toLowerCase() === tenantId.toLowerCase()) return undefined;
  return {
    code: 'az-other-tenant',
    what: "az is signed in to another tenant than the plan's.",
    why: `It is signed in as ${nameOf(asked.answer)} in ${clean(found)}; the cluster's subscription belongs to ${clean(tenantId)}.`,
    next: [`Sign in to its tenant: az login --tenant ${clean(tenantId)}`],
  };
}

const nameOf = (account: JsonObject): string => {
  const user = account['user'];
  return clean((isObject(user) ? text(user['name']) : undefined) ?? 'somebody');
};

/**
 * Looks over what the printed commands of a plan need, before any of them runs: az there, new enough for every flag, with its extensions, signed in to
 * the plan's subscription and tenant; kubectl and kubelogin where a command uses them. Changes nothing. Returns every Problem found; none means go.
 */
export async function azPreflight(options: PreflightOptions): Promise<readonly Problem[]> {
  const runner = options.commands ?? createCommandRunner();
  const printed = options.plan.changes.flatMap(({ change }) => commandsOf(change));
  const commands = usesKubectl(printed) ? [...credentialCommands(options.plan.cluster, KUBECONFIG_FILE), ...printed] : printed;
  const uses = (program: string): readonly Command[] => commands.filter(({ argv }) => argv[0] === program);
  const problems: Problem[] = [];
  if (uses('az').length > 0) {
    const version = await ask(runner, ['az', 'version', '--output', 'json'], options.signal);
    if ('problem' in version) problems.push(version.problem);
    else {
      const account = await accountProblem(options, runner);
      problems.push(...versionProblems(version.answer, uses('az')), ...(account === undefined ? [] : [account]));
    }
  }
  if (uses('kubectl').length > 0) {
    const client = await ask(runner, ['kubectl', 'version', '--client', '--output', 'json'], options.signal);
    if ('problem' in client) problems.push(client.problem);
    const login = await ended(runner, { argv: ['kubelogin', '--version'] }, options.signal);
    if (login.missing) problems.push(commandProblem({ argv: ['kubelogin'] }, login));
  }
  return problems;
}
