import type { Impact, Reversible } from '../../../src/model/change.ts';
import { type Facts, fact, isAutomatic } from '../../../src/model/facts.ts';
import type { Option } from '../../../src/model/step.ts';
import { clusterName } from '../../shared/guards.ts';
import { poolNames, reimageMinutes } from '../../shared/minutes.ts';
import { about, size } from '../../shared/pool-sizes.ts';
import { listed, plural, shortName } from '../../shared/texts.ts';
import { registriesNow } from './params.ts';
import { actingOf, broadGrants, daysLeft, identityIds, isMadeByAks, orphans, ownIdentities, ownPrivateZone, ownRouteTables, ownSubnets } from './state.ts';

export const optionIds = ['user-assigned', 'system-assigned', 'rotate-secret', 'clean-up'] as const;
export type OptionId = (typeof optionIds)[number];

/** True where a system-assigned identity must be given roles by hand after the switch: it does not exist before. */
export function mustGrantByHand(facts: Facts): boolean {
  return ownSubnets(facts).length > 0 || registriesNow(facts).length > 0;
}

/** Why identities of one's own cannot be chosen now. */
function userUnavailable(facts: Facts): string | undefined {
  if (actingOf(facts).kind === 'not-told') return 'The facts do not say who the cluster acts as.';
  if (isAutomatic(facts)) return 'AKS Automatic manages the identities of its nodes itself.';
  const found = fact(facts, 'managedIdentities');
  if (found.state === 'unknown') return `The identities of the subscription are not known: ${found.reason}.`;
  if (ownIdentities(facts).length >= 2) return undefined;
  return `It takes two user-assigned identities, and the subscription has ${ownIdentities(facts).length}: make them first with az identity create, then read again.`;
}

/** AKS docs, managed-identity-overview and configure-kubenet: these need an identity that exists beforehand. */
function systemUnavailable(facts: Facts): string | undefined {
  const acting = actingOf(facts);
  if (acting.kind === 'not-told') return 'The facts do not say who the cluster acts as.';
  if (acting.kind === 'managed') return 'The cluster acts with a managed identity already.';
  if (ownPrivateZone(facts) !== undefined) return 'A private DNS zone of your own needs a user-assigned identity.';
  if (ownRouteTables(facts).length > 0) return `Route table ${listed(ownRouteTables(facts).map(shortName))} of your own needs a user-assigned identity.`;
  return undefined;
}

function secretNow(facts: Facts): string {
  const days = daysLeft(facts);
  if (days === undefined) return 'When its secret ends is not known.';
  return days < 0 ? 'One of its secrets has expired.' : `Its earliest secret ends in ${plural(days, 'day')}.`;
}

/** Who the cluster acts as, in a sentence or two. */
export function stateNow(facts: Facts): string {
  const acting = actingOf(facts);
  switch (acting.kind) {
    case 'service-principal':
      return `${clusterName(facts)} acts as a service principal, whose secret lies on every node. ${secretNow(facts)}`;
    case 'managed': {
      const { kubelet } = identityIds(facts);
      const own = kubelet !== undefined && !isMadeByAks(facts, kubelet);
      return `${clusterName(facts)} acts with a ${acting.type === 'SystemAssigned' ? 'system-assigned' : 'user-assigned'} managed identity; its kubelets use ${own ? 'one of your own' : 'the one that AKS made'}.`;
    }
    case 'not-told':
      return 'The facts do not say who the cluster acts as.';
    default:
      return acting satisfies never;
  }
}

