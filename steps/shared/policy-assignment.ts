import type { Target } from '../../src/model/change.ts';
import { clusterRef, type Facts } from '../../src/model/facts.ts';

/** An assignment of Azure Policy on the cluster's resource group, by the name that this program gives it. */
export function assignmentTarget(facts: Facts, name: string): Target {
  const { subscriptionId, resourceGroup } = clusterRef(facts);
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Authorization/policyAssignments/${name}`,
    type: 'Microsoft.Authorization/policyAssignments',
    apiVersion: '2023-04-01',
  };
}
