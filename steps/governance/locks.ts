import { type Assessment, fail, partial, pass, unknown } from '../../src/model/assessment.ts';
import type { ArmPut } from '../../src/model/change.ts';
import { type ArmResource, clusterAt, clusterRef, type Facts, fact, idPart, knownValue } from '../../src/model/facts.ts';
import { at, path, text } from '../../src/model/json.ts';
import { type Choice, defineStep, type Guard, type Option, type Param, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { SIDE_WRITE_MINUTES } from '../shared/minutes.ts';
import { listed, sameId } from '../shared/texts.ts';

const STEP = 'governance.locks';
const WRITE_LOCK = 'Microsoft.Authorization/locks/write';
const TYPE = '/providers/microsoft.authorization/locks/';

const nameOf = (lock: ArmResource): string => text(lock['name']) ?? text(lock['id']) ?? '?';
const levelOf = (lock: ArmResource): string => (text(at(lock, path('properties.level'))) ?? '').toLowerCase();
/** What a lock stands on: its id up to the provider of locks. */
function scopeOf(lock: ArmResource): string {
  const id = (text(lock['id']) ?? '').toLowerCase();
  const end = id.lastIndexOf(TYPE);
  return end < 0 ? '' : id.slice(0, end);
}

/** True for a lock on the cluster itself, its resource group or its subscription: a lock counts for everything below it. */
function protects(facts: Facts, lock: ArmResource): boolean {
  const cluster = clusterRef(facts).id.toLowerCase();
  const scope = scopeOf(lock);
  return scope !== '' && (cluster === scope || cluster.startsWith(`${scope}/`));
}

/** True for a lock that reaches the node resource group: on it, or on the whole subscription. */
function reachesNodes(facts: Facts, lock: ArmResource): boolean {
  const group = text(clusterAt(facts, 'properties.nodeResourceGroup'));
  const scope = scopeOf(lock);
  const onGroup = group !== undefined && sameId(idPart(scope, 'resourceGroups') ?? '', group);
  return onGroup || scope === `/subscriptions/${clusterRef(facts).subscriptionId}`.toLowerCase();
}

function assess(facts: Facts): Assessment {
  const found = fact(facts, 'locks');
  if (found.state === 'unknown') return unknown(`locks were not read: ${found.reason}`);
  const evidence = (found.value.length > 0 ? found.value : [undefined]).map((lock) => ({
    path: lock ? `locks/${nameOf(lock)}` : 'locks',
    actual: lock ? `${text(at(lock, path('properties.level'))) ?? '?'} on ${scopeOf(lock)}` : [],
    wanted: 'CanNotDelete on the cluster or its resource group, none on the node resource group',
  }));
  const guarding = found.value.filter((lock) => levelOf(lock) === 'cannotdelete' && protects(facts, lock));
  const onNodes = found.value.filter((lock) => reachesNodes(facts, lock));
  const readOnly = found.value.filter((lock) => levelOf(lock) === 'readonly');
  if (onNodes.length > 0) return partial(`${listed(onNodes.map(nameOf))} reaches the node resource group and stops upgrades and scaling`, ...evidence);
  if (readOnly.length > 0) return partial(`${listed(readOnly.map(nameOf))} is read-only and stops every change of the cluster`, ...evidence);
  return guarding.length > 0 ? pass(...evidence) : fail(...evidence);
}

const lockName: Param = {
  name: 'name',
  prompt: 'Name of the lock',
  help: 'Letters, digits, dots, hyphens and underscores; it stands in the error that whoever tries to delete the cluster gets.',
  kind: 'text',
  defaultValue: () => 'aks-no-delete',
  validate: (value) =>
    typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,89}$/.test(value)
      ? undefined
      : 'Start with a letter or a digit, and use letters, digits, dots, hyphens and underscores only, 90 at most: aks-no-delete.',
};

const isGuarded = (facts: Facts): boolean => (knownValue(facts, 'locks') ?? []).some((lock) => levelOf(lock) === 'cannotdelete' && protects(facts, lock));

