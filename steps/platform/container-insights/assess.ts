import { type Assessment, fail, partial, pass, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { isObject, isTrue } from '../../../src/model/json.ts';
import { addonConfig } from '../../shared/addons.ts';
import { sameId, shortName } from '../../shared/texts.ts';
import { agentOf, LEGACY_END, legacyIsOver, ruleNow, workspaceNow } from './state.ts';

const enabledPath = 'properties.addonProfiles.omsagent.enabled';
const authPath = 'properties.addonProfiles.omsagent.config.useAADAuth';

/** 4.1: the agent is there, signs in with a managed identity, and knows what to send where. */
function insights(facts: Facts): Assessment {
  if (!isObject(facts.cluster['properties'])) return unknown('the facts hold no properties of the cluster');
  const agent = agentOf(facts);
  const evidence =
    agent === 'profile'
      ? [{ path: 'properties.azureMonitorProfile.containerInsights.enabled', actual: true, wanted: 'true' }]
      : [
          { path: enabledPath, actual: clusterAt(facts, enabledPath), wanted: 'true' },
          { path: authPath, actual: addonConfig(facts, 'omsagent', 'useAADAuth'), wanted: '"true"' },
        ];
  if (agent === 'off') return fail(...evidence);
  if (agent === 'legacy') {
    const ended = legacyIsOver(facts);
    return {
      status: 'fail',
      evidence,
      note: `The agent signs in with the workspace's key. Azure Monitor ${ended ? `stopped taking that in on ${LEGACY_END}: nothing arrives any more` : `stops taking that in on ${LEGACY_END}`}.`,
    };
  }
  const workspace = workspaceNow(facts);
  const gone = (knownValue(facts, 'workspaces') ?? []).some(({ id, exists }) => !exists && workspace !== undefined && sameId(id, workspace));
  if (gone) {
    return partial(`workspace ${shortName(workspace ?? '')} does not exist any more: nothing arrives, and other writes of the cluster fail`, ...evidence);
  }
  const rules = fact(facts, 'dataCollectionRules');
  if (rules.state === 'unknown') return { ...withNote(pass(...evidence), `Whether a data collection rule stands behind it is not known: ${rules.reason}.`) };
  if (ruleNow(facts) === undefined) {
    return partial('no data collection rule is associated with the cluster: the agent runs and has nothing to send', ...evidence, {
      path: 'dataCollectionRuleAssociations',
      actual: rules.value.map(({ association }) => association),
      wanted: 'one that leads to a rule with the ContainerInsights extension',
    });
  }
  return pass(...evidence);
}

function withNote(assessment: Assessment, note: string): Assessment {
  return assessment.status === 'pass' ? { ...assessment, note } : assessment;
}

/** 4.2: metrics for Prometheus. */
function prometheus(facts: Facts): Assessment {
  if (!isObject(facts.cluster['properties'])) return unknown('the facts hold no properties of the cluster');
  const path = 'properties.azureMonitorProfile.metrics.enabled';
  const actual = clusterAt(facts, path);
  const evidence = { path, actual, wanted: 'true' };
  return isTrue(actual) ? pass(evidence) : fail(evidence);
}

/** Verdicts of 4.1 and 4.2. */
export function assess(facts: Facts): { readonly [control: string]: Assessment } {
  return { '4.1': insights(facts), '4.2': prometheus(facts) };
}
