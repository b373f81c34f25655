import { type Facts, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Json } from '../../../src/model/json.ts';
import type { Param } from '../../../src/model/step.ts';
import { listed } from '../../shared/texts.ts';
import { type Channel, channelOf, channels, hasChannel, offered, reachable, routeTo, suggested } from './state.ts';

function versionFault(value: Json, known: readonly string[]): string | undefined {
  if (typeof value === 'string' && known.includes(value)) return undefined;
  return known.length === 0 ? 'AKS offers no newer version here.' : `${clean(String(value))} is not offered here: ${listed(known, 8)}.`;
}

function label(facts: Facts, version: string): string {
  const isDefault = knownValue(facts, 'kubernetesVersions')?.some((minor) => minor.isDefault && version.startsWith(`${minor.minor}.`));
  const stops = (routeTo(facts, version) ?? []).slice(0, -1);
  return `${version}${isDefault ? ' (what new clusters get)' : ''}${stops.length > 0 ? ` by way of ${listed(stops)}` : ''}`;
}

const channelTexts: { readonly [C in Channel]: string } = {
  patch: 'patch: the newest patch of the minor that runs, nothing else',
  stable: 'stable: the newest patch of the minor before the latest',
  rapid: 'rapid: the newest patch of the latest minor',
};

/** True for the name of a channel. */
export const isChannel = (value: Json | undefined): value is Channel => channels.some((channel) => channel === value);

export const params: readonly Param[] = [
  {
    name: 'version',
    prompt: 'To which version shall the control plane go?',
    help: 'Minors are taken one at a time, each as a change of its own. Pools may be three minors behind, and follow by a decision of their own.',
    kind: 'choice',
    choices: (facts) => reachable(facts).map((version) => ({ value: version, label: label(facts, version) })),
    defaultValue: (facts) => {
      const wanted = suggested(facts);
      return wanted !== undefined && reachable(facts).includes(wanted) ? wanted : reachable(facts).at(-1);
    },
    validate: (value, facts) => versionFault(value, reachable(facts)),
  },
  {
    name: 'wholeVersion',
    prompt: 'To which version shall control plane and pools go?',
    help: 'What AKS offers this cluster in one go. For a version further on, come back when this one is proven.',
    kind: 'choice',
    choices: (facts) => (offered(facts) ?? []).map((version) => ({ value: version, label: label(facts, version) })),
    defaultValue: suggested,
    validate: (value, facts) => versionFault(value, offered(facts) ?? []),
  },
  {
    name: 'channel',
    prompt: 'Who keeps Kubernetes up to date from then on?',
    help: 'AKS upgrades control plane and pools together, inside the maintenance window for Kubernetes where there is one. Changes take up to a day to hold.',
    kind: 'choice',
    choices: () => channels.map((channel) => ({ value: channel, label: channelTexts[channel] })),
    defaultValue: (facts) => (hasChannel(facts) ? channelOf(facts) : 'patch'),
    validate: (value) => (isChannel(value) ? undefined : `Name a channel: ${listed(channels)}.`),
  },
];
