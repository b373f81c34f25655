import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Reachability } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';

/** Milliseconds that one try may take. A filtered address does not answer at all. */
const patience = 10_000;

/** What the errors of a connection mean for an API server. */
const meanings: { readonly [code: string]: string } = {
  ENOTFOUND: 'its name does not resolve from here: a private cluster needs the DNS of its virtual network',
  EAI_AGAIN: 'the DNS does not answer from here',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to it from here',
  ENETUNREACH: 'there is no route to it from here',
  ETIMEDOUT: 'no answer: a firewall or the authorized IP ranges drop what comes from here',
};

/** When the certificate that the server showed begins and ends; undefined where it showed none that can be read. */
function validityOf(socket: TLSSocket): Reachability['certificate'] {
  const { valid_from: from, valid_to: to } = socket.getPeerCertificate();
  if (Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to))) return undefined;
  return { notBefore: new Date(from).toISOString(), notAfter: new Date(to).toISOString() };
}

/**
 * Tries to reach an API server from here: TCP, TLS, then GET /readyz without a sign-in. Any HTTP answer, 401 and 403 among them, means that
 * it is reachable. `host` may carry a port (443 otherwise). The certificate is not checked: nothing is sent that it would protect.
 * Never throws, but for the signal's AbortError.
 */
export async function probeApiServer(host: string, signal?: AbortSignal, patienceMs: number = patience): Promise<Reachability> {
  const shown = clean(host);
  if (!URL.canParse(`https://${host}/readyz`)) return { reachable: false, detail: `"${shown}" is no host name` };
  const started = performance.now();
  const seen = await new Promise<Reachability>((resolve) => {
    const timer = AbortSignal.timeout(patienceMs);
    const limit = signal ? AbortSignal.any([signal, timer]) : timer;
    const attempt = request(`https://${host}/readyz`, { rejectUnauthorized: false, agent: false, signal: limit, headers: { 'user-agent': 'aks-harden' } });
    attempt.once('response', (response) => {
      const socket = response.socket as TLSSocket;
      const { remoteAddress } = socket;
      const protocol = socket.getProtocol() ?? 'TLS';
      const certificate = validityOf(socket);
      response.destroy();
      const took = Math.round(performance.now() - started);
      resolve({
        reachable: true,
        detail: `${shown} (${remoteAddress ?? 'address unknown'}) answered ${response.statusCode ?? '?'} over ${protocol} in ${took} ms`,
        ...(certificate === undefined ? {} : { certificate }),
      });
    });
    attempt.once('error', (error: NodeJS.ErrnoException) => {
      const timedOut = timer.aborted;
      const reason = timedOut ? `${meanings['ETIMEDOUT']} (waited ${patienceMs / 1000} s)` : (meanings[error.code ?? ''] ?? clean(error.message));
      resolve({ reachable: false, detail: `${shown}: ${reason}` });
    });
    attempt.end();
  });
  signal?.throwIfAborted();
  return seen;
}
