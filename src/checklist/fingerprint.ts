import type { ArmResource } from '../model/facts.ts';
import { at, path, text } from '../model/json.ts';

/** Places that hold a value which a cluster made again under the same name does not share, best first. */
const places = [
  ['uid', 'properties.resourceUID'],
  ['created', 'systemData.createdAt'],
  ['principal', 'identity.principalId'],
  ['fqdn', 'properties.fqdn'],
  ['private-fqdn', 'properties.privateFQDN'],
] as const;

/** What tells this cluster from another of the same id: `uid:…`, or the next best that its body shows; empty when it shows none. */
export function fingerprintOf(cluster: ArmResource): string {
  for (const [kind, place] of places) {
    const value = text(at(cluster, path(place)));
    if (value !== undefined && value !== '') return `${kind}:${value}`;
  }
  return '';
}

/** False when two fingerprints of one kind differ. Where one is missing or of another kind, nothing can be told: true. */
export function fingerprintsAgree(a: string, b: string): boolean {
  const kindOf = (fingerprint: string): string => fingerprint.split(':')[0] ?? '';
  return a === '' || b === '' || kindOf(a) !== kindOf(b) || a === b;
}
