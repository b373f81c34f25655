import { clusterRef, type Facts, fact } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Option } from '../../../src/model/step.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { activeAssignments } from './assignments.ts';
import { inventory, knownImages, usersText } from './inventory.ts';
import { approvedParam, approvedText } from './params.ts';
import { patternFor } from './pattern.ts';
import { refusedImages, registriesText } from './verdict.ts';

export const optionIds = ['audit', 'deny'] as const;
export type OptionId = (typeof optionIds)[number];

/** The registries that are one's own, as far as they can be told; what they do not cover. */
function proposal(facts: Facts) {
  const found = approvedParam.defaultValue(facts);
  const own = Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : [];
  const outside = refusedImages(facts, [{ pattern: patternFor(own), excluded: [], only: [] }]);
  return { own, outside };
}

function runsText(facts: Facts): string {
  const found = inventory(facts);
  if (found.state === 'unknown') return `What runs was not read (${clean(found.reason)}).`;
  return found.value.length === 0 ? 'Nothing runs yet.' : `${plural(found.value.length, 'image')} run from ${registriesText(knownImages(facts))}.`;
}

/** The ways to decide, told with the images that run. */
export function options(facts: Facts): readonly Option[] {
  const assignments = fact(facts, 'policyAssignments');
  const refusal =
    assignments.state === 'unknown'
      ? `Whether the policy is assigned already is not known (${clean(assignments.reason)}): a second one would report everything twice.`
      : undefined;
  const off = refusal === undefined ? {} : { unavailable: refusal };
  const active = activeAssignments(facts);
  const { own, outside } = proposal(facts);
  const covered =
    own.length === 0
      ? ''
      : ` ${approvedText(own)} ${
          outside === undefined || outside.length === 0
            ? 'cover all that is known'
            : `leave ${plural(outside.length, 'image')} out: ${listed(
                outside.map((one) => `${one.image} (${usersText(one)})`),
                3,
              )}`
        }.`;
  const group = clean(clusterRef(facts).resourceGroup);
  const there = active.length === 0 ? '' : ` It is assigned already: ${listed(active.map(({ name, effect }) => `${name}, ${effect}`))}.`;
  const refuses = active.some(({ effect }) => effect === 'deny');
  return [
    {
      id: 'audit',
      title: 'Report images from anywhere else',
      tradeOff: `${runsText(facts)}${covered}${there} Azure Policy at audit on resource group ${group}: every pod with an image from elsewhere is listed in Azure, and nothing is refused. First results take up to 20 minutes.`,
      impact: { kind: 'none', scope: 'reports only; nothing is refused' },
      minutes: SIDE_WRITE_MINUTES,
      cost: 'None; it needs the Azure Policy add-on',
      reversible: { kind: 'yes', how: 'the assignment is deleted' },
      notWhen: 'it has reported for a week already: then deny',
      ...(refusal === undefined && active.length === 0 ? { recommended: 'It breaks nothing, and its list is what you need before anything is refused.' } : {}),
      ...off,
      params: [approvedParam.name],
    },
    {
      id: 'deny',
      title: 'Refuse images from anywhere else',
      tradeOff: `${runsText(facts)}${covered}${there} New pods with other images are refused, after a restart, a scale-out or a new node image too. Injected containers count: agents of other vendors need their registry on the list, or their image in yours.`,
      impact: { kind: 'workload', scope: 'new pods with an image from elsewhere are refused; running ones stay' },
      minutes: SIDE_WRITE_MINUTES,
      cost: 'Your own copy of what others publish: storage in your registry, and the work of renewing it',
      reversible: { kind: 'yes', how: 'back to audit, or the assignment is deleted; refused pods come up within minutes' },
      notWhen: 'images outside of the list still run',
      ...(refusal === undefined && active.length > 0 && !refuses && outside?.length === 0
        ? { recommended: 'It reports already, and every image that is known comes from the list.' }
        : {}),
      ...off,
      params: [approvedParam.name],
    },
  ];
}
