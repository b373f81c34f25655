import type { ArmResource } from '../model/facts.ts';
import { at, text } from '../model/json.ts';
import type { Refusal } from './answer.ts';
import type { ArmPath } from './arm-path.ts';
import type { Grant, World } from './world.ts';

/** What a request is called in role definitions, e.g. `Microsoft.ContainerService/managedClusters/write`. */
export function actionOf(method: string, path: ArmPath): string {
  const type = path.type === '' || path.tail === 'providers' ? 'Microsoft.Resources/subscriptions' : path.type;
  switch (method) {
    case 'GET':
    case 'HEAD':
      return `${path.tail === undefined ? type : collectionType(path)}/read`;
    case 'DELETE':
      return `${type}/delete`;
    case 'POST':
      return path.tail === undefined ? `${type}/write` : `${type}/${path.tail}/action`;
    default:
      return `${type}/write`;
  }
}

function collectionType(path: ArmPath): string {
  if (path.tail?.toLowerCase() === 'resourcegroups') return 'Microsoft.Resources/subscriptions/resourceGroups';
  return `${path.type}/${path.tail}`;
}

function matches(pattern: string, action: string): boolean {
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`, 'i').test(action);
}

/** Grants that hold at a scope: those on it and on everything above. */
export function grantsAt(world: World, scope: string): readonly Grant[] {
  const here = `${scope.toLowerCase()}/`;
  return world.state.settings.grants.filter((grant) => grant.scope === '/' || here.startsWith(`${grant.scope.toLowerCase()}/`));
}

/** True when some grant allows the action and does not take it back itself. */
export function isAllowed(world: World, action: string, scope: string): boolean {
  return grantsAt(world, scope).some((grant) => grant.actions.some((one) => matches(one, action)) && !grant.notActions.some((one) => matches(one, action)));
}

/** ARM's answer to a request that nobody granted; undefined when it is allowed. */
export function unauthorized(world: World, method: string, path: ArmPath): Refusal | undefined {
  const action = actionOf(method, path);
  const scope = path.id === '' ? '/' : path.id;
  // Listing what one may do needs no permission (REST reference: Permissions - List For Resource).
  if (/microsoft\.authorization\/permissions/i.test(action) || isAllowed(world, action, scope)) return undefined;
  const { name, objectId } = world.state.settings.operator;
  return {
    status: 403,
    code: 'AuthorizationFailed',
    message: `The client '${name}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  };
}

const lockType = 'microsoft.authorization/locks';

/** Locks on a scope and above it. */
export function locksAt(world: World, scope: string): readonly ArmResource[] {
  const here = `${scope.toLowerCase()}/`;
  return Object.values(world.state.resources).filter((resource) => {
    const id = text(resource['id'])?.toLowerCase() ?? '';
    return text(resource['type'])?.toLowerCase() === lockType && here.startsWith(id.slice(0, id.indexOf('/providers/microsoft.authorization/')).concat('/'));
  });
}

/** ARM's answer where a lock stands in the way; undefined when none does. */
export function locked(world: World, method: string, path: ArmPath): Refusal | undefined {
  if (method === 'GET' || method === 'HEAD' || path.type.toLowerCase() === lockType) return undefined;
  const deleting = method === 'DELETE';
  const lock = locksAt(world, path.id).find((one) => deleting || text(at(one, ['properties', 'level'])) === 'ReadOnly');
  if (lock === undefined) return undefined;
  const scope = (text(lock['id']) ?? '').replace(/\/providers\/Microsoft\.Authorization\/locks\/[^/]+$/i, '');
  return {
    status: 409,
    code: 'ScopeLocked',
    message: `The scope '${path.id}' cannot perform ${deleting ? 'delete' : 'write'} operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
  };
}
