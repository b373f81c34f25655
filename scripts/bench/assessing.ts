import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../src/model/facts.ts';
import { assessAll, countControls } from '../../src/model/verdicts.ts';
import { steps } from '../../steps/index.ts';
import { folder, median, node, program, row, timed, watched } from './measure.ts';

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
  const { seconds, megabytes } = await watched(program, 'check', '--from', many, '-o', 'json');
  row('check --from, 1,000 clusters', `${seconds.toFixed(2)} s`, '3 s', seconds < 3);
  row('  its memory at the peak', `${megabytes.toFixed(0)} MB`, '300 MB', megabytes > 0 && megabytes < 300);
}