function options(facts: Facts): readonly Option[] {
  const name = listed([clusterRef(facts).name]);
  return [
    {
      id: 'on-cluster',
      title: 'Nobody deletes the cluster by accident',
      tradeOff: `A CanNotDelete lock on ${name}: deleting it, or one of its node pools or maintenance windows, fails until the lock is lifted. Upgrades, scaling and every other change go on, because the node resource group stays without a lock. terraform destroy and stack deletions stop here too.`,
      impact: { kind: 'none', scope: 'no node and no connection; only deletions are refused' },
      minutes: SIDE_WRITE_MINUTES,
      cost: 'None',
      reversible: { kind: 'yes', how: 'the lock is deleted again; that needs Owner or User Access Administrator' },
      notWhen: 'a pipeline deletes and makes the cluster or its pools anew all the time',
      ...(fact(facts, 'locks').state === 'known' && !isGuarded(facts)
        ? { recommended: `Nothing stands between one wrong command and the end of ${name}, and a deleted cluster does not come back.` }
        : {}),
      params: [lockName.name],
    },
  ];
}

function readableGuard(facts: Facts): Guard {
  const found = fact(facts, 'locks');
  const id = 'existing-locks';
  const title = 'Locks in place are known';
  if (found.state === 'known') return { id, title, verdict: 'clear', detail: 'The locks in place were read.' };
  return { id, title, verdict: 'unknown', detail: `Locks could not be read (${found.reason}): one of the same name is overwritten.` };
}

function plan(facts: Facts, { values }: Choice): StepPlan {
  if (isGuarded(facts)) return { changes: [], guards: [] };
  const name = text(values[lockName.name]) ?? 'aks-no-delete';
  const scope = clusterRef(facts).id;
  const before = (knownValue(facts, 'locks') ?? []).find((lock) => scopeOf(lock) === scope.toLowerCase() && sameId(nameOf(lock), name));
  const lock: ArmPut = {
    kind: 'arm.put',
    id: `${STEP}/lock`,
    step: STEP,
    controls: ['20.9'],
    title: `Put the lock ${name} on the cluster against deletion`,
    target: { id: `${scope}/providers/Microsoft.Authorization/locks/${name}`, type: 'Microsoft.Authorization/locks', apiVersion: '2020-05-01' },
    body: { properties: { level: 'CanNotDelete', notes: 'Guards the cluster against accidental deletion. Upgrades and scaling are not affected.' } },
    before,
    impact: { kind: 'none', scope: 'only deletions are refused' },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the lock is deleted again' },
    after: [],
  };
  const code = [
    {
      terraform: {
        line: 'resource "azurerm_management_lock" with scope = azurerm_kubernetes_cluster.….id, lock_level = "CanNotDelete"',
        effect: 'unnoticed' as const,
      },
      bicep: "resource lock 'Microsoft.Authorization/locks@2020-05-01' with scope: cluster",
    },
  ];
  return { changes: [lock], guards: [...commonGuards(facts, { impact: 'none', actions: [WRITE_LOCK], writesCluster: false, code }), readableGuard(facts)] };
}

/** Whether the cluster can be deleted by one wrong command. */
export const locks = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'Can one wrong command delete the cluster?',
  controls: [
    {
      id: '20.9',
      title: 'A lock guards the cluster against deletion',
      severity: 'low',
      references: {
        docs: [
          learn('Lock resources', 'azure/azure-resource-manager/management/lock-resources'),
          aksDoc('Upgrade checks, among them locks', 'upgrade-options'),
        ],
      },
    },
  ],
  needs: ['locks'],
  needsToPlan: ['permissions', 'ownership'],
  explain: () => ({
    what: 'A lock is a note on an Azure resource that makes Azure Resource Manager refuse to delete it, whoever asks, until the note is taken off.',
    why: 'One az aks delete in the wrong window, one clean-up script with a wrong filter, and cluster, disks and addresses are gone. AKS has no undelete.',
    today:
      'The lock belongs on the cluster. On the node resource group (MC_…), or as a read-only lock, it stops AKS itself: nodes cannot be replaced, and upgrades fail their checks.',
  }),
  assess: (facts) => ({ '20.9': assess(facts) }),
  options,
  params: [lockName],
  plan,
  // Pools that are replaced by hand are deleted: the lock comes after that.
  after: ['cluster.node-access', 'pod.storage'],
});
