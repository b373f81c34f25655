import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
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
    expect(files.map(({ text }) => text.split('\n').slice(0, 2))).toMatchObject([
      ['# aks-harden: Do it (pod.security)', expect.stringContaining('# A patch: one of the patches of a kustomization')],
      ['# aks-harden: Do it (pod.security)', expect.stringContaining('# A whole object: one of the resources of a kustomization')],
      ['# aks-harden: Do it (pod.security)', expect.stringContaining('merges into the object of this name')],
      ['# aks-harden: Do it (pod.security)', expect.stringContaining('merges into the object of this name')],
    ]);
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
  const inFolder = async (work: (folder: string) => Promise<void>) => {
    const folder = await mkdtemp(join(tmpdir(), 'out-'));
    try {
      await work(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it('makes the folder, and says when it cannot', () =>
    inFolder(async (folder) => {
      const { written } = await writeManifests(planOf(manual(object('x'))), join(folder, 'new'));
      expect(written).toEqual([join(folder, 'new', 'pod.security', 'configmap_x.yaml')]);
      expect(parse(await readFile(written[0] ?? '', 'utf8'))).toEqual(object('x'));
      await writeFile(join(folder, 'file'), '');
      await expect(writeManifests(planOf(manual(object('x'))), join(folder, 'file'))).rejects.toMatchObject({ problem: { code: 'out-not-written' } });
    }));

  it('replaces its own files, and tells which are no part of the plan any more', () =>
    inFolder(async (folder) => {
      await writeManifests(planOf(manual(object('x'), object('y'))), folder);
      await writeFile(join(folder, 'pod.security', 'kustomization.yaml'), 'kind: Kustomization\n');
      const changed = { ...object('x'), data: { a: 'b' } };
      const { written, stale } = await writeManifests(planOf(manual(changed)), folder);
      expect(parse(await readFile(written[0] ?? '', 'utf8'))).toEqual(changed);
      expect(stale).toEqual([join(folder, 'pod.security', 'configmap_y.yaml')]);
      expect(await readFile(join(folder, 'pod.security', 'kustomization.yaml'), 'utf8')).toBe('kind: Kustomization\n');
    }));

  it.each<readonly [what: string, put: (path: string) => Promise<void>]>([
    ['a file of somebody else', (path) => writeFile(path, 'kind: ConfigMap\n')],
    ['a folder', (path) => mkdir(path)],
    ['a link', (path) => symlink('/dev/null', path)],
  ])('writes nothing at all where %s has one of the names', (_what, put) =>
    inFolder(async (folder) => {
      await mkdir(join(folder, 'pod.security'));
      const path = join(folder, 'pod.security', 'configmap_y.yaml');
      await put(path);
      await expect(writeManifests(planOf(manual(object('x'), object('y'))), folder)).rejects.toMatchObject({ problem: { code: 'out-not-ours', exitCode: 2 } });
      expect(await readdir(join(folder, 'pod.security'))).toEqual(['configmap_y.yaml']);
    }),
  );
});
