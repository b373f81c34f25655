import type { KubernetesGateway } from '../../src/model/gateway.ts';
import { kubernetesReaders } from '../../src/snapshot/kubernetes/readers.ts';
import { kubernetesKeys } from '../../src/snapshot/kubernetes/sources.ts';

/** What was read of a cluster. */
export interface ClusterRead {
  readonly pods: number;
  readonly workloads: number;
  readonly pages: number;
  /** How often progress was told. */
  readonly told: number;
}

/** Reads everything inside a cluster and counts. */
export async function readCounted(gateway: KubernetesGateway): Promise<ClusterRead> {
  let pages = 0;
  let told = 0;
  const counted: KubernetesGateway = {
    ...gateway,
    list: async function* (kind, options) {
      for await (const page of gateway.list(kind, options)) {
        pages += 1;
        yield page;
      }
    },
  };
  const tell = () => {
    told += 1;
  };
  const reading = { kubernetes: async () => counted, tell };
  const others = kubernetesKeys.filter((key) => key !== 'workloads');
  const [workloads] = await Promise.all([kubernetesReaders.workloads(reading), ...others.map((key) => kubernetesReaders[key](reading))]);
  return { pods: workloads.reduce((sum, { pods }) => sum + pods, 0), workloads: workloads.length, pages, told };
}
