import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CLUSTER_API_VERSION } from '../model/change.ts';
import type { ArmGateway } from '../model/gateway.ts';
import { at, isObject, type Json, type JsonObject, list, text, texts } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';

/** Keys of a kubeconfig user that hold or name a secret. An Entra cluster's user has none: its sign-in is a program. */
const secretKeys = ['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'token', 'tokenFile', 'username', 'password'];

function unusable(why: string): ProblemError {
  return new ProblemError({
    code: 'credentials-unusable',
    what: "Azure's kubeconfig for this cluster cannot be used here.",
    why,
    next: ['Fetch it yourself: az aks get-credentials -g GROUP -n NAME'],
  });
}

/** kubelogin's arguments with the sign-in of az, as `kubelogin convert-kubeconfig -l azurecli` writes them. */
function withAzLogin(args: readonly string[]): readonly string[] {
  const keyed = new Map<string, string>();
  for (const [i, arg] of args.entries()) if (arg.startsWith('--')) keyed.set(arg, args[i + 1] ?? '');
  const server = keyed.get('--server-id');
  if (server === undefined) throw unusable('It does not name the application of the API server.');
  const tenant = keyed.get('--tenant-id');
  return ['get-token', '--login', 'azurecli', '--server-id', server, ...(tenant === undefined ? [] : ['--tenant-id', tenant])];
}

function userOf(entry: Json): JsonObject {
  const user = at(entry, ['user']);
  const exec = at(user, ['exec']);
  if (!isObject(entry) || !isObject(user) || !isObject(exec)) throw unusable('Its user does not sign in with Entra.');
  if (Object.keys(user).some((key) => secretKeys.includes(key))) throw unusable('It holds a secret, and secrets are not written to disk.');
  if (text(exec['command']) !== 'kubelogin') throw unusable('Its sign-in is another program than kubelogin.');
  return { ...entry, user: { exec: { ...exec, args: withAzLogin(texts(exec['args'])) } } };
}

/**
 * The kubeconfig that Azure hands out to a user of an Entra cluster, set to sign in as az is signed in. It names kubelogin and holds no secret.
 * Throws a ProblemError for one that does (a cluster without Entra), and for what ARM refuses.
 */
export async function entraKubeconfig(arm: ArmGateway, clusterId: string): Promise<string> {
  const url = `${clusterId}/listClusterUserCredential?api-version=${CLUSTER_API_VERSION}&format=exec`;
  const { body } = await arm.send({ method: 'POST', url });
  const encoded = text(at(list(at(body, ['kubeconfigs']))[0], ['value']));
  const config = encoded === undefined ? undefined : (parse(Buffer.from(encoded, 'base64').toString('utf8')) as Json | undefined);
  if (!isObject(config)) throw unusable('It is empty.');
  return stringify({ ...config, users: list(config['users']).map(userOf) });
}

/** Puts a kubeconfig into a private file that is gone when this program ends, and gives its path. */
export async function keepForThisRun(kubeconfig: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'aks-harden-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, kubeconfig, { mode: 0o600 });
  return file;
}
