import type { ArmPut, ArmUpdate, Change, ManualChange, Reversible } from '../../../src/model/change.ts';
import { clusterAt, clusterRef, type Facts, knownValue } from '../../../src/model/facts.ts';
import { isTrue, type Json, text } from '../../../src/model/json.ts';
import type { Choice, Guard, StepPlan } from '../../../src/model/step.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { commonGuards } from '../../shared/guards.ts';
import { guidOf } from '../../shared/guid.ts';
import type { CodeLine } from '../../shared/iac.ts';
import { CLUSTER_WRITE_MINUTES, SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { WRITE_CLUSTER, WRITE_ROLE_ASSIGNMENT } from '../../shared/permissions.ts';
import { sameId } from '../../shared/texts.ts';
import { adminGroupGuards } from '../admin-groups.ts';
import { entraOf, holdersOf, localAccountsOff, RBAC_CLUSTER_ADMIN } from '../entra.ts';
import { defaultTenant, mergedGroups } from './params.ts';

const step = 'identity.entra-sign-in';
/** The change that local accounts wait for. */
export const ENABLE = `${step}/enable`;

function grantOf(facts: Facts, group: string): ArmPut {
  const { id, subscriptionId } = clusterRef(facts);
  const name = guidOf(id, RBAC_CLUSTER_ADMIN, group);
  return {
    kind: 'arm.put',
    id: `${step}/grant-${group.toLowerCase()}`,
    step,
    controls: ['2.3'],
    title: `Give group ${group} the role Azure Kubernetes Service RBAC Cluster Admin on this cluster`,
    target: {
      id: `${id}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      type: 'Microsoft.Authorization/roleAssignments',
      apiVersion: '2022-04-01',
    },
    body: {
      properties: {
        roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${RBAC_CLUSTER_ADMIN}`,
        principalId: group,
        principalType: 'Group',
      },
    },
    before: undefined,
    impact: { kind: 'none', scope: 'a role assignment; it takes up to five minutes to arrive' },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'The role assignment is deleted again.' },
    after: [],
  };
}

/** Groups among `wanted` that do not hold the role yet. Where assignments could not be read, all of them: the write is idempotent by its name. */
function withoutRole(facts: Facts, wanted: readonly string[]): readonly string[] {
  const holders = holdersOf(facts, knownValue(facts, 'roleAssignments') ?? [], RBAC_CLUSTER_ADMIN);
  return wanted.filter((group) => !holders.some((holder) => sameId(holder, group)));
}

