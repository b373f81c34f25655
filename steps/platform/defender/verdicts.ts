import { type Assessment, fail, notApplicable, partial, pass, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, knownValue } from '../../../src/model/facts.ts';
import { isTrue, text } from '../../../src/model/json.ts';
import { listed, sameId, shortName } from '../../shared/texts.ts';
import { CHINA_END, chinaState, defenderPlanOf, missingExtensions, requiredExtensions } from './plan-state.ts';

const tierPath = 'Microsoft.Security/pricings/Containers properties.pricingTier';
const sensorPath = 'properties.securityProfile.defender.securityMonitoring.enabled';
const workspacePath = 'properties.securityProfile.defender.logAnalyticsWorkspaceResourceId';

/** 5.1: the plan `Containers` is Standard, with its three parts. */
function subscriptionPlan(facts: Facts): Assessment {
  const plan = defenderPlanOf(facts);
  if (plan.state === 'unknown') return unknown(plan.reason);
  const tier = { path: tierPath, actual: plan.tier, wanted: 'Standard' };
  if (plan.tier.toLowerCase() !== 'standard') return fail(tier);
  const missing = missingExtensions(plan);
  const parts = {
    path: 'Microsoft.Security/pricings/Containers properties.extensions',
    actual: plan.enabled,
    wanted: `${requiredExtensions.join(', ')} enabled`,
  };
  return missing.length === 0 ? pass(tier, parts) : partial(`the plan is on, but without ${listed(missing)}`, tier, parts);
}

/** 5.2: the sensor is on, and what it reports has somewhere to go. */
function sensor(facts: Facts): Assessment {
  const actual = clusterAt(facts, sensorPath);
  const evidence = { path: sensorPath, actual, wanted: 'true' };
  if (isTrue(actual)) {
    const workspace = text(clusterAt(facts, workspacePath));
    const gone = (knownValue(facts, 'workspaces') ?? []).some(({ id, exists }) => !exists && workspace !== undefined && sameId(id, workspace));
    if (!gone) return pass(evidence);
    return partial(`the sensor is on, but workspace ${shortName(workspace ?? '')} does not exist any more`, evidence, {
      path: workspacePath,
      actual: workspace,
      wanted: 'a workspace that exists',
    });
  }
  // Until api-version 2022-06-01 the same setting was called azureDefender; such a body cannot show today's.
  if (actual === undefined && isTrue(clusterAt(facts, 'properties.securityProfile.azureDefender.enabled'))) {
    return unknown(`the facts were read at ${facts.apiVersion}, which shows the older azureDefender.enabled (true) and not ${sensorPath}`);
  }
  return fail(evidence);
}

/** Both, or the reason why there is no Defender where the cluster stands. */
export function verdicts(facts: Facts): { readonly [control: string]: Assessment } {
  if (chinaState(facts) === 'ended') {
    const gone = notApplicable(`Defender for Cloud ended in Azure China on ${CHINA_END}`);
    return { '5.1': gone, '5.2': gone };
  }
  return { '5.1': subscriptionPlan(facts), '5.2': sensor(facts) };
}
