import { CLUSTER_API_VERSION } from '../model/change.ts';
import type { Reachability } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import type { ArmGateway, Response } from '../model/gateway.ts';
import { at, isObject, isTrue, type Json, path, text } from '../model/json.ts';
import { ProblemError, problemOf } from '../model/problem.ts';
import { kubectlFailed, notEntra } from './kube-problems.ts';

/** The application id of AKS' own server, the same in every cloud: tokens for it are what Kubernetes reads (az 2.91, aks_runcommand). */
const aksServer = '6dae42f8-4368-4678-94ff-3960e28e3630';

/** Between two looks, and when to stop looking, in milliseconds: as az does it. */
const waitMs = 5_000;
const patienceMs = 300_000;

/** How a command in the cluster ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly logs: string;
}

/** True where Kubernetes knows Entra: then the command runs with the caller's own token. */
export function isEntra(cluster: Json | undefined): boolean {
  return isTrue(at(cluster, path('properties.aadProfile.managed')));
}

function failed(reason: string): ProblemError {
  const scheduling = /KubernetesPerformanceError|timed? ?out|schedul/i.test(reason);
  return new ProblemError({
    code: 'run-command-failed',
    what: 'A command sent into the cluster through Azure did not run.',
    why: clean(reason) || 'Azure gave no reason.',
    next: [
      ...(scheduling ? ['Its pod must start within 60 seconds in namespace aks-command: check that a node is Ready and has room for it.'] : []),
      'Or reach the cluster with kubectl from its own network.',
    ],
    links: [{ title: 'Run commands in a private cluster', url: 'https://learn.microsoft.com/azure/aks/access-private-cluster' }],
  });
}

/** Where the result will be: the Location header, from the host on. */
function resultPath(response: Response): string | undefined {
  const location = response.headers['location'];
  if (!location || !URL.canParse(location, 'https://arm.invalid')) return undefined;
  const { pathname, search } = new URL(location, 'https://arm.invalid');
  return `${pathname}${search}`;
}

/** The result in an answer; undefined while the command runs. The status code alone does not tell: the body's state does (az 2.91, _polling.py). */
function resultIn(response: Response): CommandResult | undefined {
  const properties = at(response.body, ['properties']);
  const state = text(at(properties, ['provisioningState']))?.toLowerCase();
  if (state === 'failed' || state === 'canceled') throw failed(text(at(properties, ['reason'])) ?? '');
  if (response.status === 202 || (state !== undefined && state !== 'succeeded')) return undefined;
  const exitCode = at(properties, ['exitCode']);
  return { exitCode: typeof exitCode === 'number' ? exitCode : 0, logs: text(at(properties, ['logs'])) ?? '' };
}

/** The cluster's body, as run-command needs it. */
export async function readCluster(arm: ArmGateway, clusterId: string): Promise<Json | undefined> {
  return (await arm.send({ method: 'GET', url: `${clusterId}?api-version=${CLUSTER_API_VERSION}` })).body;
}

async function requestBody(arm: ArmGateway, cluster: Json | undefined, command: string): Promise<Json> {
  if (!isEntra(cluster)) return { command, context: '' };
  if (!arm.token) throw notEntra('This sign-in gives no token for the cluster.');
  return { command, context: '', clusterToken: await arm.token(`${aksServer}/.default`) };
}

/**
 * Runs one command line inside of the cluster, through ARM: no network path to the API server is needed. On a cluster with Entra it runs with
 * the caller's own rights: the token goes out in the request's body and is kept nowhere, not even in an operation that could be saved.
 * Throws a ProblemError when it could not run or did not end within five minutes.
 */
export async function runInCluster(arm: ArmGateway, clusterId: string, command: string, cluster?: Json, signal?: AbortSignal): Promise<CommandResult> {
  const options = signal ? { signal } : {};
  const body = await requestBody(arm, cluster ?? (await readCluster(arm, clusterId)), command);
  let response = await arm.send({ method: 'POST', url: `${clusterId}/runCommand?api-version=${CLUSTER_API_VERSION}`, body }, options);
  let waited = 0;
  for (let result = resultIn(response); ; result = resultIn(response)) {
    if (result !== undefined) return result;
    const next = resultPath(response);
    if (next === undefined) throw failed('Azure accepted the command and did not say where its result will be.');
    if (waited >= patienceMs) throw failed(`It was still running after ${patienceMs / 60_000} minutes. Its result will be at ${next.split('?')[0] ?? ''}`);
    const seconds = Number(response.headers['retry-after']);
    const wait = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : waitMs;
    await arm.sleep(wait, signal);
    waited += wait;
    const location = response.headers['location'];
    const answer = await arm.send({ method: 'GET', url: next }, options);
    response = answer.headers['location'] || !location ? answer : { ...answer, headers: { ...answer.headers, location } };
  }
}

/** Whether commands can be sent into the cluster through Azure, tried with one that reads nothing but the version. Never throws. */
export async function tryRunCommand(arm: ArmGateway, clusterId: string): Promise<Reachability> {
  try {
    const { exitCode, logs } = await runInCluster(arm, clusterId, 'kubectl version');
    const [line = ''] = logs.split('\n').filter((one) => /server version/i.test(one));
    if (exitCode !== 0) return { reachable: false, detail: problemOf(kubectlFailed(logs, 'kubectl version')).what };
    return { reachable: true, detail: `a command ran in the cluster${line ? ` (${clean(line).trim()})` : ''}` };
  } catch (thrown) {
    const { what, why } = problemOf(thrown);
    return { reachable: false, detail: `${what} ${why}` };
  }
}

/** True when run-command is switched off on the cluster. */
export function isRunCommandOff(cluster: Json | undefined): boolean {
  return isObject(cluster) && isTrue(at(cluster, path('properties.apiServerAccessProfile.disableRunCommand')));
}
