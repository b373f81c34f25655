import { type Assessment, type Evidence, fail, notApplicable, partial, pass, unknown } from '../../../src/model/assessment.ts';
import { type Facts, fact } from '../../../src/model/facts.ts';
import { at, path, text } from '../../../src/model/json.ts';
import { type PulledRegistry, pulledRegistries, pullRole } from '../../shared/registry-access.ts';
import { listed, sameId } from '../../shared/texts.ts';
import { defenderPlanOf, isStandard } from '../defender/plan-state.ts';
import {
  approvedEndpoints,
  excess,
  hasAdminUser,
  hasAnonymousPull,
  hasContentTrust,
  isClosed,
  isFenced,
  isQuarantined,
  mayJustPull,
  property,
  TRUST_END,
} from './state.ts';

const place = (registry: PulledRegistry, dotted: string): string => `registries/${registry.name}.properties.${dotted}`;
const names = (registries: readonly PulledRegistry[]): string => listed(registries.map(({ name }) => name));

function shown(registries: readonly PulledRegistry[], wanted: { readonly [dotted: string]: string }): readonly Evidence[] {
  return registries.flatMap((registry) =>
    Object.entries(wanted).map(([dotted, words]) => ({ path: place(registry, dotted), actual: property(registry, dotted), wanted: words })),
  );
}

/** A hole in one registry is a hole: every one has to be good. */
function all(registries: readonly PulledRegistry[], good: (registry: PulledRegistry) => boolean, evidence: readonly Evidence[]): Assessment {
  return registries.every(good) ? pass(...evidence) : fail(...evidence);
}

/** 6.1: opt-in. On without a scanner it stops deployments, off it is a choice: neither is a plain failure. */
function quarantine(facts: Facts, registries: readonly PulledRegistry[]): Assessment {
  const evidence = shown(registries, { 'policies.quarantinePolicy.status': 'enabled, with a scanner that releases images' });
  const open = registries.filter((registry) => !isQuarantined(registry));
  if (open.length > 0) return partial(`quarantine is opt-in and off on ${names(open)}: worth it only with a scanner that releases images`, ...evidence);
  const found = fact(facts, 'registryScanners');
  if (found.state === 'unknown') return unknown(found.reason);
  const without = registries.filter(
    ({ id }) => !found.value.some((one) => sameId(one.registryId, id) && one.webhooks.length + one.quarantineWriters.length > 0),
  );
  if (without.length > 0) return partial(`nothing releases images on ${names(without)}: every new image stays blocked`, ...evidence);
  return pass(...evidence);
}

/** The initiative and the policy that look at image signatures (Azure Policy, Image Integrity). */
const signaturePolicies = ['af28bf8b-c669-4dd3-9137-1e68fdc61bd6', 'cf426bb8-b320-4321-8545-1b784a5df3a4'];

/** 6.2: signatures are verified. Docker Content Trust is not asked for any more. */
function signatures(facts: Facts, registries: readonly PulledRegistry[]): Assessment {
  const trusted = registries.filter(hasContentTrust);
  const found = fact(facts, 'policyAssignments');
  if (found.state === 'unknown') return unknown(found.reason);
  const verifying = found.value.filter((one) => {
    const definition =
      text(at(one, path('properties.policyDefinitionId')))
        ?.split('/')
        .at(-1) ?? '';
    return signaturePolicies.some((id) => sameId(id, definition));
  });
  const evidence = [
    {
      path: 'policyAssignments',
      actual: verifying.map((one) => text(one['name']) ?? ''),
      wanted: 'Image Integrity, or another check of Notary Project signatures',
    },
    ...shown(registries, { 'policies.trustPolicy.status': 'disabled: Docker Content Trust is retired' }),
  ];
  if (verifying.length > 0) return pass(...evidence);
  if (trusted.length > 0) {
    return partial(`${names(trusted)} still relies on Docker Content Trust, which ends on ${TRUST_END}, and nothing in the cluster verifies it`, ...evidence);
  }
  return {
    ...fail(...evidence),
    ...{ note: 'A check that runs in the cluster only (Ratify, Kyverno, Sigstore’s controller) cannot be seen in Azure.' },
  };
}

