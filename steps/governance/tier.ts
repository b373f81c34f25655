import { type Assessment, preconfigured, verdict } from '../../src/model/assessment.ts';
import type { ArmUpdate } from '../../src/model/change.ts';
import { clusterAt, type Facts, isAutomatic } from '../../src/model/facts.ts';
import { text } from '../../src/model/json.ts';
import { type Choice, defineStep, type Option, type Param, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, psruleDoc } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { size } from '../shared/pool-sizes.ts';
import { notShown } from '../shared/pool-verdict.ts';
import { unavailableGuard } from '../shared/unavailable.ts';

const STEP = 'governance.tier';
const LTS = 'AKSLongTermSupport';
const tierOf = (facts: Facts): string => text(clusterAt(facts, 'sku.tier'))?.toLowerCase() ?? 'free';
const hasLongTermSupport = (facts: Facts): boolean => text(clusterAt(facts, 'properties.supportPlan'))?.toLowerCase() === LTS.toLowerCase();
/** `Paid` is what api-versions before 2023-02-01 call Standard. */
const withSla: readonly string[] = ['standard', 'premium', 'paid'];

function assess(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic comes with the Standard tier.');
  const actual = clusterAt(facts, 'sku.tier');
  // A body without sku stands for Base and Free (azure-cli acs, update_sku).
  return notShown(facts, 'sku.tier', '2020-02-01') ?? verdict(withSla.includes(tierOf(facts)), { path: 'sku.tier', actual, wanted: 'Standard or Premium' });
}

const longTermSupport: Param = {
  name: 'long-term-support',
  prompt: 'Two years of support for each Kubernetes version?',
  help: 'Yes sets the support plan AKSLongTermSupport: security fixes for a version for about 24 months instead of 12. Only with Premium.',
  kind: 'yes-no',
  defaultValue: hasLongTermSupport,
  validate: (value, facts) =>
    value === false && hasLongTermSupport(facts)
      ? 'This cluster is on long-term support already: say yes to keep it. Leaving it needs a version that is still in community support, and is another decision.'
      : undefined,
};

function unavailable(facts: Facts, wanted: 'standard' | 'premium'): string | undefined {
  if (isAutomatic(facts)) return 'AKS Automatic fixes the tier to Standard.';
  if (wanted === 'standard' && tierOf(facts) === 'premium') {
    return 'The cluster is on Premium, which includes all of Standard; going down is no hardening.';
  }
  return undefined;
}

function options(facts: Facts): readonly Option[] {
  const refusal = (wanted: 'standard' | 'premium') => {
    const reason = unavailable(facts, wanted);
    return reason === undefined ? {} : { unavailable: reason };
  };
  const premiumNow = tierOf(facts) === 'premium';
  return [
    {
      id: 'standard',
      title: 'Standard: an uptime promise for the API server',
      tradeOff: `Microsoft answers for 99.95 % of the time with availability zones, 99.9 % without, and the control plane of ${size(facts)} gets room to grow to 5,000 nodes. On Free it is best effort, meant for tests and fewer than 10 nodes.`,
      impact: { kind: 'billing', scope: 'an hourly charge for the cluster; no node and no connection is touched' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'Cluster management, per cluster and hour',
      reversible: { kind: 'yes', how: 'back to Free the same way' },
      notWhen: 'the cluster is for tests and an hour without its API server hurts nobody',
      ...(unavailable(facts, 'standard') === undefined
        ? { recommended: 'Admission policies, sign-in and autoscaling all go through the API server: when it is slow or away, so are they.' }
        : {}),
      ...refusal('standard'),
      params: [],
    },
    {
      id: 'premium',
      title: 'Premium: the same, and long-term support if you want it',
      tradeOff: `As Standard, and each Kubernetes version of ${size(facts)} may be kept for about 24 months with security fixes. That buys time for upgrades; it does not replace them.`,
      impact: { kind: 'billing', scope: 'a higher hourly charge for the cluster; no node and no connection is touched' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'Cluster management at the higher rate, per cluster and hour',
      reversible: { kind: 'partly', how: 'long-term support must be left first, which needs a Kubernetes version that is still in community support' },
      notWhen: 'you upgrade at least once a year anyway',
      ...(premiumNow ? { recommended: 'The cluster is on Premium already.' } : {}),
      ...refusal('premium'),
      params: [longTermSupport.name],
    },
  ];
}

function plan(facts: Facts, { option, values }: Choice): StepPlan {
  const premium = option === 'premium';
  const reason = unavailable(facts, premium ? 'premium' : 'standard');
  if (reason !== undefined) return { changes: [], guards: [unavailableGuard(reason)] };
  const tier = premium ? 'Premium' : 'Standard';
  const name = text(clusterAt(facts, 'sku.name'))?.toLowerCase();
  const edits = clusterEdits(facts, [
    ...(name === 'base' ? [] : [['sku.name', 'Base'] as const]),
    ...(tierOf(facts) === tier.toLowerCase() ? [] : [['sku.tier', tier] as const]),
    ...(premium && values[longTermSupport.name] === true && !hasLongTermSupport(facts) ? [['properties.supportPlan', LTS] as const] : []),
  ]);
  // The name alone is only how old bodies spell it; nothing to write for that.
  if (edits.every(({ path }) => path.join('.') === 'sku.name')) return { changes: [], guards: [] };
  const longTerm = edits.some(({ path }) => path.at(-1) === 'supportPlan');
  const update: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/${option}`,
    step: STEP,
    controls: ['20.5'],
    title: `Move the cluster to the ${tier} tier${longTerm ? ' with long-term support' : ''}`,
    target: clusterTarget(facts),
    edits,
    impact: { kind: 'billing', scope: 'an hourly charge for the cluster' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: longTerm
      ? { kind: 'partly', how: 'long-term support is left while the version is in community support, with the tier set back in the same write' }
      : { kind: 'yes', how: 'the tier is set back' },
    after: [],
  };
  return {
    changes: [update],
    guards: commonGuards(facts, {
      impact: 'billing',
      code: [
        {
          terraform: { line: `sku_tier = "${tier}"`, effect: 'reverts', note: 'the attribute defaults to "Free"' },
          bicep: `sku: { name: 'Base', tier: '${tier}' } beside properties`,
        },
        ...(longTerm ? [{ terraform: { line: `support_plan = "${LTS}"`, effect: 'reverts' as const }, bicep: `supportPlan: '${LTS}'` }] : []),
      ],
    }),
  };
}

/** Whether anybody answers for the API server's uptime. */
export const tier = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'Does anybody answer for the API server?',
  controls: [
    {
      id: '20.5',
      title: 'The cluster tier comes with an uptime agreement',
      severity: 'low',
      references: {
        psrule: ['AZR-000285'],
        checkov: ['CKV_AZURE_170'],
        docs: [aksDoc('Pricing tiers', 'free-standard-pricing-tiers'), aksDoc('Long-term support', 'long-term-support'), psruleDoc('Azure.AKS.UptimeSLA')],
      },
    },
  ],
  needs: [],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools'],
  explain: () => ({
    what: 'The tier says how much control plane the cluster gets and whether Microsoft answers for its uptime. It costs money, and it is about availability more than about attackers.',
    why: 'A hardened cluster leans on its API server for every decision. On the Free tier nobody answers when it is overloaded or away.',
    today:
      'The paid tier was called "Uptime SLA" until 2023; today there are Standard and Premium. Some scanners still want exactly Standard; Premium includes it.',
  }),
  assess: (facts) => ({ '20.5': assess(facts) }),
  options,
  params: [longTermSupport],
  plan,
  after: [],
});
