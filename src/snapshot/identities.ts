import type { ArmResource, IdentityGrants, ManagedIdentity, NamesakePrincipal, ServicePrincipal } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { at, isObject, type Json, list, path, text } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';
import { apiVersions } from './api-versions.ts';
import { cannotTell, getList, isNotFound, type Reading, subscriptionOf } from './reading.ts';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The application a cluster acts as, or undefined where it acts with a managed identity (AKS writes `msi` there, in any case). */
export function servicePrincipalOf(cluster: ArmResource): string | undefined {
  const clientId = text(at(cluster, path('properties.servicePrincipalProfile.clientId')));
  return clientId === undefined || clientId === '' || clientId.toLowerCase() === 'msi' ? undefined : clientId;
}

/** A read from Graph; undefined for what is not there. A refusal names the right that is missing. */
async function graph(reading: Reading, url: string): Promise<Json | undefined> {
  try {
    return (await reading.arm.graph({ method: 'GET', url })).body;
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    if (thrown instanceof ProblemError && thrown.problem.cloud?.status === 403) {
      return cannotTell('Microsoft Graph did not let this account read applications: Application.Read.All, or being an owner of the application, is needed');
    }
    throw thrown;
  }
}

function credentialsOf(application: Json | undefined): ServicePrincipal['credentials'] {
  const of = (key: string, kind: 'secret' | 'certificate') =>
    list(at(application, [key])).flatMap((entry) => {
      const endsAt = text(at(entry, ['endDateTime']));
      return endsAt === undefined ? [] : [{ kind, endsAt }];
    });
  return [...of('passwordCredentials', 'secret'), ...of('keyCredentials', 'certificate')];
}

const fields = '$select=id,appId,displayName,passwordCredentials,keyCredentials';

/** The application and its service principal, side by side. A secret may be kept on either; another tenant's application is only known by its principal. */
export async function readServicePrincipal(reading: Reading): Promise<ServicePrincipal | null> {
  const appId = servicePrincipalOf(await reading.cluster);
  if (appId === undefined) return null;
  if (!guid.test(appId)) return { appId, exists: false, credentials: [] };
  const [application, principal] = await Promise.all([
    graph(reading, `/applications(appId='${appId}')?${fields}`),
    graph(reading, `/servicePrincipals(appId='${appId}')?${fields}`),
  ]);
  const objectId = text(at(principal, ['id']));
  const name = text(at(principal, ['displayName'])) ?? text(at(application, ['displayName']));
  return {
    appId,
    exists: isObject(principal),
    credentials: [...credentialsOf(application), ...credentialsOf(principal)],
    ...(objectId === undefined ? {} : { objectId }),
    ...(name === undefined ? {} : { displayName: clean(name) }),
  };
}

/** Service principals of applications whose name begins with the cluster's. */
export async function readNamesakes(reading: Reading): Promise<readonly NamesakePrincipal[]> {
  const name = reading.clusterId.split('/').at(-1) ?? '';
  // A cluster's name has letters, digits, - and _ only: nothing that ends a Graph filter's text.
  if (!/^[\w-]+$/.test(name)) return cannotTell("the cluster's name cannot be looked up in Microsoft Graph");
  const body = await graph(reading, `/servicePrincipals?$filter=startswith(displayName,'${name}')&$select=id,appId,displayName,servicePrincipalType&$top=100`);
  return list(at(body, ['value'])).flatMap((entry) => {
    const [objectId, appId, displayName] = ['id', 'appId', 'displayName'].map((key) => text(at(entry, [key])));
    const isApplication = (text(at(entry, ['servicePrincipalType'])) ?? 'Application').toLowerCase() === 'application';
    return objectId && appId && displayName && isApplication ? [{ objectId, appId, displayName: clean(displayName) }] : [];
  });
}

/** Clusters of the subscription: who else may act as the same application. */
export async function readSiblings(reading: Reading): Promise<readonly { readonly id: string; readonly servicePrincipal?: string }[]> {
  const url = `${subscriptionOf(reading.clusterId)}/providers/Microsoft.ContainerService/managedClusters?api-version=${apiVersions.clusters}`;
  return (await getList(reading, url)).flatMap((cluster) => {
    const id = text(cluster['id']);
    const servicePrincipal = servicePrincipalOf(cluster);
    return id === undefined ? [] : [{ id, ...(servicePrincipal === undefined ? {} : { servicePrincipal }) }];
  });
}

/** User-assigned identities of the subscription. */
export async function readManagedIdentities(reading: Reading): Promise<readonly ManagedIdentity[]> {
  const url = `${subscriptionOf(reading.clusterId)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities?api-version=${apiVersions.managedIdentities}`;
  return (await getList(reading, url)).flatMap((identity) => {
    const [id, principalId, clientId] = [identity['id'], at(identity, path('properties.principalId')), at(identity, path('properties.clientId'))].map(text);
    return id && principalId && clientId ? [{ id, principalId, clientId }] : [];
  });
}

/** The principals that a managed identity cluster acts as. */
function principalsOf(cluster: ArmResource): readonly Pick<IdentityGrants, 'identity' | 'principalId'>[] {
  const assigned = at(cluster, path('identity.userAssignedIdentities'));
  const control = [
    text(at(cluster, path('identity.principalId'))),
    ...(isObject(assigned) ? Object.values(assigned) : []).map((value) => text(at(value, ['principalId']))),
  ];
  const kubelet = text(at(cluster, path('properties.identityProfile.kubeletidentity.objectId')));
  return [
    ...control.flatMap((principalId) => (principalId && guid.test(principalId) ? [{ identity: 'control-plane' as const, principalId }] : [])),
    ...(kubelet && guid.test(kubelet) ? [{ identity: 'kubelet' as const, principalId: kubelet }] : []),
  ];
}

/**
 * Role assignments of whoever the cluster acts as, in its subscription. A service principal's object id is only known to Graph: its
 * assignments are picked from the list of all while Graph is asked, so that no third round is needed.
 */
export async function readIdentityRoleAssignments(reading: Reading): Promise<readonly IdentityGrants[]> {
  const url = `${subscriptionOf(reading.clusterId)}/providers/Microsoft.Authorization/roleAssignments?api-version=${apiVersions.roleAssignments}`;
  const cluster = await reading.cluster;
  if (servicePrincipalOf(cluster) === undefined) {
    return Promise.all(
      principalsOf(cluster).map(async (one) => ({ ...one, assignments: await getList(reading, `${url}&$filter=assignedTo('${one.principalId}')`) })),
    );
  }
  const [principal, all] = await Promise.all([readServicePrincipal(reading), getList(reading, url)]);
  const principalId = principal?.objectId ?? cannotTell("the service principal's object id is not in the directory of this sign-in");
  const assignments = all.filter((one) => text(at(one, path('properties.principalId')))?.toLowerCase() === principalId.toLowerCase());
  return [{ identity: 'service-principal', principalId, assignments }];
}
