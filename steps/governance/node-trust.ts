import { type Assessment, notApplicable } from '../../src/model/assessment.ts';
import type { ArmUpdate } from '../../src/model/change.ts';
import { type Facts, isAutomatic, pools } from '../../src/model/facts.ts';
import { texts } from '../../src/model/json.ts';
import { sizesOf } from '../../src/model/machines.ts';
import { type Choice, defineStep, type Guard, type Option, type Param, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { reimageMinutes } from '../shared/minutes.ts';
import { drainGuard, namedPools, poolEdits, poolTarget, WRITE_POOL } from '../shared/pool-edits.ts';
import { about } from '../shared/pool-sizes.ts';
import { overPools, poolsMissing } from '../shared/pool-verdict.ts';
import { commandWord, listed } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { candidates, type Feature, has, isLinux, mayBeGeneration1, nameOf } from './node-trust/eligible.ts';

const STEP = 'governance.node-trust';
const AUTOMATIC = 'On AKS Automatic the nodes are made by node auto-provisioning: set this in its node classes.';

function assessLaunch(facts: Facts): Assessment {
  return overPools(facts, {
    properties: ['securityProfile.enableVTPM', 'securityProfile.enableSecureBoot'],
    wanted: 'true',
    holds: (pool) => has(pool, 'trusted-launch'),
    among: isLinux,
    none: 'there is no Linux pool',
    since: '2024-09-01',
    mixed: 'partial',
  });
}

function assessFips(facts: Facts): Assessment {
  const verdict = overPools(facts, {
    properties: ['enableFIPS'],
    wanted: 'true where a regulation asks for it',
    holds: (pool) => has(pool, 'fips'),
    among: isLinux,
    none: 'there is no Linux pool',
    since: '2021-05-01',
    mixed: 'partial',
  });
  // FIPS is a duty for some and a burden for all others: nothing in Azure says which this cluster is.
  if (verdict.status !== 'fail') return verdict;
  return notApplicable('no pool uses FIPS images, and nothing in Azure says that a regulation asks for FIPS 140');
}

/** Pools that miss the feature and can have it. */
const openPools = (facts: Facts, feature: Feature): readonly string[] => candidates(facts, feature).can.map(nameOf);
/** Those, and the ones that have it already. */
const knownPools = (facts: Facts, feature: Feature): readonly string[] => [
  ...openPools(facts, feature),
  ...namedPools(facts)
    .filter((pool) => isLinux(pool) && has(pool, feature))
    .map(nameOf),
];

const poolParam = (name: string, feature: Feature, prompt: string): Param => ({
  name,
  prompt,
  help: 'Names of Linux node pools, separated by commas. Each one is replaced node by node; start with one that carries little.',
  kind: 'choices',
  choices: (facts) => knownPools(facts, feature).map((value) => ({ value, label: listed([value]) })),
  defaultValue: (facts) => openPools(facts, feature),
  validate: (value, facts) => {
    const known = knownPools(facts, feature);
    const wrong = texts(value).find((pool) => !known.includes(pool));
    if (wrong !== undefined) return `Pool ${listed([wrong])} cannot have it: choose from ${listed(known)}.`;
    return texts(value).length === 0 && openPools(facts, feature).length > 0 ? `Name at least one pool: ${listed(openPools(facts, feature))}.` : undefined;
  },
});

const launchPools = poolParam('trusted-launch-pools', 'trusted-launch', 'Which pools start with Trusted Launch?');
const fipsPools = poolParam('fips-pools', 'fips', 'Which pools use FIPS images?');
const paramOf = { 'trusted-launch': launchPools, fips: fipsPools } as const satisfies { readonly [F in Feature]: Param };

function refusals(facts: Facts, feature: Feature): string {
  const { cannot } = candidates(facts, feature);
  return cannot.length === 0 ? '' : ` Not on ${cannot.map(([pool, why]) => `pool ${listed([nameOf(pool)])} (${why})`).join(', ')}.`;
}

function common(facts: Facts, feature: Feature): Omit<Option, 'id' | 'title' | 'tradeOff' | 'cost' | 'notWhen'> {
  const open = openPools(facts, feature);
  const refusal = isAutomatic(facts) ? AUTOMATIC : knownPools(facts, feature).length === 0 ? `No pool can have it.${refusals(facts, feature)}` : undefined;
  return {
    impact:
      open.length > 0
        ? { kind: 'reimage', scope: `the nodes of pool ${listed(open)}, at once when it is set`, pools: open }
        : { kind: 'none', scope: 'every pool that can have it has it' },
    minutes: open.length > 0 ? reimageMinutes(facts, open) : [0, 1],
    reversible: { kind: 'yes', how: 'switched off again, which replaces the nodes once more' },
    ...(refusal === undefined ? {} : { unavailable: refusal }),
    params: [paramOf[feature].name],
  };
}

function options(facts: Facts): readonly Option[] {
  const launch = common(facts, 'trusted-launch');
  const open = openPools(facts, 'trusted-launch');
  return [
    {
      ...launch,
      id: 'trusted-launch',
      title: 'Start only signed boot loaders, kernels and drivers',
      tradeOff:
        open.length === 0
          ? `Nothing is left to change.${refusals(facts, 'trusted-launch')}`
          : `Secure Boot and a virtual TPM for pool ${listed(open)}: what was changed below the operating system no longer starts. The nodes are replaced at once, ${about(launch.minutes)} in rounds. Drivers and kernel modules without a signature stop working.${refusals(facts, 'trusted-launch')}`,
      cost: 'None, but for the surge nodes during the roll',
      notWhen: 'agents on the nodes load kernel modules of their own that nobody signed',
      ...(launch.unavailable === undefined && open.length > 0
        ? { recommended: 'It costs nothing but one roll of the nodes, and can be taken back the same way. Put it together with another reimage.' }
        : {}),
    },
    {
      ...common(facts, 'fips'),
      id: 'fips',
      title: 'Use images with FIPS 140 validated cryptography',
      tradeOff: `A duty for some (US federal, parts of finance and health), a burden for others: weaker choice of ciphers, images that come later, and mounts of SMB shares may fail. Nodes of pool ${listed(openPools(facts, 'fips'))} are replaced at once. Containers are not judged: their own cryptography stays as it is.${refusals(facts, 'fips')}`,
      cost: 'None, but for the surge nodes during the roll',
      notWhen: 'no regulation asks for it',
    },
  ];
}

function changeOf(facts: Facts, pool: string, feature: Feature): ArmUpdate {
  const launch = feature === 'trusted-launch';
  return {
    kind: 'arm.update',
    id: `${STEP}/${feature}-${pool}`,
    step: STEP,
    controls: [launch ? '20.6' : '20.7'],
    title: launch ? `Turn on vTPM and Secure Boot for pool ${listed([pool])}` : `Move pool ${listed([pool])} to FIPS images`,
    target: poolTarget(facts, pool),
    edits: poolEdits(
      facts,
      pool,
      launch
        ? [
            ['securityProfile.enableVTPM', true],
            ['securityProfile.enableSecureBoot', true],
          ]
        : [['enableFIPS', true]],
    ),
    impact: { kind: 'reimage', scope: `the nodes of pool ${listed([pool])}, at once`, pools: [pool] },
    minutes: reimageMinutes(facts, [pool]),
    reversible: { kind: 'yes', how: 'switched off again, which replaces the nodes once more' },
    after: [],
  };
}

function generationGuard(facts: Facts, chosen: readonly string[]): Guard {
  const id = 'generation-2';
  const title = 'The machines are of generation 2';
  const doubtful = pools(facts).filter((pool) => chosen.includes(nameOf(pool)) && mayBeGeneration1(pool));
  if (doubtful.length === 0) return { id, title, verdict: 'clear', detail: 'The image names say generation 2.' };
  return {
    id,
    title,
    verdict: 'warn',
    detail: `The image of pool ${listed(doubtful.map(nameOf))} does not say gen2, and Trusted Launch needs it: AKS refuses sizes that cannot.`,
    next: doubtful.map(
      (pool) => `az vm list-skus --size ${commandWord(sizesOf(pool)[0] ?? '', 'SIZE')} --query "[].capabilities[?name=='HyperVGenerations'].value"`,
    ),
  };
}

function plan(facts: Facts, { option, values }: Choice): StepPlan {
  if (isAutomatic(facts)) return { changes: [], guards: [unavailableGuard(AUTOMATIC)] };
  const feature: Feature = option === 'fips' ? 'fips' : 'trusted-launch';
  const open = openPools(facts, feature);
  const chosen = texts(values[paramOf[feature].name] ?? open).filter((pool) => open.includes(pool));
  const changes = chosen.map((pool) => changeOf(facts, pool, feature)).filter(({ edits }) => edits.length > 0);
  if (changes.length === 0) return { changes: [], guards: [] };
  const code =
    feature === 'fips'
      ? {
          terraform: { line: 'fips_enabled = true on each pool', effect: 'reverts' as const, note: 'azurerm makes the pool anew when this line differs' },
          bicep: 'enableFIPS: true',
        }
      : {
          terraform: { line: 'securityProfile of the pool through azapi_update_resource', effect: 'unnoticed' as const, note: 'azurerm does not know it' },
          bicep: 'securityProfile: { enableVTPM: true, enableSecureBoot: true }',
        };
  return {
    changes,
    guards: [
      ...commonGuards(facts, { impact: 'reimage', actions: [WRITE_POOL], code: [code] }),
      drainGuard,
      ...(feature === 'trusted-launch' ? [generationGuard(facts, chosen)] : []),
    ],
  };
}

/** Whether nodes start only what is signed, and with which cryptography. */
export const nodeTrust = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'What may nodes boot?',
  controls: [
    {
      id: '20.6',
      title: 'Linux nodes start with vTPM and Secure Boot',
      severity: 'advice',
      references: { docs: [aksDoc('Trusted Launch', 'use-trusted-launch'), aksDoc('Changes that reimage nodes', 'node-disruption-policy')] },
    },
    {
      id: '20.7',
      title: 'Linux nodes use FIPS 140 images where that is required',
      severity: 'advice',
      references: { docs: [aksDoc('FIPS node pools', 'enable-fips-nodes')] },
    },
  ],
  needs: [],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools'],
  explain: () => ({
    what: 'Trusted Launch lets a node start only signed boot code and keeps measurements of it in a virtual TPM. FIPS images use cryptography that a US standard has validated.',
    why: 'Whoever gets below the operating system of a node is invisible to everything above it and survives a restart.',
    today:
      'Until July 2026 Trusted Launch needed a new pool; since then it can be set on a pool that is there, which replaces its nodes at once. The same has long been true of FIPS on Linux pools.',
  }),
  assess: (facts) => {
    const missing = poolsMissing(facts);
    if (missing !== undefined) return { '20.6': missing, '20.7': missing };
    return { '20.6': assessLaunch(facts), '20.7': assessFips(facts) };
  },
  options,
  params: [launchPools, fipsPools],
  plan,
  // Their reimage is the last one that a pool should see: it comes with what else replaces nodes.
  after: ['cluster.network-policy', 'cluster.node-os-updates', 'cluster.node-pool-versions'],
});
