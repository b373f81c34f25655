import { type ArmResource, clusterAt, clusterRef, type Facts } from '../../src/model/facts.ts';
import { at, isObject, isTrue, path, text, texts } from '../../src/model/json.ts';
import { sameId } from '../shared/texts.ts';

/** Built-in roles for the Kubernetes API (AKS docs: entra-id-authorization). Owner and Contributor hold no such data actions. */
export const RBAC_CLUSTER_ADMIN = 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b';

/** The cluster's sign-in. `legacy` is the app-based integration (server and client application) that Microsoft no longer maintains. */
export interface Entra {
  readonly kind: 'none' | 'legacy' | 'managed';
  readonly adminGroups: readonly string[];
  readonly tenant: string | undefined;
  readonly azureRbac: boolean;
}

/** Reads `properties.aadProfile`. A profile that is not managed, or that still names a server application, is the legacy one. */
export function entraOf(facts: Facts): Entra {
  const profile = clusterAt(facts, 'properties.aadProfile');
  if (!isObject(profile)) return { kind: 'none', adminGroups: [], tenant: undefined, azureRbac: false };
  const value = (name: string) => at(profile, path(name));
  const legacy = !isTrue(value('managed')) || text(value('serverAppID')) !== undefined;
  return {
    kind: legacy ? 'legacy' : 'managed',
    adminGroups: texts(value('adminGroupObjectIDs')),
    tenant: text(value('tenantID')),
    azureRbac: isTrue(value('enableAzureRBAC')),
  };
}

/** Principals that hold a role on the cluster or above it. Assignments below (a namespace) do not count. */
export function holdersOf(facts: Facts, assignments: readonly ArmResource[], role: string): readonly string[] {
  const clusterId = clusterRef(facts).id.toLowerCase();
  return assignments.flatMap((assignment) => {
    const definition = text(at(assignment, path('properties.roleDefinitionId'))) ?? '';
    const principal = text(at(assignment, path('properties.principalId')));
    const scope = text(at(assignment, path('properties.scope')))?.toLowerCase();
    const covers = scope === undefined || scope === '/' || scope === clusterId || clusterId.startsWith(`${scope}/`);
    return principal !== undefined && covers && sameId(definition.split('/').at(-1) ?? '', role) ? [principal] : [];
  });
}

/** True where the cluster hands out no certificate credentials any more: Entra is the only way in. */
export function localAccountsOff(facts: Facts): boolean {
  return isTrue(clusterAt(facts, 'properties.disableLocalAccounts'));
}