/** Identities of one's own, Azure's, a new secret, or a clean desk: told with what stands here. */
export function options(facts: Facts): readonly Option[] {
  const acting = actingOf(facts);
  const isPrincipal = acting.kind === 'service-principal';
  const [noUser, noSystem] = [userUnavailable(facts), systemUnavailable(facts)];
  const registries = registriesNow(facts);
  const subnets = ownSubnets(facts);
  const byHand = mustGrantByHand(facts);
  const broad = broadGrants(facts);
  const left = orphans(facts) ?? [];
  const reimage: Impact = { kind: 'reimage', scope: `every node of ${size(facts)}, pool by pool`, pools: poolNames(facts) };
  const minutes = reimageMinutes(facts);
  const oneWay: Reversible = { kind: 'no', how: 'There is no way back to a service principal.' };
  const dependents = `${plural(registries.length, 'registry', 'registries')} and ${plural(subnets.length, 'subnet')} of your own`;
  const pick: OptionId | undefined = !isPrincipal
    ? broad.length > 0 || left.length > 0
      ? 'clean-up'
      : undefined
    : noUser === undefined && (byHand || noSystem !== undefined)
      ? 'user-assigned'
      : noSystem === undefined
        ? 'system-assigned'
        : 'rotate-secret';
  const reasons: { readonly [O in OptionId]: string } = {
    'user-assigned': `Roles are needed on ${dependents}: only identities that exist beforehand can have them before the switch, so that nothing is refused in between.`,
    'system-assigned': byHand
      ? 'It needs nothing beforehand. Its roles have to be given right after the switch, before a node is renewed.'
      : 'Nothing outside of the cluster has to be granted, and Azure makes and removes the identity with the cluster.',
    'rotate-secret': `No managed identity can be had now. ${secretNow(facts)}`,
    'clean-up':
      broad.length > 0
        ? `An identity of the cluster may change everything in its resource group or above (${plural(broad.length, 'role assignment')}).`
        : `${plural(left.length, 'application')} of an earlier time ${left.length === 1 ? 'carries' : 'carry'} the cluster’s name.`,
  };
  const recommend = (id: OptionId) => (pick === id ? { recommended: reasons[id] } : {});
  return [
    {
      id: 'user-assigned',
      title: 'Managed identities of your own',
      tradeOff: `One identity for the control plane, one for the kubelets, with roles on ${dependents} in place before anything acts as them. ${isPrincipal ? `No secret is left to expire. The switch replaces the nodes of ${size(facts)}, ${about(minutes)}.` : 'They outlive the cluster, and a new cluster can start with the same rights.'} You own two more resources.`,
      impact: reimage,
      minutes,
      cost: 'None. Surge nodes for the length of the rollout.',
      reversible: isPrincipal ? oneWay : { kind: 'yes', how: 'Other identities can be set at any time; a new kubelet identity replaces the nodes again.' },
      notWhen: 'Pods cannot move now, or nobody may assign roles on the subnets and registries.',
      params: ['controlPlaneIdentity', 'kubeletIdentity', 'registries'],
      ...(noUser === undefined ? recommend('user-assigned') : { unavailable: noUser }),
    },
    {
      id: 'system-assigned',
      title: 'A managed identity that Azure makes',
      tradeOff: `Nothing to prepare or to clean up. ${byHand ? `But it exists only after the switch, so its roles on ${dependents} come after it, by hand: until then load balancers cannot change and new nodes cannot pull.` : 'Here nothing outside of the cluster has to be granted.'} The nodes of ${size(facts)} are replaced, ${about(minutes)}.`,
      impact: reimage,
      minutes,
      cost: 'None. Surge nodes for the length of the rollout.',
      reversible: oneWay,
      notWhen: 'The cluster uses registries, subnets, disks or zones outside of its own resource group and must not stop for a moment.',
      params: [],
      ...(noSystem === undefined ? recommend('system-assigned') : { unavailable: noSystem }),
    },
    {
      id: 'rotate-secret',
      title: 'Keep the service principal, with a new secret',
      tradeOff: `${secretNow(facts)} A rotation buys a year and replaces all nodes all the same, ${about(minutes)}: the switch to a managed identity costs as much, once. Done by hand, because a secret never stands in a plan or a file of this program.`,
      impact: reimage,
      minutes,
      cost: 'None, but the same again next year.',
      reversible: { kind: 'partly', how: 'The old secret goes on working until it ends.' },
      notWhen: 'The switch to a managed identity is possible.',
      params: [],
      ...(isPrincipal ? recommend('rotate-secret') : { unavailable: 'The cluster acts with a managed identity: there is no secret.' }),
    },
    {
      id: 'clean-up',
      title: 'Find what is left behind',
      tradeOff: `A list to work off: the file in which older az versions kept secrets, applications that nobody acts as (${left.length} found here), roles that reach too far (${broad.length} here). Nothing is deleted from here, because another cluster may act as the same application.`,
      impact: { kind: 'none', scope: 'nothing in this cluster' },
      minutes: [5, 30],
      cost: 'None.',
      reversible: { kind: 'partly', how: 'A deleted application can be restored for 30 days, a deleted file cannot.' },
      params: [],
      ...recommend('clean-up'),
    },
  ];
}
