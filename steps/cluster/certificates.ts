import type { Facts } from '../../src/model/facts.ts';
import { pools } from '../../src/model/facts.ts';
import { type Choice, defineStep, type Guard, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { reimageMinutes } from '../shared/minutes.ts';
import { drainGuard, UPGRADE_NODE_IMAGE, WRITE_POOL } from '../shared/pool-edits.ts';
import { about } from '../shared/pool-sizes.ts';
import { listed } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assessAuthority } from './certificates/authority.ts';
import { DOWN_MINUTES, ROTATE, rotateOption, rotation, rotationGuards, STEP, worth } from './certificates/rotation.ts';
import { assessServing, OPT_OUT, optedOutPools, renewServing } from './certificates/serving.ts';

const NOBODY = 'No pool has opted out. A pool that does not renew yet gets it with its next Kubernetes version.';

function servingOption(facts: Facts): Option {
  const out = optedOutPools(facts);
  return {
    id: 'renew-serving',
    title: 'Let nodes renew their serving certificates',
    tradeOff:
      out.length === 0
        ? NOBODY
        : `Pool ${listed(out)} opted out by a tag: what its nodes show when logs and metrics are asked of them is signed by nobody. The tag goes, and ${out.length} of ${pools(facts).length} pools get new nodes, ${about(reimageMinutes(facts, out))}. What reads the old file (kubeletserver.crt) on the nodes must read the new place.`,
    impact: out.length === 0 ? { kind: 'none', scope: 'nothing' } : { kind: 'reimage', scope: `the nodes of pool ${listed(out)}`, pools: out },
    minutes: out.length === 0 ? [0, 0] : reimageMinutes(facts, out),
    cost: 'None, but for the surge nodes during the roll',
    reversible: { kind: 'partly', how: 'the tag and another new image, until AKS stops heeding it on 2027-04-01' },
    notWhen: 'a monitoring agent still reads the old certificate file from the nodes',
    ...(out.length === 0 ? { unavailable: NOBODY } : {}),
    params: [],
  };
}

function options(facts: Facts): readonly Option[] {
  const rotate = rotateOption(facts);
  const serving = servingOption(facts);
  const recommended = rotate.recommended === undefined && serving.unavailable === undefined;
  return [
    rotate,
    recommended
      ? { ...serving, recommended: 'From 2027-04-01 on AKS switches it on by itself with the next reimage: better on a day of your own choice.' }
      : serving,
  ];
}

/** Agents that check the kubelet's certificate by a file of the node look in another place afterwards. */
const readersGuard: Guard = {
  id: 'certificate-readers',
  title: 'Nothing reads the old certificate',
  verdict: 'warn',
  detail:
    'The certificate moves from /etc/kubernetes/certs/kubeletserver.crt to /var/lib/kubelet/pki: agents that mount the old file lose sight of the kubelet.',
  next: ['Look for mounts of /etc/kubernetes/certs in DaemonSets before: kubectl get daemonsets -A -o yaml'],
};

function plan(facts: Facts, choice: Choice): StepPlan {
  switch (choice.option) {
    case 'rotate-now':
      return { changes: [rotation(facts)], guards: [...commonGuards(facts, { impact: 'recreate', actions: [ROTATE] }), ...rotationGuards(facts)] };
    case 'renew-serving': {
      const changes = renewServing(facts);
      if (changes.length === 0) return { changes, guards: [unavailableGuard(NOBODY)] };
      const code = [
        {
          terraform: { line: `tags without ${OPT_OUT} on each pool`, effect: 'reverts' as const },
          bicep: `agentPoolProfiles: [{ tags: { } }] without ${OPT_OUT}`,
        },
      ];
      return {
        changes,
        guards: [...commonGuards(facts, { impact: 'reimage', actions: [WRITE_POOL, UPGRADE_NODE_IMAGE], code }), readersGuard, drainGuard],
      };
    }
    default:
      return { changes: [], guards: [] };
  }
}

/** How old the cluster's certificates may get, who renews them, and what a rotation costs. */
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
    {
      id: '13.2',
      title: 'Nodes renew the certificates that they show as servers',
      severity: 'low',
      references: {
        cis: ['3.2.9'],
        docs: [
          aksDoc('Kubelet serving certificate rotation', 'certificate-rotation'),
          { title: 'AKS: end of the tag that opts out', url: 'https://github.com/Azure/AKS/issues/5539' },
        ],
      },
    },
  ],
  needs: [],
  needsToPlan: ['apiServerReachability', 'certificateHistory', 'nodes', 'permissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `The cluster has a certificate authority of its own. It signs what the API server shows, what nodes sign in with, and the admin kubeconfigs that az aks get-credentials --admin hands out. A rotation replaces all of it at once, in ${about([10, DOWN_MINUTES])} of outage. Nodes show a certificate as well, when logs and metrics are asked of them; that one they renew by themselves, unless a pool opted out.`,
    why: 'A certificate cannot be revoked in Kubernetes: whoever has an admin kubeconfig has it until the authority that signed it is replaced. And a certificate that ends takes the nodes with it.',
    today: `In 2020 certificates lasted two years and had to be rotated by hand in time. Clusters made since May 2019 have an authority for 30 years, and node certificates renew themselves on clusters with Kubernetes RBAC made or upgraded since March 2022; serving certificates since July 2025, from Kubernetes 1.27 on. What is left for a rotation is revoking admin certificates after a leak. ${worth(facts)}`,
  }),
  assess: (facts) => ({ '13.1': assessAuthority(facts), '13.2': assessServing(facts) }),
  options,
  params: [],
  plan,
  after: ['identity.local-accounts'],
});
