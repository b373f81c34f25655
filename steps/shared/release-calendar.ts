import type { Facts } from '../../src/model/facts.ts';
import { minorText, type SupportPlan } from './versions.ts';

/** The page that the dates are from, as it stood on this day. */
export const CALENDAR_OF = '2026-08-05';

/** Last day of support by minor (AKS docs, supported-kubernetes-versions: "the EOL date is the last day of the specified month"). */
const ends: { readonly [P in SupportPlan]: { readonly [minor: string]: string } } = {
  KubernetesOfficial: {
    '1.29': '2025-03-31',
    '1.30': '2025-08-22',
    '1.31': '2025-11-01',
    '1.32': '2026-03-31',
    '1.33': '2026-07-31',
    '1.34': '2026-11-30',
    '1.35': '2027-03-31',
    '1.36': '2027-06-30',
    '1.37': '2027-10-31',
  },
  AKSLongTermSupport: {
    '1.29': '2026-04-30',
    '1.30': '2026-07-31',
    '1.31': '2026-11-30',
    '1.32': '2027-03-31',
    '1.33': '2027-07-31',
    '1.34': '2027-11-30',
    '1.35': '2028-03-31',
    '1.36': '2028-06-30',
    '1.37': '2028-10-31',
  },
};
/** Minors before this one are not on the page any more: their support has ended under both plans. */
const OLDEST = 29;

/** What the calendar says of a version on the day the facts were read. `days` until the end; undefined minors are newer than the calendar. */
export type Calendar =
  | { readonly kind: 'ended'; readonly on?: string }
  | { readonly kind: 'until'; readonly on: string; readonly days: number }
  | { readonly kind: 'not-listed' };

/** The calendar's word on a version under a plan. */
export function calendarFor(facts: Facts, version: string, plan: SupportPlan): Calendar {
  const minor = minorText(version);
  const on = ends[plan][minor];
  const [major = 0, number = 0] = minor.split('.').map(Number);
  if (on === undefined) return major === 1 && number < OLDEST ? { kind: 'ended' } : { kind: 'not-listed' };
  const left = Math.ceil((Date.parse(`${on}T23:59:59Z`) - Date.parse(facts.source.readAt)) / 86_400_000);
  if (!Number.isFinite(left)) return { kind: 'not-listed' };
  return left > 0 ? { kind: 'until', on, days: left } : { kind: 'ended', on };
}
