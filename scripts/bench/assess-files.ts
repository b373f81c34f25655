/** Judges every control on a cluster's body and the Kubernetes objects of files, and prints how long it took. Run by the bench in a process of its own. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { objectsInFiles } from '../../src/kubernetes/files.ts';
import type { Facts } from '../../src/model/facts.ts';
import { assessAll, countControls } from '../../src/model/verdicts.ts';
import { factsFromObjects } from '../../src/snapshot/kubernetes/from-objects.ts';
import { steps } from '../../steps/index.ts';

/** What became of it. Seconds are those of reading and judging, without those of loading the program from its sources. */
export interface FilesAssessed {
  readonly seconds: number;
  readonly pods: number;
  readonly workloads: number;
  readonly controls: number;
}

const [clusterFacts = '', ...files] = process.argv.slice(2);
const cluster = JSON.parse(readFileSync(clusterFacts, 'utf8')) as Facts;
const start = performance.now();
const known = await factsFromObjects(
  objectsInFiles(files, ({ what }) => {
    throw new Error(what);
  }),
  'the files',
);
const counts = countControls(assessAll(steps, { ...cluster, known: { ...cluster.known, ...known } }));
const seconds = (performance.now() - start) / 1000;
const workloads = known.workloads?.state === 'known' ? known.workloads.value : [];
const assessed: FilesAssessed = {
  seconds,
  pods: workloads.reduce((sum, { pods }) => sum + pods, 0),
  workloads: workloads.length,
  controls: Object.values(counts).reduce((sum, count) => sum + count, 0),
};
process.stdout.write(`${JSON.stringify(assessed)}\n`);
