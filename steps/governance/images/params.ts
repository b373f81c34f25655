import type { Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { texts } from '../../../src/model/json.ts';
import type { Choice, Param } from '../../../src/model/step.ts';
import { listed, plural } from '../../shared/texts.ts';
import { byRegistry, knownImages, MICROSOFT, ownRegistries, usersText } from './inventory.ts';
import { approvable } from './pattern.ts';

/** Hosts that anybody gets a registry under. */
const everybodys = /^(\*|azurecr\.(io|cn|us)|pkg\.dev|gcr\.io|amazonaws\.com|.*\*.*)$/;

function suggestions(facts: Facts): readonly { readonly value: string; readonly label: string }[] {
  const images = knownImages(facts);
  return byRegistry(images)
    .filter(({ registry }) => registry !== MICROSOFT && approvable.test(registry))
    .map(({ registry, count }) => {
      const [first] = images.filter((one) => one.registry === registry);
      return { value: registry, label: `${clean(registry)}: ${plural(count, 'image')}${first === undefined ? '' : `, ${usersText(first)}`}` };
    });
}

/** The registries that images may come from. */
export const approvedParam: Param = {
  name: 'approved-registries',
  prompt: 'Which registries are approved?',
  help: 'Names of registries, or of a path in one (ghcr.io/our-team), separated by commas. Microsoft’s own, which AKS needs, is always among them. Copy the rest into a registry of your own: az acr import.',
  kind: 'list',
  suggestions,
  // What is on somebody else's registry is for a person to approve.
  defaultValue: (facts) => {
    const own = (ownRegistries(facts) ?? []).filter((server) => approvable.test(server));
    return own.length > 0 ? own : undefined;
  },
  validate: (value) => {
    if (!Array.isArray(value)) return 'Give a list of registries, e.g. shop.azurecr.io.';
    const given = texts(value);
    if (given.length === 0) return 'Name at least one registry that your images come from, e.g. shop.azurecr.io.';
    const open = given.find((one) => everybodys.test(one));
    if (open !== undefined) return `${clean(open)} is everybody’s: anybody gets a registry there. Name your own, e.g. shop.azurecr.io.`;
    const odd = given.find((one) => !approvable.test(one));
    return odd === undefined
      ? undefined
      : `${clean(odd)} is no registry: write a host, and a path if only that is approved, in lower case and without https://.`;
  },
};

/** What was chosen, or what stands as the default. */
export function approvedOf(facts: Facts, { values }: Choice): readonly string[] {
  return texts(values[approvedParam.name] ?? approvedParam.defaultValue(facts));
}

/** For a sentence. */
export const approvedText = (approved: readonly string[]): string => listed([MICROSOFT, ...approved.filter((one) => one !== MICROSOFT)]);
