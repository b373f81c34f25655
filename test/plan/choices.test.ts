import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/model/problem.ts';
import { completeChoice, parseChoices } from '../../src/plan/choices.ts';
import { facts, param, step } from './build.ts';

const ranges = param('ranges', 'list', { validate: (value) => (Array.isArray(value) && value.includes('10.0.0.0/8') ? '10.0.0.0/8 is private' : undefined) });
const channel = param('channel', 'choice', {
  defaultValue: () => 'NodeImage',
  choices: () => ['NodeImage', 'SecurityPatch'].map((value) => ({ value, label: value })),
});
const logs = param('logs', 'choices', { defaultValue: () => [], choices: () => ['guard', 'kube-audit'].map((value) => ({ value, label: value })) });
const sure = param('sure', 'yes-no', { defaultValue: () => false });
const one = step('cluster.api-server-exposure', [], { params: [ranges, channel, logs, sure] });
const steps = [one, step('cluster.certificates')];

const complete = (values: { readonly [name: string]: string | boolean | readonly string[] }) => completeChoice(one, facts, { option: 'on', values });
const problemsOf = (result: ReturnType<typeof complete>) => ('problems' in result ? result.problems : []);

describe('completeChoice', () => {
  it('reads typed values and fills in defaults', () => {
    expect(complete({ ranges: '20.1.2.3/32, 20.1.2.4/32', sure: 'Yes', logs: 'guard,kube-audit' })).toEqual({
      choice: { option: 'on', values: { ranges: ['20.1.2.3/32', '20.1.2.4/32'], channel: 'NodeImage', logs: ['guard', 'kube-audit'], sure: true } },
    });
    expect(complete({ ranges: ['20.1.2.3/32'], sure: true })).toMatchObject({ choice: { values: { ranges: ['20.1.2.3/32'], sure: true } } });
    expect(complete({ ranges: '' })).toMatchObject({ choice: { values: { ranges: [] } } });
  });

  it.each([
    [{}, 'missing-value', 'Give it with --set cluster.api-server-exposure.ranges=…'],
    [{ ranges: '10.0.0.0/8' }, 'bad-value', '10.0.0.0/8 is private'],
    [{ ranges: 'a', channel: 'NodeImages' }, 'bad-value', 'Did you mean NodeImage?'],
    [{ ranges: 'a', logs: 'gard' }, 'bad-value', 'Did you mean guard?'],
    [{ ranges: 'a', sure: 'perhaps' }, 'bad-value', 'say yes or no'],
    [{ ranges: 'a', range: 'b' }, 'unknown-param', 'Did you mean ranges?'],
  ])('says what is wrong with %j', (values, code, words) => {
    const [problem] = problemsOf(complete(values));
    expect(problem).toMatchObject({ code, exitCode: 2 });
    expect(JSON.stringify(problem)).toContain(words);
  });

  it('offers the nearest option, and says why one is not to be had', () => {
    expect(completeChoice(one, facts, { option: 'onn', values: {} })).toMatchObject({
      problems: [{ code: 'unknown-option', why: 'Did you mean on?', exitCode: 2 }],
    });
    expect(completeChoice(one, facts, { option: 'off', values: {} })).toMatchObject({ problems: [{ code: 'option-unavailable', why: 'it is too late' }] });
  });
});

describe('parseChoices', () => {
  it('reads options and values; values may hold = and commas', () => {
    const given = {
      choose: ['cluster.api-server-exposure=on'],
      set: ['cluster.api-server-exposure.ranges=1.2.3.4/32,5.6.7.8/32', 'cluster.api-server-exposure.logs=a=b'],
    };
    expect(parseChoices(steps, given)).toEqual({
      chosen: { 'cluster.api-server-exposure': 'on' },
      values: { 'cluster.api-server-exposure': { ranges: '1.2.3.4/32,5.6.7.8/32', logs: 'a=b' } },
    });
  });

  it.each([
    [{ choose: ['cluster.certificate=on'], set: [] }, 'unknown-step', 'Did you mean cluster.certificates?'],
    [{ choose: ['api-server-exposure=on'], set: [] }, 'unknown-step', 'Did you mean cluster.api-server-exposure?'],
    [{ choose: ['cluster.certificates'], set: [] }, 'bad-argument', 'STEP=OPTION'],
    [{ choose: [], set: ['cluster.api-server-exposure.rangs=1'] }, 'unknown-param', 'Did you mean ranges?'],
    [{ choose: [], set: ['ranges=1'] }, 'unknown-step', 'Known are'],
    [{ choose: ['cluster.certificates=on'], set: ['cluster.api-server-exposure.ranges=1'] }, 'value-without-choice', 'not chosen'],
  ])('refuses %j', (given, code, words) => {
    const thrown = (() => {
      try {
        return parseChoices(steps, given);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ProblemError);
    const { problem } = thrown as ProblemError;
    expect(problem).toMatchObject({ code, exitCode: 2 });
    expect(JSON.stringify(problem)).toContain(words);
  });
});
