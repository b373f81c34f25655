/** Reads everything inside a cluster through kubectl and prints what it came to. Run by the bench in a process of its own. */

import { createKubectlGateway } from '../../src/kubernetes/kubectl.ts';
import type { KubernetesGateway } from '../../src/model/gateway.ts';
import { kubernetesReaders } from '../../src/snapshot/kubernetes/readers.ts';
import { kubernetesKeys } from '../../src/snapshot/kubernetes/sources.ts';

/** What was read. */
export interface ClusterRead {
  readonly pods: number;
  readonly workloads: number;
  readonly pages: number;
  /** How often progress was told. */
  readonly told: number;
}

const [kubeconfig = '', host = ''] = process.argv.slice(2);
const kubectl = createKubectlGateway({ hosts: [host], kubeconfig, entra: false });
let pages = 0;
const counted: KubernetesGateway = {
  ...kubectl,
  list: async function* (kind, options) {
    for await (const page of kubectl.list(kind, options)) {
      pages += 1;
      yield page;
    }
  },
};
let told = 0;
const tell = () => {
  told += 1;
};
const reading = { kubernetes: async () => counted, tell };
const [workloads] = await Promise.all([
  kubernetesReaders.workloads(reading),
  ...kubernetesKeys.filter((key) => key !== 'workloads').map((key) => kubernetesReaders[key](reading)),
]);
const read: ClusterRead = { pods: workloads.reduce((sum, { pods }) => sum + pods, 0), workloads: workloads.length, pages, told };
process.stdout.write(`${JSON.stringify(read)}\n`);
