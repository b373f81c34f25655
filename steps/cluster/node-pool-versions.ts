import { type Facts, knownValue } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import type { Json } from '../../src/model/json.ts';
import { type Choice, defineStep, type Guard, type Param, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, psruleDoc } from '../shared/docs.ts';
import { rollGuards } from '../shared/drain.ts';
import { commonGuards } from '../shared/guards.ts';
import { WRITE_POOL } from '../shared/pool-edits.ts';
import { size } from '../shared/pool-sizes.ts';
import { listed } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { compareVersions, controlPlaneVersion } from '../shared/versions.ts';
import { assessSettings, assessTypes, assessVersions } from './node-pool-versions/assess.ts';
import { leaveAvailabilitySets, setSurge, upgradePools } from './node-pool-versions/changes.ts';
import { options } from './node-pool-versions/options.ts';
import { nameOf, STEP, SURGE, silentPools, slowerThan, targets } from './node-pool-versions/state.ts';

const params: readonly Param[] = [
  {
    name: 'version',
    prompt: 'To which version shall the pools go?',
    help: 'What the control plane runs; or a later one, where the same plan takes the control plane there first.',
    kind: 'choice',
    choices: (facts) =>
      targets(facts).map((version, i) => ({
        value: version,
        label: i === 0 ? `${version} (what the control plane runs)` : `${version} (control plane first)`,
      })),
    defaultValue: (facts) => targets(facts)[0],
    validate: (value, facts) =>
      typeof value === 'string' && targets(facts).includes(value) ? undefined : `${clean(String(value))} is not offered here: ${listed(targets(facts), 8)}.`,
  },
  {
    name: 'maxSurge',
    prompt: 'How many nodes more may a pool have while it rolls?',
    help: 'A share (33%) or a number, for pools that do not say yet (others keep theirs); 33% is what AKS recommends for production. Quota and addresses must be there for all of them.',
    kind: 'text',
    defaultValue: () => SURGE,
    validate: surgeFault,
  },
];

function surgeFault(value: Json): string | undefined {
  const said = typeof value === 'string' ? value : '';
  const share = /^(\d{1,3})%$/.exec(said)?.[1];
  if (share !== undefined && Number(share) >= 1 && Number(share) <= 100) return undefined;
  return /^[1-9]\d{0,2}$/.test(said) ? undefined : `"${clean(String(value))}" is neither a share from 1% to 100% nor a number of nodes.`;
}

/** AKS refuses pools ahead of their control plane (NodePoolMcVersionIncompatible): the order of the plan sees to that, where both are planned. */
function orderGuard(facts: Facts, version: string): readonly Guard[] {
  const plane = controlPlaneVersion(facts) ?? version;
  if (compareVersions(version, plane) <= 0) return offerGuard(facts, version);
  return [
    {
      id: 'control-plane-first',
      title: 'The control plane goes first',
      verdict: 'warn',
      detail: `The control plane runs ${plane}. Without cluster.control-plane-version to ${version} in the same plan AKS refuses this (NodePoolMcVersionIncompatible), and nothing happens.`,
      next: [`Decide cluster.control-plane-version: option control-plane, version ${version}.`],
    },
  ];
}

/** What AKS says that a pool may be upgraded to. */
function offerGuard(facts: Facts, version: string): readonly Guard[] {
  const profile = knownValue(facts, 'clusterUpgrades')?.pools ?? [];
  const without = slowerThan(facts, version).filter((pool) => {
    const own = profile.find((one) => one.pool === nameOf(pool));
    return own !== undefined && own.upgrades.length > 0 && !own.upgrades.includes(version);
  });
  if (without.length === 0) return [];
  return [
    {
      id: 'offered',
      title: 'AKS offers the version to these pools',
      verdict: 'warn',
      detail: `AKS does not list ${version} for pool ${listed(without.map(nameOf))}: it may refuse, and then nothing happens.`,
      next: ['Look: az aks nodepool get-upgrades. Another version may have to come in between.'],
    },
  ];
}

