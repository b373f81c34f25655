import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeManifests } from '../../src/commands/write-manifests.ts';
import type { Change } from '../../src/model/change.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { manifestFiles } from '../../src/render/manifest-files.ts';

const common = {
  step: 'pod.security',
  controls: [],
  title: 'Do it',
  impact: { kind: 'none', scope: '' },
  minutes: [0, 1],
  reversible: { kind: 'yes', how: '' },
  after: [],
} as const;
const planOf = (...changes: readonly Change[]) =>
  ({ changes: changes.map((change) => ({ change, parts: [change.id], steps: [change.step] })) }) as unknown as Plan;
const manual = (...manifests: readonly JsonObject[]): Change => ({ ...common, kind: 'manual', id: 'm', instructions: [], doneWhen: '', manifests });
const object = (name: string, namespace?: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

describe('manifestFiles', () => {
  it('writes objects as they are, patches as objects, and nothing for the rest', () => {
    const patch: Change = {
      ...common,
      kind: 'kube.patch',
      id: 'p',
      object: { apiVersion: 'v1', kind: 'Namespace', name: 'shop' },
      patch: { metadata: { labels: { a: 'b', gone: null } } },
      before: {},
    };
    const apply: Change = { ...common, kind: 'kube.apply', id: 'a', objects: [object('x', 'shop')], before: [] };
    const gone: Change = { ...common, kind: 'kube.delete', id: 'd', object: { apiVersion: 'v1', kind: 'Pod', name: 'p' }, before: {} };
    const files = manifestFiles(planOf(patch, apply, gone, manual(object('y'), object('y'))));
    expect(files.map(({ name }) => name)).toEqual([
      'pod.security/namespace_shop.yaml',
      'pod.security/configmap_shop_x.yaml',
      'pod.security/configmap_y.yaml',
      'pod.security/configmap_y-2.yaml',
    ]);
    expect(parse(files[0]?.text ?? '')).toEqual({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { a: 'b', gone: null } } });
    expect(files[0]?.text.split('\n')[0]).toBe('# Do it (pod.security)');
  });

  it('stays below its folder, and comes back as it was, whatever the names are', () => {
    const hostile = fc.oneof(fc.constantFrom('../../etc/passwd', '/root', '..', 'a\nb: c', '\u001b[2J', 'CON'), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, namespace, title) => {
        const [file] = manifestFiles(planOf({ ...manual(object(name, namespace)), title }));
        expect(file?.name).toMatch(/^pod\.security\/[a-z0-9._-]+\.yaml$/);
        expect(file?.name).not.toContain('..');
        expect(parse(file?.text ?? '')).toEqual(object(name, namespace));
      }),
    );
  });
});

describe('writeManifests', () => {
  it('makes the folder, and says when it cannot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'out-'));
    const [path = ''] = await writeManifests(planOf(manual(object('x'))), join(folder, 'new'));
    expect(parse(await readFile(path, 'utf8'))).toEqual(object('x'));
    await writeFile(join(folder, 'file'), '');
    await expect(writeManifests(planOf(manual(object('x'))), join(folder, 'file'))).rejects.toMatchObject({ problem: { code: 'out-not-written' } });
    await rm(folder, { recursive: true });
  });
});
