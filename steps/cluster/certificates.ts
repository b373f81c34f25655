import { type Assessment, fail, partial, unknown } from '../../src/model/assessment.ts';
import type { ArmAction } from '../../src/model/change.ts';
import { clusterAt, type Facts, fact, knownValue } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { isFalse, isTrue, text } from '../../src/model/json.ts';
import { type Choice, defineStep, type Guard, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { poolNames, reimageMinutes } from '../shared/minutes.ts';
import { about, size } from '../shared/pool-sizes.ts';
import { plural } from '../shared/texts.ts';
import { minorVersion } from './network-policy/state.ts';

const STEP = 'cluster.certificates';
const ROTATE = 'Microsoft.ContainerService/managedClusters/rotateClusterCertificates/action';
/** The catalogue's margin: a rotation needs a window, and a window needs notice. */
const MARGIN_DAYS = 90;
/** Minutes without an API server and nodes (AKS docs, rotate-certificates: "up to 30 minutes of downtime"). */
const DOWN_MINUTES = 30;
/**
 * Kubelet client certificates renew themselves on clusters made or upgraded since March 2022 (AKS docs, certificate-rotation).
 * Kubernetes 1.24 came after that, so whoever runs it has been upgraded since.
 */
const RENEWING_SINCE_MINOR = 24;

const DAY = 24 * 60 * 60 * 1000;

/** The API server's own certificate as a probe saw it: days left and days since it was issued, counted from when the facts were read. */
function leaf(facts: Facts): { readonly left: number; readonly age: number; readonly notAfter: string } | undefined {
  const shown = knownValue(facts, 'apiServerReachability')?.certificate;
  if (shown === undefined) return undefined;
  const now = Date.parse(facts.source.readAt);
  const left = Math.floor((Date.parse(shown.notAfter) - now) / DAY);
  const age = Math.floor((now - Date.parse(shown.notBefore)) / DAY);
  return Number.isFinite(left) && Number.isFinite(age) ? { left, age, notAfter: clean(shown.notAfter) } : undefined;
}

const localAccountsAreOff = (facts: Facts): boolean => isTrue(clusterAt(facts, 'properties.disableLocalAccounts'));

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

function assess(facts: Facts): Assessment {
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
  if (localAccountsAreOff(facts)) {
    return partial(
      `Local accounts are off, but admin certificates handed out earlier work until the cluster's are rotated. The API server's was issued ${plural(Math.max(0, seen.age), 'day')} ago, by a rotation or by an upgrade: which, cannot be seen from outside.`,
      evidence,
    );
  }
  return { status: 'pass', evidence: [evidence], note: inferred(facts) };
}

function recommendation(facts: Facts): string | undefined {
  const seen = leaf(facts);
  if (seen === undefined || seen.left > MARGIN_DAYS) return undefined;
  return seen.left < 0
    ? `The API server's certificate ended ${plural(-seen.left, 'day')} ago.`
    : `The API server's certificate ends in ${plural(seen.left, 'day')}: choose the hour yourself before it chooses one.`;
}

function worth(facts: Facts): string {
  if (localAccountsAreOff(facts)) {
    return 'Local accounts are off, and yet every admin kubeconfig handed out before still opens the cluster: worth it when one has leaked or nobody knows who has them, not as a matter of course.';
  }
  return 'Local accounts are still on: whoever may list admin credentials gets a new one right after, so turn them off first.';
}

function options(facts: Facts): readonly Option[] {
  const why = recommendation(facts);
  const [, high] = reimageMinutes(facts);
  return [
    {
      id: 'rotate-now',
      title: 'Rotate all certificates of the cluster',
      tradeOff: `Makes a new certificate authority: every kubeconfig with a certificate, every service account token and every node certificate from before stops working. It recreates ${size(facts)}, scale sets and disks with up to ${DOWN_MINUTES} minutes of downtime. ${worth(facts)}`,
      impact: { kind: 'recreate', scope: `the whole cluster for up to ${DOWN_MINUTES} minutes: ${size(facts)}`, pools: poolNames(facts) },
      minutes: [10, Math.max(DOWN_MINUTES, high)],
      cost: `An outage of up to ${DOWN_MINUTES} minutes; no charge`,
      reversible: { kind: 'no', how: 'the old certificates cannot be brought back' },
      notWhen: 'no certificate is about to end and every admin kubeconfig is accounted for',
      ...(why ? { recommended: why } : {}),
      params: [],
    },
  ];
}

/** What breaks for people and programs, beside the outage. */
function rotationGuards(facts: Facts): readonly Guard[] {
  return [
    {
      id: 'local-accounts-first',
      title: 'New admin certificates are not handed out at once',
      ...(localAccountsAreOff(facts)
        ? { verdict: 'clear' as const, detail: 'Local accounts are off: nobody gets a new admin certificate.' }
        : {
            verdict: 'warn' as const,
            detail: 'Local accounts are on: az aks get-credentials --admin hands out a new certificate right after the rotation.',
            next: ['Decide identity.local-accounts first, unless a certificate is about to end.'],
          }),
    },
    {
      id: 'outage',
      title: 'An outage can be had now',
      verdict: 'warn',
      detail: `All nodes are made anew: ${size(facts)}. Up to ${DOWN_MINUTES} minutes down, data on node disks is lost, and other operations are refused until it ends.`,
      next: [
        'Choose a window and tell the people who depend on the cluster. If it ends in a failed state, run it again: that is what the documentation says to do.',
      ],
    },
    {
      id: 'old-credentials',
      title: 'Everybody can sign in anew',
      verdict: 'warn',
      detail: 'Kubeconfigs and service account tokens from before no longer work: pipelines, Argo CD elsewhere and monitoring that carry one are cut off.',
      next: ['Afterwards: az aks get-credentials --overwrite-existing for people, a new token for each program.'],
    },
  ];
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const option = options(facts).find(({ id }) => id === choice.option);
  if (option === undefined) return { changes: [], guards: [] };
  const change: ArmAction = {
    kind: 'arm.action',
    id: `${STEP}/rotate`,
    step: STEP,
    controls: ['13.1'],
    title: 'Rotate the certificates of the cluster',
    target: clusterTarget(facts),
    action: 'rotateClusterCertificates',
    impact: option.impact,
    minutes: option.minutes,
    reversible: option.reversible,
    after: [],
    alone: true,
  };
  return { changes: [change], guards: [...commonGuards(facts, { impact: 'recreate', actions: [ROTATE] }), ...rotationGuards(facts)] };
}

/** How old the cluster's certificates may get, and what a rotation costs. */
export const certificates = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'Must the certificates be rotated?',
  controls: [
    {
      id: '13.1',
      title: 'Cluster certificates are not about to end, and old admin certificates are dead',
      severity: 'medium',
      references: {
        cis: ['3.2.8'],
        docs: [
          aksDoc('Certificates in AKS', 'certificate-rotation'),
          aksDoc('Rotate certificates', 'rotate-certificates'),
          aksDoc('Manage local accounts', 'local-accounts'),
        ],
      },
    },
  ],
  needs: [],
  needsToPlan: ['apiServerReachability', 'permissions', 'locks', 'agentPools'],
  explain: (facts) => ({
    what: `The cluster has a certificate authority of its own. It signs what the API server shows, what nodes sign in with, and the admin kubeconfigs that az aks get-credentials --admin hands out. A rotation replaces all of it at once, in ${about([10, DOWN_MINUTES])} of outage.`,
    why: 'A certificate cannot be revoked in Kubernetes: whoever has an admin kubeconfig has it until the authority that signed it is replaced. And a certificate that ends takes the nodes with it.',
    today: `In 2020 certificates lasted two years and had to be rotated by hand in time. Clusters made since May 2019 have an authority for 30 years, and node certificates renew themselves on clusters with Kubernetes RBAC made or upgraded since March 2022. What is left for a rotation is revoking admin certificates after a leak. ${worth(facts)}`,
  }),
  assess: (facts) => ({ '13.1': assess(facts) }),
  options,
  params: [],
  plan,
  after: ['identity.local-accounts'],
});
