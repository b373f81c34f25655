import { type Assessment, preconfigured, verdict } from '../../src/model/assessment.ts';
import type { ArmUpdate } from '../../src/model/change.ts';
import { clusterAt, type Facts, idPart, isAutomatic } from '../../src/model/facts.ts';
import { at, isObject, list, path, text } from '../../src/model/json.ts';
import { defineStep, type Guard, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { notShown } from '../shared/pool-verdict.ts';
import { listed, sameId, shortName } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';

const STEP = 'governance.resource-group-lockdown';
const LEVEL = 'properties.nodeResourceGroupProfile.restrictionLevel';
const AUTOMATIC = 'AKS Automatic keeps its node resource group locked; it cannot be changed there.';

const nodeGroup = (facts: Facts): string => text(clusterAt(facts, 'properties.nodeResourceGroup')) ?? '';
const isLocked = (facts: Facts): boolean => text(clusterAt(facts, LEVEL))?.toLowerCase() === 'readonly';
const groupName = (facts: Facts): string => (nodeGroup(facts) === '' ? 'the node resource group' : listed([nodeGroup(facts)]));

function assess(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured(AUTOMATIC);
  return notShown(facts, LEVEL, '2024-09-01') ?? verdict(isLocked(facts), { path: LEVEL, actual: clusterAt(facts, LEVEL), wanted: 'ReadOnly' });
}

/** Things of the operator's own that the cluster body shows to live in the node resource group: public addresses and identities. */
function ownThings(facts: Facts): readonly string[] {
  const group = nodeGroup(facts);
  const inside = (id: string | undefined): id is string => id !== undefined && group !== '' && sameId(idPart(id, 'resourceGroups') ?? '', group);
  const profile = 'properties.networkProfile.loadBalancerProfile';
  const addresses = [
    ...list(clusterAt(facts, `${profile}.outboundIPs.publicIPs`)),
    ...list(clusterAt(facts, `${profile}.outboundIPPrefixes.publicIPPrefixes`)),
  ].map((entry) => text(at(entry, path('id'))));
  const identities = clusterAt(facts, 'identity.userAssignedIdentities');
  return [...addresses, ...(isObject(identities) ? Object.keys(identities) : [])].filter(inside).map(shortName);
}

function handEditsGuard(facts: Facts): Guard {
  const own = ownThings(facts);
  const id = 'hand-edits';
  const title = 'Nobody works in the node resource group by hand';
  if (own.length > 0) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `${listed(own)} of yours lives in ${groupName(facts)}: after this nobody can change or delete it there.`,
      next: ['Move it to a resource group of your own first.'],
      override: 'it may become read-only',
    };
  }
  return {
    id,
    title,
    verdict: 'warn',
    detail: `People and pipelines that edit ${groupName(facts)} get DenyAssignmentAuthorizationFailed from then on; who does cannot be seen here. Reaching a private API server through Bastion or Cloud Shell does not work with it (AKS docs, private-cluster-connect).`,
    next: [`Look who wrote there: az monitor activity-log list --resource-group NODE_RESOURCE_GROUP --offset 30d --query "[].caller"`],
  };
}

function options(facts: Facts): readonly Option[] {
  return [
    {
      id: 'read-only',
      title: 'Nobody but AKS writes there',
      tradeOff: `A deny assignment on ${groupName(facts)} stops everybody but AKS, owners included, from changing scale sets, load balancer, network security groups and routes of the nodes. Hand-made fixes there stop as well; everything goes through AKS and Kubernetes.`,
      impact: { kind: 'none', scope: 'no node and no connection; people and pipelines lose write access to the node resource group' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'None',
      reversible: { kind: 'yes', how: 'set back to Unrestricted' },
      notWhen: 'a tool of yours keeps rules, DNS links or addresses in the node resource group',
      ...(isAutomatic(facts) ? { unavailable: AUTOMATIC } : {}),
      ...(!isAutomatic(facts) && ownThings(facts).length === 0
        ? { recommended: 'Nothing of your own that the cluster knows lives there, and Microsoft does not support edits there anyway.' }
        : {}),
      params: [],
    },
  ];
}

function plan(facts: Facts): StepPlan {
  if (isAutomatic(facts)) return { changes: [], guards: [unavailableGuard(AUTOMATIC)] };
  if (isLocked(facts)) return { changes: [], guards: [] };
  const update: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/read-only`,
    step: STEP,
    controls: ['20.4'],
    title: 'Let nobody but AKS write to the node resource group',
    target: clusterTarget(facts),
    edits: clusterEdits(facts, [[LEVEL, 'ReadOnly']]),
    impact: { kind: 'none', scope: 'no node and no connection' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'set back to Unrestricted' },
    after: [],
  };
  const code = [
    {
      terraform: { line: 'nodeResourceGroupProfile.restrictionLevel = "ReadOnly" through azapi_update_resource', effect: 'unnoticed' as const },
      bicep: "nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' }",
    },
  ];
  return { changes: [update], guards: [...commonGuards(facts, { impact: 'none', code }), handEditsGuard(facts)] };
}

/** Whether people may change what AKS manages behind its back. */
export const resourceGroupLockdown = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'Who may touch what AKS manages?',
  controls: [
    {
      id: '20.4',
      title: 'The node resource group is read-only for everybody but AKS',
      severity: 'low',
      references: { docs: [aksDoc('Node resource group lockdown', 'node-resource-group-lockdown')] },
    },
  ],
  needs: [],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `AKS keeps the machines, disks, load balancer and rules of this cluster in ${groupName(facts)}. Whoever has write access there can open a port or add a machine without AKS knowing.`,
    why: 'Edits there are not supported: they break upgrades, are undone without notice, and are a way around everything that is set on the cluster itself.',
    today: 'Since 2024 AKS can put a deny assignment on the group (ReadOnly). AKS Automatic always has it.',
  }),
  assess: (facts) => ({ '20.4': assess(facts) }),
  options,
  params: [],
  plan,
  after: [],
});
