import { distance } from 'fastest-levenshtein';

/** Up to three of `known` that look most like `given`; none when nothing is near. */
export function nearest(given: string, known: readonly string[]): readonly string[] {
  const lower = given.toLowerCase();
  // The last part counts too: "api-server-exposure" means "cluster.api-server-exposure".
  const score = (name: string) => Math.min(distance(lower, name.toLowerCase()), distance(lower, name.toLowerCase().split('.').at(-1) ?? name));
  const near = known.map((name) => ({ name, far: score(name) })).filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 3)));
  // What is clearly farther than the best is no help.
  const most = Math.min(...near.map(({ far }) => far)) * 1.5;
  return near
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** A sentence that offers the nearest names, or all of them when none is near. */
export function nearestText(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  if (near.length > 0) return `Did you mean ${near.join(' or ')}?`;
  return known.length > 0 ? `Known are: ${known.join(', ')}.` : 'There are none.';
}
