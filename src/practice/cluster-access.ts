import type { ArmResource, KubernetesAccess } from '../model/facts.ts';
import { at, path, text, texts } from '../model/json.ts';
import { adminToken } from './kubeconfig.ts';
import { resourcesOf, type World } from './world.ts';

/** Role definitions that the practice world knows, by name. Ids are Azure's own (Azure built-in roles). */
export const roleDefinitions: { readonly [name: string]: string } = {
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  'User Access Administrator': '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  'Network Contributor': '4d97b98b-1d4f-4787-a291-c67834d212e7',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
  'Key Vault Crypto User': '12338af0-0e69-4776-bea7-57ae8d297424',
  'Key Vault Crypto Service Encryption User': 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  'Key Vault Contributor': 'f25e0fa2-a7c8-4377-a976-54943a77a395',
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
  AcrQuarantineReader: 'cdda3590-29a3-44f6-95f2-9f980659eb04',
  AcrQuarantineWriter: 'c8d4ff99-41c3-41a8-9f60-21dfdad59608',
  'Container Registry Repository Reader': 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
  'Private DNS Zone Contributor': 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
  'Azure Kubernetes Service Contributor Role': 'ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8',
  'Azure Kubernetes Service Cluster Admin Role': '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8',
  'Azure Kubernetes Service Cluster User Role': '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
  'Azure Kubernetes Service RBAC Cluster Admin': 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b',
  'Azure Kubernetes Service RBAC Admin': '3498e952-d568-435e-9b2c-8d77e338d7f7',
  'Azure Kubernetes Service RBAC Writer': 'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb',
  'Azure Kubernetes Service RBAC Reader': '7f6c6a51-bcf8-42ba-9220-52d62157d7db',
};

const CLUSTER_ADMIN = roleDefinitions['Azure Kubernetes Service RBAC Cluster Admin'];

/** Groups that contain an object, directly or through other groups. */
export function groupsOf(world: World, objectId: string): readonly string[] {
  const found = new Set<string>();
  const visit = (member: string) => {
    for (const group of world.state.groups) {
      if (found.has(group.id) || !group.members.includes(member)) continue;
      found.add(group.id);
      visit(group.id);
    }
  };
  visit(objectId);
  return [...found];
}

function hasClusterAdminRole(world: World, cluster: ArmResource, principals: readonly string[]): boolean {
  const here = `${(text(cluster['id']) ?? '').toLowerCase()}/`;
  return resourcesOf(world, '', 'Microsoft.Authorization/roleAssignments').some((assignment) => {
    const scope = text(at(assignment, ['properties', 'scope']))?.toLowerCase() ?? '/none';
    const role = text(at(assignment, ['properties', 'roleDefinitionId']))
      ?.split('/')
      .at(-1);
    const principal = text(at(assignment, ['properties', 'principalId'])) ?? '';
    return role === CLUSTER_ADMIN && here.startsWith(scope === '/' ? '/' : `${scope}/`) && principals.includes(principal);
  });
}

/** What the signed-in person may do in the cluster with an Entra token; without Entra there is only the admin credential. */
export function operatorAccess(world: World, cluster: ArmResource): KubernetesAccess {
  const { objectId, name } = world.state.settings.operator;
  if (at(cluster, path('properties.aadProfile.managed')) !== true) {
    const off = at(cluster, path('properties.disableLocalAccounts')) === true;
    return { allowed: !off, as: off ? 'nobody: local accounts are off and there is no Entra sign-in' : 'masterclient' };
  }
  const groups = groupsOf(world, objectId);
  const byGroup = texts(at(cluster, path('properties.aadProfile.adminGroupObjectIDs'))).some((group) => groups.includes(group));
  const byRole = at(cluster, path('properties.aadProfile.enableAzureRBAC')) === true && hasClusterAdminRole(world, cluster, [objectId, ...groups]);
  return { allowed: byGroup || byRole, as: name };
}

/** Who a bearer token is, and what that may do; undefined for a token that the API server refuses. */
export function accessByToken(world: World, cluster: ArmResource, token: string | undefined): KubernetesAccess | undefined {
  if (token === undefined) return undefined;
  // An admin credential stays valid until the certificates are rotated, even with local accounts off (AKS docs: local-accounts).
  if (token.startsWith('practice-admin-')) return token === adminToken(world, cluster) ? { allowed: true, as: 'masterclient' } : undefined;
  const access = operatorAccess(world, cluster);
  return access.as.startsWith('nobody') ? undefined : access;
}
