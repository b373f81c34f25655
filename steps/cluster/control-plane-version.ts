import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import { type Choice, defineStep, type Guard, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, psruleDoc } from '../shared/docs.ts';
import { rollGuards } from '../shared/drain.ts';
import { commonGuards } from '../shared/guards.ts';
import type { CodeLine } from '../shared/iac.ts';
import { poolNames } from '../shared/minutes.ts';
import { size } from '../shared/pool-sizes.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { controlPlaneVersion } from '../shared/versions.ts';
import { assessChannel, assessVersion } from './control-plane-version/assess.ts';
import { controlPlane, longTermSupport, setChannel, wholeCluster } from './control-plane-version/changes.ts';
import { longTermGuards, upgradeGuards, windowGuard } from './control-plane-version/guards.ts';
import { options } from './control-plane-version/options.ts';
import { isChannel, params } from './control-plane-version/params.ts';
import { routeTo, STEP } from './control-plane-version/state.ts';

const versionCode = (version: string): CodeLine => ({
  terraform: { line: `kubernetes_version = "${version}"`, effect: 'reverts', note: 'AKS refuses to go back, so every apply fails until the code agrees' },
  bicep: `kubernetesVersion: '${version}'`,
});
const channelCode = (channel: string): CodeLine => ({
  terraform: { line: `automatic_upgrade_channel = "${channel}"`, effect: 'reverts' },
  bicep: `autoUpgradeProfile: { upgradeChannel: '${channel}' }`,
});
const longTermCode: CodeLine = {
  terraform: { line: 'support_plan = "AKSLongTermSupport" and sku_tier = "Premium"', effect: 'reverts' },
  bicep: "supportPlan: 'AKSLongTermSupport', sku: { name: 'Base', tier: 'Premium' }",
};

interface Chosen {
  readonly changes: readonly Change[];
  readonly code: readonly CodeLine[];
  readonly guards: readonly Guard[];
}
const nothing: Chosen = { changes: [], code: [], guards: [] };

/** What a choice comes to, beside the guards that every step shares. */
function chosen(facts: Facts, { option, values }: Choice): Chosen {
  const said = (name: string): string => String(values[name] ?? '');
  const channel = isChannel(values['channel']) ? values['channel'] : undefined;
  switch (option) {
    case 'control-plane': {
      const route = routeTo(facts, said('version'));
      if (route === undefined) return nothing;
      return { changes: controlPlane(facts, route), code: route.slice(-1).map(versionCode), guards: upgradeGuards(facts, said('version')) };
    }
    case 'whole-cluster': {
      const version = said('wholeVersion');
      if (version === '') return nothing;
      const upgrade = wholeCluster(facts, version);
      const follow =
        channel === undefined
          ? []
          : setChannel(
              facts,
              channel,
              upgrade.map(({ id }) => id),
            );
      return {
        changes: [...upgrade, ...follow],
        code: [versionCode(version), ...(channel !== undefined && follow.length > 0 ? [channelCode(channel)] : [])],
        guards: [
          ...upgradeGuards(facts, version),
          ...rollGuards(facts, poolNames(facts)),
          ...(channel !== undefined && follow.length > 0 ? [windowGuard(facts, channel)] : []),
        ],
      };
    }
    case 'channel':
      return channel === undefined ? nothing : { changes: setChannel(facts, channel, []), code: [channelCode(channel)], guards: [windowGuard(facts, channel)] };
    case 'long-term-support':
      return { changes: longTermSupport(facts), code: [longTermCode], guards: longTermGuards(facts) };
    default:
      return nothing;
  }
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const option = options(facts).find(({ id }) => id === choice.option);
  if (option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  const { changes, code, guards } = chosen(facts, choice);
  if (changes.length === 0) return { changes, guards: [] };
  return { changes, guards: [...commonGuards(facts, { impact: option.impact.kind, code }), ...guards] };
}

/** Which Kubernetes version the control plane runs, and who brings the next one. */
export const controlPlaneVersionStep = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'Which Kubernetes does the cluster run?',
  controls: [
    {
      id: '7.1',
      title: 'The control plane runs a supported version of Kubernetes',
      severity: 'high',
      references: {
        policy: ['fb893a29-21bb-418c-a157-e99480ec364c'],
        psrule: ['AZR-000015'],
        docs: [
          aksDoc('Supported versions', 'supported-kubernetes-versions'),
          aksDoc('Upgrade the control plane', 'upgrade-aks-control-plane'),
          aksDoc('Long-term support', 'long-term-support'),
          aksDoc('Upgrades that AKS stops', 'stop-cluster-upgrade-api-breaking-changes'),
        ],
      },
    },
    {
      id: '7.2',
      title: 'AKS upgrades Kubernetes by a channel',
      severity: 'medium',
      references: {
        policy: ['5c345cdf-2049-47e0-b8fe-b0e96bc2df35'],
        psrule: ['AZR-000036'],
        checkov: ['CKV_AZURE_171'],
        docs: [aksDoc('Upgrade a cluster automatically', 'auto-upgrade-cluster'), psruleDoc('Azure.AKS.AutoUpgrade')],
      },
    },
  ],
  needs: ['kubernetesVersions', 'clusterUpgrades'],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools', 'maintenanceConfigurations', 'servicePrincipal', 'disruptionBudgets'],
  explain: (facts) => ({
    what: `The control plane runs Kubernetes ${controlPlaneVersion(facts) ?? '(not told)'}. Each minor version gets a year of fixes, and a second one for money; then nobody mends what is found in it. Control plane first, then ${size(facts)}: pools may be three minors behind, never ahead.`,
    why: 'A hole in the API server or the kubelet that has been published and will not be closed is the cheapest way in. And Microsoft helps with supported versions only, and may upgrade clusters by itself that are three minors out.',
    today:
      'In 2020 every upgrade was done by hand. Today there are channels, windows for them, and long-term support for every minor; AKS stops an upgrade where it sees APIs in use that the new version drops; pools can be rolled back for a week. The control plane still has no way back.',
  }),
  assess: (facts) => ({ '7.1': assessVersion(facts), '7.2': assessChannel(facts) }),
  options,
  params,
  plan,
  after: [],
});