/** 6.3: closed to the public, or open to named networks. */
function fenced(registries: readonly PulledRegistry[]): Assessment {
  const evidence = shown(registries, {
    publicNetworkAccess: 'Disabled, or a default action of Deny',
    'networkRuleSet.defaultAction': 'Deny, or no public access',
  });
  const found = all(registries, isFenced, evidence);
  const lonely = registries.filter((registry) => isClosed(registry) && approvedEndpoints(registry).length === 0);
  return found.status === 'pass' && lonely.length > 0
    ? { ...found, note: `${names(lonely)} has no approved private endpoint: nobody can reach it at all.` }
    : found;
}

/** 6.4: no password that many share, and nothing for nobody. */
function credentials(registries: readonly PulledRegistry[]): Assessment {
  return all(
    registries,
    (registry) => !hasAdminUser(registry) && !hasAnonymousPull(registry),
    shown(registries, { adminUserEnabled: 'not true', anonymousPullEnabled: 'not true' }),
  );
}

/** 6.5: the role that pulls, and no more. */
function pullOnly(registries: readonly PulledRegistry[]): Assessment {
  const evidence = registries.map((registry) => ({
    path: `role assignments of the nodes' identity on ${registry.name}`,
    actual: registry.grants.map(({ role, scope }) => `${role ?? ''} at ${scope}`),
    wanted: `${pullRole(registry.resource)}, and nothing more`,
  }));
  if (registries.some((registry) => excess(registry).length > 0)) return fail(...evidence);
  const others = registries.filter((registry) => !mayJustPull(registry));
  return others.length > 0 ? partial(`${names(others)} is pulled from by a role that shows more than images`, ...evidence) : pass(...evidence);
}

/** 6.6: somebody scans the images, and finds them healthy. */
function scanned(facts: Facts, registries: readonly PulledRegistry[]): Assessment {
  const found = fact(facts, 'registryAssessments');
  if (found.state === 'unknown') return unknown(found.reason);
  const codes = (registry: PulledRegistry): readonly string[] =>
    found.value.filter(({ registryId }) => sameId(registryId, registry.id)).flatMap((one) => one.codes);
  const evidence = registries.map((registry) => ({
    path: `${registry.name}/providers/Microsoft.Security/assessments.status.code`,
    actual: [...codes(registry)],
    wanted: 'Healthy',
  }));
  if (registries.some((registry) => codes(registry).some((code) => code.toLowerCase() === 'unhealthy'))) return fail(...evidence);
  const silent = registries.filter((registry) => codes(registry).length === 0);
  if (silent.length === 0) return pass(...evidence);
  const plan = defenderPlanOf(facts);
  if (plan.state === 'unknown') return unknown(`no scan was found for ${names(silent)}, and whether Defender scans is not known: ${plan.reason}`);
  const scans = isStandard(plan) && plan.enabled.some((name) => name.toLowerCase() === 'containerregistriesvulnerabilityassessments');
  return scans ? partial(`Defender scans, but has not reported on ${names(silent)} yet`, ...evidence) : fail(...evidence);
}

/** Verdicts of 6.1 to 6.6, over every registry that the nodes may pull from. */
export function assess(facts: Facts): { readonly [control: string]: Assessment } {
  const found = pulledRegistries(facts);
  const each = (judge: (registries: readonly PulledRegistry[]) => Assessment): Assessment => {
    if (found.state === 'unknown') return unknown(found.reason);
    if (found.value.length === 0) {
      return notApplicable('no registry of the subscription grants the nodes a pull; registries elsewhere, or behind a pull secret, are not seen');
    }
    return judge(found.value);
  };
  return {
    '6.1': each((registries) => quarantine(facts, registries)),
    '6.2': each((registries) => signatures(facts, registries)),
    '6.3': each(fenced),
    '6.4': each(credentials),
    '6.5': each(pullOnly),
    '6.6': each((registries) => scanned(facts, registries)),
  };
}
