import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeManifests } from '../../src/commands/write-manifests.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { podSecurity } from '../../steps/pod/security.ts';
import { findKubectl } from './az-program.ts';
import { factsOfWorld, type KubectlWorld, openKubectlWorld } from './kubectl-world.ts';

const hasKubectl = findKubectl() !== undefined;
if (!hasKubectl) console.log('skipped: no kubectl, so that the patches that are written are not applied by it');

describe.runIf(hasKubectl)('files of plan --out, by the real kubectl', () => {
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

  async function write(option: string, to: string): Promise<readonly string[]> {
    const facts = await read();
    const completed = completeChoice(podSecurity, facts, { option, values: {} });
    if ('problems' in completed) throw new Error(completed.problems.map(({ what }) => what).join());
    return (await writeManifests(makePlan(facts, [podSecurity], { [podSecurity.id]: completed.choice }), join(folder, to))).written;
  }

  const statuses = (facts: Facts) => Object.fromEntries(Object.entries(podSecurity.assess(facts)).map(([control, { status }]) => [control, status]));
  const nameOf = async (path: string) => {
    const { kind, metadata } = parse(await readFile(path, 'utf8')) as {
      readonly kind: string;
      readonly metadata: { readonly name: string; readonly namespace?: string };
    };
    return { kind, ...metadata };
  };

  it('bring every workload up to restricted, and the namespaces to its level', async () => {
    expect(statuses(await read())).toMatchObject({ '19.1': 'fail', '19.4': 'partial', '19.5': 'partial', '19.6': 'partial' });
    for (const path of await write('patches', 'workloads')) {
      const { kind, name, namespace = '' } = await nameOf(path);
      const ran = await world.kubectl(['patch', kind, name, '--namespace', namespace, '--patch-file', path]);
      expect(ran.code, ran.stderr).toBe(0);
    }
    expect(statuses(await read())).toMatchObject({ '19.1': 'fail', '19.3': 'pass', '19.4': 'pass', '19.5': 'pass', '19.6': 'pass' });
    const levels = await write('fitting', 'namespaces');
    expect(levels.length).toBeGreaterThan(2);
    for (const path of levels) {
      const { name } = await nameOf(path);
      const ran = await world.kubectl(['patch', 'namespace', name, '--type=merge', '--patch-file', path]);
      expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.stringify(parse(await readFile(path, 'utf8')))).toContain('"pod-security.kubernetes.io/enforce":"restricted"');
    }
    expect(statuses(await read())).toMatchObject({ '19.1': 'pass' });
  });

  it('are patches of a kustomization as they are', async () => {
    const kustomization: JsonObject = {
      resources: ['base.yaml'],
      patches: [{ path: 'namespace_shop.yaml' }],
    };
    const place = join(folder, 'namespaces', 'pod.security');
    await writeFile(join(place, 'base.yaml'), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: shop}}\n');
    await writeFile(join(place, 'kustomization.yaml'), JSON.stringify(kustomization));
    const built = await world.kubectl(['kustomize', place]);
    expect(built.code, built.stderr).toBe(0);
    expect(parse(built.stdout)).toMatchObject({ metadata: { name: 'shop', labels: { team: 'shop', 'pod-security.kubernetes.io/enforce': 'restricted' } } });
  });
});
