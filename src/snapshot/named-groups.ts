import type { Facts } from '../model/facts.ts';
import { knownValue } from '../model/facts.ts';
import type { ArmGateway } from '../model/gateway.ts';
import { readAdminGroup } from './admin-groups.ts';

/**
 * The facts with these Entra groups read beside those the cluster names already: a decision may name new ones.
 * A group that cannot be read makes the fact unknown only where nothing was known; guards then ask for their phrase.
 */
export async function withNamedGroups(facts: Facts, arm: ArmGateway, ids: readonly string[]): Promise<Facts> {
  const known = knownValue(facts, 'adminGroups') ?? [];
  const wanted = ids.filter((id) => !known.some((group) => group.id.toLowerCase() === id.toLowerCase()));
  if (wanted.length === 0) return facts;
  const operator = knownValue(facts, 'operator');
  const read = await Promise.allSettled(wanted.map((id) => readAdminGroup(arm, id, operator)));
  const groups = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (groups.length === 0) return facts;
  return { ...facts, known: { ...facts.known, adminGroups: { state: 'known', value: [...known, ...groups] } } };
}
