import type { ManualChange } from '../../../src/model/change.ts';
import { clusterRef, type Facts } from '../../../src/model/facts.ts';
import { poolNames, reimageMinutes } from '../../shared/minutes.ts';
import type { PulledRegistry } from '../../shared/registry-access.ts';
import { commandWord, isGuid, listed, shortName } from '../../shared/texts.ts';
import { actingOf, broadGrants, orphans, ownRouteTables, ownSubnets, STEP, SWITCH } from './state.ts';

/** `-g GROUP -n NAME`, fit for a shell. */
function place(facts: Facts): { readonly update: string; readonly pool: string } {
  const { resourceGroup, name } = clusterRef(facts);
  const [group, cluster] = [commandWord(resourceGroup, 'GROUP'), commandWord(name, 'CLUSTER')];
  return { update: `--resource-group ${group} --name ${cluster}`, pool: `--resource-group ${group} --cluster-name ${cluster}` };
}

/** An ARM id as one word of a command, or a placeholder: ids come from Azure, and people paste. */
const idWord = (id: string): string => (/^[\w/.()-]+$/.test(id) && !/[()]/.test(id) ? id : 'RESOURCE_ID');

/** What a system-assigned identity can only be given once it exists: roles, and nodes that follow only then. */
export function grantByHand(facts: Facts, registries: readonly PulledRegistry[]): ManualChange {
  const { update, pool } = place(facts);
  const networks = [...ownSubnets(facts), ...ownRouteTables(facts)];
  return {
    kind: 'manual',
    id: `${STEP}/grant-by-hand`,
    step: STEP,
    controls: ['1.1'],
    title: 'Give the new identity its roles at once, then renew the nodes',
    impact: {
      kind: 'reimage',
      scope: 'every pool follows once its image is renewed; until the roles are there, new nodes cannot pull',
      pools: poolNames(facts),
    },
    minutes: reimageMinutes(facts),
    reversible: { kind: 'yes', how: 'role assignments can be deleted again' },
    after: [SWITCH],
    instructions: [
      ...(networks.length > 0 ? [`PRINCIPAL=$(az aks show ${update} --query identity.principalId --output tsv)`] : []),
      ...networks.map(
        (id) =>
          `az role assignment create --role "Network Contributor" --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal --scope ${idWord(id)}`,
      ),
      ...(registries.some(({ abac }) => abac) ? [`KUBELET=$(az aks show ${update} --query identityProfile.kubeletidentity.objectId --output tsv)`] : []),
      ...registries.map(({ id, abac }) =>
        abac
          ? `az role assignment create --role "Container Registry Repository Reader" --assignee-object-id "$KUBELET" --assignee-principal-type ServicePrincipal --scope ${idWord(id)}`
          : `az aks update ${update} --attach-acr ${idWord(id)}`,
      ),
      ...poolNames(facts).map((name) => `az aks nodepool upgrade ${pool} --name ${commandWord(name, 'POOL')} --node-image-only --yes`),
    ],
    doneWhen: 'pods on every pool pull a new image, and a Service of type LoadBalancer gets its address',
  };
}

/** The rotation of a secret. The secret itself never stands in a plan: it goes from one command to the next in a variable. */
export function rotateByHand(facts: Facts): ManualChange {
  const { update } = place(facts);
  return {
    kind: 'manual',
    id: `${STEP}/rotate`,
    step: STEP,
    controls: ['1.2'],
    title: 'Give the service principal a new secret, and the cluster with it',
    impact: { kind: 'reimage', scope: 'the new secret reaches the nodes with a new image of every pool', pools: poolNames(facts) },
    minutes: reimageMinutes(facts),
    reversible: { kind: 'partly', how: 'the old secret works until it ends: the same command with it goes back' },
    after: [],
    instructions: [
      `SP_ID=$(az aks show ${update} --query servicePrincipalProfile.clientId --output tsv)`,
      // Appended, so that nodes which still hold the old one go on working until they are replaced.
      'SP_SECRET=$(az ad app credential reset --id "$SP_ID" --append --years 1 --query password --output tsv)',
      `az aks update-credentials ${update} --reset-service-principal --service-principal "$SP_ID" --client-secret "$SP_SECRET"`,
      'unset SP_SECRET',
      'When every node was replaced: az ad app credential list --id "$SP_ID", then az ad app credential delete --id "$SP_ID" --key-id OLD_KEY',
    ],
    doneWhen: 'no credential of the application ends within 90 days; read the cluster again to see',
  };
}

/** What stays behind: a file, applications nobody acts as, roles that reach too far. Nothing of it is deleted from here. */
export function cleanByHand(facts: Facts, after: readonly string[]): ManualChange {
  const acting = actingOf(facts);
  const found = orphans(facts) ?? [];
  const leaving = acting.kind === 'service-principal' && after.length > 0 ? [{ appId: acting.appId, displayName: 'the application the cluster acted as' }] : [];
  const applications = [...found, ...leaving];
  const broad = broadGrants(facts).filter(({ identity }) => identity !== 'service-principal');
  return {
    kind: 'manual',
    id: `${STEP}/clean-up`,
    step: STEP,
    controls: ['1.3', ...(broad.length > 0 ? ['1.4'] : [])],
    title: 'Leave no old credential behind',
    impact: { kind: 'none', scope: 'nothing in this cluster; whatever else uses one of these credentials would break' },
    minutes: [5, 30],
    reversible: { kind: 'partly', how: 'A deleted application can be restored for 30 days; a deleted file cannot.' },
    after,
    instructions: [
      'On workstations and build agents: look for ~/.azure/aksServicePrincipal.json. It holds secrets in plain text, by subscription; delete it when none of them is in use.',
      ...applications.flatMap(({ appId, displayName }) => [
        `See what still acts as ${listed([displayName])}: az aks list --query "[?servicePrincipalProfile.clientId=='${isGuid(appId) ? appId : 'APP_ID'}'].id" in every subscription, and its sign-ins in Entra.`,
        `Only when there is nothing: az ad app delete --id ${isGuid(appId) ? appId : 'APP_ID'}`,
      ]),
      ...broad.map(
        ({ id, role, identity, scope }) =>
          `The ${identity} identity is ${role ?? ''} on ${shortName(scope)}: give it what it needs on single resources, then az role assignment delete --ids ${idWord(id)}`,
      ),
    ],
    doneWhen: 'the file is gone, and no application carries the cluster’s name without a cluster that acts as it',
  };
}
