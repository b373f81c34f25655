import { defineStep } from '../../src/model/step.ts';
import { aksDoc, psruleDoc } from '../shared/docs.ts';
import { options, stateNow } from './entra-sign-in/options.ts';
import { params } from './entra-sign-in/params.ts';
import { plan } from './entra-sign-in/plan.ts';
import { verdicts } from './entra-sign-in/verdicts.ts';

const authentication = aksDoc('Entra authentication for the AKS control plane', 'entra-id-control-plane-authentication');
const authorization = aksDoc('Entra authorization for the Kubernetes API', 'entra-id-authorization');

/** Who may sign in to the Kubernetes API, and who decides what they may do there. */
export const entraSignIn = defineStep({
  id: 'identity.entra-sign-in',
  pillar: 'identity',
  title: 'Who signs in to Kubernetes, and who decides what they may do?',
  controls: [
    {
      id: '2.1',
      title: 'Kubernetes RBAC enabled',
      severity: 'critical',
      references: {
        policy: ['ac4a19c2-fa67-49b4-8ae5-0b2e78c49457'],
        psrule: ['AZR-000038'],
        checkov: ['CKV_AZURE_5'],
        docs: [psruleDoc('Azure.AKS.UseRBAC'), aksDoc('How a cluster authenticates', 'concepts-cluster-authentication')],
      },
    },
    {
      id: '2.2',
      title: 'AKS-managed Entra sign-in with an admin group',
      severity: 'high',
      references: {
        cis: ['5.5.1'],
        policy: ['450d2877-ebea-41e8-b00c-e286317d21bf', '36a27de4-199b-40fb-b336-945a8475d6c5'],
        psrule: ['AZR-000029'],
        docs: [authentication, psruleDoc('Azure.AKS.ManagedAAD')],
      },
    },
    {
      id: '2.3',
      title: 'Azure RBAC authorizes the Kubernetes API',
      severity: 'medium',
      references: { cis: ['5.5.2'], psrule: ['AZR-000032'], docs: [authorization, psruleDoc('Azure.AKS.AzureRBAC')] },
    },
  ],
  needs: [],
  needsToPlan: ['adminGroups', 'operatorGroups', 'roleAssignments', 'operator', 'subscriptionTenant', 'permissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `${stateNow(facts)} Entra sign-in makes kubectl ask for a personal token instead of a shared certificate. What a person may do is then decided by Kubernetes RoleBindings, by Azure role assignments, or by both side by side.`,
    why: 'A certificate in a kubeconfig has no name, no second factor and no end: a copy on a lost laptop opens the cluster until all its certificates are rotated. A token is personal, short-lived, and ends with the account.',
    today:
      'Azure AD is called Microsoft Entra ID since 2023. The integration with your own server and client application (--reset-aad) is retired: its flags are deprecated, and --enable-aad upgrades such a cluster in place. Since Kubernetes 1.24 kubectl signs in with kubelogin.',
  }),
  assess: verdicts,
  options,
  params,
  plan,
  after: [],
});
