import type { ArmAction } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { Guard, Option } from '../../../src/model/step.ts';
import { clusterTarget } from '../../shared/edits.ts';
import { poolNames, reimageMinutes } from '../../shared/minutes.ts';
import { size } from '../../shared/pool-sizes.ts';
import { plural } from '../../shared/texts.ts';
import { leaf, localAccountsAreOff, MARGIN_DAYS } from './authority.ts';

export const STEP = 'cluster.certificates';
export const ROTATE = 'Microsoft.ContainerService/managedClusters/rotateClusterCertificates/action';
/** Minutes without an API server and nodes (AKS docs, rotate-certificates: "up to 30 minutes of downtime"). */
export const DOWN_MINUTES = 30;

function recommendation(facts: Facts): string | undefined {
  const seen = leaf(facts);
  if (seen === undefined || seen.left > MARGIN_DAYS) return undefined;
  return seen.left < 0
    ? `The API server's certificate ended ${plural(-seen.left, 'day')} ago.`
    : `The API server's certificate ends in ${plural(seen.left, 'day')}: choose the hour yourself before it chooses one.`;
}

/** When a rotation is worth its outage. */
export function worth(facts: Facts): string {
  if (localAccountsAreOff(facts)) {
    return 'Local accounts are off, and yet every admin kubeconfig handed out before still opens the cluster: worth it when one has leaked or nobody knows who has them, not as a matter of course.';
  }
  return 'Local accounts are still on: whoever may list admin credentials gets a new one right after, so turn them off first.';
}

/** The rotation of everything. */
export function rotateOption(facts: Facts): Option {
  const why = recommendation(facts);
  const [, high] = reimageMinutes(facts);
  return {
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
  };
}

/** The rotation as a change. */
export function rotation(facts: Facts): ArmAction {
  const { impact, minutes, reversible } = rotateOption(facts);
  return {
    kind: 'arm.action',
    id: `${STEP}/rotate`,
    step: STEP,
    controls: ['13.1'],
    title: 'Rotate the certificates of the cluster',
    target: clusterTarget(facts),
    action: 'rotateClusterCertificates',
    impact,
    minutes,
    reversible,
    after: [],
    alone: true,
  };
}

/** What breaks for people and programs, beside the outage. */
export function rotationGuards(facts: Facts): readonly Guard[] {
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
