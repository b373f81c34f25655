import { clusterRef, type Facts, fact } from '../../../src/model/facts.ts';
import { at, isObject, isTrue, type JsonObject, list, path, text } from '../../../src/model/json.ts';

/** Parts of the plan that control 5.1 asks for, then the one that is advice. */
export const requiredExtensions = ['ContainerSensor', 'AgentlessDiscoveryForKubernetes', 'ContainerRegistriesVulnerabilityAssessments'] as const;
export const extensions = [
  { name: 'ContainerSensor', about: 'lets Defender roll its sensor out to clusters that lack it' },
  { name: 'AgentlessDiscoveryForKubernetes', about: 'reads the Kubernetes API without an agent: inventory and attack paths' },
  { name: 'ContainerRegistriesVulnerabilityAssessments', about: 'scans the images in container registries' },
  { name: 'AgentlessVmScanning', about: 'scans node disks without an agent (advice)' },
] as const;

/** The subscription's plan for containers, as far as it could be read. */
export type DefenderPlan =
  | { readonly state: 'unknown'; readonly reason: string }
  | {
      readonly state: 'known';
      readonly tier: string;
      readonly properties: JsonObject;
      readonly extensions: readonly JsonObject[];
      readonly enabled: readonly string[];
    };

/** Reads `Microsoft.Security/pricings/Containers`. Another plan (`KubernetesService`, `ContainerRegistry`: retired in 2021) says nothing. */
export function defenderPlanOf(facts: Facts): DefenderPlan {
  const found = fact(facts, 'defenderPlan');
  if (found.state === 'unknown') return found;
  const name = text(found.value['name']);
  if (name !== undefined && name.toLowerCase() !== 'containers') {
    return { state: 'unknown', reason: `the plan that was read is ${name}, which Defender for Containers has replaced` };
  }
  const read = at(found.value, path('properties'));
  const properties = isObject(read) ? read : {};
  const tier = text(at(properties, ['pricingTier']));
  if (tier === undefined) return { state: 'unknown', reason: 'the plan that was read has no pricing tier' };
  const all = list(at(properties, ['extensions'])).filter(isObject);
  return {
    state: 'known',
    tier,
    properties,
    extensions: all,
    enabled: all.filter((extension) => isTrue(at(extension, ['isEnabled']))).map((extension) => text(at(extension, ['name'])) ?? ''),
  };
}

/** True for a plan that protects (and is paid). */
export function isStandard(plan: DefenderPlan): boolean {
  return plan.state === 'known' && plan.tier.toLowerCase() === 'standard';
}

/** Extensions of 5.1 that are off. */
export function missingExtensions(plan: DefenderPlan): readonly string[] {
  const enabled = plan.state === 'known' ? plan.enabled.map((name) => name.toLowerCase()) : [];
  return requiredExtensions.filter((name) => !enabled.includes(name.toLowerCase()));
}

/** Defender for Cloud ends in Azure operated by 21Vianet on this day. */
export const CHINA_END = '2026-08-18';

/** Where the cluster stands in this regard: elsewhere, in China before the end, or after it. "Today" is when the facts were read. */
export function chinaState(facts: Facts): 'no' | 'ending' | 'ended' {
  if (!clusterRef(facts).location.toLowerCase().replaceAll(' ', '').startsWith('china')) return 'no';
  return facts.source.readAt.slice(0, 10) < CHINA_END ? 'ending' : 'ended';
}
