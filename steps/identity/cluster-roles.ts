import { type Assessment, type Evidence, fail, partial, pass, unknown } from '../../src/model/assessment.ts';
import { clusterAt, type Facts } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { type Json, texts } from '../../src/model/json.ts';
import { type Choice, defineStep, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { keeperName, kubernetesGuard } from '../shared/kube-objects.ts';
import { listed, plural } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { isOurs, justInTime, keptReport, removal, report } from './cluster-roles/changes.ts';
import { keptGuard, ownPathGuard, somebodyGuard, usersGuard } from './cluster-roles/guards.ts';
import { type AdminBinding, adminBindings, bindingKey, isEverybody, readAdmins, removable, STEP, subjectName } from './cluster-roles/state.ts';
import { entraOf } from './entra.ts';

const MOST_SHOWN = 20;

function bindingEvidence({ binding, subjects }: AdminBinding): Evidence {
  return {
    path: clean(bindingKey(binding)),
    actual: `${clean(binding.role.name)} for ${listed(subjects.map(subjectName))}${subjects.some(isEverybody) ? ', which is everybody' : ''}${binding.keeper === undefined ? '' : ` (kept by ${keeperName[binding.keeper.tool]})`}`,
    wanted: 'a role that names verbs and resources',
  };
}

function assess(facts: Facts): Assessment {
  const rbac = clusterAt(facts, 'properties.enableRBAC');
  if (rbac === false) return fail({ path: 'properties.enableRBAC', actual: false, wanted: 'true: without it bindings decide nothing, and everybody is admin' });
  const found = readAdmins(facts);
  if (found.state === 'unknown') return unknown(clean(found.reason));
  const { found: admins, allowed, wide } = found.admins;
  const evidence = [
    ...admins.map(bindingEvidence),
    ...wide.map((role) => ({
      path: clean([role.kind, role.namespace, role.name].filter((part) => part !== undefined).join('/')),
      actual: 'verbs * on resources *',
      wanted: 'verbs and resources by name',
    })),
  ];
  const shown = evidence.slice(0, MOST_SHOWN);
  const all = evidence.length > MOST_SHOWN ? [...shown, { path: 'RBAC', actual: `and ${evidence.length - MOST_SHOWN} more`, wanted: 'none' }] : shown;
  if (admins.some(({ reach }) => reach === 'cluster')) return fail(...all);
  if (all.length > 0) return partial('nobody else is admin of the whole cluster, but of a namespace, or a role would make one', ...all);
  return pass({ path: 'ClusterRoleBinding', actual: `${listed(allowed.map(bindingKey))}`, wanted: 'break-glass and AKS’ own only' });
}

function options(facts: Facts): readonly Option[] {
  const read = readAdmins(facts);
  const found = adminBindings(facts);
  const wide = read.state === 'known' ? read.admins.wide : [];
  const count = found.length + wide.length;
  const open = removable(facts);
  const kept = open.filter((one) => !isOurs(one));
  const unread = read.state === 'unknown' ? { unavailable: `Roles and bindings could not be read: ${clean(read.reason)}.` } : {};
  const names = listed(found.map(({ binding }) => bindingKey(binding)));
  const hasEntra = entraOf(facts).kind === 'managed';
  return [
    {
      id: 'report',
      title: 'A list with commands, nothing is touched',
      tradeOff:
        count === 0
          ? 'Only break-glass and AKS’ own bindings make anybody admin: there is nothing to narrow.'
          : `${plural(found.length, 'binding')} (${names}) and ${plural(wide.length, 'role')} with every right: for each who holds it, the command, and how to find what it is used for. Somebody has to do it afterwards.`,
      impact: { kind: 'none', scope: 'nothing changes here' },
      minutes: [0, 1],
      cost: 'The time of who owns each binding',
      reversible: { kind: 'yes', how: 'nothing was changed' },
      ...(count > 0 && read.state === 'known' ? { recommended: 'A pipeline or an operator may live on any of them, and only its owner knows.' } : {}),
      ...unread,
      params: [],
    },
    {
      id: 'remove',
      title: 'Take chosen bindings away',
      tradeOff:
        open.length === 0
          ? 'There is no binding to take away.'
          : `What you choose among ${listed(open.map(({ binding }) => bindingKey(binding)))} is gone at once, and can be put back as it stood. None is chosen beforehand; break-glass (system:masters, AKS’ own, the admin groups) is not on the list.${kept.length > 0 ? ` ${plural(kept.length, 'binding')} another tool keeps: for those you get a note.` : ''}`,
      impact:
        found.length === 0
          ? { kind: 'none', scope: 'nothing' }
          : { kind: 'workload', scope: 'who and what holds the chosen bindings, from the next request on' },
      minutes: [0, 1],
      cost: 'None',
      reversible: { kind: 'yes', how: 'the binding is applied again, with the same role and subjects' },
      notWhen: 'nobody knows what a binding is for: look into the audit log first',
      ...unread,
      params: ['bindings'],
    },
    {
      id: 'just-in-time',
      title: 'Admins for hours, not for good',
      tradeOff:
        'Privileged Identity Management makes admins eligible: they activate the right when they need it, with a reason, and it ends by itself. It costs a minute before each piece of work.',
      impact: { kind: 'none', scope: 'nothing changes here; admins activate before they work' },
      minutes: [30, 120],
      cost: 'Entra ID P2 or Governance for each admin',
      reversible: { kind: 'yes', how: 'members are made active again' },
      notWhen: 'nobody has Entra ID P2',
      ...(hasEntra ? {} : { unavailable: 'It needs Entra sign-in: carry out identity.entra-sign-in first.' }),
      params: [],
    },
  ];
}

function bindingsFault(value: Json, facts: Facts): string | undefined {
  if (!Array.isArray(value)) return 'Give a list of bindings.';
  const there = removable(facts).map(({ binding }) => bindingKey(binding));
  const odd = texts(value).filter((key) => !there.includes(key));
  return odd.length > 0 ? `${listed(odd)}: no such binding, or one that must stay. There are: ${listed(there)}.` : undefined;
}

function plan(facts: Facts, { option, values }: Choice): StepPlan {
  const chosen = options(facts).find(({ id }) => id === option);
  if (chosen?.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(chosen.unavailable)] };
  const read = readAdmins(facts);
  switch (option) {
    case 'report': {
      const wide = read.state === 'known' ? read.admins.wide : [];
      const found = adminBindings(facts);
      return { changes: found.length + wide.length === 0 ? [] : [report(found, wide)], guards: [] };
    }
    case 'just-in-time':
      return { changes: [justInTime(facts)], guards: [] };
    case 'remove': {
      const keys = texts(values['bindings']);
      const going = removable(facts).filter(({ binding }) => keys.includes(bindingKey(binding)));
      if (going.length === 0) return { changes: [], guards: [] };
      const kept = going.filter((one) => !isOurs(one));
      const own = going.filter(isOurs);
      const bindings = own.map(({ binding }) => binding);
      const path = ownPathGuard(facts, bindings);
      const before = bindings.length > 0 ? [path, ...somebodyGuard(facts, bindings), ...usersGuard(facts, bindings)] : [];
      return {
        changes: [...own.map((one) => removal(one, path.verdict !== 'clear')), ...keptReport(kept)],
        guards: [kubernetesGuard(facts), ...keptGuard(kept), ...before],
      };
    }
    default:
      return { changes: [], guards: [] };
  }
}

