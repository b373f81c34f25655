import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '../model/problem.ts';
import { loopbackCertificates } from './certificates.ts';
import { currentCluster, handle } from './handle.ts';
import { DEFAULT_SPEED, openWorld } from './index.ts';
import { operatorKubeconfig } from './kubeconfig.ts';
import type { World } from './world.ts';

export interface ServeOptions {
  readonly scenario: string;
  /** A free one when not given or 0. */
  readonly port?: number;
  readonly speed?: number;
  /** Where the authority, az's profile, the kubeconfig and the world are kept. A temporary folder, removed at the end, when not given. */
  readonly dir?: string;
}

/** A practice world on loopback HTTPS. */
export interface ServedPractice {
  /** `https://localhost:PORT`. */
  readonly url: string;
  readonly caPath: string;
  /** az's own folder for this world: the user's profile is not touched. */
  readonly configDir: string;
  readonly kubeconfig: string;
  readonly world: World;
  /** What to type so that az and kubectl talk to it. */
  readonly lines: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Bodies beyond this are refused: nothing that az or kubectl sends is near it. */
const MOST_BYTES = 8 * 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(bytes);
  }
  // kubectl asks some things in protobuf: one character a byte, so that none is lost.
  return Buffer.concat(chunks).toString(request.headers['content-type']?.includes('protobuf') === true ? 'latin1' : 'utf8');
}

async function respond(world: World, url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    response.writeHead(413).end();
    return;
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
  // az joins addresses and paths with a slash too many now and then.
  const path = (request.url ?? '/').replace(/^\/+/, '/');
  const answer = handle(world, { method: request.method ?? 'GET', url: `${url}${path}`, headers, body }, true);
  if (answer.cut === true) {
    request.socket.destroy();
    return;
  }
  const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers });
  response.end(request.method === 'HEAD' ? undefined : text);
}

const azConfig = `[core]
collect_telemetry = no
check_for_updates = no
instance_discovery = false
login_experience_v2 = off
output = json
[extension]
use_dynamic_install = no
[logging]
enable_log_file = no
`;

/** A word for bash, quoted where it must be. */
const word = (text: string): string => (/^[A-Za-z0-9_./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function linesFor(url: string, folders: Pick<ServedPractice, 'caPath' | 'configDir' | 'kubeconfig'>, tenantId: string): readonly string[] {
  const variables: readonly (readonly [string, string])[] = [
    ['AZURE_CONFIG_DIR', folders.configDir],
    ['REQUESTS_CA_BUNDLE', folders.caPath],
    ['NODE_EXTRA_CA_CERTS', folders.caPath],
    ['KUBECONFIG', folders.kubeconfig],
    ['NO_PROXY', 'localhost,127.0.0.1'],
  ];
  return [
    `export ${variables.map(([name, value]) => `${name}=${word(value)}`).join(' ')}`,
    `az cloud update -n AzureCloud --endpoint-resource-manager ${url} -o none`,
    `az login --service-principal -u practice -p practice --tenant ${tenantId} -o none`,
  ];
}

/**
 * Serves a practice world to az and kubectl on 127.0.0.1, with a certificate authority of its own.
 * Throws a ProblemError for an unknown scenario, a world that cannot be read, or a port that is taken.
 */
export async function servePractice(options: ServeOptions): Promise<ServedPractice> {
  const { scenario, port = 0, speed = DEFAULT_SPEED } = options;
  if (!(speed > 0))
    throw new ProblemError({
      code: 'bad-speed',
      what: `The speed ${speed} is no use.`,
      why: 'It must be above zero.',
      next: ['Leave it out for 60.'],
      exitCode: 2,
    });
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'aks-harden-practice-')));
  const configDir = join(dir, 'az');
  const caPath = join(dir, 'ca.pem');
  const kubeconfig = join(dir, 'kubeconfig');
  await mkdir(configDir, { recursive: true, mode: 0o700 });
  const { authority, certificate, key } = await loopbackCertificates();
  const statePath = options.dir === undefined ? {} : { statePath: join(dir, 'world.json') };
  const { world, close } = await openWorld({ scenario, speed, authority, ...statePath });
  let url = '';
  const server = createServer({ key, cert: certificate }, (request, response) => {
    respond(world, url, request, response).catch((thrown: unknown) => {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 'InternalServerError', message } }));
    });
  });
  const clear = async () => {
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(portProblem(port, error)));
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (thrown) {
    await clear();
    throw thrown;
  }
  const address = server.address();
  url = `https://localhost:${typeof address === 'object' && address !== null ? address.port : port}`;
  await Promise.all([
    writeFile(caPath, authority, { mode: 0o600 }),
    writeFile(join(configDir, 'config'), azConfig, { mode: 0o600 }),
    writeFile(kubeconfig, operatorKubeconfig(world, currentCluster(world), url), { mode: 0o600 }),
  ]);
  return {
    url,
    caPath,
    configDir,
    kubeconfig,
    world,
    lines: () => linesFor(url, { caPath, configDir, kubeconfig }, world.state.tenantId),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await close();
      await clear();
    },
  };
}

function portProblem(port: number, error: Error): ProblemError {
  return new ProblemError(
    {
      code: 'port-taken',
      what: `The practice cluster cannot listen on port ${port}.`,
      why: error.message,
      next: ['Leave --port out for a free one, or name another.'],
    },
    { cause: error },
  );
}
