import type { ArmPut, ArmUpdate, Change } from '../../../src/model/change.ts';
import { clusterAt, clusterRef, type Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { isTrue, type Json, type JsonObject, same, text, texts } from '../../../src/model/json.ts';
import type { Choice, Guard, StepPlan } from '../../../src/model/step.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { commonGuards, permissionGuard } from '../../shared/guards.ts';
import { type CodeLine, ownershipGuard } from '../../shared/iac.ts';
import { CLUSTER_WRITE_MINUTES, SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { WRITE_DEFENDER_PLAN } from '../../shared/permissions.ts';
import { sameId } from '../../shared/texts.ts';
import { workspaceGuard } from '../workspaces.ts';
import { CHINA_END, chinaState, type DefenderPlan, defenderPlanOf, isStandard } from './plan-state.ts';

const step = 'platform.defender';
const PLAN = `${step}/plan`;
const sensorPath = 'properties.securityProfile.defender.securityMonitoring.enabled';
const workspacePath = 'properties.securityProfile.defender.logAnalyticsWorkspaceResourceId';

/** What of a plan can be written: the tier, its sub-plan, whether it binds what is below, and its parts with their settings. */
function writable(plan: DefenderPlan): JsonObject {
  if (plan.state === 'unknown') return {};
  const { subPlan, enforce } = plan.properties;
  // A plan that is off has no parts to speak of.
  if (!isStandard(plan)) return { pricingTier: plan.tier, ...(enforce === undefined || enforce === null ? {} : { enforce }) };
  return {
    pricingTier: plan.tier,
    ...(subPlan === undefined || subPlan === null ? {} : { subPlan }),
    ...(enforce === undefined || enforce === null ? {} : { enforce }),
    ...(plan.extensions.length > 0 ? { extensions: plan.extensions.map(({ operationStatus: _state, ...extension }) => extension) } : {}),
  };
}

/** The plan with the chosen parts on. A part that is on stays on, with its settings: others in the subscription may rely on it. */
function wantedPlan(plan: DefenderPlan, chosen: readonly string[]): JsonObject {
  const today = plan.state === 'known' ? plan.extensions : [];
  const isChosen = (name: string | undefined): boolean => name !== undefined && chosen.some((wanted) => sameId(wanted, name));
  const kept = today.map(
    ({ operationStatus: _state, ...extension }): Json =>
      isChosen(text(extension['name'])) && !isTrue(extension['isEnabled']) ? { ...extension, isEnabled: 'True' } : extension,
  );
  const added = chosen.filter((name) => !today.some((extension) => sameId(text(extension['name']) ?? '', name)));
  return { ...writable(plan), pricingTier: 'Standard', extensions: [...kept, ...added.map((name) => ({ name, isEnabled: 'True' }))] };
}

function planChange(facts: Facts, chosen: readonly string[]): ArmPut | undefined {
  const plan = defenderPlanOf(facts);
  const body = wantedPlan(plan, chosen);
  const before = writable(plan);
  if (isStandard(plan) && same(body, { ...before, pricingTier: 'Standard' })) return undefined;
  const { subscriptionId } = clusterRef(facts);
  return {
    kind: 'arm.put',
    id: PLAN,
    step,
    controls: ['5.1'],
    title: isStandard(plan) ? 'Turn on the missing parts of Defender for Containers' : 'Turn on Defender for Containers in the subscription',
    target: {
      id: `/subscriptions/${subscriptionId}/providers/Microsoft.Security/pricings/Containers`,
      type: 'Microsoft.Security/pricings',
      apiVersion: '2024-01-01',
    },
    body: { properties: body },
    before: plan.state === 'known' ? { properties: before } : undefined,
    impact: { kind: 'billing', scope: `every cluster and registry in subscription ${clean(subscriptionId)} is protected and paid for` },
    minutes: SIDE_WRITE_MINUTES,
    reversible:
      plan.state === 'known'
        ? { kind: 'yes', how: 'The plan is written back as it was. Removing only the sensor does not stop the billing.' }
        : {
            kind: 'partly',
            how: 'What the plan was could not be read, so it cannot be put back; az security pricing create --name Containers --tier Free turns it off.',
          },
    after: [],
    // Deleting a subscription's plan is not possible, and what it was is not known.
    ...(plan.state === 'known' ? {} : { undo: [] }),
  };
}

function sensorChange(facts: Facts, workspace: string): ArmUpdate | undefined {
  const edits = clusterEdits(facts, [
    // Azure compares ids without regard to case: the same workspace in other letters is no change.
    ...(sameId(text(clusterAt(facts, workspacePath)) ?? '', workspace) ? [] : [[workspacePath, workspace] as const]),
    [sensorPath, true],
  ]);
  if (edits.length === 0) return undefined;
  return {
    kind: 'arm.update',
    id: `${step}/sensor`,
    step,
    controls: ['5.2'],
    title: 'Turn on the Defender sensor',
    target: clusterTarget(facts),
    edits,
    impact: { kind: 'workload', scope: 'a privileged DaemonSet is added to every node; no node is replaced, no workload restarts' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'The sensor is taken off again. A policy that deploys it puts it back, and the plan goes on billing.' },
    after: [PLAN],
  };
}

function codeLines(changes: readonly Change[], workspace: string): readonly CodeLine[] {
  return changes.map((change) =>
    change.id === PLAN
      ? {
          terraform: {
            line: 'azurerm_security_center_subscription_pricing with resource_type = "Containers", tier = "Standard" and an extension block for each part',
            effect: 'reverts' as const,
            note: 'where the code has this resource',
          },
        }
      : {
          terraform: { line: `microsoft_defender { log_analytics_workspace_id = "${clean(workspace)}" }`, effect: 'reverts' as const },
          bicep: `securityProfile: { defender: { logAnalyticsWorkspaceResourceId: '${clean(workspace)}', securityMonitoring: { enabled: true } } }`,
        },
  );
}

function planGuards(facts: Facts, changes: readonly Change[]): readonly Guard[] {
  const plan = defenderPlanOf(facts);
  const changesPlan = changes.some(({ id }) => id === PLAN);
  const guards: Guard[] = [];
  if (changesPlan) {
    guards.push(permissionGuard(facts, WRITE_DEFENDER_PLAN, { scope: 'subscription' }));
    guards.push({
      id: 'subscription-wide',
      title: 'The plan is for the whole subscription',
      verdict: 'warn',
      detail: `It covers and bills every cluster and registry in ${clean(clusterRef(facts).subscriptionId)}, by vCore and by scanned image, not only this one.`,
      next: ['Agree with whoever pays for the subscription: az aks list --query "[].name" and az acr list --query "[].name" show what it covers.'],
    });
    if (plan.state === 'unknown') {
      guards.push({
        id: 'plan-known',
        title: 'The plan of today is known',
        verdict: 'unknown',
        detail: `It could not be read (${clean(plan.reason)}): parts that are on with settings of their own would be written over.`,
        next: ['Read it with an account that has Security Reader on the subscription.'],
        override: 'nothing is set there',
      });
    }
  } else if (!isStandard(plan)) {
    guards.push({
      id: 'plan-first',
      title: 'The plan that makes alerts of what the sensor sees',
      verdict: plan.state === 'unknown' ? 'unknown' : 'warn',
      detail:
        plan.state === 'unknown'
          ? `Whether it is on is not known: ${clean(plan.reason)}.`
          : 'It is off (Free): the sensor runs on every node and nobody gets an alert.',
      next: ['Choose plan-and-sensor, or have the plan turned on for the subscription.'],
    });
  }
  if (chinaState(facts) === 'ending') {
    guards.push({ id: 'china', title: 'Defender ends here', verdict: 'warn', detail: `Defender for Cloud ends in Azure China on ${CHINA_END}.` });
  }
  return guards;
}

/** Changes and guards of a complete choice. */
export function plan(facts: Facts, choice: Choice): StepPlan {
  const workspace = text(choice.values['workspace']) ?? '';
  const first = choice.option === 'plan-and-sensor' ? planChange(facts, texts(choice.values['extensions'])) : undefined;
  const second = sensorChange(facts, workspace);
  const changes = [first, second].filter((change) => change !== undefined);
  if (changes.length === 0) return { changes, guards: [] };
  const code = codeLines(changes, workspace);
  return {
    changes,
    guards: [
      // The plan is not part of the cluster: its locks and its state are asked only where the sensor is written.
      ...(second ? commonGuards(facts, { impact: 'workload', code }) : [ownershipGuard(facts, code)]),
      ...(second ? [workspaceGuard(facts, workspace)] : []),
      ...planGuards(facts, changes),
    ],
  };
}
