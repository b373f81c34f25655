import { type Facts, fact, knownValue } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import type { Guard } from '../../src/model/step.ts';
import { plural, sameId } from '../shared/texts.ts';

/** How hard a doubt about the groups stops: with local accounts off, the groups are the only way in. */
export interface GroupGuardOptions {
  /** The phrase that lifts a refusal. */
  readonly override: string;
  /** Whether a group that could not be read stops the change until the phrase is typed. A warning where it is false. */
  readonly mustKnow: boolean;
}

/**
 * Looks at the groups that are, or shall be, cluster admins: they exist, are security groups, have two members or more
 * (one person's lost phone is not a lock-out), and one of them contains the signed-in operator.
 */
export function adminGroupGuards(facts: Facts, ids: readonly string[], options: GroupGuardOptions): readonly Guard[] {
  const found = fact(facts, 'adminGroups');
  const read = found.state === 'known' ? found.value : [];
  const each = ids.map((id): Guard => {
    const group = read.find((candidate) => sameId(candidate.id, id));
    const name = clean(group?.displayName ?? id);
    const guard = { id: `admin-group:${id.toLowerCase()}`, title: `Admin group ${name}` };
    if (group === undefined) {
      return {
        ...guard,
        verdict: 'unknown',
        detail: `The group could not be looked up: ${found.state === 'unknown' ? found.reason : 'it was not read'}.`,
        next: [`az ad group show --group ${clean(id)} and az ad group member list --group ${clean(id)} tell whether it exists and who is in it.`],
        ...(options.mustKnow ? { override: options.override } : {}),
      };
    }
    const refuse = (detail: string, next: string): Guard => ({ ...guard, verdict: 'refuse', detail, next: [next], override: options.override });
    if (!group.exists) return refuse('Entra has no group with this object id.', 'Give the object id of a group of this tenant: az ad group list.');
    if (group.securityEnabled === false) {
      return refuse(
        'It is not a security group, so AKS never sees it in a token.',
        'Give a security group; a Microsoft 365 group or distribution list does not work.',
      );
    }
    if (group.memberCount === undefined) return { ...guard, verdict: 'unknown', detail: 'How many members it has could not be read.' };
    if (group.memberCount === 0) return refuse('It has no members.', `Add people first: az ad group member add --group ${clean(id)} --member-id OBJECT_ID.`);
    if (group.memberCount < 2) return { ...guard, verdict: 'warn', detail: 'It has one member. With a second one nobody has to be woken for a lost phone.' };
    return { ...guard, verdict: 'clear', detail: `It exists and has ${plural(group.memberCount, 'member')}.` };
  });
  return ids.length === 0 ? each : [...each, operatorGuard(facts, ids, options)];
}

function operatorGuard(facts: Facts, ids: readonly string[], options: GroupGuardOptions): Guard {
  const id = 'operator-is-admin';
  const title = 'You are in an admin group';
  const groups = (knownValue(facts, 'adminGroups') ?? []).filter((group) => ids.some((wanted) => sameId(wanted, group.id)));
  const who = clean(knownValue(facts, 'operator')?.name ?? 'the signed-in account');
  const inside = groups.find((group) => group.containsOperator === true);
  if (inside) return { id, title, verdict: 'clear', detail: `${who} is a member of ${clean(inside.displayName ?? inside.id)}.` };
  if (groups.length < ids.length || groups.some((group) => group.containsOperator === undefined)) {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `Whether ${who} is a member could not be read. A role that only waits to be activated (PIM) does not count as membership.`,
      ...(options.mustKnow ? { override: options.override } : {}),
    };
  }
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `${who} is in none of these groups and would not be cluster admin afterwards.`,
    next: ['Join one of the groups, or name a group that you are in.', 'Sign out and in again afterwards: tokens carry old memberships for up to an hour.'],
    override: options.override,
  };
}
