import { type Assessment, fail, preconfigured, unknown } from '../../src/model/assessment.ts';
import type { ArmUpdate, ManualChange } from '../../src/model/change.ts';
import { clusterAt, clusterRef, type Facts, isAutomatic } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { type Choice, defineStep, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, psruleDoc } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { clusterName, commonGuards } from '../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { entraOf, localAccountsOff } from './entra.ts';
import { ENABLE } from './entra-sign-in/plan.ts';
import { lockOutGuards } from './local-accounts/guards.ts';

const id = 'identity.local-accounts';
const path = 'properties.disableLocalAccounts';
const oldCertificates = 'Admin certificates handed out before stay valid until the cluster certificates are rotated (step cluster.certificates).';

function assess(facts: Facts): Assessment {
  const value = clusterAt(facts, path);
  const evidence = { path, actual: value, wanted: 'true' };
  if (localAccountsOff(facts)) {
    if (isAutomatic(facts)) return preconfigured('AKS Automatic comes without local accounts');
    return { status: 'pass', evidence: [evidence], note: oldCertificates };
  }
  // The property came with api-version 2021-05-01: an older body says nothing about it.
  if (value === undefined && facts.apiVersion < '2021-05-01') return unknown(`api-version ${facts.apiVersion} does not show ${path}`);
  return fail(evidence);
}

function options(facts: Facts): readonly Option[] {
  const entra = entraOf(facts);
  const off = localAccountsOff(facts);
  const ready = entra.kind === 'managed';
  const name = clusterName(facts);
  return [
    {
      id: 'disable',
      title: 'Turn local accounts off',
      tradeOff: `${
        ready
          ? `${name} signs people in with Entra, so the shared admin certificate is a second door that no audit log can put a name to.`
          : `${name} has no managed Entra sign-in yet: without it this would lock everybody out, so it is refused until that step is done and proven.`
      } Break-glass becomes: somebody with write permission on the cluster turns them on again through ARM. ${oldCertificates}`,
      impact: { kind: 'none', scope: 'no node and no workload is touched; az aks get-credentials --admin is refused from then on' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'None.',
      reversible: { kind: 'yes', how: 'az aks update --enable-local-accounts: ARM only, it works when Entra sign-in to the API server does not.' },
      notWhen: 'A pipeline, Terraform (kube_admin_config) or Cluster API still signs in with --admin: move it to an identity of its own first.',
      ...(ready || off
        ? {
            recommended: off
              ? 'They are off already.'
              : `Entra sign-in is on${entra.azureRbac ? ' and Azure RBAC decides' : ''}: the certificate adds nothing but a way around it.`,
          }
        : {}),
      params: [],
    },
    {
      id: 'restrict',
      title: 'Keep them for now, and narrow who can fetch the certificate',
      tradeOff: `Nothing changes on ${name}. Whoever may call listClusterAdminCredential is cluster admin${
        ready ? '' : ', and without Entra so is whoever may call listClusterUserCredential'
      }; this takes those roles away from everybody but break-glass accounts and watches the calls. Control 2.4 stays open.`,
      impact: { kind: 'none', scope: 'role assignments in Azure, by hand' },
      minutes: [15, 60],
      cost: 'None.',
      reversible: { kind: 'yes', how: 'Role assignments are given back.' },
      notWhen: 'Entra sign-in is proven: then turn them off.',
      ...(ready || off ? {} : { recommended: 'Until Entra sign-in is on, this is what can be done without locking anybody out.' }),
      params: [],
    },
  ];
}

function restrict(facts: Facts): ManualChange {
  const cluster = clean(clusterRef(facts).id);
  return {
    kind: 'manual',
    id: `${id}/restrict`,
    step: id,
    controls: ['2.4'],
    title: 'Narrow who can fetch the admin certificate',
    instructions: [
      `Who fetched it: az monitor activity-log list --resource-id ${cluster} --offset 30d --query "[?contains(operationName.value, 'listClusterAdminCredential')].caller"`,
      `Who may: az role assignment list --scope ${cluster} --include-inherited. Look for Azure Kubernetes Service Cluster Admin Role, Contributor and Owner.`,
      'Remove the role from people and pipelines that sign in by other means; keep two break-glass accounts.',
    ],
    doneWhen: 'Only break-glass accounts hold Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action.',
    impact: { kind: 'none', scope: 'role assignments in Azure' },
    minutes: [15, 60],
    reversible: { kind: 'yes', how: 'Role assignments are given back.' },
    after: [],
  };
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const edits = clusterEdits(facts, [[path, true]]);
  if (edits.length === 0) return { changes: [], guards: [] };
  if (choice.option === 'restrict') return { changes: [restrict(facts)], guards: [] };
  const disable: ArmUpdate = {
    kind: 'arm.update',
    id: `${id}/disable`,
    step: id,
    controls: ['2.4'],
    title: 'Turn local accounts off',
    target: clusterTarget(facts),
    edits,
    impact: { kind: 'none', scope: 'no node and no workload is touched; --admin credentials are refused from then on' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: `Local accounts are turned on again through ARM. ${oldCertificates}` },
    after: [ENABLE],
  };
  const code = [
    {
      terraform: {
        line: 'local_account_disabled = true',
        effect: 'reverts' as const,
        note: 'kube_admin_config becomes empty: move providers that use it to kubelogin',
      },
      bicep: 'disableLocalAccounts: true',
    },
  ];
  return { changes: [disable], guards: [...commonGuards(facts, { impact: 'none', canLockOut: true, code }), ...lockOutGuards(facts)] };
}

/** Whether shared admin certificates still open the cluster beside Entra. */
export const localAccounts = defineStep({
  id,
  pillar: 'identity',
  title: 'Do shared admin certificates still open the cluster?',
  controls: [
    {
      id: '2.4',
      title: 'Local accounts disabled',
      severity: 'high',
      references: {
        policy: ['993c2fcd-2b29-49d2-9eb0-df2c3a730c32'],
        psrule: ['AZR-000031'],
        checkov: ['CKV_AZURE_141'],
        docs: [aksDoc('Manage local accounts', 'local-accounts'), psruleDoc('Azure.AKS.LocalAccounts')],
      },
    },
  ],
  needs: [],
  needsToPlan: ['kubernetesAccess', 'adminGroups', 'roleAssignments', 'policyAssignments', 'operator', 'permissions', 'locks', 'ownership', 'agentPools'],
  explain: () => ({
    what: 'Every cluster has an admin certificate that az aks get-credentials --admin hands out. It opens everything, belongs to nobody, and goes around Entra, Conditional Access and Azure RBAC.',
    why: 'A leaver, a pipeline log or a copied kubeconfig keeps full access, and the audit log only ever says masterclient. Turned off, AKS hands out no such certificate.',
    today: `The --admin kubeconfig used to be the advice for a way back. Today the way back is ARM: whoever may write the cluster can turn local accounts on again. ${oldCertificates} Certificates issued by Kubernetes' own signing API (CertificateSigningRequest) are not affected either.`,
  }),
  assess: (facts) => ({ '2.4': assess(facts) }),
  options,
  params: [],
  plan,
  after: ['identity.entra-sign-in'],
});
