import type { Facts } from '../../src/model/facts.ts';
import { type Choice, defineStep, type Guard, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { keeperGuard, kubernetesGuard } from '../shared/kube-objects.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { isOurs, keptNamespaces, type Labelling, labelChange, labellings, remedyChange } from './security/changes.ts';
import { disagreementGuard, exemptGuard, refusedGuard } from './security/guards.ts';
import { fittingTarget, levelTarget, warningTarget } from './security/labels.ts';
import { optionIds, options } from './security/options.ts';
import { chosenLevel, chosenNamespaces, params } from './security/params.ts';
import { remediesFor } from './security/patches.ts';
import { judgedWork, kubernetesVersion, STEP } from './security/state.ts';
import { assessNamespaces, assessPolicy, assessWorkloads, workloadRules } from './security/verdicts.ts';

const standards = { title: 'Pod Security Standards', url: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/' };
const contexts = aksDoc('Secure container access to resources', 'secure-container-access');

/** Labels on namespaces of one's own, words for those of others, and the guards before them. */
function labelled(facts: Facts, all: readonly Labelling[]): StepPlan {
  if (all.length === 0) return { changes: [], guards: [] };
  const kept = all.filter((one) => !isOurs(one));
  const guards: readonly Guard[] = [
    kubernetesGuard(facts),
    refusedGuard(facts, all),
    ...disagreementGuard(facts),
    ...exemptGuard(facts, all),
    ...keeperGuard(
      kept.map(({ judgement: { namespace } }) => ({ name: namespace.name, ...(namespace.keeper ? { keeper: namespace.keeper } : {}) })),
      'namespace',
    ),
  ];
  return { changes: [...all.filter(isOurs).map(labelChange), ...keptNamespaces(kept)], guards };
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const id = optionIds.find((option) => option === choice.option);
  const option = options(facts).find((candidate) => candidate.id === id);
  if (id === undefined || option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  const namespaces = chosenNamespaces(facts, choice);
  switch (id) {
    case 'fitting':
      return labelled(facts, labellings(facts, namespaces, fittingTarget));
    case 'warn':
      return labelled(facts, labellings(facts, namespaces, warningTarget));
    case 'one-level': {
      const level = chosenLevel(choice, 'level');
      return labelled(
        facts,
        labellings(facts, namespaces, (judgement) => levelTarget(judgement, level)),
      );
    }
    case 'patches': {
      const work = judgedWork(facts);
      if (work.state === 'unknown') return { changes: [], guards: [] };
      const level = chosenLevel(choice, 'workload-level');
      const version = kubernetesVersion(facts);
      return {
        changes: remedyChange(
          remediesFor(
            work.value.map(({ workload }) => workload),
            level,
            version,
          ),
          level,
        ),
        guards: [],
      };
    }
    default:
      return id satisfies never;
  }
}

/** What pods may do to the node they run on, and who says so. */
export const podSecurity = defineStep({
  id: STEP,
  pillar: 'pod',
  title: 'What may a pod do to its node?',
  controls: [
    {
      id: '19.1',
      title: 'Each namespace enforces a Pod Security level',
      severity: 'medium',
      references: {
        cis: ['4.2.1', '4.2.2', '4.2.3', '4.2.4', '4.2.5'],
        docs: [
          aksDoc('Pod Security Admission', 'use-psa'),
          {
            title: 'Enforce Pod Security Standards with namespace labels',
            url: 'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/',
          },
          standards,
        ],
      },
    },
    {
      id: '19.2',
      title: 'Azure Policy or deployment safeguards check pods too',
      severity: 'low',
      references: {
        policy: ['a8640138-9b0a-4a28-b8cb-1666c838647d', '42b8ef37-b724-4e24-bbc8-7a7708edfe00'],
        docs: [aksDoc('Secure clusters with Azure Policy', 'use-azure-policy'), aksDoc('Deployment safeguards', 'deployment-safeguards')],
      },
    },
    {
      id: '19.3',
      title: 'No workload reaches into its node',
      severity: 'high',
      references: {
        cis: ['4.2.1', '4.2.2', '4.2.3', '4.2.4'],
        policy: [
          '95edb821-ddaf-4404-9732-666045e056b4',
          '47a1ee2f-2a2a-4576-bf2a-e0e36709c2b8',
          '098fc59e-46c7-4d99-9b16-64990e543d75',
          '82985f06-dc18-4a48-bc1c-b9f4f0098cfe',
        ],
        checkov: ['CKV_K8S_16', 'CKV_K8S_17', 'CKV_K8S_18', 'CKV_K8S_19'],
        docs: [aksDoc('Best practices for pod security', 'developer-best-practices-pod-security'), standards],
      },
    },
    {
      id: '19.4',
      title: 'No container may gain privileges',
      severity: 'medium',
      references: { cis: ['4.2.5'], policy: ['1c6e92c9-99f0-4e55-9cf2-0c234dc48f99'], checkov: ['CKV_K8S_20'], docs: [contexts, standards] },
    },
    {
      id: '19.5',
      title: 'Containers run as a user other than root, without capabilities',
      severity: 'medium',
      references: {
        cis: ['4.6.2'],
        policy: ['f06ddb64-5fa3-4b77-b166-acb36f7f6042', 'c26596ff-4d70-4e6a-9a30-c2506bd2f80c', 'df49d893-a74c-421d-bc95-c663042e5b80'],
        checkov: ['CKV_K8S_23', 'CKV_K8S_28', 'CKV_K8S_37'],
        docs: [contexts, standards],
      },
    },
    {
      id: '19.6',
      title: 'Containers run under a seccomp profile, and none without AppArmor',
      severity: 'low',
      references: {
        policy: ['975ce327-682c-4f2e-aa46-b9598289b86c', '511f5417-5d12-434d-ab2e-816901e72a5e'],
        checkov: ['CKV_K8S_31'],
        docs: [
          contexts,
          { title: 'AppArmor', url: 'https://kubernetes.io/docs/tutorials/security/apparmor/' },
          learn('Seccomp and AppArmor in AKS', 'azure/aks/secure-container-access'),
        ],
      },
    },
  ],
  needs: ['namespaces', 'workloads', 'policyAssignments', 'deploymentSafeguards'],
  needsToPlan: ['podSecurityAnswers', 'kubernetesAccess'],
  explain: () => ({
    what: 'A pod may ask for the node: its network, its folders, its root. Pod Security Admission in the API server compares each new pod with a level that its namespace is labelled with (privileged, baseline, restricted) and refuses, warns or notes.',
    why: 'Whoever can start a privileged pod owns the node, and with it every other pod on it and the node’s identity in Azure. A web server that was taken over should find nothing but itself.',
    today:
      'Pod Security Policy, which the 2020 advice built on, went with Kubernetes 1.25 and from AKS on 2023-08-01. Pod Security Admission is its successor in the cluster; Azure Policy and deployment safeguards see the whole fleet (step governance.policy installs them). From 1.30 on AppArmor is a field, securityContext.appArmorProfile, no annotation.',
  }),
  assess: (facts) => ({
    '19.1': assessNamespaces(facts),
    '19.2': assessPolicy(facts),
    '19.3': assessWorkloads(facts, workloadRules['19.3']),
    '19.4': assessWorkloads(facts, workloadRules['19.4']),
    '19.5': assessWorkloads(facts, workloadRules['19.5']),
    '19.6': assessWorkloads(facts, workloadRules['19.6']),
  }),
  options,
  params,
  plan,
  // Warnings of both would say the same twice; the audit of the initiative comes first.
  after: ['governance.policy'],
});
