import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import { type Choice, defineStep, type Guard, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import type { CodeLine } from '../shared/iac.ts';
import { WRITE_CLUSTER } from '../shared/permissions.ts';
import { listed, plural } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assess } from './api-server-exposure/assess.ts';
import { integrationChanges, privateChange, publicNameChange, rangesChange } from './api-server-exposure/changes.ts';
import { type OptionId, optionIds, options } from './api-server-exposure/options.ts';
import { params, type Wanted, wantedOf } from './api-server-exposure/params.ts';
import { integrationGuards, privateGuards } from './api-server-exposure/private-guards.ts';
import { canProbe, rangeGuards } from './api-server-exposure/range-guards.ts';
import { exposure, STEP } from './api-server-exposure/state.ts';

const STOP = 'Microsoft.ContainerService/managedClusters/stop/action';
const START = 'Microsoft.ContainerService/managedClusters/start/action';

/** What one option comes to, before the guards that every step shares. */
interface Way {
  readonly changes: readonly Change[];
  readonly guards: readonly Guard[];
  readonly actions: readonly string[];
  readonly code: readonly CodeLine[];
}

const integrationCode: CodeLine = {
  terraform: {
    line: 'api_server_access_profile { virtual_network_integration_enabled = true, subnet_id = "…" }',
    effect: 'replaces',
    note: 'without subnet_id the provider plans a new cluster',
  },
  bicep: "apiServerAccessProfile: { enableVnetIntegration: true, subnetId: '…' }",
};

