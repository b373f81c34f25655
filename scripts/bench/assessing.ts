import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Facts } from '../../src/model/facts.ts';
import { assessAll, countControls } from '../../src/model/verdicts.ts';
import { steps } from '../../steps/index.ts';
import { env, folder, median, node, program, row, timed } from './measure.ts';

/** Kilobytes that a process has held at most, as Linux counts them; 0 where it does not tell. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** `check --from` a file: how long it takes, and the most memory it held, in megabytes. Rejects when it fails or says nothing. */
function check(file: string): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [program, 'check', '--from', file, '-o', 'json'], { env, cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let kilobytes = 0;
  let said = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.length;
  });
  const watch = setInterval(() => {
    kilobytes = Math.max(kilobytes, peakOf(child.pid));
  }, 5);
  return new Promise((done, fail) => {
    child.on('exit', (code) => {
      clearInterval(watch);
      if (code !== 0 || said === 0) fail(new Error(`check --from ended with ${code} and ${said} bytes`));
      else done({ seconds: (performance.now() - start) / 1000, megabytes: kilobytes / 1024 });
    });
  });
}

/** Assesses in this process and with the built program, one cluster and a thousand. `base` is a Node that does nothing, in milliseconds. */
export async function measureAssessing(facts: Facts, base: number): Promise<void> {
  const controls = Object.values(countControls(assessAll(steps, facts))).reduce((sum, count) => sum + count, 0);
  const all = median(201, () => timed(() => void assessAll(steps, facts)));
  row(`assessing all ${controls} controls of one cluster`, `${all.toFixed(2)} ms`, '2 ms', all < 2);

  const one = join(folder, 'one.json');
  writeFileSync(one, JSON.stringify(facts.cluster));
  const checkOne = median(9, () => node(program, 'check', '--from', one)) / base;
  row('check --from, one cluster', `${checkOne.toFixed(2)}x node`, '6x', checkOne < 6);

  const many = join(folder, 'many.json');
  writeFileSync(many, JSON.stringify(Array.from({ length: 1000 }, () => facts.cluster)));
  const { seconds, megabytes } = await check(many);
  row('check --from, 1,000 clusters', `${seconds.toFixed(2)} s`, '3 s', seconds < 3);
  row('  its memory at the peak', `${megabytes.toFixed(0)} MB`, '300 MB', megabytes > 0 && megabytes < 300);
}
