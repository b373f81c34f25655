import { type Assessment, type Evidence, fail, partial, preconfigured, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, fact, isAutomatic } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { notShown } from '../../shared/pool-verdict.ts';
import { CALENDAR_OF, calendarFor } from '../../shared/release-calendar.ts';
import { listed } from '../../shared/texts.ts';
import { compareVersions, controlPlaneVersion, minorText, regionMinor, type SupportPlan, supportPlan } from '../../shared/versions.ts';
import { CHANNEL, CURRENT, channelOf, channels } from './state.ts';

const planNames: { readonly [P in SupportPlan]: string } = { KubernetesOfficial: 'community support', AKSLongTermSupport: 'long-term support' };

/** What the published calendar says about a version, as a sentence; empty where it says nothing. */
export function calendarWords(facts: Facts, version: string): string {
  const plan = supportPlan(facts);
  const word = calendarFor(facts, version, plan);
  const of = `by the AKS release calendar of ${CALENDAR_OF}`;
  switch (word.kind) {
    case 'ended':
      return `${minorText(version)} left ${planNames[plan]}${word.on === undefined ? '' : ` on ${word.on}`}, ${of}.`;
    case 'until':
      return `${minorText(version)} has ${planNames[plan]} until ${word.on}, ${of}.`;
    case 'not-listed':
      return '';
    default:
      return word satisfies never;
  }
}

/** A failure, and what else there is to say. */
const failing = (evidence: Evidence, note: string): Assessment => ({ status: 'fail', evidence: [evidence], ...(note === '' ? {} : { note }) });

/** 7.1 by the calendar alone: a date that has passed is certain, one to come is good enough only where nothing else can be read. */
function byCalendar(facts: Facts, version: string, reason: string): Assessment {
  const evidence = { path: CURRENT, actual: version, wanted: 'a version that AKS supports' };
  const word = calendarFor(facts, version, supportPlan(facts));
  const note = calendarWords(facts, version);
  if (word.kind === 'ended') return failing(evidence, note);
  if (word.kind === 'until' && facts.source.kind === 'file')
    return { status: 'pass', evidence: [evidence], note: `${note} The region's own list was not read.` };
  return unknown(`which versions the region supports was not read: ${reason}`);
}

/** 7.1 */
export function assessVersion(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic upgrades itself, by the channel stable.');
  const version = controlPlaneVersion(facts);
  if (version === undefined) return unknown('the facts do not say which version the control plane runs');
  const found = fact(facts, 'kubernetesVersions');
  if (found.state === 'unknown') return byCalendar(facts, version, found.reason);
  const plan = supportPlan(facts);
  const minor = regionMinor(facts, version);
  const supported = found.value.filter(({ plans, preview }) => plans.includes(plan) && !preview).map((one) => one.minor);
  const evidence = { path: CURRENT, actual: version, wanted: `${planNames[plan]}: ${listed(supported, 8)}` };
  if (minor === undefined) return failing(evidence, calendarWords(facts, version));
  if (!minor.plans.includes(plan)) {
    const other = minor.plans.includes('AKSLongTermSupport') ? ' It is still supported with the long-term support plan, which this cluster does not have.' : '';
    return failing(evidence, `${calendarWords(facts, version)}${other}`);
  }
  if (minor.preview) return partial(`Kubernetes ${minor.minor} is a preview here: AKS gives no support agreement for it`, evidence);
  const patches = minor.patches.map((patch) => patch.version);
  const newest = [...patches].sort(compareVersions).at(-1);
  if (version.split('.').length > 2 && patches.length > 0 && !patches.includes(version)) {
    return partial(`patch ${clean(version)} is no longer offered: support ends 30 days after a patch was taken out; the newest is ${clean(newest ?? '?')}`, {
      ...evidence,
      wanted: listed(patches),
    });
  }
  const newer = newest !== undefined && compareVersions(newest, version) > 0 ? `Patch ${clean(newest)} is newer. ` : '';
  const note = `${newer}${calendarWords(facts, version)}`.trim();
  return { status: 'pass', evidence: [evidence], ...(note === '' ? {} : { note }) };
}

/** The first stable api-version with the channel (azure-rest-api-specs: ManagedClusterAutoUpgradeProfile). */
const SHOWN_SINCE = '2021-03-01';

/** 7.2 */
export function assessChannel(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic keeps the channel at stable.');
  const hidden = notShown(facts, CHANNEL, SHOWN_SINCE);
  if (hidden !== undefined) return hidden;
  const evidence = { path: CHANNEL, actual: clusterAt(facts, CHANNEL), wanted: 'patch, stable or rapid' };
  const channel = channelOf(facts);
  if (channel === 'node-image') return partial('node-image is legacy: it brings new images, and no version of Kubernetes at all', evidence);
  return channels.some((one) => one === channel) ? { status: 'pass', evidence: [evidence] } : fail(evidence);
}
