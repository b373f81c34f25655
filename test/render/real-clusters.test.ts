import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import type { Json } from '../../src/model/json.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { undoPlan } from '../../src/plan/undo.ts';
import { commandsOf } from '../../src/render/index.ts';
import { planDocument } from '../../src/render/plan-json.ts';
import { script } from '../../src/render/script.ts';
import { factsFromText } from '../../src/snapshot/file.ts';
import { steps } from '../../steps/index.ts';
import { azFaults, hasReference } from './az-reference.ts';

const folder = new URL('../../../shared/data/clusters/', import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'index.json') : [];
if (files.length === 0) console.log('skipped: no recorded clusters are there to plan for');

const group = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers';

/** Stand-ins for what only a person knows. */
const answers: { readonly [param: string]: Json } = {
  adminGroups: ['11111111-1111-4111-8111-111111111111'],
  tenant: '22222222-2222-4222-8222-222222222222',
  workspace: `${group}/Microsoft.OperationalInsights/workspaces/logs`,
  storageAccount: `${group}/Microsoft.Storage/storageAccounts/logs`,
  eventHubRule: `${group}/Microsoft.EventHub/namespaces/logs/authorizationRules/send`,
  operatorAddress: '20.50.60.70/32',
  ranges: ['20.50.60.70/32', '20.50.60.71/32'],
  egressAddresses: ['20.50.60.71/32'],
  apiserverSubnet: `${group}/Microsoft.Network/virtualNetworks/v/subnets/api`,
};

/** Every choice that can be made for a cluster with defaults and the stand-ins. */
function choicesFor(facts: Facts) {
  return steps.flatMap((step) =>
    step.options(facts).flatMap((option) => {
      const given = Object.fromEntries(option.params.filter((name) => Object.hasOwn(answers, name)).map((name) => [name, answers[name] ?? null]));
      const completed = completeChoice(step, facts, { option: option.id, values: given });
      return 'choice' in completed ? [{ step: step.id, choice: completed.choice }] : [];
    }),
  );
}

describe.runIf(files.length > 0 && hasReference)('plans for recorded clusters', () => {
  it.each(files)('%s: every choice becomes commands that az knows, a script, and a way back', (name) => {
    const [facts] = factsFromText(readFileSync(new URL(name, folder), 'utf8'), name);
    if (!facts) throw new Error('no facts');
    const choices = choicesFor(facts);
    expect(choices.length).toBeGreaterThan(8);
    for (const { step, choice } of choices) {
      const plan = makePlan(facts, steps, { [step]: choice });
      for (const one of [plan, undoPlan(plan)]) {
        const commands = one.changes.flatMap(({ change }) => commandsOf(change));
        expect(commands.filter((command) => command.argv[0] === 'az').flatMap(azFaults), `${step}=${choice.option}`).toEqual([]);
        for (const shell of ['bash', 'pwsh'] as const) expect(script(one, { shell, version: '0', readAt: facts.source.readAt })).toContain('\n');
      }
      expect(planDocument(plan, facts)['order']).toHaveLength(plan.changes.length);
    }
  });
});
