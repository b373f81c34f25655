import { describe, expect, it } from 'vitest';
import { isSettled, type Status } from '../../src/model/assessment.ts';
import type { Facts } from '../../src/model/facts.ts';
import { assessAll, type ControlVerdict } from '../../src/model/verdicts.ts';
import type { ScenarioName } from '../../src/practice/world.ts';
import { planOnlyKeys, readFacts, readKeys } from '../../src/snapshot/live.ts';
import { steps } from '../../steps/index.ts';
import { bench, START } from './bench.ts';

/** What a control comes to in a scenario, where that is not what the scenario is for, and why. */
type Exceptions = { readonly [control: string]: readonly [status: Status, why: string] };

const known = new Map<ScenarioName, Facts>();

/** A scenario as the wizard sees it before it plans: every fact there is, those among them that only planning reads. */
async function factsOf(scenario: ScenarioName): Promise<Facts> {
  const earlier = known.get(scenario);
  if (earlier !== undefined) return earlier;
  const { arm, clusterId, kubernetes, runCommand } = await bench(scenario);
  const facts = await readFacts({ arm, clusterId, kubernetes, runCommand, keys: readKeys, planKeys: planOnlyKeys, now: new Date(START) });
  known.set(scenario, facts);
  return facts;
}

const verdictsIn = async (scenario: ScenarioName): Promise<readonly ControlVerdict[]> =>
  assessAll(steps, await factsOf(scenario)).flatMap(({ controls }) => controls);

const told = ({ control, assessment }: ControlVerdict): string =>
  `${control.id} ${control.title}: ${assessment.status}${'reason' in assessment ? `, ${assessment.reason}` : ''}`;

/** Nothing is left to do in `hardened`. A control that is open there is a hole in the scenario or in its verdict. */
const openInHardened: Exceptions = {};

/** Controls that do not fail in `legacy`. Everything else does, and whatever step is added will have to. */
const notFailingInLegacy: Exceptions = {
  '2.1': ['pass', 'Kubernetes RBAC cannot be switched on in place: without it no step on sign-in could be practised here.'],
  '3.3': ['not-applicable', 'Tables of a workspace are a question for logs that reach one, and none do.'],
  '6.1': ['partial', 'Quarantine without a scanner would stop every deployment, so that its absence is no failure.'],
  '6.2': ['partial', 'Signing is the retired kind and nothing verifies it: half of it is there.'],
  '8.1': ['pass', 'Pools and control plane grew old together: both run a minor version that nobody patches, which 7.1 tells.'],
  '8.2': ['partial', 'One of its pools was given surge nodes once, the others never.'],
  '8.3': ['pass', 'Its pools are scale sets: with availability sets there would be nothing that any step could do in place.'],
  '11.3': ['not-applicable', 'Only a private cluster can do without its public name.'],
  '11.4': ['pass', 'Its nodes never had public addresses.'],
  '12.2': ['pass', 'Run command is allowed, and counts as a way in; that it is allowed fails 12.3.'],
  '18.2': ['not-applicable', 'The Key Vault provider is off: there is nothing to renew.'],
  '19.3': ['partial', 'Its agents own their nodes, and the shop itself asks for nothing of a node.'],
  '20.7': ['not-applicable', 'No rule asks for FIPS images.'],
};

/** The two scenarios between: what each is for. Controls that are not named are covered by the rules below. */
const between: { readonly [scenario in 'typical' | 'private']: { readonly [control: string]: Status } } = {
  typical: {
    '1.1': 'pass',
    '1.2': 'not-applicable',
    '2.1': 'pass',
    '2.2': 'fail',
    '2.4': 'fail',
    '3.1': 'fail',
    '5.1': 'fail',
    '6.5': 'pass',
    '7.1': 'pass',
    '7.2': 'fail',
    '8.1': 'pass',
    '9.1': 'pass',
    '9.2': 'fail',
    '9.4': 'fail',
    '9.5': 'pass',
    '11.1': 'fail',
    '11.4': 'pass',
    '12.1': 'fail',
    '12.2': 'pass',
    '12.3': 'fail',
    '13.1': 'pass',
    '13.2': 'pass',
    '15.1': 'fail',
    '15.3': 'pass',
    '17.2': 'fail',
    '18.4': 'fail',
    '20.5': 'fail',
  },
  private: {
    '1.1': 'pass',
    '2.2': 'pass',
    '2.3': 'fail',
    '2.4': 'fail',
    '3.1': 'fail',
    // Long-term support would cover its version; it does not have it.
    '7.1': 'fail',
    '7.2': 'pass',
    '11.1': 'pass',
    '11.3': 'fail',
    '12.1': 'not-applicable',
    '12.2': 'pass',
    '12.3': 'fail',
    // Its API server cannot be seen from here.
    '13.1': 'unknown',
    // Its nodes are asked through run command.
    '13.2': 'pass',
    '15.1': 'pass',
    '18.4': 'fail',
    '20.5': 'pass',
  },
};

