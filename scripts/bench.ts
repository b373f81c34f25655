/** Measures the built program and its parts. Ratios within one run where time is a machine's, so that they mean the same elsewhere. */
import { rmSync } from 'node:fs';
import { measureAssessing } from './bench/assessing.ts';
import { measureHardening } from './bench/hardening.ts';
import { measureKubernetes } from './bench/kubernetes.ts';
import { folder, median, node } from './bench/measure.ts';
import { measureProgram } from './bench/program.ts';
import { measureReading, practiceFacts } from './bench/reading.ts';

const base = median(15, () => node('-e', '0'));
process.stdout.write(`node -e 0: ${base.toFixed(1)} ms (median of 15), ${process.version}\n\n`);

await measureProgram(base);
await measureReading();
const legacy = await practiceFacts('legacy');
await measureAssessing(legacy, base);
await measureKubernetes(legacy, base);
await measureHardening();
rmSync(folder, { recursive: true, force: true });
