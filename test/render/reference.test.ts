import { describe, expect, it } from 'vitest';
import { commandsOf } from '../../src/render/index.ts';
import { pool, update } from '../plan/build.ts';
import { azFaults, hasReference } from './az-reference.ts';
import { oneUpdate, several, written } from './cluster-cases.ts';
import { others } from './other-cases.ts';
import { edited, p } from './words.ts';

describe.runIf(hasReference)("every command by az's own reference", () => {
  const updates = [...oneUpdate, ...several, ...written].map(([name, edits]) => [name, edited(...edits)] as const);
  const all = [
    ...updates,
    ...others.map(([name, change]) => [name, change] as const),
    ['ssh', update('a/x', [p('securityProfile.sshAccess', 'Disabled')], { target: pool('np1') })] as const,
  ];
  it.each(all)('%s', (_name, change) => {
    expect(commandsOf(change).flatMap(azFaults)).toEqual([]);
  });

  it('would tell', () => {
    const argv = ['az', 'aks', 'update', '--name', 'x', '--tier', 'golden', '--api-server-access-profile', 'x'];
    expect(azFaults({ argv })).toEqual([
      'unknown flag: aks update --api-server-access-profile',
      'missing: aks update --resource-group|-g',
      'not allowed: aks update --tier golden',
    ]);
  });
});
