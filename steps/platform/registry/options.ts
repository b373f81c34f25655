import { type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import type { Option } from '../../../src/model/step.ts';
import { pulledRegistries } from '../../shared/registry-access.ts';
import { listed, plural } from '../../shared/texts.ts';
import {
  endpointSubnets,
  excess,
  hasAdminUser,
  hasAnonymousPull,
  hasContentTrust,
  hasManagedNetwork,
  isFenced,
  isPremium,
  mayJustPull,
  privateWay,
  registriesOf,
  TRUST_CLOSED,
  TRUST_END,
} from './state.ts';

export const optionIds = ['private-path', 'private', 'selected-networks', 'credentials', 'signing'] as const;
export type OptionId = (typeof optionIds)[number];

/** Why nothing can be chosen at all. */
function noRegistry(facts: Facts): string | undefined {
  const found = pulledRegistries(facts);
  if (found.state === 'unknown') return `Which registries the nodes pull from is not known: ${found.reason}.`;
  return found.value.length === 0 ? 'No registry of the subscription lets the nodes pull.' : undefined;
}

function noPrivateWay(facts: Facts): string | undefined {
  if (hasManagedNetwork(facts)) {
    return 'The nodes are in the network that AKS made, where nothing of yours belongs: put the endpoint into a network of your own that is peered with it.';
  }
  const link = fact(facts, 'registryPrivateLink');
  if (link.state === 'unknown') return `Private endpoints and zones of today are not known: ${link.reason}.`;
  if (fact(facts, 'subnets').state === 'known' && endpointSubnets(facts).length === 0) return 'The nodes’ network has no subnet that an endpoint can stand in.';
  return undefined;
}

/** Registries and what is wrong with them, in a sentence. */
export function today(facts: Facts): string {
  const none = noRegistry(facts);
  if (none !== undefined) return none;
  const registries = registriesOf(facts);
  const of = (found: readonly { readonly name: string }[], words: string): readonly string[] =>
    found.length > 0 ? [`${listed(found.map(({ name }) => name))} ${words}`] : [];
  const said = [
    ...of(
      registries.filter((one) => !isFenced(one)),
      'answers the whole internet',
    ),
    ...of(registries.filter(hasAdminUser), 'has an admin password'),
    ...of(registries.filter(hasAnonymousPull), 'gives images to anybody'),
    ...of(
      registries.filter((one) => excess(one).length > 0),
      'lets the nodes do more than pull',
    ),
  ];
  return `The nodes pull from ${listed(registries.map(({ name }) => name))}${said.length > 0 ? `: ${said.join('; ')}` : ', with nothing of this amiss'}.`;
}

/** The private way, named networks, passwords alone, or signatures: told with the registries that are there. */
export function options(facts: Facts): readonly Option[] {
  const none = noRegistry(facts);
  const noWay = none ?? noPrivateWay(facts);
  const registries = registriesOf(facts);
  const names = listed(registries.map(({ name }) => name));
  const upgrades = registries.filter((one) => !isPremium(one));
  const open = registries.filter((one) => !isFenced(one));
  const wayThere = registries.length > 0 && registries.every((one) => privateWay(facts, one) === 'there');
  const trusted = registries.filter(hasContentTrust);
  const loose = registries.filter((one) => hasAdminUser(one) || hasAnonymousPull(one) || !mayJustPull(one) || excess(one).length > 0);
  const tier =
    upgrades.length > 0
      ? `${listed(upgrades.map(({ name }) => name))} has to move to Premium first, which is paid by the day.`
      : 'All of them are in the Premium tier already.';
  const egress = knownValue(facts, 'outboundAddresses');
  const pick: OptionId | undefined =
    open.length > 0 && noWay === undefined ? (wayThere ? 'private' : 'private-path') : loose.length > 0 && none === undefined ? 'credentials' : undefined;
  const reasons: { readonly [O in OptionId]: string } = {
    'private-path': 'It makes the private way and closes nothing: pulls can be tried before anybody is shut out.',
    private: 'The private way stands; what is left is to close the public one.',
    'selected-networks': '',
    credentials: `${listed(loose.map(({ name }) => name))} can be read with what many people share, or the nodes hold more than the right to pull. It costs nothing to end that.`,
    signing: '',
  };
  const recommend = (id: OptionId) => (pick === id ? { recommended: reasons[id] } : {});
  const shut = (reason: string | undefined, id: OptionId) => (reason === undefined ? recommend(id) : { unavailable: reason });
  return [
    {
      id: 'private-path',
      title: 'Make the private way, close nothing yet',
      tradeOff: `A private endpoint for ${names} in the nodes’ network, and a DNS zone in which its name leads there. Nodes then pull over it, everybody else as before. ${tier} Shared passwords go, and the nodes get the one role that pulling takes.`,
      impact: { kind: 'workload', scope: `pulls from ${names} take another way; whoever uses the admin password or pulls without a sign-in is refused` },
      minutes: [3, 10],
      cost: `Premium tier by the day (${plural(upgrades.length, 'registry', 'registries')} to move), ${plural(registries.length, 'endpoint')} by the hour and by the gigabyte.`,
      reversible: { kind: 'yes', how: 'Endpoint, zone and link are deleted, the tier goes back.' },
      params: ['registries', 'subnet', 'quarantine'],
      ...shut(noWay, 'private-path'),
    },
    {
      id: 'private',
      title: 'Private only',
      tradeOff: `${names} ${registries.length === 1 ? 'answers' : 'answer'} in the network only: the strongest fence there is around what the cluster runs. Hosted pipelines, ACR Tasks, the portal and other clusters lose it unless they are inside. ${wayThere ? 'The private way stands already.' : `The private way is made first. ${tier}`}`,
      impact: { kind: 'network', scope: `everybody outside of the nodes’ network loses ${names}` },
      minutes: [3, 12],
      cost: `Premium tier by the day, ${plural(registries.length, 'endpoint')} by the hour and by the gigabyte.`,
      reversible: { kind: 'yes', how: 'Public access is turned on again through ARM, from anywhere, in seconds.' },
      notWhen: 'Pipelines run on hosted agents, or other clusters pull from the same registry from elsewhere.',
      params: ['registries', 'subnet', 'quarantine'],
      ...shut(noWay, 'private'),
    },
    {
      id: 'selected-networks',
      title: 'Public, for named networks',
      tradeOff: `${names} ${registries.length === 1 ? 'keeps its public address and lets' : 'keep their public addresses and let'} in the networks you name${egress && egress.length > 0 ? `, the nodes’ ${listed(egress.map(({ cidr }) => cidr))} among them` : ''}. No DNS to change and no endpoint to pay, but every change of the cluster’s outgoing addresses has to come here too. ${tier}`,
      impact: { kind: 'network', scope: `everybody outside of the named networks loses ${names}` },
      minutes: [1, 3],
      cost: 'Premium tier by the day.',
      reversible: { kind: 'yes', how: 'The default action goes back to Allow through ARM, from anywhere, in seconds.' },
      notWhen: 'The outgoing addresses change by themselves, or the private way can be had.',
      params: ['registries', 'ranges', 'quarantine'],
      ...shut(none, 'selected-networks'),
    },
    {
      id: 'credentials',
      title: 'End shared passwords, let the nodes pull and nothing more',
      tradeOff: `The admin password is one secret for everybody, and anonymous pull needs none. Turning both off breaks at once whatever uses them; the nodes get ${registries.some(({ abac }) => abac) ? 'AcrPull, or its counterpart where the registry decides by repository,' : 'AcrPull'} first. The registries stay on the internet, behind a sign-in.`,
      impact: { kind: 'workload', scope: `whatever uses the admin password of ${names}, or pulls without signing in, fails at once` },
      minutes: [1, 3],
      cost: 'None.',
      reversible: { kind: 'yes', how: 'Both are turned on again in seconds, with the same passwords.' },
      notWhen: 'Pull secrets in the cluster still use the admin password.',
      params: ['registries', 'quarantine'],
      ...shut(none, 'credentials'),
    },
    {
      id: 'signing',
      title: 'Signed images, today’s way',
      tradeOff: `Docker Content Trust is no answer any more: it cannot be turned on since ${TRUST_CLOSED} and ends on ${TRUST_END}${trusted.length > 0 ? `, with the signatures that ${listed(trusted.map(({ name }) => name))} still has` : ''}. Notary Project signatures are made in the pipeline, with a key in Key Vault, and verified in the cluster. That is work in every pipeline, so this option is a list to follow.`,
      impact: { kind: 'workload', scope: 'nothing while the check audits' },
      minutes: [120, 2880],
      cost: 'Key Vault operations, and the work in the pipelines.',
      reversible: { kind: 'partly', how: 'The check can be taken off. Content trust that was turned off stays off.' },
      notWhen: 'Images come from publishers that sign in another way, or not at all.',
      params: ['registries'],
      ...shut(none, 'signing'),
    },
  ];
}
