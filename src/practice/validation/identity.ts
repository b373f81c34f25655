import { at, isObject, text, texts } from '../../model/json.ts';
import { changes, invalid, lowerShall, lowerWas, type Rule, shall, unchangeable, type Write, was } from './rule.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function usesManagedIdentity(write: Write): boolean {
  const type = text(at(write.before, ['identity', 'type']));
  return (type !== undefined && type !== 'None') || lowerWas(write, 'servicePrincipalProfile.clientId') === 'msi';
}

/** Who the cluster is, and who may sign in to it. */
export const identityRules: readonly Rule[] = [
  {
    id: 'identity-values-not-empty',
    code: 'InvalidIdentityValues',
    broken: ({ sent }) => {
      const identities = at(sent, ['identity', 'userAssignedIdentities']);
      const filled = isObject(identities) ? Object.entries(identities).find(([, value]) => isObject(value) && Object.keys(value).length > 0) : undefined;
      return filled === undefined
        ? undefined
        : `Invalid value for the identities '${filled[0]}'. The 'UserAssignedIdentities' property keys should only be empty json objects, null or the resource exisiting property.`;
    },
  },
  {
    id: 'back-to-service-principal',
    code: 'PropertyChangeNotAllowed',
    target: 'servicePrincipalProfile.clientId',
    broken: (write) => {
      if (!usesManagedIdentity(write)) return undefined;
      const type = text(at(write.sent, ['identity', 'type']));
      return changes(write, 'servicePrincipalProfile.clientId') || type === 'None' ? unchangeable('servicePrincipalProfile.clientId') : undefined;
    },
  },
  {
    id: 'service-principal-not-found',
    code: 'ServicePrincipalNotFound',
    subcode: 'ServicePrincipalNotFound',
    status: 404,
    broken: (write) => {
      const id = text(shall(write, 'servicePrincipalProfile.clientId'));
      if (id === undefined || id === 'msi' || !changes(write, 'servicePrincipalProfile.clientId')) return undefined;
      return write.world.state.principals.some((principal) => principal.id === id)
        ? undefined
        : `Service principal clientID: ${id} not found in Active Directory tenant ${write.world.state.tenantId}, Please see https://aka.ms/aks-sp-help for more details.`;
    },
  },
  {
    id: 'user-assigned-without-identity',
    code: 'InvalidIdentityValues',
    broken: ({ goal, sent }) => {
      if (text(at(sent, ['identity', 'type'])) !== 'UserAssigned') return undefined;
      const identities = at(goal, ['identity', 'userAssignedIdentities']);
      return isObject(identities) && Object.keys(identities).length > 0
        ? undefined
        : "The identity type 'UserAssigned' needs a value for 'userAssignedIdentities'.";
    },
  },
  {
    // AKS docs, entra-id-control-plane-authentication: the integration can't be disabled after it's enabled.
    id: 'entra-off',
    code: 'PropertyChangeNotAllowed',
    target: 'aadProfile.managed',
    broken: (write) =>
      was(write, 'aadProfile.managed') === true && shall(write, 'aadProfile.managed') !== true ? unchangeable('aadProfile.managed') : undefined,
  },
  {
    id: 'entra-needs-rbac',
    code: 'BadRequest',
    broken: (write) =>
      shall(write, 'aadProfile.managed') === true && was(write, 'aadProfile.managed') !== true && shall(write, 'enableRBAC') === false
        ? 'AAD integration requires that Kubernetes RBAC is enabled.'
        : undefined,
  },
  {
    // AKS docs, entra-id-authorization: the tenant must be the subscription's.
    id: 'entra-tenant',
    code: 'InvalidParameter',
    target: 'aadProfile.tenantID',
    broken: (write) => {
      const tenant = lowerShall(write, 'aadProfile.tenantID');
      if (tenant === '' || !changes(write, 'aadProfile.tenantID') || tenant === write.world.state.tenantId.toLowerCase()) return undefined;
      return invalid('aadProfile.tenantID', `the tenant ${tenant} is not the tenant of the subscription, ${write.world.state.tenantId}`);
    },
  },
  {
    id: 'entra-admin-groups',
    code: 'InvalidParameter',
    target: 'aadProfile.adminGroupObjectIDs',
    broken: (write) => {
      const wrong = texts(shall(write, 'aadProfile.adminGroupObjectIDs')).find((id) => !guid.test(id));
      return wrong !== undefined && changes(write, 'aadProfile.adminGroupObjectIDs')
        ? invalid('aadProfile.adminGroupObjectIDs', `${wrong} is not an object id`)
        : undefined;
    },
  },
  {
    id: 'azure-rbac-needs-entra',
    code: 'BadRequest',
    target: 'aadProfile.enableAzureRBAC',
    broken: (write) =>
      shall(write, 'aadProfile.enableAzureRBAC') === true && shall(write, 'aadProfile.managed') !== true
        ? 'Azure RBAC for Kubernetes authorization requires managed AAD integration.'
        : undefined,
  },
  {
    // AKS docs, use-oidc-issuer: once enabled it can't be disabled.
    id: 'oidc-off',
    code: 'OIDCIssuerFeatureCannotBeDisabled',
    target: 'oidcIssuerProfile.enabled',
    broken: (write) =>
      was(write, 'oidcIssuerProfile.enabled') === true && shall(write, 'oidcIssuerProfile.enabled') !== true
        ? 'OIDC issuer feature cannot be disabled.'
        : undefined,
  },
  {
    id: 'workload-identity-needs-oidc',
    code: 'BadRequest',
    target: 'securityProfile.workloadIdentity',
    broken: (write) =>
      shall(write, 'securityProfile.workloadIdentity.enabled') === true && shall(write, 'oidcIssuerProfile.enabled') !== true
        ? 'Enabling workload identity requires that the OIDC issuer is enabled.'
        : undefined,
  },
];
