import { writeFile } from 'node:fs/promises';
import type { Facts } from '../model/facts.ts';
import { type Invocation, usageProblem } from './parse.ts';

/** Keeps what was read as a snapshot when --save-facts asks for it. Readable by its owner alone: facts are nobody else's business. */
export async function saveFacts(invocation: Invocation, clusters: readonly Facts[]): Promise<void> {
  const file = invocation.text('save-facts');
  if (file === undefined) return;
  const [facts, ...others] = clusters;
  if (!facts || others.length > 0) throw usageProblem('--save-facts keeps one cluster.', `There are ${clusters.length}.`, ['Name one cluster.']);
  const { snapshotText } = await import('../snapshot/save.ts');
  await writeFile(file, snapshotText(facts), { mode: 0o600 });
}
