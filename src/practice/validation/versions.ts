import { type JsonObject, text } from '../../model/json.ts';
import { isKnown, isSupported, minorNumber, order, resolved, upgradesFrom } from '../kubernetes-versions.ts';
import { lowerShall, poolsOf, type Rule, shall, type Write, was } from './rule.ts';

const SKEW = 'For more information, please check https://aka.ms/version-skew-policy';

/** True where `wanted` is another version than the one that runs; `1.34` is no other than 1.34.2. */
const moves = (current: string, wanted: string): boolean => wanted !== '' && current !== wanted && !current.startsWith(`${wanted}.`);

/** The control plane's version before and after the write. */
const current = (write: Write): string => text(was(write, 'currentKubernetesVersion')) ?? text(was(write, 'kubernetesVersion')) ?? '';
const target = (write: Write): string => {
  const wanted = text(shall(write, 'kubernetesVersion')) ?? '';
  return moves(current(write), wanted) ? resolved(wanted) : current(write);
};
const upgrades = (write: Write): boolean => target(write) !== current(write);

const nodesAt = (pool: JsonObject): string => text(pool['currentOrchestratorVersion']) ?? text(pool['orchestratorVersion']) ?? '';
/** Where a pool's nodes will be after the write. */
function goesTo(pool: JsonObject): string {
  const wanted = text(pool['orchestratorVersion']) ?? '';
  return moves(nodesAt(pool), wanted) ? resolved(wanted) : nodesAt(pool);
}

/** Each pool as it stands with what it shall become; pools that are made are left out. */
function pairs(write: Write): readonly { readonly name: string; readonly before: JsonObject; readonly after: JsonObject }[] {
  const old = new Map(poolsOf(write.before).map((pool) => [text(pool['name']) ?? '', pool]));
  return poolsOf(write.goal).flatMap((after) => {
    const name = text(after['name']) ?? '';
    const before = old.get(name);
    return before === undefined ? [] : [{ name, before, after }];
  });
}

/** Pools may be three minors behind from Kubernetes 1.28 on, two before (AKS docs: supported-kubernetes-versions). */
const mostBehind = (controlPlane: string): number => (minorNumber(controlPlane) >= 28 ? 3 : 2);

/** What versions of control plane and pools may be. AKS docs: upgrade-aks-control-plane, upgrade-node-pools; public issue threads for codes and texts. */
export const versionRules: readonly Rule[] = [
  {
    id: 'version-downgrade',
    code: 'OperationNotAllowed',
    target: 'kubernetesVersion',
    broken: (write) =>
      upgrades(write) && order(target(write)) < order(current(write)) ? 'Downgrading the Kubernetes version of a managed cluster is not allowed.' : undefined,
  },
  {
    id: 'version-unknown',
    code: 'K8sVersionNotSupported',
    target: 'kubernetesVersion',
    broken: (write) =>
      upgrades(write) && !isKnown(target(write))
        ? `Version ${target(write)} is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list`
        : undefined,
  },
  {
    id: 'version-order',
    code: 'OperationNotAllowed',
    target: 'kubernetesVersion',
    broken: (write) => {
      const offered = upgradesFrom(current(write), text(shall(write, 'supportPlan')) ?? 'KubernetesOfficial');
      return upgrades(write) && !offered.includes(target(write))
        ? `Upgrading Kubernetes version ${current(write)} to ${target(write)} is not allowed. Available upgrades: [${offered.join(' ')}]. Please see https://aka.ms/aks-supported-k8s-ver for version details.`
        : undefined;
    },
  },
  {
    // AKS docs, auto-upgrade-cluster: with a channel the control plane goes with its pools. The rule itself holds for every write of a cluster.
    id: 'pools-go-with-the-cluster',
    code: 'NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged',
    broken: (write) => {
      const moving = pairs(write).filter(({ before, after }) => moves(nodesAt(before), text(after['orchestratorVersion']) ?? ''));
      const withIt = moving.filter(({ after }) => goesTo(after) === target(write));
      const channel = ['patch', 'stable', 'rapid'].includes(lowerShall(write, 'autoUpgradeProfile.upgradeChannel'));
      const left = pairs(write).filter(({ after }) => goesTo(after) !== target(write));
      // A write of one pool moves that one alone.
      const whole = Object.keys(write.sent).length > 0;
      const partly = whole && (withIt.length !== moving.length || (moving.length > 0 && left.length > 0));
      return partly || (channel && upgrades(write) && left.length > 0)
        ? "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or all unspecified. If all specified, they must be stay unchanged or the same with control plane."
        : undefined;
    },
  },
  {
    id: 'pool-downgrade',
    code: 'OperationNotAllowed',
    target: 'agentPoolProfile.orchestratorVersion',
    broken: (write) => {
      const back = pairs(write).find(({ before, after }) => order(goesTo(after)) < order(nodesAt(before)));
      return back === undefined ? undefined : `Downgrading the Kubernetes version of agent pool ${back.name} is not allowed.`;
    },
  },
  {
    id: 'pool-ahead',
    code: 'NodePoolMcVersionIncompatible',
    broken: (write) => {
      const ahead = pairs(write).find(({ before, after }) => goesTo(after) !== nodesAt(before) && order(goesTo(after)) > order(target(write)));
      if (ahead === undefined) return undefined;
      const [pool, plane] = [goesTo(ahead.after), target(write)];
      return `Node pool version ${pool} and control plane version ${plane} are incompatible. Minor version of node pool version ${minorNumber(pool)} is bigger than control plane version ${minorNumber(plane)}. ${SKEW}`;
    },
  },
  {
    id: 'pool-too-far-behind',
    code: 'NodePoolMcVersionIncompatible',
    broken: (write) => {
      const plane = target(write);
      const behind = upgrades(write) ? pairs(write).find(({ after }) => minorNumber(goesTo(after)) < minorNumber(plane) - mostBehind(plane)) : undefined;
      if (behind === undefined) return undefined;
      const pool = goesTo(behind.after);
      return `Node pool version ${pool} and control plane version ${plane} are incompatible. Minor version of node pool cannot be more than ${mostBehind(plane)} versions less than control plane's version. Minor version of node pool is ${minorNumber(pool)} and control plane is ${minorNumber(plane)}. ${SKEW}`;
    },
  },
  {
    // AKS docs, upgrade-aks-control-plane: from an unsupported version only everything together. They do not name a code.
    id: 'recovery-needs-everything',
    code: 'OperationNotAllowed',
    target: 'kubernetesVersion',
    broken: (write) => {
      const recovers = upgrades(write) && !isSupported(current(write), text(was(write, 'supportPlan')) ?? 'KubernetesOfficial');
      const left = pairs(write).filter(({ after }) => goesTo(after) !== target(write));
      return recovers && left.length > 0
        ? `Version ${current(write)} is not supported. Upgrade the control plane and all agent pools together; upgrading the control plane only is not supported.`
        : undefined;
    },
  },
  {
    // AKS docs, long-term-support: it can be given up while the version is still in community support.
    id: 'long-term-support-left-too-late',
    code: 'BadRequest',
    target: 'supportPlan',
    broken: (write) =>
      text(was(write, 'supportPlan')) === 'AKSLongTermSupport' &&
      text(shall(write, 'supportPlan')) === 'KubernetesOfficial' &&
      !isSupported(target(write), 'KubernetesOfficial')
        ? `Support plan 'KubernetesOfficial' does not cover version ${target(write)}. Upgrade the cluster first.`
        : undefined,
  },
];
