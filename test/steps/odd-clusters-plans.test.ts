import { describe, expect, it } from 'vitest';
import type { Change, Edit } from '../../src/model/change.ts';
import { type Facts, nodeCount } from '../../src/model/facts.ts';
import { isObject, type Json, withAt } from '../../src/model/json.ts';
import { steps } from '../../steps/index.ts';
import { cluster } from './fixture.ts';
import { bodies, oddFacts, pool, sound, virtualMachines } from './odd-bodies.ts';
import { everyChange, stepOf, verdictOf } from './verdict-of.ts';

type Name = keyof typeof bodies;

/** What would be written: everything but work by hand. */
const writes = (of: Facts): readonly Change[] => everyChange(of).filter(({ kind }) => kind !== 'manual');
const touches = (changes: readonly Change[], name: string): readonly string[] =>
  changes.filter((change) => 'target' in change && change.target.id.endsWith(`/agentPools/${name}`)).map(({ id }) => id);
const option = (of: Facts, control: string, id: string) =>
  stepOf(control)
    .options(of)
    .find((one) => one.id === id);

describe('what is planned for them', () => {
  it('Automatic: nothing that AKS has set there', () => {
    const of = oddFacts(bodies.automatic);
    const fixed = steps.flatMap((step) => Object.entries(step.assess(of)).flatMap(([control, { status }]) => (status === 'preconfigured' ? [control] : [])));
    expect(fixed.length).toBeGreaterThan(10);
    // A step may hold a control that is open beside one that is set: its writes are about the open one.
    for (const change of writes(of))
      expect(
        change.controls.every((control) => fixed.includes(control)),
        change.id,
      ).toBe(false);
  });

  it('Windows: Cilium is refused with the pool’s name, and nothing of Linux is set on it', () => {
    const of = oddFacts(bodies.windows);
    expect(option(of, '15.1', 'cilium')?.unavailable).toContain('win');
    const ofLinux = writes(of).filter(({ controls }) => ['12.4', '20.6', '20.7'].some((control) => controls.includes(control)));
    expect(touches(ofLinux, 'win')).toEqual([]);
  });

  it('pools of virtual machines: their nodes count', () => {
    const of = oddFacts(bodies.machines);
    expect(nodeCount(of)).toBe(6);
    const open = oddFacts(cluster({ properties: { agentPoolProfiles: [pool('vms', virtualMachines)] } }));
    expect(option(open, '17.1', 'replace-pools')?.tradeOff).toMatch(/3 nodes.*Standard_D4s_v5/);
    const instructions = JSON.stringify(everyChange(open).filter(({ controls }) => controls.includes('17.1')));
    expect(instructions).toContain('--vm-set-type VirtualMachines --vm-sizes Standard_D4s_v5 --node-count 3');
  });

  it.each(['spot', 'empty'] as const)('%s: the system pool is not closed while applications have nowhere to go', (name) => {
    expect(option(oddFacts(bodies[name]), '20.10', 'taint')?.unavailable).toMatch(/spot, tainted and empty pools do not count/);
    expect(option(oddFacts(bodies[name]), '20.10', 'add-user-pool')?.recommended).toBeTypeOf('string');
  });

  it('a pool that scales from zero has room', () => {
    const scaling = pool('none', { ...sound, count: 0, enableAutoScaling: 'true', minCount: 0, maxCount: 5 });
    const body = withAt(bodies.empty, ['properties', 'agentPoolProfiles'], [pool('system', { mode: 'System' }), scaling]);
    expect(option(oddFacts(isObject(body) ? body : {}), '20.10', 'taint')?.unavailable).toBeUndefined();
  });

  it('pools that AKS keeps itself are left alone', () => expect(touches(writes(oddFacts(bodies.managedSystem)), 'sys')).toEqual([]));

  it('a hundred pools: every text still fits a screen, and the one hole is named', () => {
    const of = oddFacts(bodies.hundred);
    for (const step of steps) {
      for (const { id, tradeOff, impact, notWhen = '', recommended = '', unavailable = '', cost } of step.options(of)) {
        for (const words of [tradeOff, impact.scope, notWhen, recommended, unavailable, cost])
          expect(words.length, `${step.id}=${id}: ${words}`).toBeLessThan(700);
      }
    }
    expect(option(of, '11.4', 'public-ips')?.tradeOff).toContain('p57');
    expect(everyChange(of).filter(({ controls }) => controls.includes('11.4'))).toHaveLength(2);
  });

  it.each(Object.keys(bodies) as Name[])('%s: no text shows what a program forgot', (name) => {
    const of = oddFacts(bodies[name]);
    const words = JSON.stringify(steps.map((step) => [step.explain(of), step.options(of), step.assess(of)]));
    expect(words).not.toMatch(/undefined|NaN|\[object|Infinity/);
  });
});

/** Whether an object anywhere has two keys that are the same to ARM. */
function hasTwins(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some((entry: Json) => hasTwins(entry));
  if (!isObject(value)) return false;
  const keys = Object.keys(value).map((key) => key.toLowerCase());
  return new Set(keys).size !== keys.length || Object.values(value).some(hasTwins);
}

describe('keys in another case', () => {
  const lowered = Object.entries({
    omsAgent: {},
    AzurePolicy: {},
    HTTPApplicationRouting: { enabled: true },
    azureKeyVaultSecretsProvider: { enabled: false },
  });
  const body = withAt(bodies.plain, ['properties', 'addonProfiles'], Object.fromEntries(lowered));
  const of = oddFacts(isObject(body) ? body : {});
  const edits = everyChange(of).flatMap((change): readonly (readonly [string, Edit])[] =>
    change.kind === 'arm.update' && change.target.type.endsWith('/managedClusters') ? change.edits.map((edit) => [change.id, edit]) : [],
  );

  it('are written where they stand, not a second time', () => {
    expect(edits.some(([, { path }]) => path.includes('addonProfiles'))).toBe(true);
    for (const [id, edit] of edits) expect(hasTwins(withAt(of.cluster, edit.path, edit.after)), id).toBe(false);
  });

  it('are found whatever the case: an add-on that is on stays off the list of what is missing', () => {
    expect(verdictOf(of, '20.8').status).toBe('fail');
    for (const body of [bodies.casing, bodies.strings]) {
      const switched = writes(oddFacts(body)).flatMap((change) =>
        change.kind === 'arm.update' ? change.edits.filter(({ path }) => path.at(-1) === 'enabled') : [],
      );
      const already = ['omsagent', 'azurepolicy', 'azureKeyvaultSecretsProvider', 'workloadIdentity', 'imageCleaner', 'oidcIssuerProfile', 'azureKeyVaultKms'];
      expect(switched.filter(({ path }) => already.some((name) => path.includes(name)))).toEqual([]);
    }
  });
});
