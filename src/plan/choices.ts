import type { Facts } from '../model/facts.ts';
import { cleanValue } from '../model/foreign.ts';
import type { Json } from '../model/json.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import type { Choice, Option, Param, Step } from '../model/step.ts';
import { nearestText } from './nearest.ts';

/** A decision as far as it is known: values may be missing, or still be the text that somebody typed. */
export interface PartialChoice {
  readonly option: string;
  readonly values: { readonly [param: string]: Json };
}

const yes: readonly string[] = ['yes', 'y', 'true', 'on', '1'];
const no: readonly string[] = ['no', 'n', 'false', 'off', '0'];

function usage(code: string, what: string, why: string, next: readonly string[]): Problem {
  return { code, what, why, next, exitCode: 2 };
}

/** Typed text as the parameter's kind wants it; a value that already has the right form stays. */
function read(param: Param, value: Json): Json {
  if (typeof value !== 'string') return value;
  const entries = () =>
    value
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  switch (param.kind) {
    case 'text':
    case 'choice':
      return value;
    case 'list':
    case 'choices':
      return entries();
    case 'yes-no': {
      const lower = value.trim().toLowerCase();
      if (yes.includes(lower)) return true;
      return no.includes(lower) ? false : value;
    }
  }
}

/** What is wrong with a value by its kind, before the parameter's own validator looks at it. */
function kindError(param: Param, value: Json, facts: Facts): string | undefined {
  const known = param.choices?.(facts).map((choice) => choice.value);
  switch (param.kind) {
    case 'text':
      return typeof value === 'string' ? undefined : 'it is a text';
    case 'yes-no':
      return typeof value === 'boolean' ? undefined : 'say yes or no';
    case 'list':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? undefined : 'it is a list of texts';
    case 'choice':
      if (typeof value !== 'string') return 'it is a text';
      return known && !known.includes(value) ? nearestText(value, known) : undefined;
    case 'choices': {
      if (!Array.isArray(value)) return 'it is a list';
      const wrong = value.find((entry) => typeof entry !== 'string' || (known && !known.includes(entry)));
      return wrong === undefined ? undefined : nearestText(String(wrong), known ?? []);
    }
  }
}

function paramValue(step: Step, param: Param, facts: Facts, given: Json | undefined): { readonly value: Json } | { readonly problem: Problem } {
  const flag = `--set ${step.id}.${param.name}=…`;
  const value = given === undefined ? param.defaultValue(facts) : read(param, given);
  if (value === undefined) {
    return { problem: usage('missing-value', `${step.id} needs a value for ${param.name}.`, param.help, [`Give it with ${flag}`]) };
  }
  const wrong = kindError(param, value, facts) ?? param.validate(value, facts);
  if (wrong === undefined) return { value };
  return { problem: usage('bad-value', `${step.id}.${param.name} can not be ${cleanValue(value)}.`, wrong, [`Give another with ${flag}`, param.help]) };
}

function optionProblem(step: Step, options: readonly Option[], given: string): Problem | undefined {
  const option = options.find((candidate) => candidate.id === given);
  if (!option) {
    const ids = options.map((candidate) => candidate.id);
    return usage('unknown-option', `${step.id} has no option ${cleanValue(given)}.`, nearestText(given, ids), [`aks-harden steps ${step.id} lists them.`]);
  }
  if (option.unavailable) {
    return usage('option-unavailable', `${step.id}=${given} can not be chosen for this cluster.`, option.unavailable, [
      `aks-harden steps ${step.id} lists the options.`,
    ]);
  }
  return undefined;
}

/**
 * A complete and valid choice from a partial one: values typed as text are read, missing ones get the parameter's default.
 * Everything that is wrong with it comes back as Problems (exit code 2), each with the nearest names or the flag to give.
 */
