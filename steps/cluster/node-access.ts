import { type Facts, fact, nodeCount } from '../../src/model/facts.ts';
import { type Choice, defineStep, type Guard, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { WRITE_CLUSTER } from '../shared/permissions.ts';
import { drainGuard, UPGRADE_NODE_IMAGE, WRITE_POOL } from '../shared/pool-edits.ts';
import { listed, plural } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { closeRunCommand, closeSsh, replacePools, STEP } from './node-access/changes.ts';
import { NO_ADDRESSES, options } from './node-access/options.ts';
import { assessPublicAddresses, assessRunCommand, assessSsh, isPrivate, nameOf, publicPools } from './node-access/verdicts.ts';

/** What an option closes. */
interface Doors {
  readonly runCommand: boolean;
  readonly ssh: boolean;
  readonly addresses: boolean;
}
const doorsOf: { readonly [option: string]: Doors } = {
  'run-command': { runCommand: true, ssh: false, addresses: false },
  ssh: { runCommand: false, ssh: true, addresses: false },
  'public-ips': { runCommand: false, ssh: false, addresses: true },
  all: { runCommand: true, ssh: true, addresses: true },
};

/** Run command is a way in that needs no network: it goes only where another way is proven. */
function pathGuard(facts: Facts): Guard {
  const id = 'another-way-in';
  const title = 'There is another way to the API server';
  const found = fact(facts, 'apiServerReachability');
  const next = ['Set up Bastion, a VPN or a machine in the network, and run kubectl get --raw /readyz from there.'];
  if (found.state === 'known' && found.value.reachable) return { id, title, verdict: 'clear', detail: 'The API server answers from here.' };
  const detail =
    found.state === 'known'
      ? `The API server does not answer from here: ${listed([found.value.detail])}.`
      : `Whether the API server answers from here is not known: ${found.reason}.`;
  if (!isPrivate(facts))
    return {
      id,
      title,
      verdict: found.state === 'known' ? 'warn' : 'unknown',
      detail: `${detail} It is public, so a network path can be opened through ARM.`,
      next,
    };
  return { id, title, verdict: found.state === 'known' ? 'refuse' : 'unknown', detail, next, override: 'another private path works' };
}

const previewGuard: Guard = {
  id: 'ssh-preview',
  title: 'The SSH switch is a preview',
  verdict: 'warn',
  detail:
    'The property is part of the stable API, the feature behind it is a preview without support agreement. A later write of a pool by an older tool may set it back.',
  next: ['Look again after the next change of a pool: az aks nodepool show --query securityProfile.sshAccess'],
};

function plan(facts: Facts, { option }: Choice): StepPlan {
  const doors = doorsOf[option] ?? { runCommand: false, ssh: false, addresses: false };
  if (option === 'public-ips' && publicPools(facts).length === 0) return { changes: [], guards: [unavailableGuard(NO_ADDRESSES)] };
  const replaced = doors.addresses ? replacePools(facts) : [];
  // A pool that is made anew comes without the old one's settings: no new image for nodes that go anyway.
  const ssh = doors.ssh ? closeSsh(facts, doors.addresses ? publicPools(facts).map(nameOf) : []) : [];
  // Run command last: it is the way back while nodes are replaced.
  const run = doors.runCommand
    ? closeRunCommand(
        facts,
        [...replaced, ...ssh].map(({ id }) => id),
      )
    : [];
  const changes = [...replaced, ...ssh, ...run];
  if (changes.length === 0) return { changes: [], guards: [] };
  const impact = replaced.length > 0 ? 'recreate' : ssh.length > 0 ? 'reimage' : 'none';
  const actions = [...(run.length > 0 ? [WRITE_CLUSTER] : []), ...(ssh.length > 0 ? [WRITE_POOL, UPGRADE_NODE_IMAGE] : [])];
  const code = [
    ...(run.length > 0
      ? [
          {
            terraform: { line: 'run_command_enabled = false', effect: 'reverts' as const, note: 'the attribute defaults to true' },
            bicep: 'apiServerAccessProfile: { disableRunCommand: true }',
          },
        ]
      : []),
    ...(replaced.length > 0
      ? [
          {
            terraform: { line: 'node_public_ip_enabled = false', effect: 'reverts' as const, note: 'azurerm makes the pool anew when this line differs' },
            bicep: 'enableNodePublicIP: false',
          },
        ]
      : []),
    ...(ssh.length > 0
      ? [
          {
            terraform: { line: 'securityProfile.sshAccess through azapi_update_resource', effect: 'unnoticed' as const },
            bicep: "securityProfile: { sshAccess: 'Disabled' }",
          },
        ]
      : []),
  ];
  return {
    changes,
    guards: [
      ...commonGuards(facts, { impact, actions, writesCluster: run.length + ssh.length > 0, canLockOut: run.length > 0, code }),
      ...(run.length > 0 ? [pathGuard(facts)] : []),
      ...(ssh.length > 0 ? [previewGuard] : []),
      ...(impact === 'none' ? [] : [drainGuard]),
    ],
  };
}

/** Which side doors lead to the nodes: their own addresses, SSH, and commands through Azure. */
export const nodeAccess = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'Which side doors lead to the nodes?',
  controls: [
    {
      id: '11.4',
      title: 'No node has a public address',
      severity: 'high',
      references: { cis: ['5.4.3'], checkov: ['CKV_AZURE_143'], docs: [aksDoc('Public addresses of nodes', 'use-node-public-ips')] },
    },
    {
      id: '12.3',
      title: 'Run command is off',
      severity: 'medium',
      references: {
        policy: ['89f2d532-c53c-4f8f-9afa-4927b1114a0d', '1b708b0a-3380-40e9-8b79-821f9fa224cc'],
        docs: [aksDoc('Run command', 'access-private-cluster')],
      },
    },
    {
      id: '12.4',
      title: 'SSH to the nodes is off',
      severity: 'advice',
      references: { policy: ['28257686-e9db-403e-b9e2-a5eecbe03da9'], docs: [aksDoc('SSH access to nodes', 'manage-ssh-node-access')] },
    },
  ],
  needs: [],
  needsToPlan: ['apiServerReachability', 'permissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `Besides the API server there are side doors to ${plural(nodeCount(facts), 'node')}: an address of its own on each node, SSH with a key, and run command, which starts a pod through Azure.`,
    why: 'Each one goes past what guards the front: a node’s address past the load balancer, SSH past Kubernetes, run command past network fences and private endpoints.',
    today:
      'In 2020 a jump host with SSH was the advice. Today kubectl debug node and Bastion do that work, so SSH can go (the switch is in preview); run command came in 2021 as a way into private clusters, and stays on until it is turned off.',
  }),
  assess: (facts) => ({ '11.4': assessPublicAddresses(facts), '12.3': assessRunCommand(facts), '12.4': assessSsh(facts) }),
  options,
  params: [],
  plan,
  // Run command goes after everything that may need it as a way back.
  after: ['cluster.admin-access', 'cluster.api-server-exposure', 'cluster.network-policy', 'cluster.node-os-updates', 'cluster.node-pool-versions'],
});
