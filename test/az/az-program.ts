import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

function versionOf(path: string): string {
  const env = { ...process.env, AZURE_CORE_COLLECT_TELEMETRY: '0', AZURE_CORE_CHECK_FOR_UPDATES: 'no' };
  const said: unknown = JSON.parse(execFileSync(path, ['version', '--output', 'json'], { encoding: 'utf8', env }));
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

/** kubectl of PATH; undefined where there is none. */
export const findKubectl = (): string | undefined => onPath('kubectl');
