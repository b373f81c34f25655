import { isObject, type Json, type JsonObject, texts } from '../model/json.ts';
import { type Answer, ok } from './answer.ts';
import { groupsOf } from './cluster-access.ts';
import { identitiesOf } from './identities.ts';
import type { Group, Principal, World } from './world.ts';

/** A request to Microsoft Graph, path from the version on. */
export interface GraphRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: { readonly [name: string]: string };
  readonly body: Json | undefined;
}

const error = (status: number, code: string, message: string): Answer => ({ status, headers: {}, body: { error: { code, message } } });
const missing = (id: string): Answer =>
  error(404, 'Request_ResourceNotFound', `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`);

/** Members, direct and nested, each once; groups on the way count as members too. */
function transitiveMembers(world: World, group: Group): readonly string[] {
  const found = new Set<string>();
  const visit = (one: Group) => {
    for (const member of one.members) {
      if (found.has(member)) continue;
      found.add(member);
      const nested = world.state.groups.find((candidate) => candidate.id === member);
      if (nested !== undefined) visit(nested);
    }
  };
  visit(group);
  return [...found];
}

function directoryObject(world: World, id: string): Json {
  const group = world.state.groups.find((one) => one.id === id);
  if (group !== undefined) return { '@odata.type': '#microsoft.graph.group', id, displayName: group.displayName };
  const principal = world.state.principals.find((one) => one.id === id);
  return { '@odata.type': `#microsoft.graph.${principal?.kind ?? 'user'}`, id, displayName: principal?.displayName ?? id };
}

function groupAnswer(world: World, id: string, rest: string, request: GraphRequest): Answer {
  const group = world.state.groups.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (group === undefined) return missing(id);
  const members = rest.startsWith('transitiveMembers') ? transitiveMembers(world, group) : group.members;
  if (/^(transitiveMembers|members)\/\$count$/.test(rest)) {
    // Graph docs: counting directory objects is an advanced query.
    if (request.headers['consistencylevel']?.toLowerCase() !== 'eventual')
      return error(400, 'Request_BadRequest', '$count is not currently supported without the header ConsistencyLevel: eventual.');
    return { status: 200, headers: { 'content-type': 'text/plain' }, text: String(members.length) };
  }
  if (rest === 'transitiveMembers' || rest === 'members') {
    const value = members.map((member) => directoryObject(world, member));
    return ok({ value, ...(request.query.get('$count') === 'true' ? { '@odata.count': members.length } : {}) });
  }
  return rest === ''
    ? ok({ id: group.id, displayName: group.displayName, securityEnabled: group.securityEnabled, mailEnabled: false, groupTypes: [] })
    : missing(rest);
}

function checkMembership(world: World, objectId: string, body: Json | undefined): Answer {
  const asked = isObject(body) ? texts(body['groupIds'] ?? body['ids']) : [];
  const member = groupsOf(world, objectId).map((id) => id.toLowerCase());
  return ok({ value: asked.filter((id) => member.includes(id.toLowerCase())) });
}

function memberOf(world: World, objectId: string): Answer {
  const own = groupsOf(world, objectId);
  const value = world.state.groups.filter(({ id }) => own.includes(id));
  return ok({ value: value.map(({ id, displayName, securityEnabled }) => ({ '@odata.type': '#microsoft.graph.group', id, displayName, securityEnabled })) });
}

/** An application or its service principal, with its secrets as Graph shows them: when they end, never what they are. */
function application(world: World, principal: Principal): JsonObject {
  const ends = (days: number): string => new Date(world.clock.now() + days * 86_400_000).toISOString();
  return {
    id: principal.id,
    appId: principal.appId ?? principal.id,
    displayName: principal.displayName,
    servicePrincipalType: 'Application',
    passwordCredentials: (principal.secretDays ?? []).map((days, i) => ({
      keyId: `${principal.id.slice(0, -1)}${i}`,
      endDateTime: ends(days),
      secretText: null,
    })),
    keyCredentials: [],
  };
}

