import { type Assessment, fail, pass, preconfigured } from '../../src/model/assessment.ts';
import type { ArmUpdate, ManualChange } from '../../src/model/change.ts';
import { clusterAt, type Facts, isAutomatic, isManagedPool, pools } from '../../src/model/facts.ts';
import { isTrue, type JsonObject, text, texts } from '../../src/model/json.ts';
import { nodesOf } from '../../src/model/machines.ts';
import { type Choice, defineStep, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { namedPools, poolAt, poolEdits, poolTarget, WRITE_POOL } from '../shared/pool-edits.ts';
import { poolsMissing } from '../shared/pool-verdict.ts';
import { listed, plural } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';

const STEP = 'governance.system-pool';
const TAINT = 'CriticalAddonsOnly=true:NoSchedule';
const AUTOMATIC = 'AKS Automatic runs its system components on nodes of its own.';
/** A write of one pool that replaces no node: recorded writes took 4 to 14 seconds (azure-cli's own test recordings). */
const POOL_WRITE: readonly [number, number] = [1, 2];

const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '?';
const is = (value: unknown, wanted: string): boolean => typeof value === 'string' && value.toLowerCase() === wanted;
const systemPools = (facts: Facts): readonly JsonObject[] => pools(facts).filter((pool) => is(pool['mode'], 'system'));
const userPools = (facts: Facts): readonly JsonObject[] => pools(facts).filter((pool) => is(pool['mode'], 'user'));
const tainted = (pool: JsonObject): boolean => texts(pool['nodeTaints']).includes(TAINT);
/** Node auto-provisioning makes nodes for applications without a pool of their own. */
const autoProvisions = (facts: Facts): boolean => is(clusterAt(facts, 'properties.nodeProvisioningProfile.mode'), 'auto');

/** User pools on which an ordinary Linux pod can run: Linux, with nodes or the right to get some, not only borrowed (spot) ones. */
function homes(facts: Facts): readonly JsonObject[] {
  return userPools(facts).filter(
    (pool) =>
      !is(pool['osType'], 'windows') &&
      !is(pool['scaleSetPriority'], 'spot') &&
      (isTrue(pool['enableAutoScaling']) || nodesOf(pool) > 0) &&
      !texts(pool['nodeTaints']).some((taint) => taint.endsWith(':NoSchedule') || taint.endsWith(':NoExecute')),
  );
}

function assess(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured(AUTOMATIC);
  const missing = poolsMissing(facts);
  if (missing !== undefined) return missing;
  const evidence = [
    ...systemPools(facts).map((pool) => ({
      path: `properties.agentPoolProfiles[${nameOf(pool)}].nodeTaints`,
      actual: pool['nodeTaints'],
      wanted: TAINT,
    })),
    autoProvisions(facts)
      ? {
          path: 'properties.nodeProvisioningProfile.mode',
          actual: clusterAt(facts, 'properties.nodeProvisioningProfile.mode'),
          wanted: 'a place for applications',
        }
      : { path: 'properties.agentPoolProfiles[mode=User]', actual: userPools(facts).map(nameOf), wanted: 'at least one pool of mode User' },
  ];
  const system = systemPools(facts);
  const good = (system.length > 0 || pools(facts).some(isManagedPool)) && system.every(tainted) && (userPools(facts).length > 0 || autoProvisions(facts));
  return good ? pass(...evidence) : fail(...evidence);
}

function untainted(facts: Facts): readonly string[] {
  return namedPools(facts)
    .filter((pool) => is(pool['mode'], 'system') && !tainted(pool))
    .map(nameOf);
}

function options(facts: Facts): readonly Option[] {
  const open = untainted(facts);
  const home = homes(facts);
  const place = home.length > 0 ? `pool ${listed(home.map(nameOf))}` : 'nodes that auto-provisioning makes';
  const ready = home.length > 0 || autoProvisions(facts) || open.length === 0;
  const refusal = isAutomatic(facts)
    ? AUTOMATIC
    : ready
      ? undefined
      : 'No user pool has room for an ordinary Linux pod (Windows, spot, tainted and empty pools do not count): add one first, with the other option.';
  return [
    {
      id: 'taint',
      title: 'Keep the system pool for the system',
      tradeOff:
        open.length === 0
          ? 'Every system pool has the taint: there is nothing to change.'
          : `New pods of applications no longer land on pool ${listed(open)}: they go to ${place}. Pods that run there now stay until they are started anew; DaemonSets and pods that tolerate the taint go on as before.`,
      impact: { kind: 'workload', scope: `where new pods start; no node of pool ${listed(open)} is replaced and no pod is stopped` },
      minutes: POOL_WRITE,
      cost: 'None',
      reversible: { kind: 'yes', how: 'the taint is taken off again' },
      notWhen: 'applications are bound to the system pool by a node selector',
      ...(refusal === undefined && open.length > 0 ? { recommended: `There is room elsewhere: ${place}.` } : {}),
      ...(refusal === undefined ? {} : { unavailable: refusal }),
      params: [],
    },
    {
      id: 'add-user-pool',
      title: 'Add a pool for applications, then keep the system pool for the system',
      tradeOff: `A user pool of the size that your applications need comes first, by hand, because its size and network are yours to choose; then pool ${listed(open)} is tainted. Applications move when they are started anew.`,
      impact: { kind: 'workload', scope: 'where new pods start; nodes are added, none is replaced' },
      minutes: [POOL_WRITE[0] + 15, POOL_WRITE[1] + 60],
      cost: 'The machines of one more pool',
      reversible: { kind: 'yes', how: 'the taint is taken off and the pool is deleted' },
      notWhen: 'the cluster is so small that a second pool doubles its cost',
      ...(!ready && !isAutomatic(facts) ? { recommended: `There is no place for applications beside pool ${listed(systemPools(facts).map(nameOf))}.` } : {}),
      ...(isAutomatic(facts) ? { unavailable: AUTOMATIC } : {}),
      params: [],
    },
  ];
}

const userPool: ManualChange = {
  kind: 'manual',
  id: `${STEP}/user-pool`,
  step: STEP,
  controls: ['20.10'],
  title: 'Add a user pool for applications',
  instructions: [
    'az aks nodepool add --resource-group GROUP --cluster-name CLUSTER --name apps --mode User --node-count 3 --node-vm-size SIZE --max-surge 33%',
    'Give it the subnet and the zones of the system pool, and --enable-encryption-at-host where the size has it: neither can be changed later.',
  ],
  doneWhen: 'az aks nodepool list shows a pool of mode User with ready nodes',
  impact: { kind: 'billing', scope: 'the machines of one more pool' },
  minutes: [15, 60],
  reversible: { kind: 'yes', how: 'the pool is deleted' },
  after: [],
};

function plan(facts: Facts, { option }: Choice): StepPlan {
  if (isAutomatic(facts)) return { changes: [], guards: [unavailableGuard(AUTOMATIC)] };
  const first = option === 'add-user-pool' && homes(facts).length === 0 ? [userPool] : [];
  const taints = untainted(facts).map(
    (name): ArmUpdate => ({
      kind: 'arm.update',
      id: `${STEP}/taint-${name}`,
      step: STEP,
      controls: ['20.10'],
      title: `Keep pool ${listed([name])} for system pods`,
      target: poolTarget(facts, name),
      edits: poolEdits(facts, name, [['nodeTaints', [...new Set([...texts(poolAt(facts, name, 'nodeTaints')), TAINT])]]]),
      impact: { kind: 'workload', scope: `where new pods start; no node of pool ${listed([name])} is replaced` },
      minutes: POOL_WRITE,
      reversible: { kind: 'yes', how: 'the taint is taken off again' },
      after: first.map(({ id }) => id),
    }),
  );
  const changes = [...first, ...taints].filter((change) => change.kind !== 'arm.update' || change.edits.length > 0);
  if (changes.length === 0) return { changes: [], guards: [] };
  const code = [
    {
      terraform: {
        line: 'default_node_pool { only_critical_addons_enabled = true }',
        effect: 'reverts' as const,
        note: 'azurerm rotates the default pool for this attribute',
      },
      bicep: `agentPoolProfiles: [{ nodeTaints: ['${TAINT}'] }]`,
    },
  ];
  return {
    changes,
    guards: [
      ...commonGuards(facts, { impact: 'workload', actions: [WRITE_POOL], code }),
      {
        id: 'room',
        title: `Applications find room beside ${plural(systemPools(facts).length, 'system pool')}`,
        verdict: 'warn',
        detail: 'Whether the other pools have free CPU, memory and addresses for the pods that leave cannot be seen in Azure.',
        next: ['kubectl get pods -A -o wide --field-selector spec.nodeName=NODE  (for each node of the system pool)'],
      },
    ],
  };
}

/** Whether applications can push the system's own pods out. */
export const systemPool = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'Do applications share nodes with the system?',
  controls: [
    {
      id: '20.10',
      title: 'System pools run system pods only, and applications have a pool of their own',
      severity: 'low',
      references: {
        checkov: ['CKV_AZURE_232'],
        docs: [aksDoc('System node pools', 'use-system-pools'), aksDoc('Node taints', 'use-node-taints')],
      },
    },
  ],
  needs: [],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `CoreDNS, metrics and the agents of AKS run on system pools (here: ${listed(systemPools(facts).map(nameOf))}). The taint ${TAINT} keeps other pods away from them.`,
    why: 'An application that eats a node’s memory, or breaks out to it, takes name resolution and admission of the whole cluster with it when they share that node.',
    today: 'In 2020 most clusters had one pool for everything. A label only prefers the system pool; the taint enforces it.',
  }),
  assess: (facts) => ({ '20.10': assess(facts) }),
  options,
  params: [],
  plan,
  after: [],
});
