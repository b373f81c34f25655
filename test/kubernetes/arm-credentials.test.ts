import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { entraKubeconfig, keepForThisRun } from '../../src/kubernetes/arm-credentials.ts';
import { at, type Json, type JsonObject, list, path } from '../../src/model/json.ts';
import { problemOf } from '../../src/model/problem.ts';
import { createPractice } from '../../src/practice/index.ts';
import { clusterId, fakeGateway } from '../azure/fake-cloud.ts';

const exec = {
  apiVersion: 'client.authentication.k8s.io/v1beta1',
  command: 'kubelogin',
  args: ['get-token', '--environment', 'AzurePublicCloud', '--server-id', 'server', '--client-id', 'client', '--tenant-id', 'tenant', '--login', 'devicecode'],
};
const kubeconfig = (user: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'c', cluster: { server: 'https://c.hcp.example:443', 'certificate-authority-data': 'Q0E=' } }],
  contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  'current-context': 'c',
  users: [{ name: 'u', user }],
});
const cloudWith = (config: Json) =>
  fakeGateway(() => ({ body: { kubeconfigs: [{ name: 'clusterUser', value: Buffer.from(stringify(config)).toString('base64') }] } }));

describe('a kubeconfig from Azure', () => {
  it('signs in as az is signed in, and is otherwise as it came', async () => {
    const { gateway, sent } = cloudWith(kubeconfig({ exec }));
    const args = ['get-token', '--login', 'azurecli', '--server-id', 'server', '--tenant-id', 'tenant'];
    expect(parse(await entraKubeconfig(gateway, clusterId))).toEqual(kubeconfig({ exec: { ...exec, args } }));
    expect(sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([`POST ${clusterId}/listClusterUserCredential`]);
  });

  it.each([
    ['a certificate', { 'client-certificate-data': 'Q0E=', 'client-key-data': 'S0VZ' }],
    ['a token beside the program', { exec, token: 'ey.hidden' }],
    ['another program', { exec: { ...exec, command: '/bin/sh' } }],
    ['no server id', { exec: { ...exec, args: ['get-token'] } }],
  ])('is refused with %s', async (_name, user) => {
    const { gateway } = cloudWith(kubeconfig(user));
    const thrown = await entraKubeconfig(gateway, clusterId).catch((error: unknown) => error);
    expect(problemOf(thrown).code).toBe('credentials-unusable');
    expect(JSON.stringify(problemOf(thrown))).not.toContain('ey.hidden');
  });

  it('is refused when it is empty', async () => {
    const { gateway } = fakeGateway(() => ({ body: { kubeconfigs: [] } }));
    await expect(entraKubeconfig(gateway, clusterId)).rejects.toMatchObject({ problem: { code: 'credentials-unusable' } });
  });

  it('comes from the practice cluster too, where Entra sign-in is on', async () => {
    const { arm, clusterId: id, close } = await createPractice({ scenario: 'hardened' });
    const config = parse(await entraKubeconfig(arm, id)) as Json;
    expect(at(list(at(config, ['users']))[0], path('user.exec.command'))).toBe('kubelogin');
    await close();
  });

  it('is kept in a file that nobody else can read', async () => {
    const file = await keepForThisRun('x');
    expect(existsSync(file)).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});
