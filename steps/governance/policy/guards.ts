import { type Facts, fact } from '../../../src/model/facts.ts';
import { at, path, text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { allows } from '../../shared/permissions.ts';
import { listed } from '../../shared/texts.ts';

const WRITE_ASSIGNMENT = 'Microsoft.Authorization/policyAssignments/write';

/** The assignment stands on the resource group, so the right to write it must come from there or from above. */
export function assignmentGuard(facts: Facts): Guard {
  const id = `permission:${WRITE_ASSIGNMENT}`;
  const title = 'Policies may be assigned';
  const above = fact(facts, 'subscriptionPermissions');
  if (above.state === 'known' && allows(above.value, WRITE_ASSIGNMENT))
    return { id, title, verdict: 'clear', detail: `${WRITE_ASSIGNMENT} is allowed on the subscription.` };
  const here = fact(facts, 'permissions');
  if (here.state === 'known' && !allows(here.value, WRITE_ASSIGNMENT)) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `The signed-in account does not have ${WRITE_ASSIGNMENT}.`,
      next: ['Resource Policy Contributor on the resource group holds it. Or choose the add-on alone.'],
      override: 'never',
    };
  }
  return { id, title, verdict: 'unknown', detail: `Whether ${WRITE_ASSIGNMENT} is allowed on the resource group is not known.` };
}

/** Assignments above that refuse: they take effect as soon as the add-on is there. */
export function denyGuard(facts: Facts): Guard {
  const id = 'assignments-above';
  const title = 'Nothing assigned starts to refuse pods at once';
  const found = fact(facts, 'policyAssignments');
  if (found.state === 'unknown') return { id, title, verdict: 'unknown', detail: `Policy assignments could not be read: ${found.reason}.` };
  const denying = found.value.filter((one) => (text(at(one, path('properties.parameters.effect.value'))) ?? '').toLowerCase() === 'deny');
  if (denying.length === 0) {
    return { id, title, verdict: 'clear', detail: 'No assignment in reach says deny in its own parameters. Defaults of own definitions are not looked into.' };
  }
  return {
    id,
    title,
    verdict: 'warn',
    detail: `${listed(denying.map((one) => text(one['name']) ?? '?'))} says deny: where it is about Kubernetes, it refuses new pods within 20 minutes.`,
    next: ['Set it to audit for the first days.'],
  };
}

/** What the add-on needs and the facts do not tell. */
export const providerGuard: Guard = {
  id: 'policy-insights',
  title: 'The provider for results is registered',
  verdict: 'warn',
  detail:
    'Results need the provider Microsoft.PolicyInsights in the subscription; whether it is registered was not read. With filtered egress, data.policy.core.windows.net and store.policy.core.windows.net must be open.',
  next: ['az provider register --namespace Microsoft.PolicyInsights'],
};
