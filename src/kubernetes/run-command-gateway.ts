import { gunzipSync } from 'node:zlib';
import type { ArmGateway, KubernetesGateway, KubeWritten } from '../model/gateway.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { kubeObjectPath } from '../model/kube-kinds.ts';
import { ProblemError } from '../model/problem.ts';
import { kubectlFailed, notEntra, notJsonOutput, outputTooLarge } from './kube-problems.ts';
import { objectsIn, oneByOne, removeArguments, resourceArgument } from './kubectl.ts';
import { warningsIn } from './kubectl-run.ts';
import { pages, refuseSecrets } from './pages.ts';
import { type CommandResult, isEntra, readCluster, runInCluster } from './run-command.ts';

/** Where the service cuts what a command printed (AKS docs: access-private-cluster). */
const mostOutput = 512 * 1024;

/** Warnings come on stderr, and the log is both together: they are split by this line. */
const divider = '-----aks-harden-----';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const shellWord = (text: string): string => (/^[A-Za-z0-9=.-]+$/.test(text) ? text : quoted(text));

function isCut(logs: string): boolean {
  return Buffer.byteLength(logs) >= mostOutput - 1024;
}

/**
 * What `readCommand` printed, as JSON. It is compressed where the pod has gzip: a page of pods shrinks to a tenth. Throws a ProblemError;
 * `output-too-large` when Azure has cut it.
 */
function unpacked({ exitCode, logs }: CommandResult): Json {
  if (exitCode !== 0) throw kubectlFailed(logs, 'kubectl get');
  try {
    const bytes = Buffer.from(logs, 'base64');
    const whole = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return JSON.parse(whole.toString('utf8')) as Json;
  } catch {
    if (isCut(logs)) throw outputTooLarge('kubectl get', 'It is longer than the 512 kB that Azure passes on.');
    throw notJsonOutput('kubectl get', logs);
  }
}

/** Reads a path of the API server; its answer comes as one base64 text, so that nothing else in the log is taken for it. */
function readCommand(at: string): string {
  return `kubectl get --raw ${quoted(at)} > /tmp/page && { gzip -c /tmp/page 2>/dev/null || cat /tmp/page; } | base64`;
}

/** A write: its input in base64, which has no character that a shell reads, so nothing in an object can end the command. */
function writeCommand(input: JsonObject, kubectl: string): string {
  const packed = Buffer.from(JSON.stringify(input)).toString('base64');
  return `echo ${packed} | base64 -d > /tmp/input && kubectl ${kubectl} 2> /tmp/said > /tmp/answer; ended=$?; cat /tmp/answer; echo ${divider}; cat /tmp/said; exit $ended`;
}

function written({ exitCode, logs }: CommandResult, command: string): KubeWritten {
  const [answer = '', said = ''] = logs.split(divider);
  if (exitCode !== 0) throw kubectlFailed(said || answer, command);
  try {
    return { object: objectsIn(JSON.parse(answer) as Json)[0] ?? {}, warnings: warningsIn(said) };
  } catch {
    throw notJsonOutput(command, logs, isCut(logs) ? 'It is longer than the 512 kB that Azure passes on.' : undefined);
  }
}

/**
 * Kubernetes through `az aks command invoke`'s door. Each call starts a pod in the cluster and takes half a minute or so; calls go one after
 * the other. The cluster is read once, to see whether it knows Entra.
 */
export function createRunCommandGateway(arm: ArmGateway, clusterId: string): KubernetesGateway {
  let reading: Promise<Json | undefined> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const run = (command: string, signal?: AbortSignal): Promise<CommandResult> => {
    const mine = last.then(async () => {
      reading ??= readCluster(arm, clusterId);
      return runInCluster(arm, clusterId, command, await reading, signal);
    });
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    via: 'run-command',
    list: (kind, options = {}) => pages(async (at) => unpacked(await run(readCommand(at), options.signal)), kind, options),
    get: async ({ kind, name, namespace }) => {
      refuseSecrets(kind);
      try {
        const answer = unpacked(await run(readCommand(kubeObjectPath(kind, name, namespace))));
        return isObject(answer) ? answer : undefined;
      } catch (thrown) {
        if (thrown instanceof ProblemError && (thrown.problem.code === 'not-found' || thrown.problem.code === 'kind-missing')) return undefined;
        throw thrown;
      }
    },
    access: async () => {
      reading ??= readCluster(arm, clusterId);
      if (!isEntra(await reading)) throw notEntra("Entra sign-in is off: a command runs as the cluster's own administrator.");
      const { exitCode, logs } = await run(`kubectl auth can-i '*' '*' --all-namespaces`);
      const { name } = await arm.operator();
      const answer = /^(yes|no)\b/im.exec(logs)?.[1]?.toLowerCase();
      if (answer === undefined) throw kubectlFailed(logs, 'kubectl auth can-i');
      return { allowed: answer === 'yes' && exitCode === 0, as: name };
    },
    apply: (objects, { dryRun }) => {
      const apply = `apply --server-side --field-manager=aks-harden ${dryRun ? '--dry-run=server ' : ''}-o json -f /tmp/input`;
      return oneByOne(objects, async (object) => written(await run(writeCommand(object, apply)), 'kubectl apply'));
    },
    patch: async (ref, patch, { dryRun }) => {
      const place = ref.namespace === undefined ? '' : `--namespace ${quoted(ref.namespace)} `;
      const flags = `--type=merge --patch-file /tmp/input --field-manager=aks-harden ${dryRun ? '--dry-run=server ' : ''}-o json`;
      const command = `patch ${quoted(resourceArgument(ref))} ${quoted(ref.name)} ${place}${flags}`;
      return written(await run(writeCommand(patch, command)), 'kubectl patch');
    },
    remove: async (ref, { dryRun }) => {
      const { exitCode, logs } = await run(`kubectl ${removeArguments(ref, dryRun).map(shellWord).join(' ')}`);
      if (exitCode !== 0) throw kubectlFailed(logs, 'kubectl delete');
    },
  };
}
