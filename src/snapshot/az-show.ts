import { type ArmResource, idPart } from '../model/facts.ts';
import { isObject, type Json, type JsonObject, text } from '../model/json.ts';
import { armName, envelope, namedMaps, profileMaps } from './az-names.ts';

/** True for the output of `az aks show -o json`: a cluster without `properties`. */
export function isAzShape(value: JsonObject): boolean {
  return !isObject(value['properties']) && Array.isArray(value['agentPoolProfiles']);
}

/** az adds `resourceGroup` to whatever has an ARM id; ARM knows no such property. */
function isAzResourceGroup(key: string, value: Json | undefined, owner: JsonObject): boolean {
  const id = text(owner['id']);
  return key === 'resourceGroup' && id !== undefined && text(value)?.toLowerCase() === idPart(id, 'resourceGroups')?.toLowerCase();
}

function renamed(value: Json, parent: string | undefined): Json {
  if (Array.isArray(value)) return value.map((entry: Json) => renamed(entry, parent));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, entry]) => entry !== null && entry !== undefined && !isAzResourceGroup(key, entry, value));
  return Object.fromEntries(
    kept.map(([key, entry = null]) => {
      if (parent !== undefined && profileMaps.has(parent)) return [key, renamed(entry, undefined)];
      const name = armName(key, parent);
      return [name, namedMaps.has(name) ? entry : renamed(entry, name)];
    }),
  );
}

/**
 * The ARM body behind an az output: ARM's names, `properties` put back, what az writes for "not set" (null) left out. Properties that nobody
 * knows keep their name and their value.
 */
export function armFromAz(shown: JsonObject): ArmResource {
  const body = renamed(shown, undefined);
  if (!isObject(body)) return shown;
  const entries = Object.entries(body);
  return {
    ...Object.fromEntries(entries.filter(([key]) => envelope.has(key))),
    properties: Object.fromEntries(entries.filter(([key]) => !envelope.has(key))),
  };
}
