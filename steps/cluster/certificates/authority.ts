import { type Assessment, type Evidence, fail, partial, pass, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { isFalse, isTrue, text } from '../../../src/model/json.ts';
import { plural } from '../../shared/texts.ts';
import { minorVersion } from '../network-policy/state.ts';

/** The catalogue's margin: a rotation needs a window, and a window needs notice. */
export const MARGIN_DAYS = 90;
/**
 * Kubelet client certificates renew themselves on clusters made or upgraded since March 2022 (AKS docs, certificate-rotation).
 * Kubernetes 1.24 came after that, so whoever runs it has been upgraded since.
 */
const RENEWING_SINCE_MINOR = 24;

const DAY = 24 * 60 * 60 * 1000;

/** The API server's own certificate as a probe saw it: days left and days since it was issued, counted from when the facts were read. */
export function leaf(facts: Facts): { readonly left: number; readonly age: number; readonly notAfter: string } | undefined {
  const shown = knownValue(facts, 'apiServerReachability')?.certificate;
  if (shown === undefined) return undefined;
  const now = Date.parse(facts.source.readAt);
  const left = Math.floor((Date.parse(shown.notAfter) - now) / DAY);
  const age = Math.floor((now - Date.parse(shown.notBefore)) / DAY);
  return Number.isFinite(left) && Number.isFinite(age) ? { left, age, notAfter: clean(shown.notAfter) } : undefined;
}

export const localAccountsAreOff = (facts: Facts): boolean => isTrue(clusterAt(facts, 'properties.disableLocalAccounts'));

/** What follows about the certificates that nobody looks at from outside. */
function inferred(facts: Facts): string {
  const made = text(clusterAt(facts, 'systemData.createdAt'))?.slice(0, 10);
  return made !== undefined && made >= '2019-06'
    ? `The cluster was made on ${clean(made)}: its certificate authority lasts 30 years.`
    : 'Authorities made since May 2019 last 30 years, and an older one that was never renewed would have ended in 2021.';
}

function whyUnread(facts: Facts): string {
  const probe = fact(facts, 'apiServerReachability');
  if (probe.state === 'unknown') return clean(probe.reason);
  return probe.value.reachable ? 'the probe did not keep the certificate' : clean(probe.value.detail);
}

const day = (time: string): string => clean(time).slice(0, 10);

/**
 * With local accounts off: whether the admin certificates of before are dead. Only a rotation kills them, and only the activity log tells
 * one from an upgrade; whoever was given a credential after it has one that lives.
 */
function assessOldAdmins(facts: Facts, evidence: Evidence, age: number): Assessment {
  const found = fact(facts, 'certificateHistory');
  const alive = 'Local accounts are off, but admin certificates handed out earlier work until the cluster’s are rotated.';
  const server = `The API server’s was issued ${plural(Math.max(0, age), 'day')} ago, by a rotation or by an upgrade.`;
  if (found.state === 'unknown') return partial(`${alive} ${server} The activity log would tell which, and was not read: ${clean(found.reason)}.`, evidence);
  const { since, rotatedAt, handedOutAt } = found.value;
  const rotation = {
    path: 'activity log, rotateClusterCertificates',
    actual: rotatedAt === undefined ? 'none' : day(rotatedAt),
    wanted: 'after the last admin credential',
  };
  if (rotatedAt === undefined) return partial(`${alive} ${server} The activity log, back to ${day(since)}, shows no rotation.`, evidence, rotation);
  if (handedOutAt !== undefined && Date.parse(handedOutAt) >= Date.parse(rotatedAt)) {
    return partial(
      `Certificates were rotated on ${day(rotatedAt)}, and an admin credential was handed out after that, on ${day(handedOutAt)}: it works until the next rotation.`,
      evidence,
      rotation,
    );
  }
  return pass(evidence, rotation);
}

/** 13.1: no certificate is about to end, and admin certificates of before are dead. */
export function assessAuthority(facts: Facts): Assessment {
  const seen = leaf(facts);
  const evidence = seen && { path: 'API server certificate, notAfter', actual: seen.notAfter, wanted: `more than ${MARGIN_DAYS} days ahead` };
  if (seen && evidence && seen.left <= MARGIN_DAYS) return fail(evidence);
  if (isFalse(clusterAt(facts, 'properties.enableRBAC'))) {
    return partial(
      'Without Kubernetes RBAC the certificates of the nodes do not renew themselves: nodes drop out when theirs ends.',
      { path: 'properties.enableRBAC', actual: false, wanted: 'true' },
      ...(evidence ? [evidence] : []),
    );
  }
  if (seen === undefined || evidence === undefined) {
    return unknown(`Azure does not show when certificates end, and the API server's was not seen (${whyUnread(facts)}). ${inferred(facts)}`);
  }
  const minor = minorVersion(facts);
  if (minor === undefined || minor < RENEWING_SINCE_MINOR) {
    return unknown('whether the certificates of the nodes renew themselves is not certain before Kubernetes 1.24: look with az vmss run-command');
  }
  if (localAccountsAreOff(facts)) return assessOldAdmins(facts, evidence, seen.age);
  return { status: 'pass', evidence: [evidence], note: inferred(facts) };
}
