import type { Impact } from '../../model/change.ts';
import type { Pillar, Severity } from '../../model/step.ts';
import type { Tone } from '../theme.ts';

export const pillarNames: { readonly [P in Pillar]: string } = {
  identity: 'Identity',
  platform: 'Platform',
  cluster: 'Cluster',
  pod: 'Pods',
  governance: 'Governance',
};

export const severityTones: { readonly [S in Severity]: Tone } = { critical: 'bad', high: 'bad', medium: 'warn', low: 'plain', advice: 'muted' };

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'advice'];
/** The gravest of some severities. */
export function gravestSeverity(of: readonly Severity[]): Severity | undefined {
  return severities.find((severity) => of.includes(severity));
}

export const impactTones: { readonly [K in Impact['kind']]: Tone } = {
  none: 'good',
  billing: 'plain',
  workload: 'warn',
  'api-server': 'warn',
  network: 'warn',
  reimage: 'bad',
  recreate: 'bad',
};

export const impactNames: { readonly [K in Impact['kind']]: string } = {
  none: 'no disruption',
  billing: 'billing',
  workload: 'workloads',
  'api-server': 'API server',
  network: 'network',
  reimage: 'nodes reimaged',
  recreate: 'recreate',
};

/** `about 4 min`, `2–5 min`, `2–8 h`. */
export function minutesText([low, high]: readonly [number, number], dash: string): string {
  if (high === 0) return 'no time';
  const hours = low >= 120;
  const shown = hours ? ([Math.round(low / 60), Math.round(high / 60)] as const) : ([low, high] as const);
  const range = shown[0] === shown[1] ? `about ${shown[0]}` : `${shown[0]}${dash}${shown[1]}`;
  return `${range} ${hours ? 'h' : 'min'}`;
}

/** `0:07`, `12:30`, `1:02:03`. */
export function elapsedText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60] as const;
  const two = (value: number) => String(value).padStart(2, '0');
  return parts[0] > 0 ? `${parts[0]}:${two(parts[1])}:${two(parts[2])}` : `${parts[1]}:${two(parts[2])}`;
}

/** `1 write`, `3 writes`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `2026-11-03 14:05 UTC` from ISO 8601; other text stays as it is. */
export function whenText(iso: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
}
