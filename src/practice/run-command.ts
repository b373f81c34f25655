import type { ArmResource } from '../model/facts.ts';
import { at, isObject, path, text } from '../model/json.ts';
import { type Answer, ok, serviceError } from './answer.ts';
import { accessByToken, operatorAccess } from './cluster-access.ts';
import { type Context, notFound, retryAfter } from './context.ts';
import { kindByWord, objectsOf } from './kube-objects.ts';
import { adminToken } from './kubeconfig.ts';
import { nodesAreReady } from './reachability.ts';
import { stopped } from './service-write.ts';
import { newId, resourceOf, type World } from './world.ts';

/** Until the command's pod is scheduled and has run: half a minute. */
const RUN_MS = 30_000;

interface Ran {
  readonly exitCode: number;
  readonly logs: string;
}

/** Words of a command line; quotes keep blanks together. */
function words(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function runKubectl(world: World, cluster: ArmResource, args: readonly string[], allowed: boolean): Ran {
  const [verb, what = ''] = args;
  if (verb === 'auth' && what === 'can-i') return { exitCode: allowed ? 0 : 1, logs: allowed ? 'yes\n' : 'no\n' };
  if (verb === 'version') return { exitCode: 0, logs: `Server Version: v${text(at(cluster, path('properties.currentKubernetesVersion'))) ?? ''}\n` };
  if (verb === 'get' && what === '--raw') return { exitCode: 0, logs: 'ok' };
  const kind = verb === 'get' ? kindByWord(what) : undefined;
  if (kind === undefined) return { exitCode: 1, logs: `error: the practice cluster does not run "kubectl ${args.join(' ')}"\n` };
  if (!allowed)
    return {
      exitCode: 1,
      logs: `Error from server (Forbidden): ${kind.plural} is forbidden: User cannot list resource "${kind.plural}" at the cluster scope\n`,
    };
  const namespaceFlag = args.findIndex((arg) => arg === '-n' || arg === '--namespace');
  const everywhere = args.includes('-A') || args.includes('--all-namespaces') || !kind.namespaced;
  const items = objectsOf(world, cluster, kind, everywhere ? undefined : namespaceFlag < 0 ? 'default' : args[namespaceFlag + 1]);
  if (/(^| )(-o|--output)[ =]?json( |$)/.test(args.join(' '))) {
    return { exitCode: 0, logs: `${JSON.stringify({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items }, null, 4)}\n` };
  }
  const lines = items.map((item) => [text(at(item, ['metadata', 'namespace'])), text(at(item, ['metadata', 'name']))].filter(Boolean).join('   '));
  return { exitCode: 0, logs: items.length === 0 ? 'No resources found\n' : `${['NAME', ...lines].join('\n')}\n` };
}

function run(context: Context, cluster: ArmResource, command: string, token: string | undefined): Ran {
  const { world } = context;
  const entra = at(cluster, path('properties.aadProfile.managed')) === true;
  // With Entra the caller's own token goes along and Kubernetes decides; without it the command runs as the cluster's admin.
  const access = entra ? accessByToken(world, cluster, token) : accessByToken(world, cluster, adminToken(world, cluster));
  if (access === undefined) return { exitCode: 1, logs: 'error: You must be logged in to the server (Unauthorized)\n' };
  const [program, ...args] = words(command);
  if (program !== 'kubectl') return { exitCode: 127, logs: `sh: ${program ?? ''}: not found\n` };
  return runKubectl(world, cluster, args, entra ? operatorAccess(world, cluster).allowed : access.allowed);
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
