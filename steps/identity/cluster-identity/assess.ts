import { type Assessment, fail, notApplicable, pass, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, fact } from '../../../src/model/facts.ts';
import { isObject } from '../../../src/model/json.ts';
import { plural } from '../../shared/texts.ts';
import { actingOf, broadGrants, daysLeft, identityIds, isMadeByAks, orphans } from './state.ts';

/** Fewer days than this are a failure; below the second, a warning. */
const [FAIL_DAYS, WARN_DAYS] = [30, 90];

/** 1.1: a managed identity, of either kind. */
function managed(facts: Facts): Assessment {
  if (!isObject(facts.cluster['properties'])) return unknown('the facts hold no properties of the cluster');
  const acting = actingOf(facts);
  const evidence = [
    { path: 'identity.type', actual: clusterAt(facts, 'identity.type'), wanted: 'SystemAssigned or UserAssigned' },
    { path: 'properties.servicePrincipalProfile.clientId', actual: clusterAt(facts, 'properties.servicePrincipalProfile.clientId'), wanted: 'msi, or absent' },
  ];
  switch (acting.kind) {
    case 'managed':
      return pass(...evidence);
    case 'service-principal':
      return fail(...evidence);
    case 'not-told':
      return unknown('the facts name neither a managed identity nor a service principal');
    default:
      return acting satisfies never;
  }
}

/** 1.2: where a service principal stays, its credentials are good for a while. */
function secret(facts: Facts): Assessment {
  const acting = actingOf(facts);
  if (acting.kind === 'managed') return notApplicable('the cluster acts with a managed identity, which has no secret of its own');
  if (acting.kind === 'not-told') return unknown('the facts do not say who the cluster acts as');
  const found = fact(facts, 'servicePrincipal');
  if (found.state === 'unknown') return unknown(found.reason);
  const path = `applications/${acting.appId}.passwordCredentials[].endDateTime`;
  if (found.value === null || (!found.value.exists && found.value.credentials.length === 0)) {
    return unknown('the application is not in the directory of this sign-in: it was deleted, or belongs to another tenant');
  }
  const days = daysLeft(facts);
  if (days === undefined) return unknown('Microsoft Graph shows no credential of the application');
  const evidence = { path, actual: found.value.credentials.map(({ endsAt }) => endsAt), wanted: `each at least ${FAIL_DAYS} days ahead, better ${WARN_DAYS}` };
  const note =
    found.value.credentials.length > 1 ? 'The application has several credentials. Which one the cluster uses cannot be seen: the earliest counts.' : undefined;
  if (days < FAIL_DAYS) return { ...fail(evidence), ...(note === undefined ? {} : { note }) };
  return { ...pass(evidence), ...(days < WARN_DAYS ? { note: `The earliest ends in ${plural(days, 'day')}: plan its rotation.` } : {}) };
}

/** 1.3: nothing left behind in the directory. What lies on workstations cannot be seen from Azure, and the note says so. */
function leftovers(facts: Facts): Assessment {
  for (const key of ['namesakePrincipals', 'siblingClusters'] as const) {
    const found = fact(facts, key);
    if (found.state === 'unknown') return unknown(found.reason);
  }
  const found = orphans(facts) ?? [];
  const evidence = {
    path: 'servicePrincipals named after the cluster',
    actual: found.map(({ displayName, appId }) => `${displayName} (${appId})`),
    wanted: 'none that no cluster acts as',
  };
  const note =
    'Azure does not show ~/.azure/aksServicePrincipal.json, where older az versions kept secrets in plain text: look on workstations and build agents.';
  return { status: found.length > 0 ? 'fail' : 'pass', evidence: [evidence], note };
}

/** 1.4: no broad role where the cluster stands, or above. */
function leastPrivilege(facts: Facts): Assessment {
  const found = fact(facts, 'identityRoleAssignments');
  if (found.state === 'unknown') return unknown(found.reason);
  if (found.value.length === 0) return unknown('the facts do not name the identities that the cluster acts with');
  const broad = broadGrants(facts);
  const evidence = {
    path: "role assignments of the cluster's identities on its resource group and above",
    actual: broad.map(({ identity, role, scope }) => `${identity}: ${role ?? ''} on ${scope}`),
    wanted: 'no Owner, Contributor, User Access Administrator or RBAC Administrator',
  };
  if (broad.length > 0) return fail(evidence);
  const { kubelet } = identityIds(facts);
  const note =
    kubelet !== undefined && isMadeByAks(facts, kubelet) ? 'The kubelets use the identity that AKS made: one of your own outlives the cluster.' : undefined;
  return { ...pass(evidence), ...(note === undefined ? {} : { note }) };
}

/** Verdicts of 1.1 to 1.4. */
export function assess(facts: Facts): { readonly [control: string]: Assessment } {
  return { '1.1': managed(facts), '1.2': secret(facts), '1.3': leftovers(facts), '1.4': leastPrivilege(facts) };
}
