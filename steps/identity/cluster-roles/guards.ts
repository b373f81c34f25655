import { type Facts, fact, knownValue, type RoleBindingFacts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { keeperGuard, placeName } from '../../shared/kube-objects.ts';
import { listed, plural, sameId } from '../../shared/texts.ts';
import { entraOf, holdersOf, localAccountsOff, RBAC_CLUSTER_ADMIN } from '../entra.ts';
import { type AdminBinding, adminBindings, bindingKey, isEverybody, subjectName } from './state.ts';

type Subject = RoleBindingFacts['subjects'][number];

/**
 * Whether a subject is the operator: by name as Azure or as Kubernetes knows it, by object id, through a group, or as one of everybody. `unknown`
 * for a group whose members are not known, and for a service account where nobody could ask Kubernetes who is signed in.
 */
function isOperator(subject: Subject, facts: Facts): 'yes' | 'no' | 'unknown' {
  const { kind, name } = subject;
  const operator = knownValue(facts, 'operator');
  const as = knownValue(facts, 'kubernetesAccess')?.as;
  const isAccount = kind === 'ServiceAccount' || name.startsWith('system:serviceaccount');
  if (isAccount) return as === undefined ? 'unknown' : 'no';
  if (kind === 'Group' && isEverybody(subject)) return name === 'system:authenticated' ? 'yes' : 'no';
  if (kind === 'User' && as !== undefined && sameId(name, as)) return 'yes';
  if (operator === undefined) return 'unknown';
  if (kind === 'User') return sameId(name, operator.name) || sameId(name, operator.objectId) ? 'yes' : 'no';
  const groups = fact(facts, 'operatorGroups');
  if (groups.state === 'known') return groups.value.some(({ id }) => sameId(id, name)) ? 'yes' : 'no';
  const group = (knownValue(facts, 'adminGroups') ?? []).find(({ id }) => sameId(id, name));
  return group?.containsOperator === undefined ? 'unknown' : group.containsOperator ? 'yes' : 'no';
}

/** Bindings of the whole cluster that make somebody admin, and that are not at hand. */
function stayingBindings(facts: Facts, going: readonly RoleBindingFacts[]): readonly AdminBinding[] {
  const gone = going.map(bindingKey);
  return adminBindings(facts).filter(({ binding, reach }) => reach === 'cluster' && !gone.includes(bindingKey(binding)));
}

/** A way in that stands without the bindings at hand: which, in words. Azure roles and admin groups first; certificates are the last. */
function otherWay(facts: Facts, going: readonly RoleBindingFacts[]): { readonly kind: 'own' | 'certificate'; readonly what: string } | undefined {
  const operator = knownValue(facts, 'operator');
  const entra = entraOf(facts);
  const group = (knownValue(facts, 'adminGroups') ?? []).find(
    ({ id, exists, containsOperator }) => exists && containsOperator && entra.adminGroups.some((one) => sameId(one, id)),
  );
  if (group !== undefined) return { kind: 'own', what: `you are in the admin group ${clean(group.displayName ?? group.id)}` };
  const groups = knownValue(facts, 'operatorGroups') ?? [];
  if (entra.azureRbac && operator !== undefined) {
    const holders = holdersOf(facts, knownValue(facts, 'roleAssignments') ?? [], RBAC_CLUSTER_ADMIN);
    if (holders.some((holder) => sameId(holder, operator.objectId) || groups.some(({ id }) => sameId(id, holder))))
      return { kind: 'own', what: 'you hold Azure Kubernetes Service RBAC Cluster Admin' };
  }
  const mine = stayingBindings(facts, going).find(({ subjects }) => subjects.some((subject) => isOperator(subject, facts) === 'yes'));
  if (mine !== undefined) return { kind: 'own', what: `${clean(bindingKey(mine.binding))} names you and stays` };
  return localAccountsOff(facts)
    ? undefined
    : { kind: 'certificate', what: 'the shared admin certificate (az aks get-credentials --admin) still opens the cluster' };
}

/** Nobody saws off the branch that they sit on. */
export function ownPathGuard(facts: Facts, going: readonly RoleBindingFacts[]): Guard {
  const id = 'own-path';
  const title = 'You stay able to get in';
  const way = otherWay(facts, going);
  const asked = going.flatMap(({ subjects }) => subjects.map((subject) => isOperator(subject, facts)));
  const named = asked.includes('yes');
  if (way?.kind === 'own') return { id, title, verdict: 'clear', detail: `Without ${plural(going.length, 'this binding', 'these bindings')} ${way.what}.` };
  if (!named && !asked.includes('unknown')) return { id, title, verdict: 'clear', detail: 'None of the bindings is yours.' };
  if (way !== undefined) {
    return {
      id,
      title,
      verdict: 'warn',
      detail: `${named ? 'You are admin through one of them' : 'Whether you are admin through one of them is not known'}. Without it ${way.what}.`,
    };
  }
  return {
    id,
    title,
    verdict: named ? 'refuse' : 'unknown',
    detail: `${named ? 'You are admin through one of them' : 'Whether you are admin through one of them is not known (groups could not be looked up)'}, local accounts are off, and no other way of yours is proven.`,
    next: ['Name an admin group with you in it first (identity.entra-sign-in), or have somebody else remove this one.'],
    override: named ? 'never' : 'I have another way in',
  };
}

/** Some person keeps the cluster: an admin group, a holder of the Azure role, another binding, or the shared certificate. */
export function somebodyGuard(facts: Facts, going: readonly RoleBindingFacts[]): readonly Guard[] {
  const isPerson = ({ kind }: Subject): boolean => kind !== 'ServiceAccount';
  if (!going.some(({ subjects }) => subjects.some(isPerson))) return [];
  const id = 'somebody-stays';
  const title = 'Somebody stays admin';
  const clear = (detail: string): readonly Guard[] => [{ id, title, verdict: 'clear', detail }];
  const entra = entraOf(facts);
  const gone = (knownValue(facts, 'adminGroups') ?? []).filter(({ exists }) => !exists).map((group) => group.id);
  const groups = entra.adminGroups.filter((group) => !gone.some((one) => sameId(one, group)));
  if (groups.length > 0) return clear(`The cluster names ${plural(groups.length, 'admin group')}.`);
  const assignments = fact(facts, 'roleAssignments');
  const holders = entra.azureRbac && assignments.state === 'known' ? holdersOf(facts, assignments.value, RBAC_CLUSTER_ADMIN) : [];
  if (holders.length > 0) return clear(`${plural(holders.length, 'principal holds', 'principals hold')} Azure Kubernetes Service RBAC Cluster Admin.`);
  const staying = stayingBindings(facts, going).find(({ subjects }) => subjects.some(isPerson));
  if (staying !== undefined) return clear(`${clean(bindingKey(staying.binding))} stays.`);
  if (!localAccountsOff(facts)) return clear('The shared admin certificate (az aks get-credentials --admin) still opens the cluster.');
  const isUnread = entra.azureRbac && assignments.state === 'unknown';
  return [
    {
      id,
      title,
      verdict: isUnread ? 'unknown' : 'refuse',
      detail: `Local accounts are off, the cluster names no admin group, no other binding makes anybody admin${isUnread ? `, and role assignments could not be read: ${clean(assignments.reason)}` : ', and nobody holds Azure Kubernetes Service RBAC Cluster Admin'}.`,
      next: ['Name an admin group with two break-glass accounts in it first: identity.entra-sign-in.'],
      override: 'somebody else is cluster admin',
    },
  ];
}

/** Service accounts that lose their rights, and what runs as them. */
export function usersGuard(facts: Facts, going: readonly RoleBindingFacts[]): readonly Guard[] {
  const accounts = going.flatMap(({ subjects }) => subjects.filter(({ kind }) => kind === 'ServiceAccount'));
  const people = going.flatMap(({ subjects }) => subjects.filter(({ kind }) => kind !== 'ServiceAccount'));
  const workloads = fact(facts, 'workloads');
  const id = 'who-uses-it';
  const title = 'Nobody who is needed loses the right';
  const running =
    workloads.state === 'known'
      ? workloads.value.filter(({ namespace, spec }) =>
          accounts.some((account) => account.namespace === namespace && account.name === (text(spec['serviceAccountName']) ?? 'default')),
        )
      : [];
  const parts = [
    ...(running.length > 0
      ? [
          `${listed(running.map((workload) => `${workload.kind} ${placeName(workload)}`))} ${running.length === 1 ? 'runs' : 'run'} with it and may fail at once`,
        ]
      : []),
    ...(accounts.length > 0 && workloads.state === 'unknown' ? [`what runs as ${listed(accounts.map(subjectName))} could not be read`] : []),
    ...(accounts.length > 0 && workloads.state === 'known' && running.length === 0
      ? [`no pod runs as ${listed(accounts.map(subjectName))} now; pipelines outside may hold a token of it`]
      : []),
    ...(people.length > 0 ? [`${listed(people.map(subjectName))} ${people.length === 1 ? 'loses' : 'lose'} the right at once`] : []),
  ];
  return [
    {
      id,
      title,
      verdict: running.length > 0 ? 'refuse' : workloads.state === 'unknown' && accounts.length > 0 ? 'unknown' : 'warn',
      detail: `${parts.join('; ') || 'The bindings have no subject'}.`,
      next: ['Give a narrower role first: a Role in one namespace, with the verbs that the audit log shows (kube-audit-admin).'],
      ...(running.length > 0 || (workloads.state === 'unknown' && accounts.length > 0) ? { override: 'they have a narrower role' } : {}),
    },
  ];
}

/** Bindings that another tool brings back: they are told, and go where they come from. */
export function keptGuard(kept: readonly AdminBinding[]): readonly Guard[] {
  const [guard] = keeperGuard(
    kept.map(({ binding }) => binding),
    'binding',
  );
  // There is no patch of a binding that goes: it is taken out of its source.
  return guard === undefined ? [] : [{ ...guard, next: (guard.next ?? []).slice(0, 1) }];
}
