import type { Facts } from '../../../../src/model/facts.ts';
import { clean } from '../../../../src/model/foreign.ts';
import type { Choice, Option, StepPlan } from '../../../../src/model/step.ts';
import { isOurs, keepersOf } from '../../../shared/kube-objects.ts';
import { listed, plural } from '../../../shared/texts.ts';
import { isolateChange, openedChange, writtenChange } from './changes.ts';
import { isolationGuards } from './guards.ts';
import { isolationsOf } from './manifests.ts';
import { chosenIsolation } from './params.ts';
import { enforcement, knownSegments, openSegments, segments } from './state.ts';

export const isolationIds = ['write-policies', 'apply-policies'] as const;
export type IsolationId = (typeof isolationIds)[number];

/** Why neither can be had: what is in the cluster is not known, or there is nothing to close. */
function notReadable(facts: Facts): string | undefined {
  const found = segments(facts);
  if (found.state === 'unknown') return `Namespaces and their policies could not be read: ${clean(found.reason)}.`;
  return found.value.length === 0 ? 'There is no namespace but those of Kubernetes and AKS.' : undefined;
}

const engineFirst =
  'Nothing enforces policies yet: they would do nothing today, and cut traffic on the day an engine is switched on. Choose an engine first, then decide this step again.';

/** Why writing policies is the next thing to do; undefined while an engine is missing, or where every namespace is closed. */
export function isolationReason(facts: Facts): string | undefined {
  const open = openSegments(facts).length;
  if (open === 0 || enforcement(facts) === 'off' || notReadable(facts) !== undefined) return undefined;
  return `The engine stops nothing by itself: ${open} of ${plural(knownSegments(facts).length, 'namespace')} ${open === 1 ? 'is' : 'are'} open to every pod. Who calls whom only people know, so read the policies before they are applied.`;
}

/** The two ways to close namespaces, beside the engines. `recommends` is said of writing them. */
export function isolationOptions(facts: Facts, recommends: boolean): readonly Option[] {
  const open = openSegments(facts);
  const unreadable = notReadable(facts);
  const names = listed(open.map(({ namespace }) => namespace.name));
  const kept = open.filter(({ namespace }) => !isOurs(namespace));
  const keepers =
    kept.length === 0
      ? ''
      : ` ${keepersOf(kept.map(({ namespace }) => namespace)) || 'Another tool'} keeps ${kept.length} of them: what belongs there is written, never applied.`;
  const opened = open.some(({ openedBy }) => openedBy.length > 0) ? ' Where a policy opens a namespace to everybody, that one has to go by hand.' : '';
  const asleep = enforcement(facts) === 'off' ? ' Nothing enforces them before an engine is on: keep them for that day.' : '';
  const reason = isolationReason(facts);
  const nothing = 'Every namespace is closed for what comes in: there is nothing to write, but for what goes out.';
  return [
    {
      id: 'write-policies',
      title: 'Write me the policies: default deny',
      tradeOff:
        open.length === 0
          ? nothing
          : `For ${names}: default deny for what comes in, with what you name left open, as text and, with --out DIR, as files. Nothing is sent.${asleep}${opened}`,
      impact: { kind: 'none', scope: 'nothing until you apply the policies' },
      minutes: [0, 1],
      cost: 'Time of the teams: who calls whom has to be found out',
      reversible: { kind: 'yes', how: 'nothing is changed by it' },
      notWhen: 'nobody has the time to read them',
      ...(unreadable === undefined ? (recommends && reason !== undefined ? { recommended: reason } : {}) : { unavailable: unreadable }),
      params: ['write-for', 'inside', 'callers', 'open-services', 'directions'],
    },
    {
      id: 'apply-policies',
      title: 'Close namespaces now: default deny',
      tradeOff:
        open.length === 0
          ? nothing
          : `${names}: from one second to the next only those come in whom you name. Calls inside a namespace and Services of type LoadBalancer and NodePort stay open unless you say otherwise; calls between namespaces, scraping and webhooks end.${keepers}${opened}`,
      impact:
        open.length === 0
          ? { kind: 'none', scope: 'nothing: they are closed' }
          : { kind: 'network', scope: `pods of ${names}: callers that are not named are cut` },
      minutes: [0, 1],
      cost: 'Time of the teams whose calls are refused',
      reversible: { kind: 'yes', how: 'the policies are deleted, and traffic flows as before' },
      notWhen: 'nobody knows who calls whom',
      ...(unreadable !== undefined ? { unavailable: unreadable } : enforcement(facts) === 'off' ? { unavailable: engineFirst } : {}),
      params: ['namespaces', 'inside', 'callers', 'open-services', 'directions'],
    },
  ];
}

/** What a choice of one of the two comes to. */
export function planIsolation(facts: Facts, choice: Choice): StepPlan {
  const { chosen, opening } = chosenIsolation(facts, choice);
  const isolations = isolationsOf(facts, chosen, opening);
  const opened = openedChange(chosen.filter(({ openedBy }) => openedBy.length > 0));
  if (choice.option === 'write-policies') return { changes: [...writtenChange(isolations, opening, 'write'), ...opened], guards: [] };
  const ours = isolations.filter(({ segment }) => isOurs(segment.namespace));
  const kept = isolations.filter(({ segment }) => !isOurs(segment.namespace));
  return {
    changes: [...ours.map((one) => isolateChange(one, opening)), ...writtenChange(kept, opening, 'kept'), ...opened],
    guards: isolationGuards(
      facts,
      ours,
      opening,
      kept.map(({ segment }) => segment),
    ),
  };
}
