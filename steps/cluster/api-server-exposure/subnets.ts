import { type ArmResource, type Facts, fact, idPart, pools } from '../../../src/model/facts.ts';
import { at, list, path, text, texts } from '../../../src/model/json.ts';
import { networksOf } from '../../shared/addresses.ts';
import { listed, sameId, shortName } from '../../shared/texts.ts';
import { exposure } from './state.ts';

const DELEGATION = 'Microsoft.ContainerService/managedClusters';
/** The smallest subnet that API Server VNet Integration takes (AKS docs, api-server-vnet-integration). */
const LONGEST_PREFIX = 28;

const isSubnetId = (value: string): boolean =>
  /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/\s]+\/subnets\/[^/\s]+$/i.test(value);

/** Subnets that the nodes are in; empty when AKS manages the network. */
export function nodeSubnets(facts: Facts): readonly string[] {
  return [...new Set(pools(facts).flatMap((pool) => text(at(pool, path('vnetSubnetID'))) ?? []))];
}

const networkOf = (subnetId: string): string => subnetId.split('/subnets/')[0] ?? subnetId;

/** What keeps a subnet from taking the API server, in words that say how to mend it; undefined when it fits. */
function subnetFault(facts: Facts, subnet: ArmResource): string | undefined {
  const id = text(subnet['id']) ?? '';
  const nodes = nodeSubnets(facts);
  if (nodes.some((node) => sameId(node, id))) return 'holds the nodes: the API server needs a subnet of its own';
  if (nodes.length > 0 && !nodes.some((node) => sameId(networkOf(node), networkOf(id)))) return 'is in another network than the nodes';
  const prefixes = [text(at(subnet, path('properties.addressPrefix'))), ...texts(at(subnet, path('properties.addressPrefixes')))].filter(
    (p) => p !== undefined,
  );
  const networks = networksOf(prefixes);
  if (networks.length > 0 && networks.every(({ prefix }) => prefix > LONGEST_PREFIX)) return `is smaller than /${LONGEST_PREFIX}`;
  const delegated = list(at(subnet, path('properties.delegations'))).some(
    (delegation) => (text(at(delegation, path('properties.serviceName'))) ?? text(at(delegation, ['serviceName'])))?.toLowerCase() === DELEGATION.toLowerCase(),
  );
  return delegated ? undefined : `is not delegated to ${DELEGATION}`;
}

/** Subnets that can take the API server; undefined when subnets were not read. */
export function fittingSubnets(facts: Facts): readonly string[] | undefined {
  const found = fact(facts, 'subnets');
  if (found.state === 'unknown') return undefined;
  return found.value.filter((subnet) => subnetFault(facts, subnet) === undefined).flatMap((subnet) => text(subnet['id']) ?? []);
}

/** The subnet meant by an ARM id or, where subnets are known, by its name alone. */
export function subnetIdOf(facts: Facts, said: string): string {
  if (isSubnetId(said)) return said;
  return fittingSubnets(facts)?.find((id) => shortName(id).toLowerCase() === said.toLowerCase()) ?? said;
}

/** How to make a subnet that fits, as a command. */
export function subnetCommand(facts: Facts): string {
  const node = nodeSubnets(facts)[0];
  const group = shortName(node ? (idPart(node, 'resourceGroups') ?? '') : 'NETWORK-GROUP');
  const network = shortName(node ? (idPart(node, 'virtualNetworks') ?? '') : 'NETWORK');
  return `az network vnet subnet create -g ${group} --vnet-name ${network} -n snet-apiserver --address-prefixes A.B.C.D/${LONGEST_PREFIX} --delegations ${DELEGATION}`;
}

/** What is wrong with a subnet given by the operator, as a sentence that says how to mend it. */
export function subnetParamFault(facts: Facts, said: string): string | undefined {
  if (exposure(facts).isIntegrated) return undefined;
  const id = subnetIdOf(facts, said);
  const fitting = fittingSubnets(facts);
  const hint = fitting && fitting.length > 0 ? `Fitting: ${listed(fitting.map(shortName))}.` : `Make one: ${subnetCommand(facts)}`;
  if (!isSubnetId(id)) return `"${shortName(said)}" is no subnet's ARM id (/subscriptions/…/virtualNetworks/…/subnets/…). ${hint}`;
  const found = fact(facts, 'subnets');
  if (found.state === 'unknown') return undefined;
  const subnet = found.value.find((candidate) => sameId(text(candidate['id']) ?? '', id));
  if (subnet === undefined) return `There is no subnet ${shortName(id)} in the cluster's network. ${hint}`;
  const fault = subnetFault(facts, subnet);
  return fault === undefined ? undefined : `Subnet ${shortName(id)} ${fault}. ${hint}`;
}
