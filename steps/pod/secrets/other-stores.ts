import type { Evidence } from '../../../src/model/assessment.ts';
import { type Facts, knownValue, type Workload } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, list, path, text } from '../../../src/model/json.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { containersOf } from '../../shared/own-workloads.ts';

/** How a store other than AKS' add-on shows itself in a workload; undefined where it does not. */
function storeOf({ podAnnotations, spec }: Workload): string | undefined {
  if (podAnnotations['vault.hashicorp.com/agent-inject'] === 'true') return 'files from HashiCorp Vault’s injector';
  const images = containersOf(spec).map(({ container }) => text(container['image']) ?? '');
  if (images.some((image) => /(^|\/)external-secrets\/external-secrets[:@]/.test(image))) return 'External Secrets';
  const mounts = list(spec['volumes']).some((volume) => at(volume, path('csi.driver')) === 'secrets-store.csi.k8s.io');
  return mounts ? 'a volume of the Secrets Store CSI driver, which somebody installed' : undefined;
}

/** Stores for secrets that run in the cluster beside AKS' own add-on, by what their workloads show; three at most, one of each kind first. */
export function otherStores(facts: Facts): readonly Evidence[] {
  const seen = new Map<string, Workload>();
  for (const workload of knownValue(facts, 'workloads') ?? []) {
    const store = storeOf(workload);
    if (store !== undefined && !seen.has(store)) seen.set(store, workload);
  }
  return [...seen].map(([store, workload]) => ({
    path: `${clean(workload.kind)}/${placeName(workload)}`,
    actual: store,
    wanted: 'secrets from a store outside of the cluster',
  }));
}
