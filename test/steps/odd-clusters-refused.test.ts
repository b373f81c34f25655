import { describe, expect, it } from 'vitest';
import { guardsOf } from '../../src/apply/guards.ts';
import type { Change } from '../../src/model/change.ts';
import type { ArmResource, Facts } from '../../src/model/facts.ts';
import { isObject, withAt } from '../../src/model/json.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { steps } from '../../steps/index.ts';
import { bodies, oddFacts } from './odd-bodies.ts';

/** Each plan that some option of some step makes with its defaults. */
function plans(of: Facts) {
  return steps.flatMap((step) =>
    step.options(of).flatMap(({ id, unavailable }) => {
      const done = unavailable === undefined ? completeChoice(step, of, { option: id, values: {} }) : undefined;
      return done !== undefined && 'choice' in done ? [{ name: `${step.id}=${id}`, plan: makePlan(of, steps, { [step.id]: done.choice }) }] : [];
    }),
  );
}

const writesCluster = ({ change }: { readonly change: Change }): boolean =>
  (change.kind === 'arm.update' || change.kind === 'arm.action') && change.target.type.startsWith('Microsoft.ContainerService/');

describe.each([
  ['a stopped cluster', oddFacts(bodies.stopped), 'cluster-state'],
  ['a preview setting in use', oddFacts(withPreview()), 'preview-properties'],
  ['a pool in a mode of the preview', oddFacts(bodies.managedSystem), 'preview-properties'],
] as const)('%s', (_name, of, guard) => {
  const all = plans(of).filter(({ plan }) => plan.changes.some(writesCluster));

  it('has plans that would write to it', () => expect(all.length).toBeGreaterThan(5));

  it.each(all.map(({ name, plan }) => [name, plan] as const))('%s is stopped, whatever is typed', (_option, plan) => {
    const found = plan.guards.find(({ id }) => id === guard);
    expect(found, plan.guards.map(({ id }) => id).join(', ')).toMatchObject({ verdict: 'refuse', override: 'never' });
    expect(guardsOf(plan, [{ guard, step: found?.step ?? '', phrase: 'never' }]).stopping).toContainEqual(found);
  });
});

function withPreview(): ArmResource {
  const body = withAt(bodies.plain, ['properties', 'securityProfile', 'nodeRestriction'], { enabled: true });
  return isObject(body) ? body : {};
}
