import type { ArmUpdate } from '../../src/model/change.ts';
import { clusterAt, type Facts, fact } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { texts } from '../../src/model/json.ts';
import { type Choice, defineStep, type Guard, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { listed } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assess } from './admin-access/assess.ts';
import { bastionByHand, gatewayByHand, machineByHand } from './admin-access/by-hand.ts';
import { optionIds, options } from './admin-access/options.ts';
import { isPrivate, isProven, notSeen, openWay, RUN_COMMAND, runCommandAllowed, STEP, waysIn } from './admin-access/state.ts';

/** Whether any private path was walked yet. */
function provenGuard(facts: Facts): Guard {
  const id = 'path-proven';
  const title = 'The way has carried somebody';
  const probe = fact(facts, 'apiServerReachability');
  if (isProven(facts)) return { id, title, verdict: 'clear', detail: 'The private API server answers from here.' };
  const next = ['Only what has been tried counts: the steps that close a door ask for it again.'];
  if (!isPrivate(facts)) {
    return {
      id,
      title,
      verdict: 'warn',
      detail: 'The API server is public: an answer from here says nothing about a private way. Try it from inside of the network.',
      next,
    };
  }
  const detail =
    probe.state === 'known' ? `The API server does not answer from here: ${clean(probe.value.detail)}.` : `It was not tried from here: ${clean(probe.reason)}.`;
  return { id, title, verdict: 'warn', detail, next };
}

/** A public server with a list of networks: what comes out of the Bastion must be on it (Bastion docs: bastion-connect-to-aks-private-cluster). */
function rangesGuard(facts: Facts): readonly Guard[] {
  if (isPrivate(facts) || texts(clusterAt(facts, 'properties.apiServerAccessProfile.authorizedIPRanges')).length === 0) return [];
  return [
    {
      id: 'bastion-address',
      title: "The Bastion's address may call",
      verdict: 'warn',
      detail: 'The API server is public, for named networks: the tunnel arrives from the public address of the Bastion, which must be among them.',
      next: ['Add that address in cluster.api-server-exposure.'],
    },
  ];
}

/** What run command gave when it was tried. */
function commandGuard(facts: Facts): Guard {
  const id = 'run-command-answers';
  const title = 'Run command answers';
  const found = fact(facts, 'runCommand');
  const next = ['az aks command invoke --command "kubectl get nodes"'];
  if (!runCommandAllowed(facts)) return { id, title, verdict: 'warn', detail: 'It is off now, so that it can only be tried afterwards.', next };
  if (found.state === 'unknown') return { id, title, verdict: 'unknown', detail: `It was not tried (${clean(found.reason)}).`, next };
  return found.value.reachable
    ? { id, title, verdict: 'clear', detail: 'az aks command invoke answered.' }
    : { id, title, verdict: 'warn', detail: `It is allowed, but did not answer: ${clean(found.value.detail)}.`, next };
}

function allowRunCommand(facts: Facts): StepPlan {
  const edits = clusterEdits(facts, [[RUN_COMMAND, false]]);
  if (runCommandAllowed(facts) || edits.length === 0) return { changes: [], guards: [] };
  const change: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/run-command`,
    step: STEP,
    controls: ['12.2'],
    title: 'Allow run command',
    target: clusterTarget(facts),
    edits,
    impact: { kind: 'none', scope: 'no node and no pod; one way in through Azure opens' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'it is turned off again through ARM' },
    after: [],
  };
  const code = [
    {
      terraform: { line: 'run_command_enabled = true', effect: 'reverts' as const },
      bicep: 'apiServerAccessProfile: { disableRunCommand: false }',
    },
  ];
  return { changes: [change], guards: [...commonGuards(facts, { impact: 'none', code }), commandGuard(facts)] };
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const option = options(facts).find(({ id }) => id === choice.option);
  const id = optionIds.find((known) => known === choice.option);
  if (id === undefined || option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  switch (id) {
    // A way that has carried the operator needs no trying.
    case 'bastion':
      if (isProven(facts) && openWay(facts, 'bastion') !== undefined) return { changes: [], guards: [] };
      return { changes: [bastionByHand(facts)], guards: [provenGuard(facts), ...rangesGuard(facts)] };
    case 'vpn':
      if (isProven(facts) && openWay(facts, 'gateway') !== undefined) return { changes: [], guards: [] };
      return { changes: [gatewayByHand(facts)], guards: [provenGuard(facts)] };
    case 'jump-machine':
      return { changes: [machineByHand(facts)], guards: [provenGuard(facts)] };
    case 'run-command':
      return allowRunCommand(facts);
    default:
      return id satisfies never;
  }
}

function today(facts: Facts): string {
  const open = waysIn(facts).filter(({ fault }) => fault === undefined);
  const missing = notSeen(facts);
  const command = runCommandAllowed(facts) ? 'run command is allowed' : 'run command is closed';
  if (open.length > 0) return `Here ${listed(open.map(({ name, network }) => `${name} in ${network}`))} leads in, and ${command}.`;
  return missing === undefined ? `Here nothing in the network leads in, and ${command}.` : `Here ${command}, and ${clean(missing)}.`;
}

/** How people get to an API server that is private or fenced: the way must be there before a door closes. */
export const adminAccess = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'How do operators get in when the doors close?',
  controls: [
    {
      id: '12.2',
      title: 'A private way in for administrators exists',
      severity: 'medium',
      references: {
        docs: [
          aksDoc('Connect to a private cluster', 'private-cluster-connect'),
          learn('A tunnel to AKS through Azure Bastion', 'azure/bastion/bastion-connect-to-aks-private-cluster'),
          learn('VPN for people with Entra sign-in', 'azure/vpn-gateway/point-to-site-entra-gateway'),
          aksDoc('Run command', 'access-private-cluster'),
        ],
      },
    },
  ],
  needs: ['adminPaths'],
  needsToPlan: ['apiServerReachability', 'runCommand', 'permissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `Before the API server goes private, and before run command is closed, people need another way to it. ${today(facts)} What was found is what stands in the cluster's network and in those peered with it; that it carries somebody, only trying shows.`,
    why: 'A door that closes without another being tried is an outage for everybody who has to mend something. Azure itself stays the last way back: whoever may write the cluster can open it again.',
    today:
      'In 2020 that meant a jump machine with SSH, or Bastion to such a machine. Since August 2025 Azure Bastion tunnels straight to the API server, to people’s own kubectl (Standard or Premium, native client on; its general availability was announced in August 2026, while the AKS pages still say preview). It is not for AKS Automatic and not for clusters with a locked node resource group.',
  }),
  assess: (facts) => ({ '12.2': assess(facts) }),
  options,
  params: [],
  plan,
  after: [],
});
