/** Measures the built program. Ratios within one run, so that they mean the same on any machine. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { decide } from '../src/commands/decide.ts';
import { factKeys, planKeys } from '../src/commands/source.ts';
import { makePlan } from '../src/plan/plan.ts';
import { createPractice } from '../src/practice/index.ts';
import { readFacts } from '../src/snapshot/live.ts';
import { steps } from '../steps/index.ts';

const program = new URL('../dist/cli.js', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const env = { PATH: process.env['PATH'] ?? '', HOME: folder };

/** Median of `times` runs, in milliseconds. */
function median(times: number, run: () => number): number {
  const all = Array.from({ length: times }, run).sort((a, b) => a - b);
  return all[Math.floor(all.length / 2)] ?? 0;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const node = (...args: string[]) => timed(() => execFileSync(process.execPath, args, { env, cwd: folder, stdio: 'ignore' }));

/** Time from the start of the process to the first words of the wizard, in a pseudo-terminal made by `script`. */
function firstFrame(): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn('script', ['-qfc', `stty cols 100 rows 30; exec ${process.execPath} ${program} --practice`, '/dev/null'], {
      env: { ...env, TERM: 'xterm-256color' },
      cwd: folder,
    });
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (!/aks-harden/i.test(shown)) return;
      resolve(performance.now() - start);
      child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', () => (/aks-harden/i.test(shown) ? undefined : reject(new Error(`no frame: ${shown.slice(0, 400)}`))));
  });
}

function row(what: string, value: string, budget: string, good: boolean): void {
  process.stdout.write(`${good ? 'ok  ' : 'OVER'} ${what.padEnd(52)} ${value.padStart(16)}   budget ${budget}\n`);
}

const base = median(15, () => node('-e', '0'));
process.stdout.write(`node -e 0: ${base.toFixed(1)} ms (median of 15), ${process.version}\n\n`);

const version = median(15, () => node(program, '--version')) / base;
row('--version', `${version.toFixed(2)}x node`, '2.5x', version < 2.5);

const frames: number[] = [];
for (let i = 0; i < 9; i += 1) frames.push(await firstFrame());
const frame = (frames.sort((a, b) => a - b)[4] ?? 0) / base;
row('first frame of the wizard', `${frame.toFixed(2)}x node`, '6x', frame < 6);

const practice = await createPractice({ scenario: 'legacy', speed: 1_000_000 });
const facts = await readFacts({ arm: practice.arm, clusterId: practice.clusterId, keys: factKeys(steps), planKeys: planKeys(steps), now: new Date() });
await practice.close();
const one = join(folder, 'one.json');
writeFileSync(one, JSON.stringify(facts.cluster));
const checkOne = median(9, () => node(program, 'check', '--from', one)) / base;
row('check --from, one cluster', `${checkOne.toFixed(2)}x node`, '6x', checkOne < 6);

const many = join(folder, 'many.json');
writeFileSync(many, JSON.stringify(Array.from({ length: 1000 }, () => facts.cluster)));
const start = performance.now();
const result = spawnSync(
  '/usr/bin/env',
  [
    'bash',
    '-c',
    `ulimit -c 0; exec ${process.execPath} -e 'const {spawnSync}=require("child_process");const r=spawnSync(process.execPath,[${JSON.stringify(program)},"check","--from",${JSON.stringify(many)},"-o","json"],{maxBuffer:1<<30});if(r.status)throw r.stderr.toString();console.log(process.resourceUsage().maxRSS, r.stdout.length)'`,
  ],
  { env, cwd: folder, maxBuffer: 1 << 20 },
);
const seconds = (performance.now() - start) / 1000;
row('check --from, 1,000 clusters', `${seconds.toFixed(2)} s`, '3 s', seconds < 3 && result.status === 0);
const peak = spawnSync(
  process.execPath,
  [
    '-e',
    `const {spawn}=require("child_process"),fs=require("fs");const c=spawn(process.execPath,[${JSON.stringify(program)},"check","--from",${JSON.stringify(many)},"-o","json"],{stdio:["ignore","ignore","inherit"]});let m=0;const t=setInterval(()=>{try{m=Math.max(m,+/VmHWM:\\s+(\\d+)/.exec(fs.readFileSync("/proc/"+c.pid+"/status","utf8"))[1])}catch{}},5);c.on("exit",()=>{clearInterval(t);console.log(m)})`,
  ],
  { env, cwd: folder },
);
const megabytes = Number(peak.stdout.toString()) / 1024;
row('  its memory at the peak', `${megabytes.toFixed(0)} MB`, '300 MB', megabytes > 0 && megabytes < 300);

const { choices } = decide(steps, facts, { choose: [], set: [] });
const planning = median(25, () => timed(() => void makePlan(facts, steps, choices)));
row('planning the whole legacy cluster', `${planning.toFixed(1)} ms`, '50 ms', planning < 50);
const { totals, separately } = makePlan(facts, steps, choices);
process.stdout.write(
  `     legacy: ${totals.writes} writes, ${totals.reimages} reimages, ${totals.minutes.join('-')} min; command by command: ${separately.writes}, ${separately.reimages}, ${separately.minutes.join('-')} min\n`,
);
rmSync(folder, { recursive: true, force: true });
