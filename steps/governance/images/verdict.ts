import { type Assessment, type Evidence, fail, partial, unknown } from '../../../src/model/assessment.ts';
import { type Facts, fact } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { listed, plural } from '../../shared/texts.ts';
import { activeAssignments, DEFINITION, type ImageAssignment, imageAssignments, isCarriedOut } from './assignments.ts';
import { byRegistry, inventory, knownImages, type UsedImage, usersText } from './inventory.ts';
import { isBoundless, matcherOf } from './pattern.ts';

const WANTED = 'assigned with Deny and the registries that are approved';
/** More than these are counted: an assessment is read by people. */
const MOST_SHOWN = 20;

const evidenceOf = ({ name, effect, pattern }: ImageAssignment): Evidence => ({
  path: `policyAssignments/${clean(name)}`,
  actual: `${effect}, ${clean(pattern).slice(0, 200)}`,
  wanted: WANTED,
});

/** What runs, in one line: `shop.azurecr.io (4), docker.io (2)`. */
export function registriesText(images: readonly UsedImage[]): string {
  return listed(
    byRegistry(images).map(({ registry, count }) => `${registry} (${count})`),
    6,
  );
}

function runningEvidence(facts: Facts): readonly Evidence[] {
  const images = knownImages(facts);
  return images.length === 0 ? [] : [{ path: 'images by registry', actual: registriesText(images), wanted: 'approved registries' }];
}

function imageEvidence(images: readonly UsedImage[]): readonly Evidence[] {
  const shown = images.slice(0, MOST_SHOWN).map((one) => ({ path: `image of ${usersText(one)}`, actual: clean(one.image), wanted: 'a registry on the list' }));
  const rest = images.length - MOST_SHOWN;
  return [...shown, ...(rest > 0 ? [{ path: 'images', actual: `and ${rest} more`, wanted: 'the same' }] : [])];
}

type Rule = Pick<ImageAssignment, 'pattern' | 'excluded' | 'only'>;

/** Images that run, where these rules look, and that one of them does not let in again; undefined where what runs is not known. */
export function refusedImages(facts: Facts, rules: readonly Rule[]): readonly UsedImage[] | undefined {
  const found = inventory(facts);
  if (found.state === 'unknown') return undefined;
  const tests = rules.flatMap((rule) => {
    const matches = matcherOf(rule.pattern);
    return matches === undefined ? [] : [{ ...rule, matches }];
  });
  return found.value.filter(({ image, workloads }) =>
    tests.some(
      ({ matches, excluded, only }) =>
        workloads.some(({ namespace }) => !excluded.includes(namespace) && (only.length === 0 || only.includes(namespace))) && !matches(image),
    ),
  );
}

/** 20.3: an assignment refuses what is not from an approved registry, and nothing of the kind runs. */
export function assessImages(facts: Facts): Assessment {
  const assignments = fact(facts, 'policyAssignments');
  if (assignments.state === 'unknown') return unknown(clean(assignments.reason));
  const active = activeAssignments(facts);
  if (active.length === 0) {
    const off = imageAssignments(facts).map(evidenceOf);
    const none = { path: `policyAssignments of ${DEFINITION}`, actual: 'none', wanted: WANTED };
    return fail(...(off.length > 0 ? off : [none]), ...runningEvidence(facts));
  }
  const shown = active.map(evidenceOf);
  if (!isCarriedOut(facts)) return partial('it is assigned, but the add-on that carries it out is off (step governance.policy)', ...shown);
  const denying = active.filter(({ effect }) => effect === 'deny');
  if (denying.length === 0) return partial('it reports what it finds, and refuses nothing', ...shown);
  const matchers = denying.map(({ pattern }) => matcherOf(pattern));
  if (matchers.every((matches) => matches !== undefined && isBoundless(matches))) return partial('its pattern lets every registry pass', ...shown);
  if (denying.every(({ only }) => only.length > 0)) return partial(`it looks at namespace ${listed(denying.flatMap(({ only }) => only))} alone`, ...shown);
  const refused = refusedImages(facts, denying) ?? [];
  if (refused.length > 0) {
    return partial(
      `${plural(refused.length, 'image')} ${refused.length === 1 ? 'runs' : 'run'} that it refuses as soon as ${refused.length === 1 ? 'its' : 'their'} pods start anew`,
      ...shown,
      ...imageEvidence(refused),
    );
  }
  const images = inventory(facts);
  const note =
    images.state === 'unknown'
      ? `What runs was not read: ${clean(images.reason)}.`
      : matchers.includes(undefined)
        ? 'The pattern is too intricate to be tried on the images that run.'
        : undefined;
  return { status: 'pass', evidence: shown, ...(note === undefined ? {} : { note }) };
}