/** Who may do everything in Kubernetes, beside those who must. */
export const clusterRoles = defineStep({
  id: STEP,
  pillar: 'identity',
  title: 'Who may do everything in Kubernetes?',
  controls: [
    {
      id: '2.5',
      title: 'Few are cluster-admin, and no role of your own has every right',
      severity: 'medium',
      references: {
        cis: ['4.1.1', '4.1.3'],
        policy: ['a3dc4946-dba6-43e6-950d-f96532848c9f', 'ca8d5704-aa2b-40cf-b110-dc19052825ad'],
        checkov: ['CKV_K8S_49'],
        docs: [
          aksDoc('Just-in-time access to the cluster', 'privileged-identity-management'),
          aksDoc('How a cluster authenticates', 'concepts-cluster-authentication'),
          learn('PIM for groups', 'entra/id-governance/privileged-identity-management/concept-pim-for-groups'),
          { title: 'RBAC good practices', url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/' },
        ],
      },
    },
  ],
  needs: ['roleBindings', 'roles', 'namespaces'],
  needsToPlan: ['kubernetesAccess', 'operator', 'operatorGroups', 'adminGroups', 'roleAssignments', 'workloads'],
  explain: () => ({
    what: 'cluster-admin is every verb on every resource, Secrets and roles included. Bindings hand it out, to people, groups and service accounts; a role of your own with * on * is the same under another name.',
    why: 'Whoever takes over a pipeline or one pod whose service account is cluster-admin has the cluster, and from there what its identity may do in Azure.',
    today:
      'Break-glass stays: system:masters, AKS’ own bindings, and the admin groups that the cluster names. People get the right for hours through Privileged Identity Management in place of for good.',
  }),
  assess: (facts) => ({ '2.5': assess(facts) }),
  options,
  params: [
    {
      name: 'bindings',
      prompt: 'Which bindings go?',
      help: 'None is chosen beforehand. Break-glass and AKS’ own are not on the list.',
      kind: 'choices',
      choices: (facts) =>
        removable(facts).map(({ binding, subjects }) => ({
          value: bindingKey(binding),
          label: clean(`${bindingKey(binding)}: ${binding.role.name} for ${subjects.map(subjectName).slice(0, 3).join(', ')}`),
        })),
      defaultValue: () => [],
      validate: bindingsFault,
    },
  ],
  plan,
  after: ['identity.entra-sign-in'],
});
