import type { Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Option } from '../../../src/model/step.ts';
import { keepersOf } from '../../shared/kube-objects.ts';
import { listed, plural } from '../../shared/texts.ts';
import { isOurs, labellings } from './changes.ts';
import { fittingTarget, levelTarget, warningTarget } from './labels.ts';
import { type AnyLevel, type Judgement, judgedWork, judgements, knownJudgements, label, refusedBy, tooOld, versionLabel } from './state.ts';

export const optionIds = ['fitting', 'warn', 'one-level', 'patches'] as const;
export type OptionId = (typeof optionIds)[number];

const named = (all: readonly Judgement[], level: AnyLevel): string => {
  const some = all.filter(({ fits }) => fits === level);
  return some.length === 0
    ? ''
    : `${listed(
        some.map(({ namespace }) => namespace.name),
        4,
      )} ${some.length === 1 ? 'fits' : 'fit'} ${level}`;
};

/** What fits where, in one sentence: `payments and web fit restricted; shop fits baseline`. */
function fitText(all: readonly Judgement[]): string {
  const parts = [named(all, 'restricted'), named(all, 'baseline')].filter(Boolean);
  const none = all.filter(({ fits }) => fits === 'privileged');
  if (none.length > 0)
    parts.push(
      `${listed(
        none.map(({ namespace }) => namespace.name),
        4,
      )} ${none.length === 1 ? 'holds' : 'hold'} pods that need the node: warnings only`,
    );
  return parts.join('; ');
}

function share(all: ReturnType<typeof labellings>): string {
  const kept = all.filter((one) => !isOurs(one));
  if (kept.length === 0) return '';
  const keepers = keepersOf(kept.map(({ judgement }) => judgement.namespace));
  return ` ${keepers === '' ? 'Odd names keep' : `${keepers} keeps`} ${kept.length === 1 ? 'one' : kept.length} of them: for those you get the labels to put there.`;
}

/** The ways to decide, told with the namespaces and workloads that are there. */
export function options(facts: Facts): readonly Option[] {
  const found = judgements(facts);
  const work = judgedWork(facts);
  const unavailable = tooOld(facts) ?? (found.state === 'unknown' ? `Namespaces and pods could not be read: ${clean(found.reason)}.` : undefined);
  const all = knownJudgements(facts);
  const fitting = labellings(facts, all, fittingTarget);
  const enforcing = fitting.filter(({ labels }) => labels[label.enforce] !== undefined);
  const warning = labellings(facts, all, warningTarget);
  const baseline = labellings(facts, all, (judgement) => levelTarget(judgement, 'baseline'));
  const refused = baseline.flatMap(({ judgement }) => refusedBy(judgement.workloads, 'baseline'));
  const judged = work.state === 'known' ? work.value : [];
  const below = refusedBy(judged, 'restricted');
  const reach = refusedBy(judged, 'baseline');
  const nothing = 'Every namespace is labelled so already: nothing is to be changed.';
  const isOff = unavailable === undefined ? {} : { unavailable };
  return [
    {
      id: 'fitting',
      title: 'Enforce in each namespace the strictest level that refuses nothing today',
      tradeOff:
        fitting.length === 0
          ? nothing
          : `${fitText(all)}. The next level is warned of and written to the audit log. What is enforced is pinned to the rules of ${versionLabel(facts)}: an upgrade of the cluster refuses nothing by itself.${share(fitting)}`,
      impact:
        enforcing.length === 0
          ? { kind: 'none', scope: fitting.length === 0 ? 'nothing: it is in place' : 'warnings only' }
          : { kind: 'workload', scope: `new pods in ${plural(enforcing.length, 'namespace')} that break the level are refused; none that is known does` },
      minutes: [0, 1],
      cost: 'None; kubectl debug and privileged helpers need a namespace that is left open',
      reversible: { kind: 'yes', how: 'the labels are set back' },
      notWhen: 'pods come and go that were not running when the cluster was read',
      ...(unavailable === undefined && fitting.length > 0
        ? { recommended: 'Nothing that is known is refused, and from now on nothing worse comes in unseen.' }
        : {}),
      ...isOff,
      params: ['namespaces'],
    },
    {
      id: 'warn',
      title: 'Only warn, and write to the audit log',
      tradeOff:
        warning.length === 0
          ? nothing
          : `Whoever applies a pod that breaks the level sees it, and the audit log keeps it; nothing is refused. For a first week, in ${plural(warning.length, 'namespace')}.${share(warning)}`,
      impact: { kind: 'none', scope: 'warnings; nothing is refused' },
      minutes: [0, 1],
      cost: 'Audit log entries, where control plane logs are kept',
      reversible: { kind: 'yes', how: 'the labels are set back' },
      notWhen: 'you want the control to pass: a warning stops nobody',
      ...isOff,
      params: ['namespaces'],
    },
    {
      id: 'one-level',
      title: 'Enforce one level in all of them',
      tradeOff:
        baseline.length === 0
          ? `Baseline is enforced everywhere already.`
          : `The same rule for every team. ${refused.length === 0 ? 'At baseline nothing that is known would be refused.' : `At baseline ${plural(refused.length, 'workload')} of ${judged.length} would get no new pods: each is named, and a phrase is asked for.`}${share(baseline)}`,
      impact: {
        kind: 'workload',
        scope: `new pods in ${plural(baseline.length, 'namespace')} that break the level are refused, also those of rollouts that run today`,
      },
      minutes: [0, 1],
      cost: 'Time of the teams whose pods are refused',
      reversible: { kind: 'yes', how: 'the labels are set back; pods come up again' },
      notWhen: 'workloads that break the level have not been patched yet',
      ...isOff,
      params: ['namespaces', 'level'],
    },
    {
      id: 'patches',
      title: 'Write me the patches for workloads in the way',
      tradeOff:
        below.length === 0
          ? 'Every workload keeps to restricted: there is nothing to patch.'
          : `${plural(below.length, 'workload')} of ${judged.length} ${below.length === 1 ? 'breaks' : 'break'} restricted, ${reach.length} of them baseline. You get for each the patch and what no patch can say, as text and, with --out DIR, as files. Nothing is sent: workloads restart with their patch, and images that run as root do not come up after it.`,
      impact: { kind: 'none', scope: 'nothing until you roll the patches out' },
      minutes: [0, 1],
      cost: 'Time of the teams: images with a user of their own, tests, rollouts',
      reversible: { kind: 'yes', how: 'nothing is changed by it' },
      notWhen: 'nobody can rebuild the images',
      ...(work.state === 'unknown' ? { unavailable: `Pods could not be read: ${clean(work.reason)}.` } : {}),
      params: ['workload-level'],
    },
  ];
}
