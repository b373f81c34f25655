import { describe, expect, it } from 'vitest';
import { claimsOf, operatorOf } from '../../src/azure/claims.ts';
import { cloudOf } from '../../src/azure/clouds.ts';
import { type Candidate, signIn, trySilent } from '../../src/azure/sign-in.ts';
import { problemOf } from '../../src/model/problem.ts';
import { ada, fakeCredential, tokenWith } from './fake-cloud.ts';

const works = (name: string): Candidate => ({ name, make: async () => fakeCredential() });
const refuses = (name: string, message: string): Candidate => ({
  name,
  make: async () => ({
    getToken: async () => {
      throw new Error(message);
    },
  }),
});
const hangs: Candidate = { name: 'hangs', make: async () => ({ getToken: () => new Promise(() => {}) }) };

describe('looking for a sign-in', () => {
  it('takes the first that gives a token, and says who it is', async () => {
    const found = await trySilent({ env: {}, candidates: [refuses('environment', 'nothing set'), works('az')] });
    expect(found).toMatchObject({ signedIn: true, signIn: { label: 'ada@example.org through az', endpoint: 'https://management.azure.com' } });
  });

  it('gives a Problem that names az login and what each way said, in one line each', async () => {
    const found = await trySilent({
      env: {},
      candidates: [refuses('environment', 'nothing set'), refuses('az', 'Azure CLI could not be found.\u001b[31m\n  at stack')],
    });
    if (found.signedIn) throw new Error('signed in');
    expect(found.error.problem).toMatchObject({ code: 'no-sign-in', why: 'environment: nothing set · az: Azure CLI could not be found.' });
    expect(found.error.problem.next[0]).toContain('az login');
  });

  it('does not wait for one that never answers', async () => {
    const found = await trySilent({ env: {}, candidates: [hangs], patienceMs: 20 });
    expect(found.signedIn ? '' : found.error.problem.why).toBe('hangs: it did not answer in time');
  });

  it('an abort is an abort', async () => {
    await expect(trySilent({ env: {}, candidates: [hangs], signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('signIn throws what trySilent found missing', async () => {
    const thrown = await signIn({ env: {}, candidates: [refuses('az', 'AADSTS700082: expired')] }).catch((error: unknown) => error);
    expect(problemOf(thrown).code).toBe('no-sign-in');
  });

  it('a kind that was asked for is the only one tried', async () => {
    expect((await signIn({ env: {}, kind: 'device-code', candidates: [works('device code')] })).label).toBe('ada@example.org through device code');
  });

  it('takes the cloud from AZURE_AUTHORITY_HOST', async () => {
    const found = await signIn({ env: { AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/' }, candidates: [works('az')] });
    expect(found).toMatchObject({ endpoint: 'https://management.usgovcloudapi.net', graphEndpoint: 'https://graph.microsoft.us' });
    const unknown = await signIn({ env: { AZURE_AUTHORITY_HOST: 'https://login.example.org' }, candidates: [works('az')] }).catch((error: unknown) => error);
    expect(problemOf(unknown)).toMatchObject({ code: 'unknown-cloud', exitCode: 2 });
  });

  it('a cloud that nobody knows is a sign-in that is missing', async () => {
    const found = await trySilent({ env: { AZURE_AUTHORITY_HOST: 'https://login.example.org' }, candidates: [works('az')] });
    expect(found.signedIn ? '' : found.error.problem.code).toBe('unknown-cloud');
  });

  it('knows the clouds', () => {
    expect(cloudOf(undefined)?.arm).toBe('https://management.azure.com');
    expect(cloudOf('login.chinacloudapi.cn')?.arm).toBe('https://management.chinacloudapi.cn');
    expect(cloudOf('https://login.example.org')).toBeUndefined();
  });
});

describe('claims', () => {
  it.each([
    ['a person', ada, { kind: 'user', name: 'ada@example.org', address: '20.1.2.3' }],
    ['an application', { oid: 'o', tid: 't', idtyp: 'app', appid: 'a-b-c' }, { kind: 'application', name: 'a-b-c' }],
    ['an application of old', { oid: 'o', tid: 't', appid: 'a-b-c' }, { kind: 'application', name: 'a-b-c' }],
    ['a guest', { oid: 'o', tid: 't', unique_name: 'live.com#bob@example.org', scp: 'x' }, { kind: 'user', name: 'live.com#bob@example.org' }],
    ['a hostile name', { oid: 'o', tid: 't', upn: 'a\u001b[2J\nb' }, { kind: 'user', name: 'a b' }],
  ])('%s', (_name, claims, expected) => {
    expect(operatorOf(tokenWith(claims))).toMatchObject(expected);
  });

  it.each(['', 'opaque', 'a.b.c', 'a.bnVsbA.c'])('a token that is none is not quoted: "%s"', (token) => {
    try {
      claimsOf(token);
    } catch (thrown) {
      expect(problemOf(thrown)).toMatchObject({ code: 'token-unreadable' });
      return;
    }
    throw new Error('it was read');
  });
});
