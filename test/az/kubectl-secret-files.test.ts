import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeManifests } from '../../src/commands/write-manifests.ts';
import type { Facts } from '../../src/model/facts.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { secrets } from '../../steps/pod/secrets.ts';
import { findKubectl } from './az-program.ts';
import { factsOfWorld, type KubectlWorld, openKubectlWorld } from './kubectl-world.ts';

const hasKubectl = findKubectl() !== undefined;
if (!hasKubectl) console.log('skipped: no kubectl, so that patches of secrets are not applied by it');

/** Kinds that come with the add-on, which the world does not have yet. */
const withAddOn = 'SecretProviderClass';

describe.runIf(hasKubectl)('secrets as files, by the real kubectl', () => {
  let world: KubectlWorld;
  let folder: string;
  beforeAll(async () => {
    world = await openKubectlWorld('typical');
    folder = await mkdtemp(join(tmpdir(), 'aks-harden-out-'));
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  const read = (): Promise<Facts> => factsOfWorld(world);

  const status = (facts: Facts) => secrets.assess(facts)['18.3']?.status;

  /** Writes an option's manifests and merges each patch into its workload. */
  async function carryOut(option: string): Promise<number> {
    const completed = completeChoice(secrets, await read(), { option, values: option === 'other-store' ? {} : { 'vault-name': 'kv-shop' } });
    if ('problems' in completed) throw new Error(completed.problems.map(({ what }) => what).join());
    const { written } = await writeManifests(makePlan(await read(), [secrets], { [secrets.id]: completed.choice }), join(folder, option));
    let merged = 0;
    for (const file of written) {
      const { kind, metadata } = parse(await readFile(file, 'utf8')) as { kind: string; metadata: { name: string; namespace: string } };
      if (kind === withAddOn) continue;
      const ran = await world.kubectl(['patch', kind, metadata.name, '--namespace', metadata.namespace, '--patch-file', file]);
      expect(ran.code, ran.stderr).toBe(0);
      merged += 1;
    }
    return merged;
  }

  it('synced leaves the variables, from Secrets of another name', async () => {
    expect(status(await read())).toBe('fail');
    expect(await carryOut('synced')).toBe(2);
    const found = secrets.assess(await read())['18.3'];
    expect(found?.status).toBe('fail');
    expect(JSON.stringify(found)).toContain('catalog-database-key-vault');
  });

  it('files take them away, and leave the other variables', async () => {
    expect(await carryOut('files')).toBe(2);
    expect(status(await read())).toBe('pass');
    const shown = await world.kubectl(['get', 'deployment', 'catalog', '--namespace', 'shop', '--output', 'json']);
    const [container] = (
      JSON.parse(shown.stdout) as { spec: { template: { spec: { containers: { env: unknown; volumeMounts: { mountPath: string }[] }[] } } } }
    ).spec.template.spec.containers;
    expect(container?.env).toEqual([{ name: 'LOG_LEVEL', value: 'info' }]);
    expect(container?.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/mnt/key-vault', '/mnt/key-vault-2']);
  });
});