/** `applications(appId='…')` and `servicePrincipals(appId='…')`; undefined for other addresses. */
function byAppId(world: World, segment: string): Answer | undefined {
  const [, collection, appId] = /^(applications|servicePrincipals)\(appId='([^']+)'\)$/i.exec(segment) ?? [];
  if (collection === undefined || appId === undefined) return undefined;
  const found = world.state.principals.find((one) => one.kind === 'servicePrincipal' && (one.appId ?? one.id).toLowerCase() === appId.toLowerCase());
  // A secret is kept on the application; its service principal in the same tenant has none of its own.
  if (found === undefined) return missing(appId);
  return ok(collection.toLowerCase() === 'applications' ? application(world, found) : { ...application(world, found), passwordCredentials: [] });
}

/** Users, or service principals and managed identities; a filter by name or client id narrows them down. */
function principalsBy(world: World, users: boolean, filter: string): Json {
  const wanted = /eq '([^']*)'/.exec(filter)?.[1];
  const people = new Set(world.state.principals.filter((one) => one.kind === 'user').map((one) => one.id));
  return identitiesOf(world)
    .filter((one) => people.has(one.objectId) === users && (wanted === undefined || [one.clientId, one.objectId, one.name].includes(wanted)))
    .map(({ objectId, clientId, name }) =>
      users ? { id: objectId, displayName: name, userPrincipalName: name } : { id: objectId, appId: clientId, displayName: name },
    );
}

/** Microsoft Graph, as far as the practice tenant needs it. */
export function handleGraph(world: World, request: GraphRequest): Answer {
  const operator = world.state.settings.operator;
  const [collection = '', id = '', ...more] = request.path.split('/').filter((segment) => segment !== '');
  const rest = more.join('/');
  const named = byAppId(world, collection);
  if (named !== undefined) return named;
  switch (collection.toLowerCase()) {
    case 'me': {
      if (operator.kind === 'application') return error(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
      if (/^check(MemberGroups|MemberObjects)$/i.test(id)) return checkMembership(world, operator.objectId, request.body);
      if (id.toLowerCase() === 'transitivememberof') return memberOf(world, operator.objectId);
      return ok({ id: operator.objectId, displayName: operator.name, userPrincipalName: operator.name });
    }
    case 'groups': {
      if (id !== '') return groupAnswer(world, id, rest, request);
      const named = /displayName eq '([^']*)'/.exec(request.query.get('$filter') ?? '')?.[1];
      const groups = world.state.groups.filter((group) => named === undefined || group.displayName === named);
      return ok({ value: groups.map(({ id: groupId, displayName, securityEnabled }) => ({ id: groupId, displayName, securityEnabled })) });
    }
    case 'users':
    case 'serviceprincipals':
    case 'directoryobjects': {
      if (id.toLowerCase() === 'getbyids') {
        const asked = isObject(request.body) ? texts(request.body['ids']) : [];
        return ok({ value: asked.map((one) => directoryObject(world, one)) });
      }
      const start = /startswith\(displayName,'([^']*)'\)/.exec(request.query.get('$filter') ?? '')?.[1];
      if (id === '' && start !== undefined) {
        const found = world.state.principals.filter((one) => one.kind === 'servicePrincipal' && one.displayName.startsWith(start));
        return ok({ value: found.map((one) => application(world, one)) });
      }
      if (id === '') return ok({ value: principalsBy(world, collection.toLowerCase() === 'users', request.query.get('$filter') ?? '') });
      if (/^check(MemberGroups|MemberObjects)$/i.test(rest)) return checkMembership(world, id, request.body);
      if (rest.toLowerCase() === 'transitivememberof') return memberOf(world, id);
      const known = identitiesOf(world).some((one) => one.objectId === id) || world.state.groups.some((one) => one.id === id);
      return known ? ok(directoryObject(world, id)) : missing(id);
    }
    default:
      return error(404, 'BadRequest', `Resource not found for the segment '${collection}'.`);
  }
}