function enableOf(facts: Facts, wanted: readonly (readonly [string, Json | undefined])[], after: readonly string[]): ArmUpdate | undefined {
  const entra = entraOf(facts);
  const edits = clusterEdits(facts, wanted);
  if (edits.length === 0) return undefined;
  const oneWay = entra.kind !== 'managed';
  const reversible: Reversible = oneWay
    ? { kind: 'no', how: 'Entra sign-in cannot be turned off again. Groups and Azure RBAC can be changed at any time.' }
    : { kind: 'yes', how: 'Groups and Azure RBAC are set back through ARM, which works without access to the API server.' };
  const scope =
    entra.kind === 'legacy' && text(clusterAt(facts, 'sku.tier'))?.toLowerCase() === 'free'
      ? 'the API server may be away for minutes on the Free tier; kubeconfigs must be fetched again; no node is touched'
      : 'kubeconfigs of users must be fetched again; no node is touched';
  return {
    kind: 'arm.update',
    id: ENABLE,
    step,
    controls: edits.some(({ path }) => path.at(-1) === 'enableAzureRBAC') ? ['2.2', '2.3'] : ['2.2'],
    title: entra.kind === 'managed' ? 'Set who is admitted by Entra' : entra.kind === 'legacy' ? 'Upgrade the old Entra integration' : 'Turn on Entra sign-in',
    target: clusterTarget(facts),
    edits,
    impact: oneWay ? { kind: 'api-server', scope } : { kind: 'none', scope: 'no node is touched; it takes effect at the next request' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible,
    after,
  };
}

/** The lines for code that declares the block; it is optional and computed in the provider, so that code without it is left alone. */
function codeLines(groups: readonly string[], azureRbac: boolean): readonly CodeLine[] {
  const within = 'in azure_active_directory_role_based_access_control:';
  return [
    {
      terraform: {
        line: `${within} admin_group_object_ids = [${groups.map((id) => `"${id}"`).join(', ')}]`,
        effect: 'unnoticed',
        note: 'provider issue 29824',
      },
      bicep: `aadProfile: { managed: true, enableAzureRBAC: ${azureRbac}, adminGroupObjectIDs: [${groups.map((id) => `'${id}'`).join(', ')}] }`,
    },
    ...(azureRbac ? [{ terraform: { line: `${within} azure_rbac_enabled = true`, effect: 'reverts' as const, note: 'where the block is in the code' } }] : []),
  ];
}

function oneWayGuard(facts: Facts): readonly Guard[] {
  const { kind } = entraOf(facts);
  if (kind === 'managed') return [];
  return [
    {
      id: 'one-way-door',
      title: 'There is no way back from Entra sign-in',
      verdict: 'warn',
      detail:
        'It cannot be turned off again. Local accounts stay as they are, so kubectl with --admin keeps working; users fetch a new kubeconfig and need kubelogin.',
      next: ['Tell people to run az aks get-credentials again, and pipelines to use kubelogin with their own identity.'],
    },
  ];
}

function recreate(facts: Facts): ManualChange {
  return {
    kind: 'manual',
    id: `${step}/recreate`,
    step,
    controls: ['2.1'],
    title: 'Move to a new cluster that has Kubernetes RBAC',
    instructions: [
      'Create a second cluster beside this one: az aks create has Kubernetes RBAC on by default; give it --enable-aad and --enable-azure-rbac at once.',
      'Deploy the workloads to it, move the data, then the traffic (DNS or gateway), and watch it for some days.',
      `Delete ${clusterRef(facts).name} when nothing reaches it any more.`,
    ],
    doneWhen: 'properties.enableRBAC is true on the cluster that serves the traffic.',
    impact: { kind: 'recreate', scope: 'a new cluster; this one runs until you delete it', pools: [] },
    minutes: [480, 2880],
    reversible: { kind: 'yes', how: 'Traffic goes back to the old cluster as long as it stands.' },
    after: [],
  };
}

/** Changes and guards of a complete choice. */
export function plan(facts: Facts, choice: Choice): StepPlan {
  if (choice.option === 'recreate') return { changes: [recreate(facts)], guards: [] };
  const entra = entraOf(facts);
  const byAzure = choice.option === 'entra-azure-rbac';
  const groups = mergedGroups(facts, choice);
  // A legacy profile's applications go with the upgrade, as az does: it writes a new profile.
  const gone = entra.kind === 'legacy' ? ['clientAppID', 'serverAppID', 'serverAppSecret'] : [];
  const wanted: readonly (readonly [string, Json | undefined])[] = [
    ['properties.aadProfile.managed', true],
    ...(groups.length > 0 ? [['properties.aadProfile.adminGroupObjectIDs', groups] as const] : []),
    ...(entra.kind === 'managed' ? [] : [['properties.aadProfile.tenantID', text(choice.values['tenant']) ?? defaultTenant(facts)] as const]),
    ...(byAzure ? [['properties.aadProfile.enableAzureRBAC', true] as const] : []),
    ...gone.map((name) => [`properties.aadProfile.${name}`, undefined] as const),
  ];
  const grants = byAzure && isTrue(choice.values['grant']) ? withoutRole(facts, groups).map((group) => grantOf(facts, group)) : [];
  const enable = enableOf(
    facts,
    wanted,
    grants.map(({ id }) => id),
  );
  const changes: readonly Change[] = enable ? [...grants, enable] : grants;
  if (changes.length === 0) return { changes, guards: [] };
  const canLockOut = localAccountsOff(facts);
  return {
    changes,
    guards: [
      ...commonGuards(facts, {
        impact: enable?.impact.kind ?? 'none',
        actions: [...(enable ? [WRITE_CLUSTER] : []), ...(grants.length > 0 ? [WRITE_ROLE_ASSIGNMENT] : [])],
        writesCluster: enable !== undefined,
        canLockOut,
        code: codeLines(groups, byAzure || entra.azureRbac),
      }),
      ...adminGroupGuards(facts, groups, { override: 'the admin group is right', mustKnow: canLockOut }),
      ...oneWayGuard(facts),
    ],
  };
}
