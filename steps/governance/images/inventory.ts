import { type Fact, type Facts, fact, knownValue, type Workload } from '../../../src/model/facts.ts';
import { at, path, text } from '../../../src/model/json.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { containersOf } from '../../shared/own-workloads.ts';

/** Where AKS' own images come from (AKS docs: outbound rules). */
export const MICROSOFT = 'mcr.microsoft.com';
export const DOCKER_HUB = 'docker.io';

/** Namespaces that the policy never looks at, whatever it is told (Azure Policy: Kubernetes built-in definitions, excludedNamespaces). */
export const neverLookedAt = ['kube-system', 'gatekeeper-system', 'azure-arc'] as const;

/** The registry of an image as a container runtime reads it: a first part that looks like a host, else Docker Hub (distribution docs: reference). */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first.toLowerCase() : DOCKER_HUB;
}

/** An image as it is written, with the workloads that run it. */
export interface UsedImage {
  readonly image: string;
  readonly registry: string;
  readonly workloads: readonly Workload[];
}

/** Every image that runs where the policy looks, by its name. */
export function inventory(facts: Facts): Fact<readonly UsedImage[]> {
  const found = fact(facts, 'workloads');
  if (found.state === 'unknown') return found;
  const users = new Map<string, Set<Workload>>();
  for (const workload of found.value) {
    if ((neverLookedAt as readonly string[]).includes(workload.namespace)) continue;
    for (const { container } of containersOf(workload.spec)) {
      const image = text(container['image']);
      if (image === undefined || image === '') continue;
      const known = users.get(image) ?? new Set();
      users.set(image, known.add(workload));
    }
  }
  const images = [...users].map(([image, workloads]) => ({ image, registry: registryOf(image), workloads: [...workloads] }));
  return { state: 'known', value: images.toSorted((a, b) => (a.image < b.image ? -1 : a.image > b.image ? 1 : 0)) };
}

/** The same where it is known; nothing where it is not. */
export function knownImages(facts: Facts): readonly UsedImage[] {
  const found = inventory(facts);
  return found.state === 'known' ? found.value : [];
}

/** Registries with the number of their images, most first. */
export function byRegistry(images: readonly UsedImage[]): readonly { readonly registry: string; readonly count: number }[] {
  const groups = Map.groupBy(images, ({ registry }) => registry);
  return [...groups].map(([registry, some]) => ({ registry, count: some.length })).toSorted((a, b) => b.count - a.count || (a.registry < b.registry ? -1 : 1));
}

/** Who runs an image, for a sentence: `shop/web and 2 more`. */
export function usersText({ workloads }: UsedImage): string {
  const [first, ...rest] = [...new Set(workloads.map(placeName))];
  return `${first ?? '?'}${rest.length > 0 ? ` and ${rest.length} more` : ''}`;
}

/** Registries of the subscription that images come from: one's own, beyond doubt. Undefined where neither is known. */
export function ownRegistries(facts: Facts): readonly string[] | undefined {
  const registries = knownValue(facts, 'registries');
  if (registries === undefined) return undefined;
  const servers = registries.flatMap((registry) => text(at(registry, path('properties.loginServer')))?.toLowerCase() ?? []);
  const images = inventory(facts);
  if (images.state === 'unknown') return servers;
  const used = new Set(images.value.map(({ registry }) => registry));
  return servers.filter((server) => used.has(server));
}
