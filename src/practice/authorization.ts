import { at, text } from '../model/json.ts';
import { type Answer, armError, ok } from './answer.ts';
import { roleDefinitions } from './cluster-access.ts';
import { type Context, objectBody } from './context.ts';
import { identitiesOf } from './identities.ts';
import { grantsAt } from './permissions.ts';
import { resourceOf, resourcesOf, storeResource } from './world.ts';

const assignmentType = 'Microsoft.Authorization/roleAssignments';

/** GET permissions: what the signed-in principal may do here. */
export function listPermissions(context: Context): Answer {
  const value = grantsAt(context.world, context.path.scope).map(({ actions, notActions }) => ({ actions, notActions, dataActions: [], notDataActions: [] }));
  return ok({ value });
}

const above = (scope: string, here: string): boolean => `${here.toLowerCase()}/`.startsWith(scope === '/' ? '/' : `${scope.toLowerCase()}/`);

/** GET roleAssignments, locks or policyAssignments: those of the scope and of everything above, and below unless `atScope()` is asked for. */
export function listInherited(type: string): (context: Context) => Answer {
  return (context) => {
    const here = context.path.scope;
    const filter = context.query.get('$filter') ?? '';
    const principal = /(?:principalId eq|assignedTo\()\s*'([^']+)'/.exec(filter)?.[1];
    const value = resourcesOf(context.world, '', type).filter((resource) => {
      const id = text(resource['id']) ?? '';
      const scope = id.slice(0, id.toLowerCase().lastIndexOf('/providers/microsoft.authorization/')) || '/';
      const inReach = above(scope, here) || (!filter.includes('atScope()') && above(here, scope));
      return inReach && (principal === undefined || text(at(resource, ['properties', 'principalId'])) === principal);
    });
    return ok({ value });
  };
}

/** PUT a role assignment: the principal must exist, and the same assignment must not. */
export function putRoleAssignment(context: Context): Answer {
  const { world, path } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const principalId = text(at(read.body, ['properties', 'principalId'])) ?? '';
  const roleDefinitionId = text(at(read.body, ['properties', 'roleDefinitionId'])) ?? '';
  if (!Object.values(roleDefinitions).includes(roleDefinitionId.split('/').at(-1) ?? '')) {
    return armError({
      status: 400,
      code: 'RoleDefinitionDoesNotExist',
      message: `The specified role definition with ID '${roleDefinitionId.split('/').at(-1) ?? ''}' does not exist.`,
    });
  }
  const { groups, principals, tenantId } = world.state;
  const known = groups.some((group) => group.id === principalId) || identitiesOf(world).some((identity) => identity.objectId === principalId);
  if (!known && principalId !== world.state.settings.operator.objectId) {
    const message = `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype`;
    return armError({ status: 400, code: 'PrincipalNotFound', message });
  }
  const scope = path.scope === '' ? '/' : path.scope;
  const twin = resourcesOf(world, '', assignmentType).find(
    (one) =>
      text(at(one, ['properties', 'principalId'])) === principalId &&
      text(at(one, ['properties', 'scope']))?.toLowerCase() === scope.toLowerCase() &&
      text(at(one, ['properties', 'roleDefinitionId']))
        ?.split('/')
        .at(-1) === roleDefinitionId.split('/').at(-1),
  );
  const existing = resourceOf(world, path.id);
  if (twin !== undefined && twin !== existing) {
    return armError({
      status: 409,
      code: 'RoleAssignmentExists',
      message: `The role assignment already exists. The ID of the existing role assignment is ${(text(twin['name']) ?? '').replaceAll('-', '')}.`,
    });
  }
  const principalType = groups.some((group) => group.id === principalId)
    ? 'Group'
    : principals.find((one) => one.id === principalId)?.kind === 'user'
      ? 'User'
      : 'ServicePrincipal';
  const now = new Date(world.clock.now()).toISOString();
  const properties = { roleDefinitionId, principalId, principalType, scope, createdOn: now, updatedOn: now };
  const resource = { id: path.id, name: path.name ?? '', type: assignmentType, properties };
  storeResource(world, resource);
  world.changed();
  return existing === undefined ? { ...ok(resource), status: 201 } : ok(resource);
}

/** GET roleDefinitions: one by id, or all, or by name. */
export function listRoleDefinitions(context: Context): Answer {
  const named = /roleName eq\s*'([^']+)'/.exec(context.query.get('$filter') ?? '')?.[1];
  const entries = Object.entries(roleDefinitions).map(([roleName, id]) => ({
    id: `/subscriptions/${context.world.state.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
    name: id,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: { roleName, type: 'BuiltInRole', description: '', assignableScopes: ['/'], permissions: [] },
  }));
  const wanted = context.path.tail === undefined ? context.path.name : undefined;
  if (wanted === undefined) return ok({ value: entries.filter((entry) => named === undefined || entry.properties.roleName === named) });
  const one = entries.find((entry) => entry.name === wanted);
  return one === undefined ? armError({ status: 404, code: 'RoleDefinitionDoesNotExist', message: `The role definition ${wanted} does not exist.` }) : ok(one);
}
