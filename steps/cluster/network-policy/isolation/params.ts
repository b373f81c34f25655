import { type Facts, knownValue } from '../../../../src/model/facts.ts';
import { clean } from '../../../../src/model/foreign.ts';
import { type Json, texts } from '../../../../src/model/json.ts';
import type { Choice, Param } from '../../../../src/model/step.ts';
import { isOurs, isPlain, keyOf, placeName } from '../../../shared/kube-objects.ts';
import { listed, plural } from '../../../shared/texts.ts';
import type { Opening } from './manifests.ts';
import { facesOut, isControllerNamespace, knownSegments, openSegments, type Segment, servicesOf } from './state.ts';
import { standing } from './verdict.ts';

/** How many pods run in a namespace, as far as it is known. */
export function podsIn(facts: Facts, namespace: string): number | undefined {
  const found = knownValue(facts, 'workloads');
  return found?.filter((workload) => workload.namespace === namespace).reduce((sum, { pods }) => sum + pods, 0);
}

function segmentLabel(facts: Facts, segment: Segment): string {
  const { name } = segment.namespace;
  const pods = podsIn(facts, name);
  return `${clean(name)}: ${pods === undefined ? '' : `${plural(pods, 'pod')}, `}${standing(segment)}`;
}

const segmentChoices = (facts: Facts) => knownSegments(facts).map((segment) => ({ value: segment.namespace.name, label: segmentLabel(facts, segment) }));

/** Says which of the names are not there. */
function strangers(value: Json, there: readonly string[], what: string): string | undefined {
  if (!Array.isArray(value)) return 'Give a list.';
  const odd = texts(value).filter((name) => !there.includes(name));
  return odd.length === 0 ? undefined : `${listed(odd)}: no ${what} of that name. There are: ${listed(there)}.`;
}

const segmentNames = (facts: Facts): readonly string[] => knownSegments(facts).map(({ namespace }) => namespace.name);
const ownServices = (facts: Facts) => knownSegments(facts).flatMap(({ namespace }) => servicesOf(facts, namespace.name));
/** Namespaces of Kubernetes that hold no pods. */
const withoutPods: ReadonlySet<string> = new Set(['kube-public', 'kube-node-lease']);

const allNamespaces = (facts: Facts): readonly string[] =>
  (knownValue(facts, 'namespaces') ?? []).map(({ name }) => name).filter((name) => isPlain({ name }) && !withoutPods.has(name));

/** What the two options ask for. */
export const isolationParams: readonly Param[] = [
  {
    name: 'namespaces',
    prompt: 'Which namespaces do you close?',
    help: 'Those of Kubernetes and AKS are not on the list. What Flux, Argo CD or Helm keeps is never applied: you get its policies as manifests.',
    kind: 'choices',
    choices: segmentChoices,
    defaultValue: (facts) => openSegments(facts).flatMap(({ namespace }) => (isOurs(namespace) ? [namespace.name] : [])),
    validate: (value, facts) => strangers(value, segmentNames(facts), 'namespace of your own'),
  },
  {
    name: 'write-for',
    prompt: 'For which namespaces are policies written?',
    help: 'Nothing is applied. Those of Kubernetes and AKS are not on the list.',
    kind: 'choices',
    choices: segmentChoices,
    defaultValue: (facts) => openSegments(facts).map(({ namespace }) => namespace.name),
    validate: (value, facts) => strangers(value, segmentNames(facts), 'namespace of your own'),
  },
  {
    name: 'inside',
    prompt: 'May pods of one namespace call each other?',
    help: 'Yes closes the borders of the namespace and breaks least. No closes every pod for itself: then each call inside needs a policy of yours.',
    kind: 'yes-no',
    defaultValue: () => true,
    validate: (value) => (typeof value === 'boolean' ? undefined : 'Say yes or no.'),
  },
  {
    name: 'callers',
    prompt: 'Whose pods may come in?',
    help: 'Namespaces that call into the ones you close: the ingress controller’s, monitoring that scrapes. Admission webhooks are called through kube-system.',
    kind: 'choices',
    choices: (facts) => allNamespaces(facts).map((name) => ({ value: name, label: name })),
    defaultValue: (facts) => allNamespaces(facts).filter(isControllerNamespace),
    validate: (value, facts) => strangers(value, allNamespaces(facts), 'namespace'),
  },
  {
    name: 'open-services',
    prompt: 'Which Services stay open to everybody?',
    help: 'Their pods answer anybody on these ports. By default those of type LoadBalancer and NodePort, whose callers come from outside of the cluster.',
    kind: 'choices',
    choices: (facts) =>
      ownServices(facts).map((service) => ({
        value: keyOf(service),
        label: `${placeName(service)}: ${clean(service.type)}, ${service.ports
          .slice(0, 4)
          .map(({ port, protocol }) => `${port}/${clean(protocol)}`)
          .join(', ')}`,
      })),
    defaultValue: (facts) => ownServices(facts).filter(facesOut).map(keyOf),
    validate: (value, facts) => strangers(value, ownServices(facts).map(keyOf), 'Service with pods'),
  },
  {
    name: 'directions',
    prompt: 'What is closed?',
    help: 'Closing what goes out stops a stolen pod from calling home. It also stops databases, Azure and the API server until each is named in a policy.',
    kind: 'choice',
    choices: () => [
      { value: 'in', label: 'What comes in' },
      { value: 'both', label: 'What comes in and what goes out, but for name lookups' },
    ],
    defaultValue: () => 'in',
    validate: (value) => (value === 'in' || value === 'both' ? undefined : 'Choose in or both.'),
  },
];

/** The namespaces of a choice, and what stays open in them. */
export function chosenIsolation(facts: Facts, { option, values }: Choice): { readonly chosen: readonly Segment[]; readonly opening: Opening } {
  const names = texts(values[option === 'apply-policies' ? 'namespaces' : 'write-for']);
  const services = texts(values['open-services']);
  return {
    chosen: knownSegments(facts).filter(({ namespace }) => names.includes(namespace.name)),
    opening: {
      both: values['directions'] === 'both',
      inside: values['inside'] !== false,
      callers: texts(values['callers']).filter((name) => allNamespaces(facts).includes(name)),
      services: ownServices(facts).filter((service) => services.includes(keyOf(service))),
    },
  };
}