export function completeChoice(step: Step, facts: Facts, partial: PartialChoice): { readonly choice: Choice } | { readonly problems: readonly Problem[] } {
  const options = step.options(facts);
  const wrong = optionProblem(step, options, partial.option);
  const option = options.find((candidate) => candidate.id === partial.option);
  if (wrong || !option) return { problems: wrong ? [wrong] : [] };
  const problems: Problem[] = [];
  for (const name of Object.keys(partial.values)) {
    if (!option.params.includes(name)) {
      problems.push(
        usage('unknown-param', `${step.id}=${option.id} asks for no ${cleanValue(name)}.`, nearestText(name, option.params), [
          `aks-harden steps ${step.id} lists the parameters.`,
        ]),
      );
    }
  }
  const values: { [param: string]: Json } = {};
  for (const name of option.params) {
    const param = step.params.find((candidate) => candidate.name === name);
    if (!param) throw new Error(`${step.id}: the option ${option.id} asks for ${name}, which is no parameter of the step`);
    const found = paramValue(step, param, facts, Object.hasOwn(partial.values, name) ? partial.values[name] : undefined);
    if ('problem' in found) problems.push(found.problem);
    else values[name] = found.value;
  }
  return problems.length > 0 ? { problems } : { choice: { option: option.id, values } };
}

/** What `--choose` and `--set` say: an option by step, and values, still as typed, by step and parameter. */
export interface GivenChoices {
  readonly chosen: { readonly [step: string]: string };
  readonly values: { readonly [step: string]: { readonly [param: string]: Json } };
}

function stepNamed(steps: readonly Step[], id: string, flag: string): Step {
  const step = steps.find((candidate) => candidate.id === id);
  if (step) return step;
  const ids = steps.map((candidate) => candidate.id);
  throw new ProblemError(
    usage('unknown-step', `${flag} names a step that there is not: ${cleanValue(id)}.`, nearestText(id, ids), ['aks-harden steps lists them.']),
  );
}

/**
 * Reads `--choose STEP=OPTION` and `--set STEP.PARAM=VALUE`. A later one of the same name wins.
 * Throws a ProblemError (exit code 2) for a wrong form, an unknown step or parameter (with the nearest names),
 * and for a value of a step that is not chosen while others are.
 */
export function parseChoices(steps: readonly Step[], given: { readonly choose: readonly string[]; readonly set: readonly string[] }): GivenChoices {
  const chosen: { [step: string]: string } = {};
  const values: { [step: string]: { [param: string]: Json } } = {};
  for (const entry of given.choose) {
    const [id, option] = halves(entry, '--choose', 'STEP=OPTION');
    chosen[stepNamed(steps, id, '--choose').id] = option;
  }
  for (const entry of given.set) {
    const [place, value] = halves(entry, '--set', 'STEP.PARAM=VALUE');
    const dot = place.lastIndexOf('.');
    const step = stepNamed(steps, place.slice(0, Math.max(dot, 0)), '--set');
    const name = place.slice(dot + 1);
    const names = step.params.map((param) => param.name);
    if (!names.includes(name)) {
      throw new ProblemError(
        usage('unknown-param', `${step.id} has no parameter ${cleanValue(name)}.`, nearestText(name, names), [`aks-harden steps ${step.id} lists them.`]),
      );
    }
    if (given.choose.length > 0 && !Object.hasOwn(chosen, step.id)) {
      throw new ProblemError(
        usage('value-without-choice', `--set gives a value for ${step.id}, which is not chosen.`, 'With --choose only the named steps are decided.', [
          `Add --choose ${step.id}=OPTION, or leave the value out.`,
        ]),
      );
    }
    values[step.id] = { ...values[step.id], [name]: value };
  }
  return { chosen, values };
}

function halves(entry: string, flag: string, form: string): readonly [string, string] {
  const equals = entry.indexOf('=');
  if (equals < 1)
    throw new ProblemError(usage('bad-argument', `${flag} ${cleanValue(entry)} is not understood.`, `It has the form ${form}.`, [`Write ${flag} ${form}`]));
  return [entry.slice(0, equals).trim(), entry.slice(equals + 1)];
}
