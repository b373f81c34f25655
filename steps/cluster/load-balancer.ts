import { type Assessment, unknown, verdict } from '../../src/model/assessment.ts';
import type { ArmUpdate, Change, ManualChange } from '../../src/model/change.ts';
import { clusterAt, clusterRef, type Facts } from '../../src/model/facts.ts';
import { isTrue, text } from '../../src/model/json.ts';
import { type Choice, defineStep, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, psruleDoc } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { poolNames, reimageMinutes } from '../shared/minutes.ts';
import { about, poolsWhere, size } from '../shared/pool-sizes.ts';
import { commandWord, listed } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { internalBalancers, moveGuards } from './load-balancer/guards.ts';
import { minorVersion } from './network-policy/state.ts';

const STEP = 'cluster.load-balancer';
const SKU = 'properties.networkProfile.loadBalancerSku';
const KMS = 'properties.securityProfile.azureKeyVaultKms';
/** AKS docs: includes/basic-load-balancer-retirement. */
const ENDED = '2025-09-30';

const sku = (facts: Facts): string | undefined => text(clusterAt(facts, SKU))?.toLowerCase();
const inPlace = (facts: Facts): boolean => sku(facts) === 'standard';

function assess(facts: Facts): Assessment {
  const actual = clusterAt(facts, SKU);
  return sku(facts) === undefined
    ? unknown('the facts do not say which load balancer the cluster has')
    : verdict(inPlace(facts), { path: SKU, actual, wanted: 'standard' });
}

const wordsOf = (facts: Facts): string => {
  const { name, resourceGroup } = clusterRef(facts);
  return `--resource-group ${commandWord(resourceGroup, 'GROUP')} --name ${commandWord(name, 'CLUSTER')}`;
};

/** Why AKS cannot move this cluster in place (AKS docs: upgrade-basic-load-balancer-on-aks, availability-sets-on-aks). */
function refusal(facts: Facts): string | undefined {
  if (inPlace(facts)) return undefined;
  if (sku(facts) === undefined) return 'The facts do not say which load balancer the cluster has.';
  const minor = minorVersion(facts);
  if (minor !== undefined && minor < 27) return `The move needs Kubernetes 1.27; this cluster runs 1.${minor}. Upgrade first.`;
  const sets = poolsWhere(facts, (pool) => text(pool['type'])?.toLowerCase() === 'availabilityset');
  if (sets.length > 0) {
    return `Pool ${listed(sets)} is an availability set, which AKS moves together with the load balancer, with downtime and no way back: az aks update ${wordsOf(facts)} --migrate-vmas-to-vms (az 2.76).`;
  }
  if (isTrue(clusterAt(facts, `${KMS}.enabled`)) && text(clusterAt(facts, `${KMS}.keyVaultNetworkAccess`))?.toLowerCase() === 'private') {
    return 'Key Management Service with a private key vault must be off for the move (and its keys kept): az aks update --disable-azure-keyvault-kms, then rewrite every Secret.';
  }
  const internal = internalBalancers(facts) ?? [];
  return internal.length > 0
    ? `The cluster has an internal Basic load balancer (${listed(internal)}): AKS does not move those in place. What is left is a new cluster.`
    : undefined;
}

/** No duration is documented: a control-plane write at least; at most every node anew, and time for the load balancer. */
const moveMinutes = (facts: Facts): readonly [number, number] => [10, reimageMinutes(facts)[1] + 20];

const oneWay = { kind: 'no', how: 'once the move has begun AKS allows no way back' } as const;

