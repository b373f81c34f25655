import { createServer, type Server } from 'node:http';

/** A proxy that lets nothing through and remembers who tried: the way out of the machine for every program of the proof. */
export interface RefusingProxy {
  readonly url: string;
  /** `METHOD address` of every attempt. */
  readonly attempts: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts one on a free loopback port. */
export async function startRefusingProxy(): Promise<RefusingProxy> {
  const attempts: string[] = [];
  const server: Server = createServer((request, response) => {
    attempts.push(`${request.method} ${request.url}`);
    response.writeHead(403, { connection: 'close' }).end('nothing leaves this machine\n');
  });
  server.on('connect', (request, socket) => {
    attempts.push(`CONNECT ${request.url}`);
    socket.on('error', () => {});
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    attempts,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
