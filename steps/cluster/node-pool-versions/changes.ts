import type { ArmUpdate, ManualChange } from '../../../src/model/change.ts';
import { clusterRef, type Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { nodesOf } from '../../../src/model/machines.ts';
import { reimageMinutes } from '../../shared/minutes.ts';
import { poolEdits, poolTarget } from '../../shared/pool-edits.ts';
import { commandWord, listed, plural } from '../../shared/texts.ts';
import { upgradeIds } from '../../shared/version-order.ts';
import { availabilitySets, nameOf, STEP } from './state.ts';

/** How a pool's nodes are replaced from now on. */
export function setSurge(facts: Facts, pools: readonly JsonObject[], maxSurge: string): readonly ArmUpdate[] {
  return pools.flatMap((pool): ArmUpdate[] => {
    const name = nameOf(pool);
    const edits = poolEdits(facts, name, [['upgradeSettings.maxSurge', maxSurge]]);
    if (edits.length === 0) return [];
    return [
      {
        kind: 'arm.update',
        id: `${STEP}/settings-${name}`,
        step: STEP,
        controls: ['8.2'],
        title: `Let pool ${listed([name])} surge by ${maxSurge}`,
        target: poolTarget(facts, name),
        edits,
        impact: { kind: 'none', scope: 'no node now; the next roll of the pool takes more nodes at a time' },
        minutes: [1, 2],
        reversible: { kind: 'yes', how: 'the old setting is written back' },
        after: [],
      },
    ];
  });
}

/** Pools to one version, one after the other: where one stops, the next is not begun. */
export function upgradePools(facts: Facts, pools: readonly JsonObject[], version: string): readonly ArmUpdate[] {
  return pools.map((pool, i): ArmUpdate => {
    const name = nameOf(pool);
    const previous = pools[i - 1];
    return {
      kind: 'arm.update',
      id: `${STEP}/upgrade-${name}`,
      step: STEP,
      controls: ['8.1'],
      title: `Upgrade pool ${listed([name])} to ${version}`,
      target: poolTarget(facts, name),
      edits: poolEdits(facts, name, [['orchestratorVersion', version]]),
      impact: { kind: 'reimage', scope: `the ${plural(nodesOf(pool), 'node')} of pool ${listed([name])}, with the newest image`, pools: [name] },
      minutes: reimageMinutes(facts, [name]),
      reversible: {
        kind: 'no',
        how: 'a version is not taken back; for seven days and with the channels off: az aks nodepool rollback (az 2.88), after that a new pool',
      },
      after: [...upgradeIds, `${STEP}/settings-${name}`, ...(previous === undefined ? [] : [`${STEP}/upgrade-${nameOf(previous)}`])],
      alone: true,
    };
  });
}

/** Availability sets become virtual machines: a script of AKS behind one command, for clusters with a single pool; else pools are made anew. */
export function leaveAvailabilitySets(facts: Facts): readonly ManualChange[] {
  const sets = availabilitySets(facts);
  if (sets.length === 0) return [];
  const { name, resourceGroup } = clusterRef(facts);
  const of = `--resource-group ${commandWord(resourceGroup, 'GROUP')} --name ${commandWord(name, 'CLUSTER')}`;
  return [
    {
      kind: 'manual',
      id: `${STEP}/leave-availability-sets`,
      step: STEP,
      controls: ['8.3'],
      title: `Move pool ${listed(sets.map(nameOf))} from availability sets to virtual machines`,
      instructions: [
        'Needs Kubernetes 1.27 and az 2.76. It moves a Basic load balancer to Standard in the same go: the outbound address changes.',
        'Switch off webhooks of your own (kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations), and Key Management Service with a private vault.',
        `az aks update ${of} --migrate-vmas-to-vms  (asks before it begins; once begun there is no way back)`,
        'az takes clusters with exactly one pool. With several, build a new cluster and move.',
        `Look: az aks show ${of} --query "agentPoolProfiles[].type"`,
      ],
      doneWhen: 'every pool shows the type VirtualMachines or VirtualMachineScaleSets',
      impact: { kind: 'recreate', scope: 'downtime of the whole cluster', pools: sets.map(nameOf) },
      minutes: [20, Math.max(30, reimageMinutes(facts)[1])],
      reversible: { kind: 'no', how: 'AKS allows no way back once it has begun' },
      after: [],
    },
  ];
}
