import type { KubeApply, ManualChange } from '../../../../src/model/change.ts';
import { clean } from '../../../../src/model/foreign.ts';
import { at, text } from '../../../../src/model/json.ts';
import { isOurs, isPlain, whereToChange } from '../../../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../../../shared/minutes.ts';
import { listed, plural } from '../../../shared/texts.ts';
import { STEP } from '../state.ts';
import type { Isolation, Opening } from './manifests.ts';
import type { Segment } from './state.ts';

/** More namespaces than these are counted in the instructions; their policies are written all the same. */
const MOST_TOLD = 30;

const nameOf = ({ segment }: Isolation): string => clean(segment.namespace.name);

/** Who may still come in and what may go out, for a sentence. */
export function staysOpen({ inside, callers }: Opening, { services, closesIn, closesOut }: Isolation): string {
  const comers = [
    ...(inside ? ['its own pods'] : []),
    ...(callers.length > 0 ? [`pods of ${listed(callers)}`] : []),
    ...(services.length > 0 ? [`everybody to ${services.length === 1 ? 'Service' : 'Services'} ${listed(services.map(({ name }) => name))}`] : []),
  ];
  const goers = ['name lookups', ...(inside ? ['calls to its own pods'] : [])];
  return [
    closesIn ? `in ${comers.length === 0 ? 'comes nobody' : `come ${comers.join(', ')}`}` : 'who comes in stays as it is',
    ...(closesOut ? [`out go ${listed(goers)} only`] : []),
  ].join('; ');
}

/** Policies applied to one namespace. */
export function isolateChange(isolation: Isolation, opening: Opening): KubeApply {
  const name = nameOf(isolation);
  const { closesIn, closesOut } = isolation;
  const what = closesIn ? (closesOut ? 'what comes in and goes out' : 'what comes in') : 'what goes out';
  return {
    kind: 'kube.apply',
    id: `${STEP}/isolate-${isolation.segment.namespace.name}`,
    step: STEP,
    controls: closesIn ? ['15.2'] : [],
    title: `Close namespace ${name} for ${what}, but for what is named`,
    objects: isolation.objects,
    before: [],
    impact: { kind: 'network', scope: `pods of ${name}: ${staysOpen(opening, isolation)}` },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the policies are deleted, and traffic flows as before' },
    after: [],
  };
}

/** What people do with the policies of namespaces that are not applied: written on request, or kept by another tool. */
export function writtenChange(isolations: readonly Isolation[], opening: Opening, word: 'write' | 'kept'): readonly ManualChange[] {
  if (isolations.length === 0) return [];
  const rest = isolations.length - MOST_TOLD;
  const objectNames = ({ objects }: Isolation): string => listed(objects.map((object) => text(at(object, ['metadata', 'name'])) ?? '?'));
  const place = ({ segment: { namespace } }: Isolation): string => (isOurs(namespace) ? '' : `, ${whereToChange(namespace)}`);
  return [
    {
      kind: 'manual',
      id: `${STEP}/${word === 'write' ? 'policies' : 'kept-namespaces'}`,
      step: STEP,
      controls: ['15.2'],
      title:
        word === 'write'
          ? `Bring in the policies of ${plural(isolations.length, 'namespace')}`
          : `Close ${plural(isolations.length, 'namespace')} that another tool keeps`,
      instructions: [
        ...isolations.slice(0, MOST_TOLD).map((one) => `Namespace ${nameOf(one)}${place(one)}: ${objectNames(one)}; ${staysOpen(opening, one)}.`),
        ...(rest > 0 ? [`and ${plural(rest, 'more namespace')}, each with its policies among the files`] : []),
        'The policies as files: aks-harden plan with this choice and --out DIR. Add what else must come in before anything is applied.',
        'Begin with a namespace that few depend on: kubectl apply --server-side --dry-run=server -f FILE, then the same without the dry run, and watch what is refused (Hubble or Retina show dropped calls).',
        'The way back at once: kubectl delete networkpolicy NAME --namespace NAMESPACE.',
      ],
      manifests: isolations.filter(({ segment }) => isPlain({ name: segment.namespace.name })).flatMap(({ objects }) => objects),
      doneWhen: 'aks-harden check shows 15.2 as passed',
      impact: { kind: 'network', scope: `pods of ${listed(isolations.map(nameOf))}, when you apply them` },
      minutes: [15, 480],
      reversible: { kind: 'yes', how: 'the policies are deleted, and traffic flows as before' },
      after: [],
    },
  ];
}

/** Policies that open a namespace to everybody: no other policy closes it again, and whether they may go only their owners know. */
export function openedChange(opened: readonly Segment[]): readonly ManualChange[] {
  if (opened.length === 0) return [];
  return [
    {
      kind: 'manual',
      id: `${STEP}/opened`,
      step: STEP,
      controls: ['15.2'],
      title: `Narrow the policies that open ${plural(opened.length, 'namespace')} to everybody`,
      instructions: [
        ...opened.map(
          ({ namespace, openedBy }) =>
            `Namespace ${clean(namespace.name)}: ${listed(openedBy.map(({ name }) => name))} lets everybody in by an empty rule (ingress: [{}]).`,
        ),
        'Policies add up: another one closes nothing while such a rule stands. Name who may come in, or delete it; then decide this step again.',
      ],
      doneWhen: 'aks-harden check no longer shows them under 15.2',
      impact: { kind: 'network', scope: `pods of ${listed(opened.map(({ namespace }) => namespace.name))}, when you change them` },
      minutes: [15, 240],
      reversible: { kind: 'yes', how: 'the old rule is written back' },
      after: [],
    },
  ];
}
