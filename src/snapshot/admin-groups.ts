import type { AdminGroup, Operator, OperatorGroup } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import type { ArmGateway } from '../model/gateway.ts';
import { at, isObject, isTrue, list, path, text, texts } from '../model/json.ts';
import { cannotTell, isNotFound, type Reading } from './reading.ts';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What Graph lists on one page at most. */
const page = 999;

/** Whether the operator is a member, direct or nested: Graph's own answer, which sees further than one page of members. Undefined when it will not say. */
async function isMember(arm: ArmGateway, id: string, operator: Operator | undefined): Promise<boolean | undefined> {
  if (!operator || !guid.test(operator.objectId)) return undefined;
  try {
    const { body } = await arm.graph({ method: 'POST', url: `/directoryObjects/${operator.objectId}/checkMemberGroups`, body: { groupIds: [id] } });
    return texts(at(body, ['value'])).some((group) => group.toLowerCase() === id.toLowerCase());
  } catch {
    // The list of members answers the same question for all but very large groups; what neither tells stays undefined.
    return undefined;
  }
}

/**
 * Reads an Entra group that is, or shall be, an admin of a cluster: one round of requests to Microsoft Graph, side by side. A group that does
 * not exist is an answer; a Graph that refuses throws a ProblemError. `memberCount` counts direct and nested members and stops at 999.
 */
export async function readAdminGroup(arm: ArmGateway, id: string, operator?: Operator): Promise<AdminGroup> {
  if (!guid.test(id)) return { id, exists: false };
  const members = arm.graph({ method: 'GET', url: `/groups/${id}/transitiveMembers?$select=id&$top=${page}` });
  const [group, listed, member] = await Promise.allSettled([
    arm.graph({ method: 'GET', url: `/groups/${id}?$select=id,displayName,securityEnabled` }),
    members,
    isMember(arm, id, operator),
  ]);
  if (group.status === 'rejected') {
    if (isNotFound(group.reason)) return { id, exists: false };
    throw group.reason;
  }
  const { body } = group.value;
  const name = text(at(body, ['displayName']));
  const secure = at(body, ['securityEnabled']);
  const found = listed.status === 'fulfilled' && isObject(listed.value.body) ? listed.value.body : undefined;
  const ids = found ? list(found['value']).flatMap((entry) => text(at(entry, ['id']))?.toLowerCase() ?? []) : [];
  const asked = member.status === 'fulfilled' ? member.value : undefined;
  const whole = found !== undefined && found['@odata.nextLink'] === undefined;
  const inList = operator && found && (ids.includes(operator.objectId.toLowerCase()) || (whole ? false : undefined));
  const contains = asked ?? inList;
  return {
    id,
    exists: true,
    ...(name === undefined ? {} : { displayName: clean(name) }),
    ...(typeof secure === 'boolean' ? { securityEnabled: secure } : {}),
    ...(found ? { memberCount: ids.length } : {}),
    ...(contains === undefined ? {} : { containsOperator: contains }),
  };
}

/** The cluster's admin groups. Unknown when Graph refuses any of them. */
export async function readAdminGroups(reading: Reading): Promise<readonly AdminGroup[]> {
  const [cluster, operator] = await Promise.all([reading.cluster, reading.arm.operator().catch(() => undefined)]);
  const ids = texts(at(cluster, path('properties.aadProfile.adminGroupObjectIDs')));
  if (ids.length > 50) return cannotTell('the cluster names more admin groups than this program asks for');
  return Promise.all(ids.map((id) => readAdminGroup(reading.arm, id, operator)));
}

/**
 * Security groups that the operator is in, directly or through another, by name; at most 999 are looked at (Graph: list memberOf, transitive).
 * Throws a ProblemError where Graph refuses.
 */
export async function readOperatorGroups(reading: Reading): Promise<readonly OperatorGroup[]> {
  const { objectId, kind } = await reading.arm.operator();
  if (!guid.test(objectId)) return cannotTell('the sign-in does not tell who it is');
  const whose = kind === 'user' ? '/me' : `/servicePrincipals/${objectId}`;
  const { body } = await reading.arm.graph({ method: 'GET', url: `${whose}/transitiveMemberOf?$top=${page}` });
  const groups = list(at(body, ['value'])).flatMap((entry) => {
    const id = text(at(entry, ['id']));
    // Directory roles and administrative units are in the same list; only a security group can be a cluster's admin.
    if (id === undefined || !guid.test(id) || !isTrue(at(entry, ['securityEnabled']))) return [];
    return [{ id, displayName: clean(text(at(entry, ['displayName'])) ?? '') }];
  });
  return groups.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en'));
}