function plan(facts: Facts, { option: id, values }: Choice): StepPlan {
  const option = options(facts).find((one) => one.id === id);
  if (option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  if (id === 'leave-availability-sets') return { changes: leaveAvailabilitySets(facts), guards: commonGuards(facts, { impact: 'recreate' }) };
  const maxSurge = String(values['maxSurge'] ?? SURGE);
  if (id === 'settings') {
    const changes = setSurge(facts, silentPools(facts), maxSurge);
    return changes.length === 0
      ? { changes, guards: [] }
      : { changes, guards: commonGuards(facts, { impact: 'none', actions: [WRITE_POOL], code: [surgeCode(maxSurge)] }) };
  }
  const version = String(values['version'] ?? '');
  const moved = version === '' ? [] : slowerThan(facts, version);
  const silent = silentPools(facts).filter((pool) => moved.includes(pool));
  const changes = [...setSurge(facts, silent, maxSurge), ...upgradePools(facts, moved, version)];
  if (changes.length === 0) return { changes, guards: [] };
  return {
    changes,
    guards: [
      ...commonGuards(facts, {
        impact: 'reimage',
        actions: [WRITE_POOL],
        code: [
          {
            terraform: {
              line: `orchestrator_version = "${version}" on each pool`,
              effect: 'reverts',
              note: 'AKS refuses to go back, so every apply fails until the code agrees',
            },
            bicep: `agentPoolProfiles: [{ orchestratorVersion: '${version}' }]`,
          },
          ...(silent.length > 0 ? [surgeCode(maxSurge)] : []),
        ],
      }),
      ...orderGuard(facts, version),
      ...rollGuards(facts, moved.map(nameOf)),
    ],
  };
}

const surgeCode = (maxSurge: string) => ({
  terraform: { line: `upgrade_settings { max_surge = "${maxSurge}" } on each pool`, effect: 'reverts' as const },
  bicep: `agentPoolProfiles: [{ upgradeSettings: { maxSurge: '${maxSurge}' } }]`,
});

/** Which version the nodes run, and how they are replaced. */
export const nodePoolVersions = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'Do the nodes keep up with the control plane?',
  controls: [
    {
      id: '8.1',
      title: 'Node pools run the control plane’s minor version',
      severity: 'medium',
      references: {
        psrule: ['AZR-000016'],
        docs: [
          aksDoc('Rolling upgrades of node pools', 'upgrade-aks-node-pools-rolling'),
          aksDoc('Roll a pool back', 'roll-back-node-pool-version'),
          psruleDoc('Azure.AKS.PoolVersion'),
        ],
      },
    },
    {
      id: '8.2',
      title: 'Every pool says how its nodes are replaced',
      severity: 'low',
      references: { docs: [aksDoc('Surge, drain and soak', 'upgrade-aks-node-pools-rolling')] },
    },
    {
      id: '8.3',
      title: 'No pool is an availability set',
      severity: 'high',
      references: { psrule: ['AZR-000017'], checkov: ['CKV_AZURE_169'], docs: [aksDoc('Availability sets', 'availability-sets-on-aks')] },
    },
  ],
  needs: ['kubernetesVersions', 'clusterUpgrades'],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools', 'disruptionBudgets'],
  explain: (facts) => ({
    what: `The nodes (${size(facts)}) run a kubelet of their own version: the control plane’s, or up to three minors older, never newer. A pool’s upgrade drains and replaces its nodes; how many at a time is the pool’s surge setting.`,
    why: 'An old kubelet keeps its holes whatever the control plane runs, and the slowest pool holds every further upgrade back.',
    today:
      'Docs disagree about the distance: two minors (an older page) or three (since 1.28). Three is allowed, and this page is not satisfied before it is none. Availability sets, the 2020 default, are out of support since 2025-09-30. Since 2026 a pool can be rolled back for seven days.',
  }),
  assess: (facts) => ({ '8.1': assessVersions(facts), '8.2': assessSettings(facts), '8.3': assessTypes(facts) }),
  options,
  params,
  plan,
  after: ['cluster.control-plane-version'],
});
