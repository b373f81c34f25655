import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ServedPractice, servePractice } from '../../src/practice/serve.ts';
import { findAz, findKubectl } from './az-program.ts';
import type { TestGround } from './grounds.ts';
import { prepare } from './prepare.ts';
import type { RefusingProxy } from './refusing-proxy.ts';

/** So fast that an operation is over before az asks again, and not so fast that certificates age. */
const SPEED = 100_000;

/** How a script ended. */
export interface Ran {
  readonly code: number | null;
  readonly stderr: string;
}

/** A practice cluster on loopback, with az signed in to it. */
export interface AzWorld {
  readonly served: ServedPractice;
  /** What az and kubectl are started with. */
  readonly env: { readonly [name: string]: string };
  /** Runs a bash script as a file, as an operator would. */
  readonly run: (script: string, env?: { readonly [name: string]: string }) => Promise<Ran>;
  readonly close: () => Promise<void>;
}

/** What worlds share: one sign-in, and the programs by the names that scripts call them by. */
export interface AzGround {
  /** Connections of az that would have left this machine: `socket.getaddrinfo HOST`. */
  readonly refused: () => Promise<readonly string[]>;
  readonly open: (ground: TestGround) => Promise<AzWorld>;
  readonly close: () => Promise<void>;
}

/**
 * kubelogin is not part of az: a stand-in that leaves the kubeconfig as it is, and gives the practice token when kubectl asks
 * (client-go's exec protocol).
 */
const kubelogin = `#!/usr/bin/env bash
if [ "$1" = get-token ]; then
  echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"practice-operator"}}'
fi
`;

const loopbackOnly = fileURLToPath(new URL('./loopback-only', import.meta.url));

async function writePrograms(folder: string): Promise<void> {
  await mkdir(folder);
  const calling = (path: string | undefined) => `#!/usr/bin/env bash\nexec '${path ?? '/nonexistent'}' "$@"\n`;
  const programs = { az: calling(findAz()?.path), kubectl: calling(findKubectl()), kubelogin };
  await Promise.all(Object.entries(programs).map(([name, text]) => writeFile(join(folder, name), text, { mode: 0o755 })));
}

function bash(file: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile('bash', [file], { env, timeout: 240_000, maxBuffer: 16 * 1024 * 1024 }, (error, _stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stderr });
    });
    child.stdin?.end();
  });
}

/** The profile that one sign-in left, for another port: the address is all that differs. */
async function copyProfile(from: string, oldUrl: string, to: ServedPractice): Promise<void> {
  const [oldHost, newHost] = [oldUrl, to.url].map((url) => new URL(url).host);
  if (oldHost === undefined || newHost === undefined) throw new Error('a served world has no address');
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to.configDir, entry.name)];
    if (entry.isDirectory()) await cp(source, target, { recursive: true });
    else await writeFile(target, (await readFile(source, 'utf8')).replaceAll(oldHost, newHost), { mode: 0o600 });
  }
}

/** What az remembers of the last look at its own version: with nothing to remember it would ask the internet, whatever its settings say (handle_version_update). */
function knownVersion(): string {
  const local = findAz()?.version;
  return JSON.stringify({ versions: { 'azure-cli': { local }, core: { local } }, update_time: '2100-01-01 00:00:00.000000' });
}

/** Makes the ground that az worlds stand on: signs in once, with the very lines that the practice command prints. */
export async function openAzGround(proxy: RefusingProxy): Promise<AzGround> {
  const home = await mkdtemp(join(tmpdir(), 'aks-harden-az-'));
  const programs = join(home, 'bin');
  await writePrograms(programs);
  const python = join(home, 'python');
  await cp(loopbackOnly, python, { recursive: true });
  const refused = join(home, 'refused');
  await writeFile(refused, '');
  const base: { readonly [name: string]: string } = {
    // Nothing of the caller's own profiles is seen, every way out leads into the proxy, and az's Python refuses what would go around it.
    PATH: `${programs}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    HTTP_PROXY: proxy.url,
    HTTPS_PROXY: proxy.url,
    http_proxy: proxy.url,
    https_proxy: proxy.url,
    NO_PROXY: 'localhost,127.0.0.1',
    no_proxy: 'localhost,127.0.0.1',
    PYTHONPATH: python,
    REFUSED_CONNECTIONS: refused,
  };
  let number = 0;
  const run = async (script: string, env: NodeJS.ProcessEnv): Promise<Ran> => {
    number += 1;
    const file = join(home, `script-${number}.sh`);
    await writeFile(file, script);
    return bash(file, env);
  };

  const first = await servePractice({ scenario: 'typical', speed: SPEED });
  await writeFile(join(first.configDir, 'versionCheck.json'), knownVersion());
  const signedIn = await run(first.lines().join('\n'), base);
  if (signedIn.code !== 0) throw new Error(`az could not sign in to the practice cluster:\n${signedIn.stderr}`);
  const profile = join(home, 'profile');
  await cp(first.configDir, profile, { recursive: true });
  await first.close();

  return {
    refused: async () => (await readFile(refused, 'utf8')).split('\n').filter((line) => line !== ''),
    open: async (ground) => {
      const served = await servePractice({ scenario: ground.scenario, speed: SPEED });
      prepare(served.world, ground);
      await copyProfile(profile, first.url, served);
      const env = { ...base, AZURE_CONFIG_DIR: served.configDir, REQUESTS_CA_BUNDLE: served.caPath, KUBECONFIG: served.kubeconfig };
      return { served, env, run: (script, more = {}) => run(script, { ...env, ...more }), close: served.close };
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
