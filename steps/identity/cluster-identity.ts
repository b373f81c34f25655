import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { type Choice, defineStep, type Guard, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn, psruleDoc } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import type { CodeLine } from '../shared/iac.ts';
import { sameId } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assess } from './cluster-identity/assess.ts';
import { cleanByHand, grantByHand, rotateByHand } from './cluster-identity/by-hand.ts';
import { systemAssignedChanges, userAssignedChanges } from './cluster-identity/changes.ts';
import { switchGuards } from './cluster-identity/guards.ts';
import { mustGrantByHand, type OptionId, optionIds, options, stateNow } from './cluster-identity/options.ts';
import { params, registriesNow, type Wanted, wantedOf } from './cluster-identity/params.ts';
import { actingOf, STEP, SWITCH } from './cluster-identity/state.ts';

const migrate = aksDoc('Use a managed identity in AKS', 'managed-identity-overview');
const userAssigned = aksDoc('User-assigned managed identity', 'user-assigned-managed-identity');
const systemAssigned = aksDoc('System-assigned managed identity', 'system-assigned-managed-identity');
const kubelet = aksDoc('Pre-created kubelet identity', 'pre-created-kubelet-managed-identity');

function codeLine(facts: Facts, wanted: Wanted | undefined): CodeLine {
  const oneWay = actingOf(facts).kind === 'service-principal';
  const [control, nodes] = [clean(wanted?.control?.id ?? ''), clean(wanted?.kubelet?.id ?? '')];
  return {
    terraform: {
      line:
        wanted === undefined
          ? 'identity { type = "SystemAssigned" }, and no service_principal block'
          : `identity { type = "UserAssigned", identity_ids = ["${control}"] } and kubelet_identity { user_assigned_identity_id = "${nodes}" … }, and no service_principal block`,
      effect: oneWay ? 'replaces' : 'reverts',
      ...(oneWay ? { note: 'a service_principal block that stays asks for a new cluster' } : {}),
    },
    bicep: wanted === undefined ? "identity: { type: 'SystemAssigned' }" : `identity: { type: 'UserAssigned', userAssignedIdentities: { '${control}': {} } }`,
  };
}

function sameIdentityGuard({ control, kubelet: nodes }: Wanted): readonly Guard[] {
  if (control === undefined || nodes === undefined || !sameId(control.id, nodes.id)) return [];
  return [
    {
      id: 'two-identities',
      title: 'Two identities, not one',
      verdict: 'refuse',
      detail: 'Every pod on a node can get at the kubelets’ identity: with the control plane’s rights it would own the network.',
      next: ['Choose another identity for the kubelets.'],
      override: 'never',
    },
  ];
}

function planOf(facts: Facts, option: OptionId, choice: Choice): StepPlan {
  const around = (changes: readonly Change[], code: CodeLine, more: readonly Guard[]): StepPlan =>
    changes.length === 0 && more.length === 0
      ? { changes: [], guards: [] }
      : {
          changes,
          guards: [
            ...commonGuards(facts, { impact: changes.some(({ impact }) => impact.kind === 'reimage') ? 'reimage' : 'none', canLockOut: true, code: [code] }),
            ...more,
          ],
        };
  const leaves = actingOf(facts).kind === 'service-principal';
  switch (option) {
    case 'user-assigned': {
      const wanted = wantedOf(facts, choice);
      const twice = sameIdentityGuard(wanted);
      const changes = userAssignedChanges(facts, wanted);
      const all = changes.length > 0 && leaves ? [...changes, cleanByHand(facts, [SWITCH])] : changes;
      return around(all, codeLine(facts, wanted), [...twice, ...(changes.length > 0 ? switchGuards(facts, changes, wanted.registries) : [])]);
    }
    case 'system-assigned': {
      const byHand = mustGrantByHand(facts);
      const registries = registriesNow(facts);
      const changes = systemAssignedChanges(facts, byHand);
      if (changes.length === 0) return { changes: [], guards: [] };
      const grants = byHand ? [grantByHand(facts, registries)] : [];
      const last = [...changes, ...grants].slice(1).map(({ id }) => id);
      const all = [...changes, ...grants, cleanByHand(facts, last.length > 0 ? last : [SWITCH])];
      return around(all, codeLine(facts, undefined), switchGuards(facts, changes, registries));
    }
    case 'rotate-secret':
      return { changes: [rotateByHand(facts)], guards: [] };
    case 'clean-up':
      return { changes: [cleanByHand(facts, [])], guards: [] };
    default:
      return option satisfies never;
  }
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const id = optionIds.find((option) => option === choice.option);
  const option = options(facts).find((candidate) => candidate.id === id);
  if (id === undefined || option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  return planOf(facts, id, choice);
}

/** Who the cluster and its nodes are when they act on Azure. */
export const clusterIdentity = defineStep({
  id: STEP,
  pillar: 'identity',
  title: 'Who is the cluster when it acts on Azure?',
  controls: [
    {
      id: '1.1',
      title: 'The cluster acts with a managed identity',
      severity: 'high',
      references: {
        policy: ['da6e2401-19da-4532-9141-fb8fbde08431'],
        psrule: ['AZR-000025'],
        docs: [migrate, systemAssigned, userAssigned, psruleDoc('Azure.AKS.ManagedIdentity')],
      },
    },
    {
      id: '1.2',
      title: 'A service principal that stays has a secret that lasts',
      severity: 'high',
      references: { docs: [aksDoc('Update or rotate credentials', 'update-credentials')] },
    },
    {
      id: '1.3',
      title: 'No secret and no application is left behind',
      severity: 'low',
      references: { docs: [aksDoc('Service principals with AKS', 'kubernetes-service-principal')] },
    },
    {
      id: '1.4',
      title: 'The cluster’s identities hold no broad role',
      severity: 'medium',
      references: { cis: ['5.1.3'], docs: [kubelet, learn('Azure built-in roles', 'azure/role-based-access-control/built-in-roles')] },
    },
  ],
  needs: ['servicePrincipal', 'namesakePrincipals', 'siblingClusters', 'identityRoleAssignments'],
  needsToPlan: ['managedIdentities', 'registries', 'subnets', 'permissions', 'subscriptionPermissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `Load balancers, disks, routes and image pulls are made in somebody’s name. ${stateNow(facts)}`,
    why: 'A service principal is a user name with a password: it lies on every node in a file, in the shell history of whoever made it, and it ends after a year or two, and with it every operation of the cluster. A managed identity has no password. Whatever the identity may do, whoever gets onto a node may do as well: that is why broad roles count here.',
    today:
      'In 2020 a cluster came with a service principal, and az kept its secret in ~/.azure/aksServicePrincipal.json. Since then managed identities are the default, and an existing cluster moves to one in place (az 2.49 or later): guides and rules that tell you to build a new cluster are out of date. Some tools fail a system-assigned identity as if it were a service principal; it is not.',
  }),
  assess,
  options,
  params,
  plan,
  after: [],
});
