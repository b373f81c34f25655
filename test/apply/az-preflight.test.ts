import { describe, expect, it } from 'vitest';
import { armErrorIn } from '../../src/apply/az-error.ts';
import { azPreflight } from '../../src/apply/az-preflight.ts';
import { type CommandRunner, createCommandRunner } from '../../src/apply/az-run.ts';
import { fakePrograms } from './fake-az.ts';
import { edit, local, planOf, SUBSCRIPTION } from './kit.ts';

const TENANT = '22222222-2222-2222-2222-222222222222';

interface World {
  readonly version?: string;
  readonly extensions?: string;
  readonly account?: string;
  readonly tenant?: string;
  readonly other?: string;
}

/** An az that answers `version` and `account show`; `account` is the only subscription that it knows. */
const az = ({ version = '2.91.0', extensions = '{}', account = SUBSCRIPTION, tenant = TENANT }: World): Promise<Awaited<ReturnType<typeof fakePrograms>>> =>
  fakePrograms({
    az: `case "$*" in
  version*) echo '{"azure-cli": "${version}", "extensions": ${extensions}}' ;;
  "account show --subscription ${account} "*|"account show --output"*) echo '{"id": "${account}", "name": "prod", "tenantId": "${tenant}", "user": {"name": "ada@example.org"}}' ;;
  "account show"*) echo "ERROR: Subscription '${SUBSCRIPTION}' not found. Check the spelling and casing and try again." >&2; exit 1 ;;
  *) echo "changed something" >&2; exit 9 ;;
esac`,
  });

const codes = async (world: World, plan = planOf([local])) => {
  const { runner, calls } = await az(world);
  const problems = await azPreflight({ plan, tenantId: TENANT, commands: runner });
  expect((await calls()).every(([, verb]) => verb === 'version' || verb === 'account')).toBe(true);
  return problems.map(({ code }) => code);
};

/** An option that only a recent az knows. */
const recent = edit('s.policy', '15.1', 'properties.apiServerAccessProfile.enableVnetIntegration', undefined, true);

describe('azPreflight', () => {
  it.each<[string, World, readonly string[]]>([
    ['all is well', {}, []],
    ['another default subscription, but signed in to this one', { account: SUBSCRIPTION }, []],
    ['another tenant', { tenant: '33333333-3333-3333-3333-333333333333' }, ['az-other-tenant']],
    ['another subscription', { account: '44444444-4444-4444-4444-444444444444' }, ['az-other-subscription']],
  ])('%s', async (_name, world, wanted) => {
    expect(await codes(world)).toEqual(wanted);
  });

  it('az too old for a flag: the version that it takes is named, and nothing was run', async () => {
    const { runner } = await az({ version: '2.45.0' });
    const [problem] = await azPreflight({ plan: planOf([recent]), commands: runner });
    expect(problem?.code).toBe('az-too-old');
    expect(problem?.what).toMatch(/az 2\.45\.0 is too old for these commands: they need 2\.\d+(\.\d+)? or later/);
  });

  it('az missing', async () => {
    const problems = await azPreflight({ plan: planOf([local]), commands: createCommandRunner({ env: { PATH: '/nowhere' } }) });
    expect(problems.map(({ code }) => code)).toEqual(['az-missing']);
  });

  it('az signed out', async () => {
    const { runner } = await fakePrograms({
      az: `case "$1" in version) echo '{"azure-cli": "2.91.0"}' ;; *) echo "ERROR: Please run 'az login' to setup account." >&2; exit 1 ;; esac`,
    });
    expect((await azPreflight({ plan: planOf([local]), commands: runner })).map(({ code }) => code)).toEqual(['az-signed-out']);
  });

  it('an az that answers nonsense', async () => {
    const { runner } = await fakePrograms({ az: 'echo hello' });
    expect((await azPreflight({ plan: planOf([local]), commands: runner })).map(({ code }) => code)).toEqual(['az-answer']);
  });

  it('kubectl, kubelogin and the az that gives them credentials are looked for where a command uses them', async () => {
    const { target: _target, edits: _edits, kind: _kind, ...rest } = local;
    const plan = planOf([{ ...rest, kind: 'kube.apply', objects: [], before: [] }]);
    const codes = async (commands: CommandRunner) => (await azPreflight({ plan, commands })).map(({ code }) => code);
    expect(await codes(createCommandRunner({ env: { PATH: '/nowhere' } }))).toEqual(['az-missing', 'kubectl-missing', 'kubelogin-missing']);
    const az = `case "$1" in version) echo '{"azure-cli": "2.91.0"}' ;; *) echo '{"tenantId": "t"}' ;; esac`;
    expect(await codes((await fakePrograms({ az, kubectl: `echo '{}'` })).runner)).toEqual(['kubelogin-missing']);
    expect(await codes((await fakePrograms({ az, kubectl: `echo '{}'`, kubelogin: 'exit 0' })).runner)).toEqual([]);
  });
});

describe('armErrorIn', () => {
  it.each([
    [['ERROR: (Conflict) Busy', 'Code: Conflict', 'Message: Busy'], { code: 'Conflict', message: 'Busy' }],
    [
      ['WARNING: x', 'ERROR: Deployment failed: (RequestDisallowedByPolicy) Resource was disallowed'],
      { code: 'RequestDisallowedByPolicy', message: 'Resource was disallowed' },
    ],
    [['Code: BadRequest', 'Message: no'], { code: 'BadRequest', message: 'no' }],
    [['ERROR: argument --x: expected one argument'], undefined],
    [[], undefined],
  ])('%j', (lines, wanted) => {
    expect(armErrorIn(lines)).toEqual(wanted);
  });
});
