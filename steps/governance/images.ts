import type { Facts } from '../../src/model/facts.ts';
import { type Choice, defineStep, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { DEFINITION } from './images/assignments.ts';
import { assignmentChange, STEP } from './images/changes.ts';
import { auditFirstGuard, carriedOutGuard, neighboursGuard, refusedGuard } from './images/guards.ts';
import { optionIds, options } from './images/options.ts';
import { approvedOf, approvedParam } from './images/params.ts';
import { patternFor } from './images/pattern.ts';
import { assessImages, refusedImages } from './images/verdict.ts';
import { assignmentGuard } from './policy/guards.ts';

function plan(facts: Facts, choice: Choice): StepPlan {
  const id = optionIds.find((option) => option === choice.option);
  const option = options(facts).find((candidate) => candidate.id === id);
  if (id === undefined || option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  const approved = approvedOf(facts, choice);
  const changes = assignmentChange(facts, id, approved);
  if (changes.length === 0) return { changes: [], guards: [] };
  const common = [
    ...commonGuards(facts, { impact: id === 'deny' ? 'workload' : 'none', writesCluster: false, actions: [] }),
    assignmentGuard(facts),
    carriedOutGuard(facts),
    neighboursGuard(facts),
  ];
  if (id === 'audit') return { changes, guards: common };
  const refused = refusedImages(facts, [{ pattern: patternFor(approved), excluded: [], only: [] }]);
  return { changes, guards: [...common, auditFirstGuard(facts), refusedGuard(facts, refused)] };
}

/** Where images may come from. */
export const images = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'Where may images come from?',
  controls: [
    {
      id: '20.3',
      title: 'Images come from approved registries only',
      severity: 'medium',
      references: {
        cis: ['5.1.4'],
        policy: [DEFINITION],
        docs: [
          aksDoc('Secure clusters with Azure Policy', 'use-azure-policy'),
          learn('Azure Policy for Kubernetes', 'azure/governance/policy/concepts/policy-for-kubernetes'),
          learn('Import container images to a registry', 'azure/container-registry/container-registry-import-images'),
        ],
      },
    },
  ],
  needs: ['policyAssignments', 'workloads'],
  needsToPlan: ['registries', 'siblingClusters', 'permissions', 'subscriptionPermissions', 'locks', 'ownership'],
  explain: () => ({
    what: 'A pod runs whatever image its manifest names, from any registry on the internet. A policy holds each image’s name against a list, when its pod is created.',
    why: 'Public images change under the same tag, vanish, or are somebody’s look-alike. What went through your own registry was scanned, and is still there tomorrow.',
    today:
      'The policy looks at names: that an image is signed is another matter (step platform.registry). Gatekeeper tries the pattern on the name as it is written, so that nginx without a registry is Docker Hub’s. kube-system, gatekeeper-system and azure-arc are never looked at, and Microsoft’s registry is always on the list that is made here.',
  }),
  assess: (facts) => ({ '20.3': assessImages(facts) }),
  options,
  params: [approvedParam],
  plan,
  // The add-on that carries it out comes from there.
  after: ['governance.policy'],
});
