import { isObject, type Json, text } from '../model/json.ts';
import type { World } from './world.ts';

/** An identity that can be given roles. `clientId` is what service principals are looked up by. */
export interface Identity {
  readonly objectId: string;
  readonly clientId: string;
  readonly name: string;
}

/** Managed identities named anywhere in a body: objects with a client id and an object or principal id. */
function within(value: Json | undefined, name: string): readonly Identity[] {
  if (Array.isArray(value)) return value.flatMap((entry: Json) => within(entry, name));
  if (!isObject(value)) return [];
  const objectId = text(value['objectId']) ?? text(value['principalId']);
  const own =
    objectId === undefined ? [] : [{ objectId, clientId: text(value['clientId']) ?? objectId, name: text(value['resourceId'])?.split('/').at(-1) ?? name }];
  return [...own, ...Object.values(value).flatMap((entry) => within(entry, name))];
}

/** Everybody the practice tenant can give a role to, beside its groups: people, service principals, and the identities Azure made. */
export function identitiesOf(world: World): readonly Identity[] {
  const people = world.state.principals.map(({ id, appId, displayName }) => ({ objectId: id, clientId: appId ?? id, name: displayName }));
  const clusters = Object.values(world.state.resources).filter((one) => /^microsoft\.(containerservice|managedidentity)\//i.test(text(one['type']) ?? ''));
  return [...people, ...clusters.flatMap((one) => within(one, text(one['name']) ?? ''))];
}
