import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checks, earliestMinor, evaluatePod, latestMinor, levels, type PodTemplate } from '../../../src/model/pod-security/index.ts';

/**
 * The folder `test/testdata` of a checkout of k8s.io/pod-security-admission: pods that a level of a version lets in, and pods that it refuses,
 * each named after the check that refuses it.
 */
const folder = process.env['POD_SECURITY_TESTDATA'] ?? '';
const there = folder !== '' && existsSync(folder);
if (!there) console.log("skipped: Kubernetes' own Pod Security fixtures (POD_SECURITY_TESTDATA names no folder with them)");

const versions = Array.from({ length: latestMinor - earliestMinor + 1 }, (_, i) => `1.${earliestMinor + i}`);
const sets = levels.flatMap((level) => versions.map((version) => ({ level, version })));

/** The check that a file is named after, and the stricter one that takes its place where there is one. */
function checksOf(file: string): readonly string[] {
  const name = file.replace(/\d*\.yaml$/, '').toLowerCase();
  return [name, ...checks.filter(({ contains }) => contains?.id.toLowerCase() === name).map(({ id }) => id.toLowerCase())];
}

describe('the fixtures of k8s.io/pod-security-admission', () => {
  it.each(sets)('$level $version', ({ level, version }) => {
    if (!there) return;
    const wrong: string[] = [];
    let seen = 0;
    for (const verdict of ['pass', 'fail'] as const) {
      const place = join(folder, level, `v${version}`, verdict);
      for (const file of existsSync(place) ? readdirSync(place) : []) {
        seen += 1;
        const found = evaluatePod(parse(readFileSync(join(place, file), 'utf8')) as PodTemplate, level, version).map(({ check }) => check.toLowerCase());
        const right = verdict === 'pass' ? found.length === 0 : checksOf(file).some((check) => found.includes(check));
        if (!right) wrong.push(`${verdict}/${file}: ${found.join(', ') || 'let in'}`);
      }
    }
    expect(seen).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });
});
