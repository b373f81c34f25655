import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTemplate } from '../../templates/index.ts';
import { documents } from '../../templates/texts.ts';

const namespace = { namespace: 'shop', enforce: 'baseline', next: 'restricted', version: 'latest' };

describe('fromTemplate', () => {
  it('fills every placeholder', () => {
    const [filled] = fromTemplate('namespace-pod-security', namespace);
    expect(filled).toMatchObject({ kind: 'Namespace', metadata: { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } });
    expect(JSON.stringify(filled)).not.toContain('{{');
  });

  it('keeps any text one value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const [filled] = fromTemplate('namespace-pod-security', { ...namespace, namespace: name });
        expect(filled).toEqual({ ...fromTemplate('namespace-pod-security', namespace)[0], metadata: { ...(filled?.['metadata'] as object), name } });
      }),
    );
  });

  it('refuses what does not fit', () => {
    expect(() => fromTemplate('no-such', {})).toThrow('no template no-such');
    expect(() => fromTemplate('namespace-pod-security', { namespace: 'shop' })).toThrow('given no value');
    expect(() => fromTemplate('namespace-pod-security', { ...namespace, other: 1 })).toThrow('has no {{other}}');
  });

  it.each(Object.keys(documents))('%s holds Kubernetes objects and no logic', (name) => {
    expect(documents[name]?.length).toBeGreaterThan(0);
    for (const document of documents[name] ?? []) expect(document).toMatchObject({ apiVersion: expect.any(String), kind: expect.any(String) });
    const text = readFileSync(new URL(`../../templates/kubernetes/${name}.yaml`, import.meta.url), 'utf8');
    expect(text.replace(/\{\{[A-Za-z]+\}\}/g, '')).not.toMatch(/\{\{|\{%/);
  });

  it('knows every file of the folder', () => {
    const files = readdirSync(new URL('../../templates/kubernetes/', import.meta.url));
    expect(files.map((file) => file.replace(/\.yaml$/, '')).sort()).toEqual(Object.keys(documents).sort());
  });
});
