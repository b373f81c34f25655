import { type Assessment, type Evidence, fail, notApplicable, partial, pass, preconfigured, unknown } from '../../../src/model/assessment.ts';
import { type ArmResource, type Facts, fact, isAutomatic } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, path, text } from '../../../src/model/json.ts';
import { fieldPrefix, type Level } from '../../../src/model/pod-security/index.ts';
import { addonOn } from '../../shared/addons.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { type AssignedInitiative, assignedInitiative } from '../../shared/pod-security-initiative.ts';
import { listed, plural } from '../../shared/texts.ts';
import { type Judged, judgedWork, judgements, label, rank, tooOld } from './state.ts';

/** More than these are counted: an assessment is read by people. */
const MOST_SHOWN = 20;

function capped(evidence: readonly Evidence[], word: string): readonly Evidence[] {
  return evidence.length <= MOST_SHOWN
    ? evidence
    : [...evidence.slice(0, MOST_SHOWN), { path: word, actual: `and ${evidence.length - MOST_SHOWN} more`, wanted: 'the same' }];
}

/** Namespaces that enforce a level. One that is privileged on purpose does not: it is told, and it is the operator's to accept. */
export function assessNamespaces(facts: Facts): Assessment {
  const old = tooOld(facts);
  if (old !== undefined) return fail({ path: 'properties.currentKubernetesVersion', actual: undefined, wanted: `1.23 or later: ${old}` });
  const found = judgements(facts);
  if (found.state === 'unknown') return unknown(clean(found.reason));
  if (found.value.length === 0) return notApplicable('there is no namespace but those of Kubernetes and AKS');
  const evidence = ({ namespace }: (typeof found.value)[number]): Evidence => ({
    path: `Namespace/${clean(namespace.name)} ${label.enforce}`,
    actual: namespace.labels[label.enforce],
    wanted: 'baseline or restricted',
  });
  const open = found.value.filter(({ enforced }) => rank(enforced) < rank('baseline'));
  if (open.length === 0) return pass(...capped(found.value.map(evidence), 'Namespace'));
  const shown = capped(open.map(evidence), 'Namespace');
  return open.length === found.value.length
    ? fail(...shown)
    : partial(
        `${plural(found.value.length - open.length, 'namespace')} of ${found.value.length} ${found.value.length - open.length === 1 ? 'enforces' : 'enforce'} a level`,
        ...shown,
      );
}

const safeguardsLevel = (safeguards: ArmResource | null, key: string): string => text(at(safeguards ?? undefined, path(`properties.${key}`))) ?? '';

function policyEvidence(found: AssignedInitiative | undefined): Evidence {
  return {
    path: 'policyAssignments',
    actual: found === undefined ? 'none of the two pod security initiatives' : `${found.level} (${clean(found.name)})`,
    wanted: 'the baseline or restricted initiative, or deployment safeguards with a pod security level',
  };
}

/** Azure's own check of pods, beside the one in the cluster. What installs it is the step governance.policy. */
export function assessPolicy(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic enforces deployment safeguards and the pod security baseline by itself.');
  const safeguards = fact(facts, 'deploymentSafeguards');
  if (safeguards.state === 'known') {
    const standard = safeguardsLevel(safeguards.value, 'podSecurityStandardsLevel');
    const level = safeguardsLevel(safeguards.value, 'level');
    if (/^(warn|enforce)$/i.test(level) && /^(baseline|restricted)$/i.test(standard)) {
      return pass({ path: 'deploymentSafeguards/default', actual: `${clean(level)}, ${clean(standard)}`, wanted: 'Warn or Enforce, Baseline or Restricted' });
    }
  }
  const assignments = fact(facts, 'policyAssignments');
  if (assignments.state === 'unknown') return unknown(clean(assignments.reason));
  const found = assignedInitiative(facts);
  if (found === undefined) {
    return safeguards.state === 'unknown'
      ? unknown(`no pod security initiative is assigned, and deployment safeguards could not be read: ${clean(safeguards.reason)}`)
      : fail(policyEvidence(found));
  }
  return addonOn(facts, 'azurepolicy')
    ? pass(policyEvidence(found))
    : partial('the initiative is assigned, but the add-on that carries it out is off', policyEvidence(found));
}

interface Rule {
  readonly level: Level;
  readonly checks: readonly string[];
  readonly wanted: string;
  /** What all have in common that keep to it, for the note of a pass. */
  readonly note?: (work: readonly Judged[]) => string | undefined;
}

function writable(work: readonly Judged[]): string | undefined {
  const open = work.filter(({ workload }) =>
    [workload.spec['containers']].flat().some((container) => at(container ?? undefined, path('securityContext.readOnlyRootFilesystem')) !== true),
  );
  return open.length === 0
    ? undefined
    : `${plural(open.length, 'workload')} can write to the root file system; a read-only one (readOnlyRootFilesystem) is advice, not asked for.`;
}

/** What each control of workloads rests on, by the checks of the standards. */
export const workloadRules = {
  '19.3': {
    level: 'baseline',
    checks: ['privileged', 'hostNamespaces', 'hostPathVolumes', 'hostPorts', 'windowsHostProcess', 'capabilities_baseline'],
    wanted: 'no privileged containers, no namespaces, paths, ports or processes of the node',
  },
  '19.4': { level: 'restricted', checks: ['allowPrivilegeEscalation'], wanted: 'false' },
  '19.5': {
    level: 'restricted',
    checks: ['runAsNonRoot', 'runAsUser', 'capabilities_restricted'],
    wanted: 'runAsNonRoot true, capabilities.drop ["ALL"]',
    note: writable,
  },
  '19.6': { level: 'restricted', checks: ['seccompProfile_restricted', 'appArmorProfile'], wanted: 'RuntimeDefault or Localhost' },
} as const satisfies { readonly [control: string]: Rule };

function evidenceOf({ workload, ...judged }: Judged, { level, checks, wanted }: Rule): Evidence {
  const found = judged[level].filter(({ check }) => checks.includes(check));
  const [first] = found;
  return {
    path: `${clean(workload.kind)}/${placeName(workload)} ${fieldPrefix(workload.kind)}${first?.field ?? ''}`,
    actual: `${first?.message ?? ''}${found.length > 1 ? `, and ${found.length - 1} more` : ''}`,
    wanted,
  };
}

/** A rule over every workload outside of system namespaces. */
export function assessWorkloads(facts: Facts, rule: Rule): Assessment {
  const found = judgedWork(facts);
  if (found.state === 'unknown') return unknown(clean(found.reason));
  if (found.value.length === 0) return notApplicable('nothing runs but what belongs to Kubernetes and AKS');
  const open = found.value.filter((judged) => judged[rule.level].some(({ check }) => rule.checks.includes(check)));
  const names = found.value.slice(0, 3).map(({ workload }) => placeName(workload));
  if (open.length === 0) {
    const note = rule.note?.(found.value);
    const evidence = {
      path: `workloads (${listed(names)}${found.value.length > 3 ? ' …' : ''})`,
      actual: plural(found.value.length, 'workload'),
      wanted: rule.wanted,
    };
    return { ...pass(evidence), ...(note === undefined ? {} : { note }) };
  }
  const shown = capped(
    open.map((judged) => evidenceOf(judged, rule)),
    'workloads',
  );
  return open.length === found.value.length
    ? fail(...shown)
    : partial(`${plural(open.length, 'workload')} of ${found.value.length} ${open.length === 1 ? 'does' : 'do'} not`, ...shown);
}
