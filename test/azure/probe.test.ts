import { once } from 'node:events';
import { createServer as createTls, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeApiServer } from '../../src/azure/probe.ts';

let server: Server;
let host = '';
const asked: string[] = [];

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'apiserver' }]);
  server = createTls({ key, cert }, (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'no sign-in'}`);
    response.writeHead(401).end('Unauthorized');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('probing an API server', () => {
  it('any answer means that it is reachable, 401 among them; no token goes out', async () => {
    const seen = await probeApiServer(host);
    expect(seen.reachable).toBe(true);
    expect(seen.detail).toMatch(/answered 401 over TLSv1\.\d in \d+ ms/);
    expect(asked).toEqual(['GET /readyz no sign-in']);
    const { notBefore = '', notAfter = '' } = seen.certificate ?? {};
    expect(Date.parse(notBefore)).toBeLessThan(Date.parse(notAfter));
  });

  it('a closed port is told as refused', async () => {
    const closed = createTcp();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    expect(await probeApiServer(`127.0.0.1:${port}`)).toEqual({ reachable: false, detail: `127.0.0.1:${port}: the connection was refused` });
  });

  it('one that takes the connection and says nothing is given up on', async () => {
    const silent = createTcp();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const seen = await probeApiServer(`127.0.0.1:${port}`, undefined, 50);
    silent.close();
    expect(seen.reachable).toBe(false);
    expect(seen.detail).toContain('no answer');
  });

  it('is no way to elsewhere: what is no host is not asked', async () => {
    expect((await probeApiServer('not a host')).reachable).toBe(false);
  });

  it('an abort is an abort', async () => {
    await expect(probeApiServer(host, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
