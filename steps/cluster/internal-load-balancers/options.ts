import { type Facts, fact, type ServiceFacts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Option } from '../../../src/model/step.ts';
import { keepersOf, placeName } from '../../shared/kube-objects.ts';
import { listed, plural } from '../../shared/texts.ts';
import { isSent } from './changes.ts';
import { unapproved, unrestricted } from './params.ts';
import { doorOf, publicServices } from './state.ts';

export const optionIds = ['second-service', 'source-ranges', 'in-place', 'approve'] as const;
export type OptionId = (typeof optionIds)[number];

const doors = (services: readonly ServiceFacts[]): string =>
  `${services
    .slice(0, 3)
    .map((service) => `${placeName(service)} (${doorOf(service)})`)
    .join(', ')}${services.length > 3 ? ` and ${services.length - 3} more` : ''}`;

/** How much of it is done here and how much is left to who keeps the objects. */
function share(services: readonly ServiceFacts[]): string {
  const kept = services.filter((service) => !isSent(service));
  return kept.length === 0
    ? ''
    : ` ${keepersOf(kept) || 'Nobody'} ${kept.length === 1 ? 'keeps one' : `keeps ${kept.length}`} of them: for ${kept.length === 1 ? 'that one' : 'those'} you get the manifest.`;
}

const nothing = (what: string): Pick<Option, 'impact' | 'minutes' | 'tradeOff'> => ({
  tradeOff: what,
  impact: { kind: 'none', scope: 'nothing: it is in place' },
  minutes: [0, 1],
});

/** The ways to decide, told with the Services that stand here. */
export function options(facts: Facts): readonly Option[] {
  const found = fact(facts, 'services');
  const unavailable = found.state === 'unknown' ? `Services could not be read: ${clean(found.reason)}.` : undefined;
  const open = unapproved(facts);
  const wide = unrestricted(facts);
  const names = listed(open.map(placeName));
  const none = 'No Service is public without approval: there is nothing to move.';
  const plain: readonly Option[] = [
    {
      id: 'second-service',
      title: 'A second, internal door, then the cut-over',
      ...(open.length === 0
        ? nothing(none)
        : {
            tradeOff: `Opens an internal Service beside each of ${plural(open.length, 'public one')}: ${doors(open)}. Nobody is cut off: clients move by DNS when you move them, and the public door is closed by hand once it is silent. Until then both stand open.${share(open)}`,
            impact: { kind: 'billing', scope: `${plural(open.length, 'more front end')} of the load balancer; clients move when you move them` },
            minutes: [1, 5],
          }),
      cost: 'One load-balancer rule for each port while both doors stand',
      reversible: { kind: 'yes', how: 'the second Service is deleted; the public one never changed' },
      notWhen: 'callers are on the internet and have no way into your network',
      ...(open.length > 0 && unavailable === undefined ? { recommended: 'No client notices until you move it, and until then there is a way back.' } : {}),
      params: ['services', 'approved', 'subnet'],
    },
    {
      id: 'source-ranges',
      title: 'Stay public, for named networks only',
      ...(wide.length === 0
        ? nothing('Every public Service answers named networks only.')
        : {
            tradeOff: `${doors(wide)} keep their addresses; every network that is not on your list is refused, from one minute to the next.${share(wide)} The list is kept in spec.loadBalancerSourceRanges, or in the annotations where a Service uses those: the two are never mixed.`,
            impact: { kind: 'network', scope: `callers of ${listed(wide.map(placeName))} from networks that are not named` },
            minutes: [0, 2],
          }),
      cost: 'None',
      reversible: { kind: 'yes', how: 'the old list is written back' },
      notWhen: 'it is a web site for everybody: approve it, and put a web application firewall in front',
      params: ['restrict', 'sources'],
    },
    {
      id: 'in-place',
      title: 'Internal in place: one annotation',
      ...(open.length === 0
        ? nothing(none)
        : {
            tradeOff: `${names}: the public address goes and an internal one comes, in one change. Every connection ends, and clients fail until DNS and their lists follow.${share(open)}`,
            impact: { kind: 'network', scope: `clients of ${names}: outage until they know the new address` },
            minutes: [1, 5],
          }),
      cost: 'None; a public address less',
      reversible: { kind: 'partly', how: 'the annotation goes again; a public address that AKS made does not come back, another one does' },
      notWhen: 'anybody is using it: the second door does the same without an outage',
      params: ['services', 'approved', 'subnet'],
    },
    {
      id: 'approve',
      title: 'Public on purpose, on the record',
      tradeOff:
        publicServices(facts).length === 0
          ? 'No Service is public: there is nothing to approve.'
          : 'Changes no traffic. An annotation in the cluster says that somebody decided it; whether it answers the whole internet stays a finding of its own.',
      impact: { kind: 'none', scope: 'an annotation for each approved Service' },
      minutes: [0, 1],
      cost: 'None',
      reversible: { kind: 'yes', how: 'the annotation is taken off' },
      notWhen: 'nobody can say who the callers are',
      params: ['approved'],
    },
  ];
  return unavailable === undefined ? plain : plain.map(({ recommended: _none, ...option }) => ({ ...option, unavailable }));
}
