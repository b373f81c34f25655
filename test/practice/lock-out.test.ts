import { describe, expect, it } from 'vitest';
import type { KubernetesGateway } from '../../src/model/gateway.ts';
import { at, type JsonObject, text } from '../../src/model/json.ts';
import { kubeKinds } from '../../src/model/kube-kinds.ts';
import { nodesAreReady } from '../../src/practice/reachability.ts';
import { resourceOf } from '../../src/practice/world.ts';
import { type Bench, bench, outcome, version, waitFor } from './bench.ts';

const ranges = 'apiServerAccessProfile.authorizedIPRanges';
const host = async (practice: Bench) => text(at(await practice.get(), ['properties', 'fqdn'])) ?? '';
const reachable = async (practice: Bench) => (await practice.arm.probe(await host(practice))).reachable;
const egress = '20.101.20.30/32';
const operator = '81.2.69.160/32';

describe('authorized ranges', () => {
  it('cut an operator off who is not inside them, within two minutes', async () => {
    const practice = await bench('typical');
    expect(await practice.apply({ [ranges]: ['8.8.8.8/32', egress] })).toBe('accepted');
    expect(await reachable(practice)).toBe(true);
    await practice.arm.sleep(120_000);
    expect(await practice.arm.probe(await host(practice))).toMatchObject({ reachable: false, detail: expect.stringContaining('i/o timeout') });
    // ARM is the lifeboat: the old list can be put back from anywhere.
    expect(await practice.apply({ [ranges]: [] })).toBe('accepted');
    await practice.arm.sleep(120_000);
    expect(await reachable(practice)).toBe(true);
  });

  it('let an operator in who is inside them, and show an address as a network', async () => {
    const practice = await bench('typical');
    await practice.apply({ [ranges]: ['81.2.69.160', egress] });
    await practice.arm.sleep(120_000);
    expect(await reachable(practice)).toBe(true);
    expect(at(await practice.get(), ['properties', 'apiServerAccessProfile', 'authorizedIPRanges'])).toEqual([operator, egress]);
  });

  it('without the cluster’s own egress make the nodes NotReady, and what replaces nodes fail', async () => {
    const practice = await bench('typical');
    const ready = () => nodesAreReady(practice.world, resourceOf(practice.world, practice.clusterId) ?? {});
    await practice.apply({ [ranges]: [operator] });
    await practice.arm.sleep(120_000);
    expect(ready()).toBe(true);
    await practice.arm.sleep(180_000);
    expect(ready()).toBe(false);
    const { operation } = await practice.arm.begin({ method: 'POST', url: `${practice.clusterId}/agentPools/nodepool1/upgradeNodeImageVersion?${version}` });
    expect(await outcome(waitFor(practice, operation?.state ?? ''))).toContain('VMExtensionError_K8SAPIServerConnFail');
    expect(at(await practice.get('/agentPools/nodepool1'), ['properties', 'provisioningState'])).toBe('Failed');
  });

  it('stay out of the nodes’ way when the load balancer’s own address is meant', async () => {
    const practice = await bench('typical');
    await practice.apply({ [ranges]: ['0.0.0.0/32'] });
    await practice.arm.sleep(600_000);
    expect(nodesAreReady(practice.world, resourceOf(practice.world, practice.clusterId) ?? {})).toBe(true);
    expect(await reachable(practice)).toBe(false);
  });
});

async function policies({ kubernetes }: { readonly kubernetes: KubernetesGateway }): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  for await (const page of kubernetes.list(kubeKinds.networkPolicy)) all.push(...page);
  return all;
}

describe('a private cluster', () => {
  it('is out of reach unless there is a way into its network', async () => {
    const practice = await bench('private');
    const name = text(at(await practice.get(), ['properties', 'privateFQDN'])) ?? '';
    expect(await practice.arm.probe(name)).toMatchObject({ reachable: false });
    // ARM's run-command needs no path; without it there is none.
    expect(practice.kubernetes.via).toBe('run-command');
    expect(await policies(practice)).toHaveLength(3);
    expect(await practice.runCommand()).toMatchObject({ reachable: true });
    await practice.apply({ 'apiServerAccessProfile.disableRunCommand': true });
    await expect(policies(practice)).rejects.toMatchObject({ problem: { code: 'no-way-into-cluster' } });
    practice.settings({ privatePath: true });
    expect(await practice.arm.probe(name)).toMatchObject({ reachable: true });
    expect(practice.kubernetes.via).toBe('kubectl');
    expect(await policies(practice)).toHaveLength(3);
  });
});

describe('Entra', () => {
  const group = 'a0000000-0000-4000-8000-000000000001';
  const empty = 'a0000000-0000-4000-8000-000000000002';
  it.each([
    ['a group that contains the operator', { managed: true, adminGroupObjectIDs: [group] }, true],
    ['a group that does not', { managed: true, adminGroupObjectIDs: [empty] }, false],
    ['nobody', { managed: true }, false],
  ])('with %s', async (_who, aadProfile, allowed) => {
    const practice = await bench('typical');
    await practice.apply({ aadProfile });
    expect((await practice.kubernetes.access()).allowed).toBe(allowed);
  });

  it('with Azure RBAC lets the role decide', async () => {
    const practice = await bench('typical');
    await practice.apply({ aadProfile: { managed: true, enableAzureRBAC: true } });
    expect((await practice.kubernetes.access()).allowed).toBe(false);
    const subscription = practice.clusterId.split('/').slice(0, 3).join('/');
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b`;
    const url = `${practice.clusterId}/providers/Microsoft.Authorization/roleAssignments/c2000000-0000-4000-8000-000000000001?api-version=2022-04-01`;
    const put = (principalId: string) => outcome(practice.arm.send({ method: 'PUT', url, body: { properties: { roleDefinitionId, principalId } } }));
    expect(await put('99999999-9999-4999-8999-999999999999')).toMatch(/^400 PrincipalNotFound/);
    expect(await put(group)).toBe('accepted');
    expect((await practice.kubernetes.access()).allowed).toBe(true);
  });
});

describe('local accounts', () => {
  const post = (practice: Bench, action: string) => practice.arm.send({ method: 'POST', url: `${practice.clusterId}/${action}?${version}` });

  it('off: the static credential is refused', async () => {
    const practice = await bench('typical');
    const kubeconfig = at((await post(practice, 'listClusterAdminCredential')).body, ['kubeconfigs']);
    expect(Buffer.from(JSON.stringify(kubeconfig)).length).toBeGreaterThan(0);
    await practice.apply({ disableLocalAccounts: true });
    expect(await outcome(post(practice, 'listClusterAdminCredential'))).toMatch(/^400 BadRequest: Getting static credential isn't allowed/);
  });
});
