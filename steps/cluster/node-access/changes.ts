import type { ArmUpdate, Change, ManualChange } from '../../../src/model/change.ts';
import { clusterAt, clusterRef, type Facts } from '../../../src/model/facts.ts';
import { type JsonObject, text } from '../../../src/model/json.ts';
import { nodesOf } from '../../../src/model/machines.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { CLUSTER_WRITE_MINUTES, reimageMinutes } from '../../shared/minutes.ts';
import { nodeImageUpgrade, poolEdits, poolTarget } from '../../shared/pool-edits.ts';
import { machineFlags } from '../../shared/pool-sizes.ts';
import { commandWord, listed, plural } from '../../shared/texts.ts';
import { nameOf, publicPools, RUN_COMMAND, runCommandOff, sshPools } from './verdicts.ts';

export const STEP = 'cluster.node-access';

/** Takes away the way into the cluster that needs nothing but rights in Azure; never before another way that is in the same plan has been tried. */
export function closeRunCommand(facts: Facts, after: readonly string[]): readonly ArmUpdate[] {
  if (runCommandOff(facts)) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/run-command`,
      step: STEP,
      controls: ['12.3'],
      title: 'Turn run command off',
      target: clusterTarget(facts),
      edits: clusterEdits(facts, [[RUN_COMMAND, true]]),
      impact: { kind: 'none', scope: 'no node and no pod; az aks command invoke is refused from then on' },
      minutes: CLUSTER_WRITE_MINUTES,
      reversible: { kind: 'yes', how: 'it is turned on again through ARM' },
      after: [...after, 'cluster.admin-access'],
    },
  ];
}

/**
 * From Kubernetes 1.37 on AKS replaces the nodes by itself when the SSH setting changes; before, the setting waits for a new
 * node image (AKS release notes 2026-08-07; AKS docs: manage-ssh-node-access).
 */
export function reimagesBySelf(facts: Facts): boolean {
  const version = text(clusterAt(facts, 'properties.currentKubernetesVersion')) ?? text(clusterAt(facts, 'properties.kubernetesVersion')) ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 1 && minor >= 37;
}

const register: ManualChange = {
  kind: 'manual',
  id: `${STEP}/ssh-feature`,
  step: STEP,
  controls: ['12.4'],
  title: 'Register the preview that lets SSH be switched off',
  instructions: [
    'az feature register --namespace Microsoft.ContainerService --name DisableSSHPreview',
    'Wait until it is registered: az feature show --namespace Microsoft.ContainerService --name DisableSSHPreview --query properties.state',
    'az provider register --namespace Microsoft.ContainerService',
  ],
  doneWhen: 'the feature’s state is Registered',
  impact: { kind: 'none', scope: 'the subscription’s feature list' },
  minutes: [5, 20],
  reversible: { kind: 'yes', how: 'the feature is unregistered' },
  after: [],
};

/** SSH off on every Linux pool but `except`, and new node images where the setting would only wait. */
export function closeSsh(facts: Facts, except: readonly string[]): readonly Change[] {
  const open = sshPools(facts)
    .map(nameOf)
    .filter((pool) => !except.includes(pool));
  if (open.length === 0) return [];
  const atOnce = reimagesBySelf(facts);
  return [
    register,
    ...open.flatMap((pool): Change[] => {
      const update: ArmUpdate = {
        kind: 'arm.update',
        id: `${STEP}/ssh-${pool}`,
        step: STEP,
        controls: ['12.4'],
        title: `Switch SSH off on pool ${listed([pool])}`,
        target: poolTarget(facts, pool),
        edits: poolEdits(facts, pool, [['securityProfile.sshAccess', 'Disabled']]),
        impact: atOnce
          ? { kind: 'reimage', scope: `the nodes of pool ${listed([pool])}, at once`, pools: [pool] }
          : { kind: 'none', scope: 'nodes keep SSH until they get a new image' },
        minutes: atOnce ? reimageMinutes(facts, [pool]) : [1, 2],
        reversible: { kind: 'yes', how: 'set back to LocalUser, which takes another new image' },
        after: [register.id],
      };
      const roll = nodeImageUpgrade(facts, pool, {
        id: `${STEP}/ssh-image-${pool}`,
        step: STEP,
        controls: ['12.4'],
        why: 'SSH is off on them',
        after: [update.id],
      });
      return atOnce ? [update] : [update, roll];
    }),
  ];
}

function replacement(facts: Facts, pool: JsonObject): ManualChange {
  const name = nameOf(pool);
  const word = commandWord(name, 'OLD_NAME');
  const { name: cluster, resourceGroup } = clusterRef(facts);
  const of = `--resource-group ${commandWord(resourceGroup, 'GROUP')} --cluster-name ${commandWord(cluster, 'CLUSTER')}`;
  const system = text(pool['mode'])?.toLowerCase() === 'system';
  const count = nodesOf(pool);
  return {
    kind: 'manual',
    id: `${STEP}/replace-${name}`,
    step: STEP,
    controls: ['11.4'],
    title: `Replace pool ${listed([name])} by one without public addresses`,
    instructions: [
      `az aks nodepool add ${of} --name NEW_NAME --mode ${system ? 'System' : 'User'} ${machineFlags(pool)}, without --enable-node-public-ip, with the subnet, zones, labels, taints and scaling of the old one: az aks nodepool show ${of} --name ${word}`,
      'Who comes in by a node’s own address (hostPort, gaming, NodePort) needs a load balancer or a gateway first: kubectl get pods -A -o jsonpath="{.items[*].spec.containers[*].ports[*].hostPort}"',
      `kubectl cordon and kubectl drain --ignore-daemonsets --delete-emptydir-data for each node of: kubectl get nodes -l agentpool=${word}`,
      `When nothing runs there any more: az aks nodepool delete ${of} --name ${word}`,
      ...(system ? ['The cluster must have another System pool at every moment.'] : []),
    ],
    doneWhen: `pool ${listed([name])} is gone, and no other pool shows enableNodePublicIP true`,
    impact: { kind: 'recreate', scope: `the ${plural(count, 'node')} of pool ${listed([name])}`, pools: [name] },
    minutes: reimageMinutes(facts, [name]),
    reversible: { kind: 'yes', how: 'another new pool with public addresses' },
    after: [],
  };
}

/** Replaces, by hand, every pool whose nodes have public addresses: AKS cannot change that on a pool. */
export function replacePools(facts: Facts): readonly ManualChange[] {
  return publicPools(facts).map((pool) => replacement(facts, pool));
}
