import { type Facts, fact, idPart, knownValue, type ManagedIdentity } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { type Json, text, texts } from '../../../src/model/json.ts';
import type { Choice, Param } from '../../../src/model/step.ts';
import { type PulledRegistry, pulledRegistries } from '../../shared/registry-access.ts';
import { listed, sameId, shortName } from '../../shared/texts.ts';
import { identityIds, isMadeByAks, ownIdentities } from './state.ts';

/** What the option with identities of one's own was given. */
export interface Wanted {
  readonly control: ManagedIdentity | undefined;
  readonly kubelet: ManagedIdentity | undefined;
  readonly registries: readonly PulledRegistry[];
}

const byId = (facts: Facts, id: string | undefined): ManagedIdentity | undefined =>
  (knownValue(facts, 'managedIdentities') ?? []).find((identity) => id !== undefined && sameId(identity.id, id));

/** Registries the nodes may pull from today; none where that is not known. */
export function registriesNow(facts: Facts): readonly PulledRegistry[] {
  const found = pulledRegistries(facts);
  return found.state === 'known' ? found.value : [];
}

/** The choice as identities and registries that exist. */
export function wantedOf(facts: Facts, choice: Choice): Wanted {
  const chosen = texts(choice.values['registries']);
  return {
    control: byId(facts, text(choice.values['controlPlaneIdentity'])),
    kubelet: byId(facts, text(choice.values['kubeletIdentity'])),
    registries: registriesNow(facts).filter(({ id }) => chosen.some((one) => sameId(one, id))),
  };
}

/** The identity in use, else the only one whose name says what it is for. */
function proposed(facts: Facts, current: string | undefined, isMeant: (name: string) => boolean): string | undefined {
  const own = ownIdentities(facts);
  const used = own.find(({ id }) => current !== undefined && sameId(id, current) && !isMadeByAks(facts, id));
  const named = own.filter(({ id }) => isMeant(shortName(id).toLowerCase()));
  return used?.id ?? (named.length === 1 ? named[0]?.id : undefined);
}

const isForKubelet = (name: string): boolean => /kubelet|agentpool|node/.test(name);

function identityParam(name: string, prompt: string, help: string, defaultValue: Param['defaultValue']): Param {
  return {
    name,
    prompt,
    help,
    kind: 'choice',
    choices: (facts) => ownIdentities(facts).map(({ id }) => ({ value: id, label: `${shortName(id)} (${clean(idPart(id, 'resourceGroups') ?? '')})` })),
    defaultValue,
    validate: (value: Json, facts: Facts) => {
      const found = fact(facts, 'managedIdentities');
      if (found.state === 'unknown') return `Identities could not be listed (${clean(found.reason)}): read the cluster again with an account that may.`;
      if (byId(facts, text(value)) !== undefined) return undefined;
      return `Give the resource id of a user-assigned identity in the subscription: ${listed(ownIdentities(facts).map(({ id }) => id))}.`;
    },
  };
}

/** Parameters of the option with identities of one's own. */
export const params: readonly Param[] = [
  identityParam(
    'controlPlaneIdentity',
    'Identity of the control plane',
    'It manages load balancers, disks and routes. Make one with az identity create; it must not be the kubelets’ one.',
    (facts) => proposed(facts, identityIds(facts).control[0], (name) => /control|cluster|plane/.test(name) && !isForKubelet(name)),
  ),
  identityParam(
    'kubeletIdentity',
    'Identity of the kubelets',
    'It pulls images, and every pod on a node can get at it: it should hold nothing else.',
    (facts) => proposed(facts, identityIds(facts).kubelet, isForKubelet),
  ),
  {
    name: 'registries',
    prompt: 'Registries that the nodes shall go on pulling from',
    help: 'The new identity gets the right to pull, and nothing more, before the switch. Leave out what this cluster does not use.',
    kind: 'choices',
    choices: (facts) => registriesNow(facts).map(({ id, name }) => ({ value: id, label: clean(name) })),
    defaultValue: (facts) => registriesNow(facts).map(({ id }) => id),
    validate: (value: Json, facts: Facts) => {
      if (!Array.isArray(value)) return 'Give a list of registries, separated by commas; an empty one where none is used.';
      const known = registriesNow(facts);
      const wrong = value.find((entry) => typeof entry !== 'string' || !known.some(({ id }) => sameId(id, entry)));
      return wrong === undefined
        ? undefined
        : `"${clean(String(wrong))}" is no registry that the nodes can pull from today: choose from ${listed(known.map(({ id }) => id))}.`;
    },
  },
];
