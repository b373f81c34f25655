import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { laterVersion } from '../../src/render/az.ts';

/** The az that the proof runs: where it is, and what it calls itself. */
export interface AzProgram {
  readonly path: string;
  readonly version: string;
}

const inRepository = fileURLToPath(new URL('../../.venv-az/bin/az', import.meta.url));

function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

const quiet = () => ({ ...process.env, AZURE_CORE_COLLECT_TELEMETRY: '0', AZURE_CORE_CHECK_FOR_UPDATES: 'no' });

function versionOf(path: string): string {
  const said: unknown = JSON.parse(execFileSync(path, ['version', '--output', 'json'], { encoding: 'utf8', env: quiet() }));
  const version = typeof said === 'object' && said !== null && 'azure-cli' in said ? said['azure-cli'] : undefined;
  if (typeof version !== 'string') throw new Error(`${path} does not tell its version`);
  return version;
}

/** The az of the environment variable AZ, else of the repository's own virtual environment, else of PATH; undefined where there is none. */
export function findAz(): AzProgram | undefined {
  const named = process.env['AZ'];
  if (named !== undefined && !existsSync(named)) throw new Error(`AZ names ${named}, and there is no such file`);
  const path = named ?? (existsSync(inRepository) ? inRepository : onPath('az'));
  return path === undefined ? undefined : { path, version: versionOf(path) };
}

/** Names of the extensions that this az has. */
export function azExtensions(): readonly string[] {
  found ??= extensionsOf(findAz());
  return found;
}
let found: readonly string[] | undefined;

function extensionsOf(az: AzProgram | undefined): readonly string[] {
  if (az === undefined) return [];
  const said: unknown = JSON.parse(execFileSync(az.path, ['extension', 'list', '--output', 'json'], { encoding: 'utf8', env: quiet() }));
  return Array.isArray(said) ? said.flatMap((one: unknown) => (typeof one === 'object' && one !== null && 'name' in one ? [String(one.name)] : [])) : [];
}

/** The lowest minor version of kubectl 1 that asks for OpenAPI v3, which is all that the practice API server has. */
const NEEDED_KUBECTL = 27;

function minorOf(kubectl: string): number {
  const said: unknown = JSON.parse(execFileSync(kubectl, ['version', '--client', '--output', 'json'], { encoding: 'utf8' }));
  const client = typeof said === 'object' && said !== null && 'clientVersion' in said ? said.clientVersion : undefined;
  const minor = typeof client === 'object' && client !== null && 'minor' in client ? String(client.minor) : '';
  return Number.parseInt(minor, 10) || 0;
}

function lookForKubectl(): string | undefined {
  const path = process.env['KUBECTL'] ?? onPath('kubectl');
  return path !== undefined && existsSync(path) && minorOf(path) >= NEEDED_KUBECTL ? path : undefined;
}

let kubectl: { readonly path: string | undefined } | undefined;
/** kubectl of the environment variable KUBECTL, else of PATH; undefined where there is none that is new enough. */
export function findKubectl(): string | undefined {
  kubectl ??= { path: lookForKubectl() };
  return kubectl.path;
}

/** The highest version that a printed command names: an older az would not know its flags. */
export const NEEDED_AZ = '2.76.0';

/** Why nothing can be proven here; undefined when it can. Without a kubectl, what uses it is told and not run. */
export function whyNot(): string | undefined {
  const az = findAz();
  if (az === undefined) return 'no az';
  return laterVersion(az.version, NEEDED_AZ) === az.version ? undefined : `az ${az.version} is older than ${NEEDED_AZ}`;
}
