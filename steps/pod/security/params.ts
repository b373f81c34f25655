import type { Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { type Json, texts } from '../../../src/model/json.ts';
import { type Level, levels } from '../../../src/model/pod-security/index.ts';
import type { Choice, Param } from '../../../src/model/step.ts';
import { listed, plural } from '../../shared/texts.ts';
import { type Judgement, knownJudgements } from './state.ts';

const asLevel = (value: Json | undefined): Level | undefined => levels.find((level) => level === value);

function labelOf({ namespace, workloads, fits, enforced }: Judgement): string {
  return `${clean(namespace.name)}: ${plural(workloads.length, 'workload')}, fits ${fits}, enforces ${enforced === 'privileged' ? 'nothing' : enforced}`;
}

/** What the options ask for. */
export const params: readonly Param[] = [
  {
    name: 'namespaces',
    prompt: 'Which namespaces?',
    help: 'Namespaces of Kubernetes and AKS are not on the list: they are left alone. Leave out what agents of your own need the node for.',
    kind: 'choices',
    choices: (facts) => knownJudgements(facts).map((judgement) => ({ value: judgement.namespace.name, label: labelOf(judgement) })),
    defaultValue: (facts) => knownJudgements(facts).map(({ namespace }) => namespace.name),
    validate: (value, facts) => {
      if (!Array.isArray(value)) return 'Give a list of namespaces.';
      const there = knownJudgements(facts).map(({ namespace }) => namespace.name);
      const odd = texts(value).filter((name) => !there.includes(name));
      return odd.length > 0 ? `${listed(odd)}: no namespace of that name that this step may label. There are: ${listed(there)}.` : undefined;
    },
  },
  {
    name: 'level',
    prompt: 'Which level?',
    help: 'baseline stops known ways to the node. restricted also asks for a user other than root, no privilege escalation, no capabilities and a seccomp profile.',
    kind: 'choice',
    choices: () => [
      { value: 'baseline', label: 'baseline: nothing that reaches the node' },
      { value: 'restricted', label: 'restricted: today’s best practice for pods' },
    ],
    defaultValue: () => 'baseline',
    validate: (value) => (asLevel(value) === undefined ? 'Choose baseline or restricted.' : undefined),
  },
  {
    name: 'workload-level',
    prompt: 'Up to which level are workloads patched?',
    help: 'restricted covers all of 19.3 to 19.6; baseline only what reaches the node.',
    kind: 'choice',
    choices: () => [
      { value: 'restricted', label: 'restricted' },
      { value: 'baseline', label: 'baseline' },
    ],
    defaultValue: () => 'restricted',
    validate: (value) => (asLevel(value) === undefined ? 'Choose baseline or restricted.' : undefined),
  },
];

/** The namespaces that were chosen, all of them when none was named. */
export function chosenNamespaces(facts: Facts, { values }: Choice): readonly Judgement[] {
  const all = knownJudgements(facts);
  const names = values['namespaces'];
  return Array.isArray(names) ? all.filter(({ namespace }) => texts(names).includes(namespace.name)) : all;
}

/** A level that was chosen, or the parameter's default. */
export function chosenLevel({ values }: Choice, name: 'level' | 'workload-level'): Level {
  return asLevel(values[name]) ?? (name === 'level' ? 'baseline' : 'restricted');
}
