import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/model/change.ts';
import { ProblemError } from '../../src/model/problem.ts';
import { commandsOf } from '../../src/render/index.ts';
import { clusterId, pool, update } from '../plan/build.ts';
import { oneUpdate, several, written } from './cluster-cases.ts';
import { edited, p, S, short, shorts, update_ } from './words.ts';

const nodepool = 'az aks nodepool update --resource-group rg-1 --cluster-name aks-1 --name np1';

describe('a cluster update as commands', () => {
  it.each(oneUpdate)('%s: one command', (_name, edits, flags) => {
    expect(shorts(edited(...edits))).toEqual([`${update_} ${flags}`]);
  });

  it.each(several)('%s', (_name, edits, commands) => {
    expect(shorts(edited(...edits))).toEqual(commands);
  });

  it.each(written)('%s: set on the resource', (_name, edits, set) => {
    expect(shorts(edited(...edits))).toEqual([`az resource update --ids ${clusterId} --api-version 2026-05-01 ${set}`]);
  });

  it('says many edits in one command', () => {
    const edits = oneUpdate
      .filter(([name]) => ['Entra', 'local accounts off', 'authorized ranges', 'Defender', 'node OS channel', 'tier'].includes(name))
      .flatMap(([, list]) => list);
    const [command, ...more] = commandsOf(edited(...edits));
    expect(more).toEqual([]);
    expect(command?.files).toEqual({ 'defender.json': '{\n  "logAnalyticsWorkspaceResourceId": "/w"\n}\n' });
    expect(command?.azVersion).toBe('2.61.0');
  });

  it('writes what has no flag beside what has one: nothing is dropped', () => {
    const commands = shorts(edited(p('disableLocalAccounts', true), p('newProfile.mode', 'x')));
    expect(commands).toEqual([
      `${update_} --disable-local-accounts`,
      `az resource update --ids ${clusterId} --api-version 2026-05-01 --set properties.newProfile.mode="x"`,
    ]);
  });

  it('refuses what no command can say', () => {
    expect(() => commandsOf(edited({ path: ['tags', 'a.b'], before: undefined, after: 'x' }))).toThrow(ProblemError);
    expect(() => commandsOf(edited(p('aadProfile.adminGroupObjectIDs', ['x=@/etc/passwd'])))).toThrow(ProblemError);
    expect(() => commandsOf(edited(p('aadProfile.adminGroupObjectIDs', ['@/etc/passwd'])))).toThrow(/@\/etc\/passwd on a command line/);
  });

  it('joins a value that looks like a flag to its own', () => {
    const target = {
      id: `/subscriptions/${S}/resourceGroups/-rg/providers/Microsoft.ContainerService/managedClusters/c`,
      type: 'Microsoft.ContainerService/managedClusters',
      apiVersion: '2026-05-01',
    };
    expect(shorts(update('a/x', [p('disableLocalAccounts', true)], { target }))).toEqual([
      'az aks update --resource-group=-rg --name c --disable-local-accounts',
    ]);
  });
});

describe('a node pool update as commands', () => {
  const np = (...edits: readonly Edit[]) => update('a/x', edits, { target: pool('np1') });
  it.each([
    [[p('mode', 'System', 'User')], `${nodepool} --mode System`],
    [[p('enableFIPS', true)], `${nodepool} --enable-fips-image`],
    [[p('securityProfile.enableVTPM', true), p('securityProfile.enableSecureBoot', true)], `${nodepool} --enable-vtpm --enable-secure-boot`],
    [[p('upgradeSettings.maxSurge', '33%'), p('upgradeSettings.drainTimeoutInMinutes', 60)], `${nodepool} --max-surge 33% --drain-timeout 60`],
    [[p('nodeTaints', ['CriticalAddonsOnly=true:NoSchedule'])], `${nodepool} --node-taints CriticalAddonsOnly=true:NoSchedule`],
    [[p('nodeTaints', [], ['a=b:NoSchedule'])], `${nodepool} --node-taints `],
    [[p('nodeLabels', { a: '1', b: '2' })], `${nodepool} --labels a=1 b=2`],
    [[p('nodeLabels.a', '1')], `az resource update --ids ${pool('np1').id} --api-version 2026-05-01 --set properties.nodeLabels.a="1"`],
    [
      [p('orchestratorVersion', '1.34.1', '1.33.5')],
      'az aks nodepool upgrade --resource-group rg-1 --cluster-name aks-1 --name np1 --kubernetes-version 1.34.1 --yes',
    ],
    [[p('osSKU', 'Ubuntu2404', 'Ubuntu')], `${nodepool} --os-sku Ubuntu2404`],
  ])('%j', (edits, command) => {
    expect(shorts(np(...edits))).toEqual([command]);
  });

  it('needs the preview extension to close SSH', () => {
    const [command] = commandsOf(np(p('securityProfile.sshAccess', 'Disabled', 'LocalUser')));
    expect(command).toMatchObject({ extension: 'aks-preview' });
    expect(command && short(command)).toBe(`${nodepool} --ssh-access disabled --yes`);
  });
});
