import { gzipSync } from 'node:zlib';
import type { ArmResource } from '../model/facts.ts';
import { at, isObject, path, text } from '../model/json.ts';
import { type Answer, ok, serviceError } from './answer.ts';
import { accessByToken } from './cluster-access.ts';
import { type Context, notFound, retryAfter } from './context.ts';
import { adminToken } from './kubeconfig.ts';
import { podKubectl } from './pod-kubectl.ts';
import { runLine } from './pod-shell.ts';
import { nodesAreReady } from './reachability.ts';
import { stopped } from './service-write.ts';
import { newId, resourceOf } from './world.ts';

/** Until the command's pod is scheduled and has run: half a minute. */
const RUN_MS = 30_000;

/** As much of a command's output as the service passes on (AKS docs: access-private-cluster). */
const MOST_LOGS = 512 * 1024;

function run(context: Context, cluster: ArmResource, command: string, token: string | undefined): { readonly exitCode: number; readonly logs: string } {
  const { world } = context;
  const entra = at(cluster, path('properties.aadProfile.managed')) === true;
  // With Entra the caller's own token goes along and Kubernetes decides; without it the command runs as the cluster's admin.
  const access = entra ? accessByToken(world, cluster, token) : accessByToken(world, cluster, adminToken(world, cluster));
  if (access === undefined) return { exitCode: 1, logs: 'error: You must be logged in to the server (Unauthorized)\n' };
  const { exitCode, logs } = runLine(command, {
    kubectl: podKubectl(world, cluster, access),
    echo: (args) => ({ exitCode: 0, out: Buffer.from(`${args.join(' ')}\n`), err: '' }),
    cat: ([file = '-'], stdin, files) => ({ exitCode: 0, out: file === '-' ? stdin : (files.get(file) ?? Buffer.alloc(0)), err: '' }),
    gzip: (args, _stdin, files) => ({ exitCode: 0, out: gzipSync(files.get(args.at(-1) ?? '') ?? Buffer.alloc(0)), err: '' }),
    base64: (args, stdin) => ({
      exitCode: 0,
      out: args.includes('-d') ? Buffer.from(stdin.toString('utf8'), 'base64') : Buffer.from(`${stdin.toString('base64').replaceAll(/.{76}/g, '$&\n')}\n`),
      err: '',
    }),
  });
  return { exitCode, logs: logs.slice(0, MOST_LOGS) };
}

/** POST runCommand: 202 and an address where the result will be. */
export function runCommand(context: Context, cluster: ArmResource): Answer {
  const { world } = context;
  const refusal = stopped(cluster);
  if (refusal !== undefined) return serviceError(refusal);
  if (at(cluster, path('properties.apiServerAccessProfile.disableRunCommand')) === true) {
    return serviceError({
      status: 400,
      code: 'RunCommandDisabled',
      message: 'Run command is disabled for this cluster (apiServerAccessProfile.disableRunCommand).',
    });
  }
  const command = isObject(context.body) ? text(context.body['command']) : undefined;
  if (command === undefined)
    return serviceError({
      status: 400,
      code: 'InvalidParameter',
      target: 'command',
      message: 'The value of parameter command is invalid. Error details: it is missing.',
    });
  const token = isObject(context.body) ? text(context.body['clusterToken']) : undefined;
  const id = newId();
  const startedAt = new Date(world.clock.now()).toISOString();
  const readyAt = world.clock.now() + RUN_MS;
  const ready = nodesAreReady(world, cluster);
  const ran = ready ? run(context, cluster, command, token === '' ? undefined : token) : undefined;
  const end = { startedAt, finishedAt: new Date(readyAt).toISOString() };
  const properties =
    ran === undefined
      ? {
          provisioningState: 'Failed',
          reason: 'KubernetesPerformanceError: failed to run command in managed cluster due to kubernetes failure: no node was ready to run the command',
          ...end,
        }
      : { provisioningState: 'Succeeded', exitCode: ran.exitCode, logs: ran.logs, ...end };
  world.state.commands = { ...world.state.commands, [id]: { readyAt, body: { id, properties } } };
  world.changed();
  const location = `${context.origin}${context.path.id}/commandResults/${id}?api-version=${context.apiVersion}`;
  return { status: 202, headers: { location, 'retry-after': retryAfter(context, 5_000) } };
}

/** GET commandResults/{id}: 202 while it runs, then what it printed. */
export function commandResult(context: Context): Answer {
  const { world, path: asked } = context;
  const found = world.state.commands[asked.name ?? ''];
  if (found === undefined || resourceOf(world, asked.id.replace(/\/commandResults\/.*$/i, '')) === undefined) return notFound(context);
  if (world.clock.now() >= found.readyAt) return ok(found.body);
  const headers = { location: `${context.origin}${asked.id}?api-version=${context.apiVersion}`, 'retry-after': retryAfter(context, 5_000) };
  return { status: 202, headers, body: { id: asked.name ?? '', properties: { provisioningState: 'Running' } } };
}
