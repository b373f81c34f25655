import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/model/json.ts';
import { timeAfterPause } from '../../src/practice/clock.ts';
import { createPractice } from '../../src/practice/index.ts';
import { bench, version, waitFor } from './bench.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'practice-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a world in a file', () => {
  it('goes on with an operation in flight after the program was killed', async () => {
    const statePath = join(folder, 'world.json');
    const first = await bench('legacy', { statePath });
    const body = { ...(await first.get()), sku: { name: 'Base', tier: 'Standard' } };
    const { operation } = await first.arm.begin({ method: 'PUT', url: `${first.clusterId}?${version}`, body });
    // Nothing is closed: whoever comes next has only the file.
    const second = await bench('legacy', { statePath });
    expect(second.world.state.id).toBe(first.world.state.id);
    expect(at(await second.get(), ['properties', 'provisioningState'])).toBe('Updating');
    await waitFor(second, operation?.state ?? '');
    expect(at(await second.get(), ['properties', 'provisioningState'])).toBe('Succeeded');
    expect(at(await second.get(), ['sku', 'tier'])).toBe('Standard');
  });

  it('completes what ran out while nobody looked', async () => {
    const statePath = join(folder, 'world.json');
    const first = await createPractice({ scenario: 'legacy', speed: 1000, statePath });
    const { body } = await first.arm.send({ method: 'GET', url: `${first.clusterId}?${version}` });
    await first.arm.begin({ method: 'PUT', url: `${first.clusterId}?${version}`, body: { ...(body as object), sku: { name: 'Base', tier: 'Standard' } } });
    const saved = JSON.parse(await readFile(statePath, 'utf8')) as { clock: { virtual: number; real: number } };
    await writeFile(statePath, JSON.stringify({ ...saved, clock: { ...saved.clock, real: saved.clock.real - 10_000 } }));
    const second = await createPractice({ scenario: 'legacy', speed: 1000, statePath });
    const after = await second.arm.send({ method: 'GET', url: `${second.clusterId}?${version}` });
    expect(at(after.body, ['properties', 'provisioningState'])).toBe('Succeeded');
  });

  it.each([
    ['truncated', '{"clock": {"virt'],
    ['something else', '{"properties": {}}'],
    ['of another version', '{"clock": {}, "state": {"schemaVersion": 99, "resources": {}}}'],
  ])('that is %s is refused with a way out', async (_what, text) => {
    const statePath = join(folder, 'world.json');
    await writeFile(statePath, text);
    await expect(createPractice({ scenario: 'legacy', statePath })).rejects.toMatchObject({ problem: { code: 'practice-world-unreadable', exitCode: 2 } });
    expect(await readFile(statePath, 'utf8')).toBe(text);
  });
});

it('an unknown scenario is refused by name', async () => {
  await expect(createPractice({ scenario: 'leagcy' })).rejects.toMatchObject({ problem: { code: 'unknown-scenario', exitCode: 2 } });
});

it.each([
  ['a short break, at its speed', 10_000, 60, 600_000],
  ['a night, but an hour at most', 8 * 3_600_000, 60, 8 * 3_600_000],
  ['half an hour, an hour', 1_800_000, 60, 3_600_000],
  ['a clock set back, nothing', -5_000, 60, 0],
])('after %s', (_what, away, speed, passed) => {
  expect(timeAfterPause({ virtual: 1_000_000, real: 50_000 }, 50_000 + away, speed)).toBe(1_000_000 + passed);
});