/** Controls that stay unknown, and why. Everything else can be known in the practice worlds. */
const unknownIn: { readonly [scenario in ScenarioName]: { readonly [control: string]: string } } = {
  legacy: {},
  typical: {},
  private: {
    '13.1': 'The operator has no way into its network, so that the certificate is not seen.',
  },
  hardened: {},
};

/** What contradicts the expectation, in words; empty when all is as it should be. */
function surprises(found: readonly ControlVerdict[], usual: (status: Status) => boolean, exceptions: Exceptions): readonly string[] {
  return found.flatMap((one) => {
    const { status } = one.assessment;
    const exception = exceptions[one.control.id];
    if (exception === undefined) return usual(status) ? [] : [told(one)];
    return exception[0] === status ? [] : [`${told(one)} (expected ${exception[0]}: ${exception[1]})`];
  });
}

describe('every control of every step', () => {
  it('is settled in hardened', async () => {
    expect(surprises(await verdictsIn('hardened'), isSettled, openInHardened)).toEqual([]);
    expect(Object.keys(openInHardened)).toEqual([]);
  });

  it('fails in legacy, but for those that cannot', async () => {
    expect(surprises(await verdictsIn('legacy'), (status) => status === 'fail', notFailingInLegacy)).toEqual([]);
  });

  it.each(['typical', 'private'] as const)('is what %s is for', async (scenario) => {
    const found = new Map((await verdictsIn(scenario)).map((one) => [one.control.id, one]));
    const expected = Object.entries(between[scenario]);
    expect(expected.map(([id]) => [id, found.get(id)?.assessment.status])).toEqual(expected);
  });

  it.each(Object.keys(unknownIn) as ScenarioName[])('is known in %s, but for those that cannot be', async (scenario) => {
    const found = await verdictsIn(scenario);
    const open = found.filter(({ assessment }) => assessment.status === 'unknown');
    expect(open.filter(({ control }) => !(control.id in unknownIn[scenario])).map(told)).toEqual([]);
    expect(open.map(({ control }) => control.id)).toEqual(expect.arrayContaining(Object.keys(unknownIn[scenario])));
  });

  it('exists where an expectation names it', () => {
    const ids = steps.flatMap((step) => step.controls.map(({ id }) => id));
    const named = [openInHardened, notFailingInLegacy, between.typical, between.private, ...Object.values(unknownIn)].flatMap((table) => Object.keys(table));
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('rests on facts that could all be read, but for what Azure does not tell either', async () => {
    for (const scenario of ['legacy', 'typical', 'private', 'hardened'] as const) {
      const facts = await factsOf(scenario);
      const missing = Object.entries(facts.known).flatMap(([key, fact]) => (fact.state === 'unknown' ? [`${key}: ${fact.reason}`] : []));
      expect(
        missing.filter((one) => !(scenario === 'legacy' && one.startsWith('outboundAddresses:'))),
        scenario,
      ).toEqual([]);
    }
  });

  it('is ordered from bad to good: hardened settles more than typical, typical more than legacy', async () => {
    const settled = async (scenario: ScenarioName) => (await verdictsIn(scenario)).filter(({ assessment }) => isSettled(assessment.status)).length;
    const [legacy, typical, hardened] = [await settled('legacy'), await settled('typical'), await settled('hardened')];
    expect(typical).toBeGreaterThan(legacy);
    expect(hardened).toBeGreaterThan(typical);
  });
});
