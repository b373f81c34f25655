import { createHttpHeaders, type HttpClient, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import type { AccessToken, TokenCredential } from '@azure/identity';
import { type ArmGatewayOptions, createArmGateway } from '../../src/azure/arm-gateway.ts';

/** One answer; `lost` breaks the connection with that code instead. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
  readonly lost?: string;
}

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | undefined;
}

/** An HttpClient that answers from a function, and what it was sent. */
export function fakeHttp(answer: (sent: Sent, count: number) => FakeAnswer | Promise<FakeAnswer>): { readonly httpClient: HttpClient; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const httpClient: HttpClient = {
    sendRequest: async (request: PipelineRequest) => {
      const one: Sent = {
        method: request.method,
        url: request.url,
        headers: request.headers.toJSON(),
        body: typeof request.body === 'string' ? request.body : undefined,
      };
      sent.push(one);
      const { status = 200, headers = {}, body, lost } = await answer(one, sent.length);
      if (lost !== undefined) throw new RestError(`connection lost: ${lost}`, { code: lost, request });
      return {
        request,
        status,
        headers: createHttpHeaders({ ...headers }),
        bodyAsText: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
      };
    },
  };
  return { httpClient, sent };
}

/** An unsigned token with these claims. */
export function tokenWith(claims: { readonly [claim: string]: unknown }): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.signature-of-nobody`;
}

export const operatorId = '11111111-2222-3333-4444-555555555555';
export const ada = { oid: operatorId, tid: '99999999-8888-7777-6666-555555555555', upn: 'ada@example.org', ipaddr: '20.1.2.3', scp: 'user_impersonation' };

/** A credential that gives tokens of `ada`; the scopes it was asked for are kept. */
export function fakeCredential(claims: { readonly [claim: string]: unknown } = ada): TokenCredential & { readonly scopes: string[] } {
  const scopes: string[] = [];
  return {
    scopes,
    getToken: async (scope): Promise<AccessToken> => {
      scopes.push(...(Array.isArray(scope) ? scope : [scope]));
      return { token: tokenWith(claims), expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}

export const clusterId = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/legacy';

/** A gateway over a fake cloud; its sleep passes no time and writes down what it was asked for. */
export function fakeGateway(answer: Parameters<typeof fakeHttp>[0], options: Partial<ArmGatewayOptions> = {}) {
  const { httpClient, sent } = fakeHttp(answer);
  const credential = fakeCredential();
  const slept: number[] = [];
  const gateway = createArmGateway({ credential, httpClient, label: 'fake', kind: 'azure', sleep: async (ms) => void slept.push(ms), ...options });
  return { gateway, sent, slept, credential };
}
