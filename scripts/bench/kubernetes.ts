import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../src/kubernetes/kubectl-run.ts';
import { servePractice } from '../../src/practice/serve.ts';
import { hugeSize, type KubeSize, kubeObjects, largeSize, podCount, printed } from './kube-objects.ts';
import { beside, folder, program, row, type Watched, watched } from './measure.ts';
import type { ClusterRead } from './read-cluster.ts';

const thousands = (count: number): string => count.toLocaleString('en');

/** Writes what `kubectl get -A -o json` prints of a cluster; returns the megabytes. */
async function writeList(file: string, size: KubeSize): Promise<number> {
  const out = createWriteStream(file);
  let bytes = 0;
  const write = async (text: string) => {
    bytes += text.length;
    if (!out.write(text)) await once(out, 'drain');
  };
  await write('{\n    "apiVersion": "v1",\n    "items": [');
  let comma = '';
  for (const object of kubeObjects(size)) {
    await write(`${comma}\n${printed(object)}`);
    comma = ',';
  }
  await write('\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n');
  out.end();
  await once(out, 'finish');
  return bytes / 1024 / 1024;
}

/** Judges a large cluster from a file, with the built program in a process of its own. */
async function measureFile(): Promise<void> {
  const file = join(folder, 'large.json');
  const megabytes = await writeList(file, largeSize);
  const what = `${thousands(podCount(largeSize))} pods in ${largeSize.namespaces} namespaces`;
  const judged = await watched(program, 'pod-security', file, '--level', 'restricted', '-o', 'json');
  row(`pod-security, ${what}, a file of ${megabytes.toFixed(0)} MB`, `${judged.seconds.toFixed(2)} s`, '1 s', judged.seconds < 1);
  row('  its memory at the peak', `${judged.megabytes.toFixed(0)} MB`, '400 MB', judged.megabytes > 0 && judged.megabytes < 400);
}

/** Reads everything inside a cluster of a size over loopback HTTPS, page by page, in a process of its own. */
async function readOver(size: KubeSize): Promise<ClusterRead & Watched> {
  const { world, url, kubeconfig, close } = await servePractice({ scenario: 'hardened', speed: 1_000_000 });
  try {
    world.state.kubernetes = [...world.state.kubernetes.filter(({ kind }) => kind !== 'Pod'), ...kubeObjects(size)];
    const reader = new URL('./read-cluster.ts', import.meta.url).pathname;
    const run = await watched(reader, kubeconfig, new URL(url).hostname);
    const read = JSON.parse(run.said) as ClusterRead;
    if (read.pods !== podCount(size)) throw new Error(`${read.pods} pods were read of ${podCount(size)}`);
    return { ...run, ...read };
  } finally {
    await close();
  }
}

/** Reads a large and a four times larger cluster through kubectl, where there is one. */
async function measurePages(): Promise<void> {
  if ((await runProgram(['version', '--client'])).missing) return beside('20,000 pods in pages: kubectl is not here');
  const [large, huge] = [await readOver(largeSize), await readOver(hugeSize)];
  const ratio = huge.megabytes / large.megabytes;
  row(`${thousands(huge.pods)} pods through kubectl: memory against ${thousands(large.pods)} pods`, `${ratio.toFixed(2)}x`, '1.25x', ratio < 1.25);
  for (const { pods, pages, told, workloads, seconds, megabytes } of [large, huge]) {
    const time = `${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB at the peak`;
    beside(`${thousands(pods)} pods: ${pages} pages of all kinds, progress told ${told} times, ${thousands(workloads)} workloads; ${time}`);
  }
}

/** What is read inside of large clusters: from a file, and from an API server in pages. */
export async function measureKubernetes(): Promise<void> {
  await measureFile();
  await measurePages();
}
