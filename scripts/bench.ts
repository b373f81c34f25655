/** Measures the built program. Ratios within one run, so that they mean the same on any machine. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { decide } from '../src/commands/decide.ts';
import { factKeys, planKeys } from '../src/commands/source.ts';
import { makePlan } from '../src/plan/plan.ts';
import { createPractice } from '../src/practice/index.ts';
import { readFacts } from '../src/snapshot/live.ts';
import { steps } from '../steps/index.ts';
import { keys, stage } from '../test/ui/harness.tsx';

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

/** A program in a pseudo-terminal of 100x30 (by `script`), from its start on. */
function inTerminal(command: string) {
  const start = performance.now();
  const child = spawn('script', ['-qfc', `stty cols 100 rows 30; exec ${command}`, '/dev/null'], { env: { ...env, TERM: 'xterm-256color' }, cwd: folder });
  let shown = '';
  let waiting: { words: RegExp; done: (ms: number) => void } | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (waiting?.words.test(shown)) waiting.done(performance.now());
  });
  return {
    start,
    /** The time at which the words stood on the screen. */
    see: (words: RegExp) => {
      if (words.test(shown)) return Promise.resolve(performance.now());
      return new Promise<number>((done, fail) => {
        waiting = { words, done };
        setTimeout(() => fail(new Error(`never saw ${words}: ${shown.slice(-400)}`)), 10_000).unref();
        child.on('exit', () => fail(new Error(`never saw ${words}: ${shown.slice(-400)}`)));
      });
    },
    end: () => child.kill('SIGKILL'),
  };
}

async function firstWords(command: string, words: RegExp): Promise<number> {
  const terminal = inTerminal(command);
  const time = (await terminal.see(words)) - terminal.start;
  terminal.end();
  return time;
}

async function medianOf(times: number, run: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i += 1) all.push(await run());
  return all.sort((x, y) => x - y)[Math.floor(times / 2)] ?? 0;
}

function row(what: string, value: string, budget: string, good: boolean): void {
  process.stdout.write(`${good ? 'ok  ' : 'OVER'} ${what.padEnd(52)} ${value.padStart(16)}   budget ${budget}\n`);
}

const base = median(15, () => node('-e', '0'));
process.stdout.write(`node -e 0: ${base.toFixed(1)} ms (median of 15), ${process.version}\n\n`);

const version = median(15, () => node(program, '--version')) / base;
row('--version', `${version.toFixed(2)}x node`, '2.5x', version < 2.5);

// Both in the same pseudo-terminal, so that starting that does not count.
const words = await medianOf(9, () => firstWords(`${process.execPath} -e 'console.log("aks-harden")'`, /aks-harden/));
const frame = (await medianOf(9, () => firstWords(`${process.execPath} ${program} --practice`, /aks-harden/))) / words;
row('first frame of the wizard', `${frame.toFixed(2)}x node`, '6x', frame < 6);

const wizard = await stage({ columns: 100, rows: 30 });
await wizard.see('controls hold');
let down = false;
const key = await medianOf(41, async () => {
  down = !down;
  const at = performance.now();
  await wizard.press(down ? keys.down : keys.up);
  return performance.now() - at;
});
await wizard.close();
row('key to frame at 100x30', `${key.toFixed(1)} ms`, '16 ms', key < 16);

const practice = await createPractice({ scenario: 'legacy', speed: 1_000_000 });
const facts = await readFacts({ arm: practice.arm, clusterId: practice.clusterId, keys: factKeys(steps), planKeys: planKeys(steps), now: new Date() });
const latency = 100;
const late =
  <A extends unknown[], R>(send: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    await pause(latency);
    return send(...args);
  };
const slow = { ...practice.arm, send: late(practice.arm.send), graph: late(practice.arm.graph) };
const before = performance.now();
await readFacts({ arm: slow, clusterId: practice.clusterId, keys: factKeys(steps), now: new Date() });
const rounds = (performance.now() - before) / latency;
row('reading a cluster, in round trips of 100 ms', rounds.toFixed(2), '3 (2 rounds)', rounds < 3);
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
