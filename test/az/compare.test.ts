import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { afterUndo, betweenWorlds, divergences } from './allowed-differences.ts';
import { compare, idsIn } from './compare.ts';

const cluster = '/subscriptions/s/resourcegroups/g/providers/microsoft.containerservice/managedclusters/c';
const world = (resources: JsonObject): JsonObject => ({ resources });
const found = (left: JsonObject, right: JsonObject) => compare(world(left), world(right), idsIn(left)).map(({ place }) => place);

describe('comparing worlds', () => {
  it('finds a property that differs, one that is missing, and a resource that is missing as one', () => {
    const left = { [cluster]: { properties: { a: 1, b: { c: [1] } } } };
    expect(found(left, left)).toEqual([]);
    expect(found(left, { [cluster]: { properties: { a: 2, b: { c: [1] } } } })).toEqual([`resources/${cluster}: properties.a`]);
    expect(found(left, { [cluster]: { properties: { a: 1, b: {} } } })).toEqual([`resources/${cluster}: properties.b.c`]);
    expect(found(left, {})).toEqual([`resources/${cluster}: `]);
  });

  it('passes over ids that the service made up, not over those that were there', () => {
    const id = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
    const start = world({ [cluster]: { known: id('1') } });
    const with_ = (value: string) => world({ [cluster]: { known: value } });
    const known = idsIn(start);
    expect(compare(with_(id('2')), with_(id('3')), known)).toEqual([]);
    expect(compare(start, with_(id('3')), known)).toHaveLength(1);
  });
});

describe('the reviewed differences', () => {
  const judge = (list: typeof betweenWorlds, place: string, left: Json | undefined, right: Json | undefined) =>
    divergences([{ place, left, right }], list).length === 0;

  it('each have a reason in a sentence', () => {
    for (const { why } of afterUndo) expect(why).toMatch(/^[A-Z].{30,}\.$/);
  });

  it('allow what they say and not the rest', () => {
    const at = (path: string) => `resources/${cluster}: ${path}`;
    expect(judge(betweenWorlds, at('eTag'), 'a', 'b')).toBe(true);
    expect(judge(betweenWorlds, at('eTag'), 'a', undefined)).toBe(false);
    expect(judge(betweenWorlds, at('properties.disableLocalAccounts'), undefined, false)).toBe(false);
    expect(judge(afterUndo, at('properties.disableLocalAccounts'), undefined, false)).toBe(true);
    expect(judge(afterUndo, at('properties.disableLocalAccounts'), undefined, true)).toBe(false);
    expect(judge(afterUndo, at('properties.apiServerAccessProfile.privateDNSZone'), undefined, 'none')).toBe(false);
    const role = (id: string) => ({ properties: { roleDefinitionId: `/x/${id}` } });
    const assignment = `resources/${cluster}/providers/microsoft.authorization/roleassignments/made-by-the-service: `;
    expect(judge(betweenWorlds, assignment, undefined, role('3913510d-42f4-4e42-8a64-420c390055eb'))).toBe(true);
    expect(judge(betweenWorlds, assignment, undefined, role('8e3af657-a8ff-443c-a75c-2fe8c4bcb635'))).toBe(false);
  });
});
