import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../src/kubernetes/kubectl-run.ts';
import type { Facts } from '../../src/model/facts.ts';
import { createPractice } from '../../src/practice/index.ts';
import { servePractice } from '../../src/practice/serve.ts';
import type { World } from '../../src/practice/world.ts';
import { hugeSize, type KubeSize, kubeObjects, largeSize, podCount, printed } from './kube-objects.ts';
import { beside, folder, program, row, type Watched, watched, watchedOften } from './measure.ts';
import { type ClusterRead, readCounted } from './read-counted.ts';

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

/** A second, or as long as a Node that does nothing takes fifty times: so it is where such a Node takes 20 ms, and a busy machine does not count. */
function fastRow(what: string, seconds: number, base: number): void {
  const ratio = (seconds * 1000) / base;
  row(what, `${seconds.toFixed(2)} s, ${ratio.toFixed(0)}x`, '1 s or 50x node', seconds < 1 || ratio < 50);
}

/** The controls of a check's JSON. Throws when it did not look at the pods. */
function controlsIn(said: string): number {
  const { source, steps } = JSON.parse(said) as {
    readonly source: { readonly kubernetes?: { readonly via: string } };
    readonly steps: readonly { readonly controls: readonly { readonly id: string; readonly status: string }[] }[];
  };
  const controls = steps.flatMap((step) => step.controls);
  if (source.kubernetes?.via !== 'files' || controls.some(({ id, status }) => id.startsWith('19.') && status === 'unknown'))
    throw new Error('the pods of the file were not judged');
  return controls.length;
}

/** Judges a large cluster from a file: every control, then a Pod Security level with the built program. Each in a process of its own. */
async function measureFile(facts: Facts, base: number): Promise<void> {
  const file = join(folder, 'large.json');
  const megabytes = await writeList(file, largeSize);
  const what = `${thousands(podCount(largeSize))} pods in ${largeSize.namespaces} namespaces`;
  const body = join(folder, 'facts.json');
  writeFileSync(body, JSON.stringify(facts));
  const check = [program, 'check', '--from', body, '--kube-from', file, '-o', 'json'];
  const controls = controlsIn(execFileSync(process.execPath, check, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
  const runs = await watchedOften(5, ...check);
  fastRow(`${controls} controls, ${what}, a file of ${megabytes.toFixed(0)} MB`, runs.seconds, base);
  row('  its memory at the peak', `${runs.megabytes.toFixed(0)} MB`, '400 MB', runs.megabytes > 0 && runs.megabytes < 400);

  const judged = await watchedOften(5, program, 'pod-security', file, '--level', 'restricted', '-o', 'json');
  const parsed = await watchedOften(3, '-e', `JSON.parse(require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8')); console.log('parsed')`);
  fastRow('pod-security, the same file', judged.seconds, base);
  row('  its memory at the peak', `${judged.megabytes.toFixed(0)} MB`, '400 MB', judged.megabytes > 0 && judged.megabytes < 400);
  beside(`a Node that does no more than JSON.parse the file whole: ${parsed.seconds.toFixed(2)} s, ${parsed.megabytes.toFixed(0)} MB`);
}

/** A practice world with a cluster of a size in it. */
function fill(world: World, size: KubeSize): void {
  world.state.kubernetes = [...world.state.kubernetes.filter(({ kind }) => kind !== 'Pod'), ...kubeObjects(size)];
}

/** All that was made was read. */
function complete(read: ClusterRead, size: KubeSize): ClusterRead {
  if (read.pods !== podCount(size)) throw new Error(`${read.pods} pods were read of ${podCount(size)}`);
  return read;
}

const told = ({ pods, pages, told: times, workloads }: ClusterRead): string =>
  `${thousands(pods)} pods: ${pages} pages of all kinds, progress told ${times} times, ${thousands(workloads)} workloads`;

/** Reads everything inside a cluster of a size over loopback HTTPS with the real kubectl, page by page, in a process of its own. */
async function readOver(size: KubeSize): Promise<ClusterRead & Watched> {
  const { world, url, kubeconfig, close } = await servePractice({ scenario: 'hardened', speed: 1_000_000 });
  try {
    fill(world, size);
    const run = await watched(new URL('./read-cluster.ts', import.meta.url).pathname, kubeconfig, new URL(url).hostname);
    return { ...run, ...complete(JSON.parse(run.said) as ClusterRead, size) };
  } finally {
    await close();
  }
}

/** The same where there is no kubectl: in this process, so that its memory says nothing. */
async function readInside(size: KubeSize): Promise<ClusterRead> {
  const { world, kubernetes, close } = await createPractice({ scenario: 'hardened', speed: 1_000_000 });
  fill(world, size);
  const read = await readCounted(kubernetes);
  await close();
  return complete(read, size);
}

/** Reads a large cluster in pages, and one four times as large. */
async function measurePages(): Promise<void> {
  if ((await runProgram(['version', '--client'])).missing) {
    beside(`there is no kubectl; without it, in this process: ${told(await readInside(hugeSize))}`);
    return;
  }
  const [large, huge] = [await readOver(largeSize), await readOver(hugeSize)];
  const ratio = huge.megabytes / large.megabytes;
  row(`${thousands(huge.pods)} pods through kubectl: memory against ${thousands(large.pods)} pods`, `${ratio.toFixed(2)}x`, '1.5x', ratio < 1.5);
  for (const read of [large, huge]) beside(`${told(read)}; ${read.seconds.toFixed(1)} s, ${read.megabytes.toFixed(0)} MB at the peak`);
}

/** What is read inside of large clusters: from a file, and from an API server in pages. `base` is a Node that does nothing, in milliseconds. */
export async function measureKubernetes(facts: Facts, base: number): Promise<void> {
  await measureFile(facts, base);
  await measurePages();
}
