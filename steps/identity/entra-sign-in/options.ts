import { clusterAt, type Facts, knownValue } from '../../../src/model/facts.ts';
import { isFalse } from '../../../src/model/json.ts';
import type { Option } from '../../../src/model/step.ts';
import { clusterName } from '../../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES } from '../../shared/minutes.ts';
import { allows, WRITE_ROLE_ASSIGNMENT } from '../../shared/permissions.ts';
import { plural, sameId } from '../../shared/texts.ts';
import { entraOf, localAccountsOff } from '../entra.ts';

const needsRbac = 'The cluster was created without Kubernetes RBAC, which cannot be switched on later.';

/** Why Azure RBAC cannot be used here, if so: the sign-in tenant must be the subscription's (AKS docs: entra-id-authorization). */
function tenantConflict(facts: Facts): string | undefined {
  const { tenant } = entraOf(facts);
  const subscription = knownValue(facts, 'subscriptionTenant');
  if (tenant === undefined || subscription === undefined || sameId(tenant, subscription)) return undefined;
  return 'The cluster signs people in with another tenant than the one its subscription belongs to.';
}

/** False only where the permissions were read and lack it. */
function mayGrant(facts: Facts): boolean {
  const permissions = knownValue(facts, 'permissions');
  return permissions === undefined || allows(permissions, WRITE_ROLE_ASSIGNMENT);
}

/** How people sign in today, in a sentence. */
export function stateNow(facts: Facts): string {
  const entra = entraOf(facts);
  switch (entra.kind) {
    case 'none':
      return `${clusterName(facts)} knows no person today: whoever holds its admin certificate is cluster admin, and the audit log calls all of them masterclient.`;
    case 'legacy':
      return `${clusterName(facts)} uses the old integration with a server and a client application; it is upgraded in place.`;
    case 'managed':
      return `${clusterName(facts)} already signs people in with Entra and names ${plural(entra.adminGroups.length, 'admin group')}.`;
    default:
      return entra.kind satisfies never;
  }
}

/** Azure RBAC, Kubernetes RBAC alone, or a new cluster: told with what stands here. */
export function options(facts: Facts): readonly Option[] {
  const entra = entraOf(facts);
  const withoutRbac = isFalse(clusterAt(facts, 'properties.enableRBAC'));
  const conflict = tenantConflict(facts);
  const azureFits = !withoutRbac && conflict === undefined && (mayGrant(facts) || entra.azureRbac);
  const impact =
    entra.kind === 'managed'
      ? ({ kind: 'none', scope: 'no node is touched; it takes effect at the next request' } as const)
      : ({ kind: 'api-server', scope: 'kubeconfigs of users must be fetched again; no node is touched' } as const);
  const reversible =
    entra.kind === 'managed'
      ? ({ kind: 'yes', how: 'Groups and Azure RBAC are set back through ARM.' } as const)
      : ({ kind: 'no', how: 'Entra sign-in cannot be turned off again; groups and Azure RBAC can be changed at any time.' } as const);
  const outage = localAccountsOff(facts)
    ? 'Local accounts are off here, so an Entra outage leaves only the way through ARM.'
    : 'An Entra outage is bridged by local accounts as long as they are on, and by ARM afterwards.';
  const cost = 'None. Conditional Access and just-in-time membership (PIM) need Entra ID P1 or P2.';
  return [
    {
      id: 'entra-azure-rbac',
      title: 'Entra sign-in, and Azure roles decide',
      tradeOff: `Rights in Kubernetes become Azure role assignments: one place to grant, review and audit, beside the RoleBindings that go on working. Whoever grants needs Owner or User Access Administrator. ${outage}`,
      impact,
      minutes: CLUSTER_WRITE_MINUTES,
      cost,
      reversible,
      notWhen: 'Teams must be told apart by custom resource: that takes conditions on role assignments, which are in preview.',
      ...(azureFits
        ? {
            recommended: entra.azureRbac
              ? 'Azure RBAC is on already; this keeps it and makes sure of an admin group.'
              : 'Access to this cluster is then granted, reviewed and taken away where the rest of the subscription is.',
          }
        : {}),
      ...(withoutRbac ? { unavailable: needsRbac } : conflict ? { unavailable: conflict } : {}),
      params: ['adminGroups', 'tenant', 'grant'],
    },
    {
      id: 'entra-kubernetes-rbac',
      title: 'Entra sign-in, Kubernetes decides',
      tradeOff: `Members of the admin groups are cluster admin; everybody else gets what RoleBindings in the cluster give to their group's object id. Nothing is needed in Azure, but access is reviewed cluster by cluster, and control 2.3 stays open. ${outage}`,
      impact,
      minutes: CLUSTER_WRITE_MINUTES,
      cost,
      reversible,
      notWhen: 'Access has to be granted or reviewed centrally for many clusters.',
      ...(!withoutRbac && !azureFits
        ? { recommended: conflict ?? 'Your account may not assign Azure roles here, so that rights through Azure RBAC could not be granted.' }
        : {}),
      ...(withoutRbac ? { unavailable: needsRbac } : {}),
      params: ['adminGroups', 'tenant'],
    },
    ...(withoutRbac
      ? [
          {
            id: 'recreate',
            title: 'Move to a new cluster',
            tradeOff: `${needsRbac} Without it every identity that gets in is effectively admin, and nothing else about sign-in can be hardened. Both clusters run side by side until the traffic has moved.`,
            impact: { kind: 'recreate', scope: 'a new cluster; this one runs until you delete it' } as const,
            minutes: [480, 2880] as const,
            cost: 'A second cluster for the length of the move, and the work of moving.',
            reversible: { kind: 'yes', how: 'Traffic goes back to the old cluster as long as it stands.' } as const,
            recommended: 'It is the only way: this cluster was created without Kubernetes RBAC.',
            params: [],
          },
        ]
      : []),
  ];
}
