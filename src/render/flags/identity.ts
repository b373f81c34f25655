import { at, isObject, text } from '../../model/json.ts';
import { type FlagGroup, type FlagRule, textsOf, toggle } from './rule.ts';

const aad = 'properties.aadProfile';

/** Entra sign-in. `--enable-aad` replaces the whole profile, so that legacy fields that go away need no flag of their own. */
const entra: FlagRule = {
  reads: ['managed', 'adminGroupObjectIDs', 'tenantID', 'enableAzureRBAC', 'clientAppID', 'serverAppID', 'serverAppSecret', 'adminUsers'].map(
    (name) => `${aad}.${name}`,
  ),
  groups: (found) => {
    const turnsOn = found.is(`${aad}.managed`, true);
    if (found.get(`${aad}.managed`) && !turnsOn) return undefined;
    const legacy = ['clientAppID', 'serverAppID', 'serverAppSecret', 'adminUsers'].map((name) => found.get(`${aad}.${name}`));
    if (legacy.some((edit) => edit && (!turnsOn || (edit.after ?? null) !== null))) return undefined;
    const admins = found.get(`${aad}.adminGroupObjectIDs`);
    const groups = admins && textsOf(admins);
    const tenant = found.get(`${aad}.tenantID`)?.after;
    const rbac = found.get(`${aad}.enableAzureRBAC`);
    if ((admins && !groups) || (found.get(`${aad}.tenantID`) && typeof tenant !== 'string' && !turnsOn)) return undefined;
    const flags = [
      ...(turnsOn ? [['--enable-aad']] : []),
      ...(groups ? [['--aad-admin-group-object-ids', groups.join(',')]] : []),
      ...(typeof tenant === 'string' ? [['--aad-tenant-id', tenant]] : []),
      ...(rbac ? [[rbac.after === true ? '--enable-azure-rbac' : '--disable-azure-rbac']] : []),
    ];
    // With an empty list alone az finds "no argument specified" and asks (check_raw_parameters).
    return [{ flags: flags.filter((one) => one[0] !== '--disable-azure-rbac' || !turnsOn), ...(groups?.length === 0 ? { yes: true } : {}) }];
  },
};

const KUBELET = 'properties.identityProfile.kubeletidentity';

/** The cluster's own identity. az knows one user-assigned identity; what the service principal leaves behind needs no flag. */
const managedIdentity: FlagRule = {
  reads: [
    'identity',
    'identity.type',
    'identity.userAssignedIdentities',
    'properties.servicePrincipalProfile',
    'properties.servicePrincipalProfile.clientId',
    KUBELET,
  ],
  groups: (found) => {
    const kubelet = found.get(KUBELET);
    const kubeletId = kubelet && text(at(kubelet.after, ['resourceId']));
    // az names the kubelets' identity beside the control plane's, and nothing but its resource id.
    if (kubelet && (kubeletId === undefined || !isObject(kubelet.after) || Object.keys(kubelet.after).length > 1)) return undefined;
    const kubeletFlag = kubeletId === undefined ? [] : [['--assign-kubelet-identity', kubeletId]];
    const whole = found.get('identity')?.after;
    const type = isObject(whole) ? whole['type'] : found.get('identity.type')?.after;
    const map = isObject(whole) ? whole['userAssignedIdentities'] : found.get('identity.userAssignedIdentities')?.after;
    const ids = isObject(map) ? Object.keys(map) : [];
    const [id] = ids;
    const group = (flags: FlagGroup['flags']): readonly FlagGroup[] => [{ flags, azVersion: '2.49.0', yes: true }];
    if (id !== undefined && ids.length === 1 && (type === 'UserAssigned' || type === undefined))
      return group([['--enable-managed-identity'], ['--assign-identity', id], ...kubeletFlag]);
    if (kubeletId !== undefined && type === undefined && ids.length === 0) return group(kubeletFlag);
    return type === 'SystemAssigned' && ids.length === 0 && kubelet === undefined ? group([['--enable-managed-identity']]) : undefined;
  },
};

/** Who acts for the cluster, and who may sign in to it. */
export const identityRules: readonly FlagRule[] = [
  managedIdentity,
  entra,
  toggle('properties.disableLocalAccounts', '--disable-local-accounts', '--enable-local-accounts'),
  toggle('properties.oidcIssuerProfile.enabled', '--enable-oidc-issuer', undefined, { azVersion: '2.47.0' }),
  toggle('properties.securityProfile.workloadIdentity.enabled', '--enable-workload-identity', '--disable-workload-identity', { azVersion: '2.47.0' }),
];