function wayOf(facts: Facts, option: OptionId, wanted: Wanted): Way {
  switch (option) {
    case 'authorized-ranges':
      return {
        changes: rangesChange(facts, wanted.ranges, canProbe(facts, wanted)),
        guards: rangeGuards(facts, wanted),
        actions: [WRITE_CLUSTER],
        code: [
          {
            terraform: {
              line: `api_server_access_profile { authorized_ip_ranges = [${wanted.ranges.map((range) => `"${range}"`).join(', ')}] }`,
              effect: 'reverts',
            },
            bicep: `apiServerAccessProfile: { authorizedIPRanges: [${wanted.ranges.map((range) => `'${range}'`).join(', ')}] }`,
          },
        ],
      };
    case 'vnet-integration':
      return {
        changes: integrationChanges(facts, wanted.subnetId),
        guards: integrationGuards(facts, wanted),
        actions: [WRITE_CLUSTER, STOP, START],
        code: [integrationCode],
      };
    case 'private-cluster': {
      const first = exposure(facts).isPrivate ? [] : integrationChanges(facts, wanted.subnetId);
      const last = first.at(-1);
      return {
        // Another way in that is prepared in the same plan must carry somebody before the public one closes.
        changes: [...first, ...privateChange(facts, [...(last ? [last.id] : []), 'cluster.admin-access'])],
        guards: [...privateGuards(facts, wanted), ...integrationGuards(facts, wanted)],
        actions: first.length > 0 ? [WRITE_CLUSTER, STOP, START] : [WRITE_CLUSTER],
        code: [
          ...(first.length > 0 ? [integrationCode] : []),
          { terraform: { line: 'private_cluster_enabled = true', effect: 'replaces' }, bicep: 'apiServerAccessProfile: { enablePrivateCluster: true }' },
        ],
      };
    }
    case 'hide-public-fqdn':
      return {
        changes: publicNameChange(facts),
        guards: [],
        actions: [WRITE_CLUSTER],
        code: [
          {
            terraform: { line: 'private_cluster_public_fqdn_enabled = false', effect: 'reverts' },
            bicep: 'apiServerAccessProfile: { enablePrivateClusterPublicFQDN: false }',
          },
        ],
      };
    default:
      return option satisfies never;
  }
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const id = optionIds.find((option) => option === choice.option);
  const option = options(facts).find((candidate) => candidate.id === id);
  if (id === undefined || option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  const { changes, guards, actions, code } = wayOf(facts, id, wantedOf(facts, choice));
  if (changes.length === 0) return { changes: [], guards: [] };
  return { changes, guards: [...commonGuards(facts, { impact: option.impact.kind, actions, canLockOut: true, code }), ...guards] };
}

function today(facts: Facts): string {
  const { isPrivate, isIntegrated, ranges } = exposure(facts);
  if (isPrivate) return `Here it has no public address${isIntegrated ? '; it stands in your own network' : ' and is reached over Private Link'}.`;
  if (ranges.length > 0) return `Here it has a public address, for ${plural(ranges.length, 'range')}: ${listed(ranges, 4)}.`;
  return 'Here it has a public address and talks to anyone who calls; only the sign-in stands between the internet and the cluster.';
}

/** Who can reach the API server: private cluster, or public for named networks. */
export const apiServerExposure = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'Who can reach the API server?',
  controls: [
    {
      id: '12.1',
      title: 'A public API server answers named networks only',
      severity: 'high',
      references: {
        cis: ['5.4.1'],
        policy: ['0e246bcf-5f6f-4f87-bc6f-775d4712c7ea'],
        psrule: ['AZR-000030'],
        checkov: ['CKV_AZURE_6'],
        docs: [aksDoc('Authorized IP ranges', 'api-server-authorized-ip-ranges'), aksDoc('Egress types', 'egress-outboundtype')],
      },
    },
    {
      id: '11.1',
      title: 'The API server has no public address',
      severity: 'medium',
      references: {
        cis: ['5.4.2'],
        policy: ['040732e8-d947-40b8-95d6-854c95024bf8'],
        checkov: ['CKV_AZURE_115'],
        docs: [aksDoc('Private clusters', 'private-clusters'), aksDoc('Reach a private cluster', 'access-private-cluster')],
      },
    },
    {
      id: '11.2',
      title: "The API server is in the cluster's own network (VNet integration)",
      severity: 'advice',
      references: { docs: [aksDoc('API Server VNet Integration', 'api-server-vnet-integration'), aksDoc('Stop and start a cluster', 'start-stop-cluster')] },
    },
    {
      id: '11.3',
      title: 'A private cluster has no name in public DNS',
      severity: 'low',
      references: { docs: [aksDoc('Disable the public name', 'private-clusters'), learn('Private Link and DNS', 'azure/private-link/private-endpoint-dns')] },
    },
  ],
  needs: ['outboundAddresses'],
  needsToPlan: [
    'adminPaths',
    'operator',
    'permissions',
    'locks',
    'ownership',
    'agentPools',
    'subnets',
    'roleAssignments',
    'apiServerReachability',
    'runCommand',
  ],
  explain: (facts) => ({
    what: `The API server is the door to everything in the cluster. ${today(facts)} Two ways make it narrower. Authorized ranges keep the public address and let named networks in: done in minutes, taken back in minutes. A private cluster has no public address at all: nobody outside of the network can even knock, but you need a way into that network for people, pipelines and emergencies.`,
    why: 'Stolen tokens and the next hole in Kubernetes are only of use to those who can reach the server. Ranges stop the whole internet from trying; a private cluster also stops whoever sits in an allowed network. Neither replaces sign-in, and ARM stays the way back for both: they are properties of the Azure resource, so a wrong list can be put right from anywhere.',
    today:
      'In 2020 a cluster could only be private from its creation: the advice was to build a new one. With API Server VNet Integration (generally available, az 2.73 or later) an existing cluster gets there, in this order: VNet integration (one-way, replaces every node), a stop and a start by hand, then private mode as a switch. Guides that only say "az aks update --enable-private-cluster" leave out the first two, without which it is refused. And a list of just 0.0.0.0/32, which some scanners propose, locks out every administrator.',
  }),
  assess,
  options,
  params,
  plan,
  // The balancer first, and the address that traffic leaves from: the ranges must hold it.
  after: ['cluster.load-balancer', 'cluster.egress', 'cluster.admin-access'],
});
