import type { AdminNetwork } from '../../../src/model/admin-path-facts.ts';
import { clusterAt, clusterRef, type Facts, idPart, knownValue } from '../../../src/model/facts.ts';
import { text } from '../../../src/model/json.ts';
import { commandWord, isGuid, sameId } from '../../shared/texts.ts';

/** A network as words of a command. Names that a shell would act on are placeholders. */
export interface Place {
  readonly id: string;
  readonly network: string;
  /** `--resource-group G`, and `--subscription S` where that is not the cluster's. */
  readonly where: string;
}

function placeOf(facts: Facts, id: string): Place {
  const subscription = idPart(id, 'subscriptions') ?? '';
  const away = isGuid(subscription) && !sameId(subscription, clusterRef(facts).subscriptionId);
  const group = commandWord(idPart(id, 'resourceGroups') ?? '', 'NETWORK_GROUP');
  return {
    id,
    network: commandWord(idPart(id, 'virtualNetworks') ?? '', 'NETWORK'),
    where: `--resource-group ${group}${away ? ` --subscription ${subscription}` : ''}`,
  };
}

const networks = (facts: Facts): readonly AdminNetwork[] => knownValue(facts, 'adminPaths')?.networks ?? [];

/** The cluster's own network; placeholders where it is not known. */
export function ownPlace(facts: Facts): Place {
  return placeOf(facts, networks(facts).find(({ kind }) => kind === 'own')?.id ?? '');
}

/** A network that is peered with the cluster's: a hub serves every cluster beside it. */
export function hubPlace(facts: Facts): Place | undefined {
  const hub = networks(facts).find(({ kind, connected }) => kind === 'peered' && connected);
  return hub === undefined ? undefined : placeOf(facts, hub.id);
}

/** Any resource in a group, as words of a command. */
export function resourceWords(facts: Facts, id: string): { readonly name: string; readonly where: string } {
  return { name: commandWord(id.split('/').at(-1) ?? '', 'NAME'), where: placeOf(facts, id).where };
}

/** True where AKS made the network, in the node resource group: not a place to build in. */
export function isManagedNetwork(facts: Facts): boolean {
  const group = text(clusterAt(facts, 'properties.nodeResourceGroup')) ?? '';
  return group !== '' && sameId(idPart(ownPlace(facts).id, 'resourceGroups') ?? '', group);
}

/** An ARM id as one word of a command; a placeholder where a shell would act on it. */
export function idWord(id: string, placeholder: string): string {
  return /^\/[A-Za-z0-9._/-]+$/.test(id) ? id : placeholder;
}

/** `--resource-group G --name C` of the cluster. */
export function clusterWords(facts: Facts): string {
  const { name, resourceGroup } = clusterRef(facts);
  return `--resource-group ${commandWord(resourceGroup, 'GROUP')} --name ${commandWord(name, 'CLUSTER')}`;
}
