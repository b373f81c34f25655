import type { Step } from '../src/model/step.ts';
import { adminAccess } from './cluster/admin-access.ts';
import { apiServerExposure } from './cluster/api-server-exposure.ts';
import { certificates } from './cluster/certificates.ts';
import { controlPlaneVersionStep } from './cluster/control-plane-version.ts';
import { egress } from './cluster/egress.ts';
import { internalLoadBalancers } from './cluster/internal-load-balancers.ts';
import { loadBalancer } from './cluster/load-balancer.ts';
import { networkPolicy } from './cluster/network-policy.ts';
import { nodeAccess } from './cluster/node-access.ts';
import { nodeOsUpdates } from './cluster/node-os-updates.ts';
import { nodePoolVersions } from './cluster/node-pool-versions.ts';
import { imageCleaner } from './governance/image-cleaner.ts';
import { images } from './governance/images.ts';
import { ingressTls } from './governance/ingress-tls.ts';
import { locks } from './governance/locks.ts';
import { nodeTrust } from './governance/node-trust.ts';
import { policy } from './governance/policy.ts';
import { resourceGroupLockdown } from './governance/resource-group-lockdown.ts';
import { retiredAddOns } from './governance/retired-add-ons.ts';
import { systemPool } from './governance/system-pool.ts';
import { tier } from './governance/tier.ts';
import { clusterIdentity } from './identity/cluster-identity.ts';
import { clusterRoles } from './identity/cluster-roles.ts';
import { entraSignIn } from './identity/entra-sign-in.ts';
import { localAccounts } from './identity/local-accounts.ts';
import { containerInsights } from './platform/container-insights.ts';
import { controlPlaneLogs } from './platform/control-plane-logs.ts';
import { defender } from './platform/defender.ts';
import { registry } from './platform/registry.ts';
import { secrets } from './pod/secrets.ts';
import { podSecurity } from './pod/security.ts';
import { storage } from './pod/storage.ts';
import { workloadIdentity } from './pod/workload-identity.ts';

const identity = [clusterIdentity, entraSignIn, localAccounts, clusterRoles];
const platform = [controlPlaneLogs, containerInsights, defender, registry];
const cluster = [
  controlPlaneVersionStep,
  nodePoolVersions,
  nodeOsUpdates,
  loadBalancer,
  internalLoadBalancers,
  adminAccess,
  apiServerExposure,
  nodeAccess,
  certificates,
  egress,
  networkPolicy,
];
const pod = [workloadIdentity, storage, secrets, podSecurity];
const governance = [policy, images, ingressTls, imageCleaner, resourceGroupLockdown, tier, nodeTrust, retiredAddOns, locks, systemPool];

/** Every step, in walking order: pillar by pillar. A new step is one file and one line here. */
export const steps: readonly Step[] = [...identity, ...platform, ...cluster, ...pod, ...governance];
