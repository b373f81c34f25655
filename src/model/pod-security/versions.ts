/** Minor versions whose rules are known. Before the first there was no Pod Security Admission. */
export const earliestMinor = 22;
export const latestMinor = 37;

/**
 * The minor version whose rules count for a version of Kubernetes: `1.31`, `v1.31`, `1.31.4` or `latest`. A version later than the latest known
 * one has that one's rules, as the API server itself does it. Undefined for one before 1.22 and for what is no version.
 */
export function minorOf(version: string): number | undefined {
  if (version === 'latest') return latestMinor;
  const found = /^v?1\.(\d{1,4})(?:\.\d+)?(?:[-+].*)?$/.exec(version)?.[1];
  if (found === undefined || Number(found) < earliestMinor) return undefined;
  return Math.min(Number(found), latestMinor);
}
