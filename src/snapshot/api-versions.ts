import { CLUSTER_API_VERSION } from '../model/change.ts';

/** The api-version each kind of resource is read at. */
export const apiVersions = {
  clusters: CLUSTER_API_VERSION,
  diagnosticSettings: '2021-05-01-preview',
  pricings: '2024-01-01',
  activityLog: '2015-04-01',
  permissions: '2022-04-01',
  locks: '2020-05-01',
  roleAssignments: '2022-04-01',
  policyAssignments: '2023-04-01',
  network: '2024-05-01',
  workspaces: '2023-09-01',
  deployments: '2024-07-01',
  resourceGroups: '2024-07-01',
  subscriptions: '2022-12-01',
  managedIdentities: '2023-01-31',
  dataCollectionRules: '2023-03-11',
  registries: '2025-11-01',
  assessments: '2020-01-01',
  privateDns: '2024-06-01',
} as const;
