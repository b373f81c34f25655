import { type Facts, fact } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, path, text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { listed, plural } from '../../shared/texts.ts';
import { adminGroupGuards } from '../admin-groups.ts';
import { entraOf, holdersOf, RBAC_CLUSTER_ADMIN } from '../entra.ts';

/** Without managed Entra sign-in nobody at all gets in once local accounts are off (AKS docs: local-accounts). Never lifted. */
function entraGuard(facts: Facts): Guard {
  const id = 'entra-first';
  const title = 'Entra sign-in is on';
  if (entraOf(facts).kind === 'managed') return { id, title, verdict: 'clear', detail: 'The cluster signs people in with AKS-managed Entra integration.' };
  return {
    id,
    title,
    verdict: 'refuse',
    detail: 'Without managed Entra sign-in every attempt to reach the cluster would fail, for everybody.',
    next: ['Carry out identity.entra-sign-in first, sign in once with kubelogin, then read the cluster again.'],
    override: 'never',
  };
}

/** The operator's own Entra token must be able to do everything in Kubernetes: the proof that sign-in works. */
function provenGuard(facts: Facts): Guard {
  const id = 'entra-proven';
  const title = 'Your Entra token opens the cluster';
  const found = fact(facts, 'kubernetesAccess');
  const next = ['az aks get-credentials without --admin, kubelogin convert-kubeconfig -l azurecli, kubectl auth can-i "*" "*" --all-namespaces'];
  if (found.state === 'unknown') {
    return { id, title, verdict: 'unknown', detail: `It could not be tried: ${found.reason}.`, next, override: 'Entra sign-in works for me' };
  }
  if (found.value.allowed) return { id, title, verdict: 'clear', detail: `${clean(found.value.as)} may do everything in Kubernetes with an Entra token.` };
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `${clean(found.value.as)} signs in, but may not do everything in Kubernetes.`,
    next: ['Join an admin group or get the role Azure Kubernetes Service RBAC Cluster Admin, wait five minutes, read again.', ...next],
    override: 'another admin has signed in with Entra',
  };
}

/** Somebody is admin through Entra: a group named on the cluster, or a holder of the Azure role. */
function adminsGuard(facts: Facts): readonly Guard[] {
  const entra = entraOf(facts);
  const assignments = fact(facts, 'roleAssignments');
  const holders = entra.azureRbac && assignments.state === 'known' ? holdersOf(facts, assignments.value, RBAC_CLUSTER_ADMIN) : [];
  const id = 'entra-admins';
  const title = 'Somebody is admin through Entra';
  if (holders.length > 0) {
    const groups = adminGroupGuards(facts, entra.adminGroups, { override: 'somebody else is cluster admin', mustKnow: false });
    return [
      { id, title, verdict: 'clear', detail: `${plural(holders.length, 'principal holds', 'principals hold')} Azure Kubernetes Service RBAC Cluster Admin.` },
      // With a holder of the role a group in doubt is worth a word, not a refusal.
      ...groups.map((guard): Guard => (guard.verdict === 'refuse' ? { ...guard, verdict: 'warn' } : guard)),
    ];
  }
  if (entra.adminGroups.length > 0) return adminGroupGuards(facts, entra.adminGroups, { override: 'the admin group is right', mustKnow: true });
  if (entra.kind !== 'managed') return [];
  const unread = entra.azureRbac && assignments.state === 'unknown';
  return [
    {
      id,
      title,
      verdict: unread ? 'unknown' : 'refuse',
      detail: unread
        ? `No admin group is named, and role assignments could not be read: ${assignments.reason}.`
        : 'No admin group is named on the cluster and nobody holds Azure Kubernetes Service RBAC Cluster Admin.',
      next: ['Name an admin group in identity.entra-sign-in first.'],
      override: 'somebody else is cluster admin',
    },
  ];
}

const LOCAL_ACCOUNTS_POLICY = '993c2fcd-2b29-49d2-9eb0-df2c3a730c32';

/** A policy that denies local accounts also denies turning them on again in an emergency. */
function breakGlassGuard(facts: Facts): Guard {
  const id = 'break-glass-policy';
  const title = 'No policy blocks the way back';
  const found = fact(facts, 'policyAssignments');
  if (found.state === 'unknown') return { id, title, verdict: 'unknown', detail: `Policy assignments could not be read: ${found.reason}.` };
  const denying = found.value.filter((assignment) => {
    const definition = text(at(assignment, path('properties.policyDefinitionId'))) ?? '';
    const effect = text(at(assignment, path('properties.parameters.effect.value'))) ?? 'Audit';
    return definition.toLowerCase().endsWith(LOCAL_ACCOUNTS_POLICY) && effect.toLowerCase() === 'deny';
  });
  if (denying.length > 0) {
    return {
      id,
      title,
      verdict: 'warn',
      detail: `Policy assignment ${listed(denying.map((entry) => text(entry['name']) ?? '?'))} denies clusters with local accounts: turning them on again in an emergency answers RequestDisallowedByPolicy.`,
      next: ['Agree now who may exempt this cluster: az policy exemption create.'],
    };
  }
  const sets = found.value.filter((assignment) =>
    (text(at(assignment, path('properties.policyDefinitionId'))) ?? '').toLowerCase().includes('/policysetdefinitions/'),
  );
  return {
    id,
    title,
    verdict: 'clear',
    detail:
      sets.length > 0
        ? `No single policy denies it. What is inside of ${plural(sets.length, 'assigned initiative')} was not looked at.`
        : 'No assigned policy denies turning them on again.',
  };
}

/** Pipelines that use the certificate cannot be seen from here; the log that tells them apart can be named. */
function usersGuard(facts: Facts): Guard {
  return {
    id: 'certificate-users',
    title: 'Nobody depends on the certificate',
    verdict: 'unknown',
    detail: 'Pipelines, Terraform (kube_admin_config) and Cluster API that use it are cut off when they fetch it next. They cannot be seen from here.',
    next: [
      `az monitor activity-log list --resource-id ${clean(text(facts.cluster['id']) ?? 'CLUSTER_ID')} --offset 30d --query "[?contains(operationName.value, 'listClusterAdminCredential')].caller"`,
    ],
  };
}

/** Everything that must hold before local accounts go. */
export function lockOutGuards(facts: Facts): readonly Guard[] {
  return [entraGuard(facts), provenGuard(facts), ...adminsGuard(facts), breakGlassGuard(facts), usersGuard(facts)];
}