function move(facts: Facts): readonly ArmUpdate[] {
  if (inPlace(facts)) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/standard`,
      step: STEP,
      controls: ['10.3'],
      title: 'Move to the Standard load balancer',
      target: clusterTarget(facts),
      edits: clusterEdits(facts, [[SKU, 'standard']]),
      impact: {
        kind: 'reimage',
        scope: `downtime for everything that comes in or goes out; whether nodes are replaced is not documented: count on all of ${size(facts)}`,
        pools: poolNames(facts),
      },
      minutes: moveMinutes(facts),
      reversible: oneWay,
      after: [],
      alone: true,
    },
  ];
}

function newCluster(facts: Facts): ManualChange {
  return {
    kind: 'manual',
    id: `${STEP}/new-cluster`,
    step: STEP,
    controls: ['10.3'],
    title: 'Move the workloads to a new cluster',
    instructions: [
      'Make a cluster beside this one, in the same network where names inside it must stay: az aks create … --load-balancer-sku standard. Decide there what cannot be changed later: network, identity, API server.',
      'Deploy to it from the same repository, move data, test, then move names over one by one.',
      'Give partners and allow-lists the new addresses before traffic moves: both what comes in and what goes out.',
      `When nothing calls the old one any more: az aks delete ${wordsOf(facts)}`,
    ],
    doneWhen: 'the old cluster serves nothing and is deleted',
    impact: { kind: 'workload', scope: `everything that runs on ${size(facts)}, at your own pace` },
    minutes: [480, 10080],
    reversible: { kind: 'yes', how: 'names are pointed back to the old cluster as long as it is there' },
    after: [],
  };
}

function options(facts: Facts): readonly Option[] {
  const unavailable = refusal(facts);
  const done = inPlace(facts);
  return [
    {
      id: 'standard',
      title: 'Move to the Standard load balancer in place',
      tradeOff: done
        ? 'In place.'
        : `AKS ended support for Basic on ${ENDED}, and nothing that closes the API server or fixes outgoing addresses works with it. The move is a downtime of the whole cluster (${size(facts)}, ${about(moveMinutes(facts))}), outgoing addresses change, and there is no way back.`,
      impact: done
        ? { kind: 'none', scope: 'nothing: it is in place' }
        : { kind: 'reimage', scope: `downtime of the whole cluster: ${size(facts)}`, pools: poolNames(facts) },
      minutes: done ? [0, 0] : moveMinutes(facts),
      cost: 'Standard load balancer: rules by the hour and data; Standard public addresses',
      reversible: oneWay,
      notWhen: 'no downtime can be had: then a new cluster beside this one',
      params: [],
      ...(unavailable
        ? { unavailable }
        : done
          ? {}
          : { recommended: `Support ended on ${ENDED}; whatever waits gets worse, and the other ways to harden this cluster start here.` }),
    },
    {
      id: 'new-cluster',
      title: 'A new cluster beside this one',
      tradeOff: `No downtime where workloads can run twice, and the one way where AKS cannot move this cluster. It is days of work, and both clusters cost meanwhile; in exchange everything that cannot be changed later (identity, network, API server) can be right from the start.`,
      impact: { kind: 'workload', scope: 'workloads move one by one; nothing changes here' },
      minutes: [480, 10080],
      cost: `Twice the nodes while both run: ${size(facts)}`,
      reversible: { kind: 'yes', how: 'as long as the old cluster is there' },
      notWhen: 'a downtime at night can be had, and nothing else on this cluster is beyond repair',
      params: [],
      ...(done ? { unavailable: 'The load balancer is Standard already.' } : {}),
    },
  ];
}

function plan(facts: Facts, { option }: Choice): StepPlan {
  const refused = options(facts).find(({ id }) => id === option)?.unavailable;
  if (refused !== undefined) return { changes: [], guards: [unavailableGuard(refused)] };
  const changes: readonly Change[] = option === 'new-cluster' ? [newCluster(facts)] : move(facts);
  if (changes.length === 0 || option === 'new-cluster') return { changes, guards: [] };
  const code = [
    { terraform: { line: 'load_balancer_sku = "standard"', effect: 'replaces' as const }, bicep: "networkProfile: { loadBalancerSku: 'standard' }" },
  ];
  return {
    changes,
    guards: [...commonGuards(facts, { impact: 'reimage', code }), ...moveGuards(facts)],
  };
}

/** Which load balancer the cluster stands on: what nearly everything about its network needs first. */
export const loadBalancer = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'Which load balancer does the cluster stand on?',
  controls: [
    {
      id: '10.3',
      title: 'The load balancer is Standard',
      severity: 'high',
      references: {
        psrule: ['AZR-000026'],
        docs: [
          aksDoc('From Basic to Standard', 'upgrade-basic-load-balancer-on-aks'),
          aksDoc('Availability sets', 'availability-sets-on-aks'),
          psruleDoc('Azure.AKS.StandardLB'),
        ],
      },
    },
  ],
  needs: [],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools', 'nodeLoadBalancers'],
  explain: () => ({
    what: 'One load balancer carries what comes into the cluster and, unless told otherwise, what leaves it. Its SKU was chosen when the cluster was made.',
    why: `Basic is open by default, has no service level, and AKS ended its support on ${ENDED}. Authorized ranges, a private API server, outgoing addresses of one's own and every other outbound type need Standard.`,
    today:
      'In 2020 Basic was a choice and could not be changed: the advice was a new cluster. Since 2025 AKS moves a cluster in place (Kubernetes 1.27, az 2.76), with downtime and without a way back.',
  }),
  assess: (facts) => ({ '10.3': assess(facts) }),
  options,
  params: [],
  plan,
  after: ['cluster.control-plane-version'],
});
