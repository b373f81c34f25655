import type { Reachability } from '../model/facts.ts';
import type { KubernetesGateway, KubeWritten } from '../model/gateway.ts';
import { at, isObject, type Json, type JsonObject, list, path, text } from '../model/json.ts';
import { apiVersionOf, kubeListPath, kubeObjectPath } from '../model/kube-kinds.ts';
import { kubeRefusal } from '../model/kube-refusals.ts';
import { ProblemError } from '../model/problem.ts';
import type { Answer } from './answer.ts';
import { operatorAccess } from './cluster-access.ts';
import { currentCluster } from './handle.ts';
import { answerKube } from './kube.ts';
import { servedKinds } from './kube-kinds.ts';
import { objectName, objectNamespace } from './kube-objects.ts';
import { apiServerReachability, nodesAreReady } from './reachability.ts';
import type { World } from './world.ts';

const pageSize = 500;

/** Whether ARM's run-command would run something in the cluster now: it needs no network path, but nodes, and it can be off. */
export function runCommandReachability(world: World): Reachability {
  const cluster = currentCluster(world);
  const refused = (detail: string): Reachability => ({ reachable: false, detail });
  if (text(at(cluster, path('properties.powerState.code'))) === 'Stopped') return refused('the cluster is stopped');
  if (at(cluster, path('properties.apiServerAccessProfile.disableRunCommand')) === true) return refused('run-command is disabled for this cluster');
  return nodesAreReady(world, cluster) ? { reachable: true, detail: 'a command ran in the cluster' } : refused('no node was ready to run the command');
}

/** The ways in, and which of them is open: straight to the API server first, then run-command. */
function wayIn(world: World): { readonly via: 'kubectl' | 'run-command'; readonly cluster: JsonObject } | { readonly closed: string } {
  const cluster = currentCluster(world);
  const direct = apiServerReachability(world, cluster);
  if (direct.reachable) return { via: 'kubectl', cluster };
  const around = runCommandReachability(world);
  return around.reachable ? { via: 'run-command', cluster } : { closed: `${direct.detail}; ${around.detail}` };
}

function inside(world: World): JsonObject {
  const way = wayIn(world);
  if ('cluster' in way) return way.cluster;
  throw new ProblemError({
    code: 'no-way-into-cluster',
    what: 'There is no way into the practice cluster from here.',
    why: way.closed,
    next: ['Open one through ARM, which always works: put the old ranges back, switch run-command on, or start the cluster.'],
  });
}

/** A refusal of the API server as the Problem that kubectl's own words for it would come to. */
function refusal(answer: Answer, what: string): ProblemError {
  const reason = text(at(answer.body, ['reason'])) ?? '';
  const said = `Error from server${reason === '' ? '' : ` (${reason})`}: ${text(at(answer.body, ['message'])) ?? ''}`;
  return new ProblemError(
    kubeRefusal(said) ?? {
      code: 'kubectl-failed',
      what: `The API server of the practice cluster refuses to ${what}.`,
      why: said,
      next: ['Change what is sent, or what stands in its way.'],
    },
  );
}

interface Call {
  readonly method: string;
  readonly url: string;
  readonly what: string;
  readonly body?: Json;
  readonly contentType?: string;
}

/** A request with the operator's own rights. Throws a ProblemError for a refusal. */
function call(world: World, { method, url, what, body, contentType = '' }: Call): Answer {
  const cluster = inside(world);
  const { pathname, searchParams } = new URL(url, 'https://practice.invalid');
  const answer = answerKube(world, cluster, operatorAccess(world, cluster), { method, path: pathname, query: searchParams, contentType, body });
  if (answer.status >= 400) throw refusal(answer, what);
  return answer;
}

function written(answer: Answer): KubeWritten {
  const warnings = [...(answer.headers['warning'] ?? '').matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map((one) => (one[1] ?? '').replace(/\\(.)/g, '$1'));
  return { object: isObject(answer.body) ? answer.body : {}, warnings };
}

/** Into the practice cluster with the operator's token: straight where the API server answers, otherwise as run-command would. */
export function practiceKubernetes(world: World): KubernetesGateway {
  const dry = (dryRun: boolean): string => (dryRun ? '&dryRun=All' : '');
  return {
    get via() {
      const way = wayIn(world);
      return 'via' in way ? way.via : 'kubectl';
    },
    list: async function* (kind, { namespace, signal } = {}) {
      let token = '';
      do {
        signal?.throwIfAborted();
        const url = `${kubeListPath(kind, namespace)}?limit=${pageSize}${token === '' ? '' : `&continue=${encodeURIComponent(token)}`}`;
        const { body } = call(world, { method: 'GET', url, what: `list ${kind.plural}` });
        yield list(at(body, ['items']))
          .filter(isObject)
          .map((object) => ({ ...object, apiVersion: apiVersionOf(kind), kind: kind.kind }));
        token = text(at(body, path('metadata.continue'))) ?? '';
      } while (token !== '');
    },
    get: async ({ kind, name, namespace }) => {
      try {
        const { body } = call(world, { method: 'GET', url: kubeObjectPath(kind, name, namespace), what: `get ${kind.plural}` });
        return isObject(body) ? body : undefined;
      } catch (thrown) {
        if (thrown instanceof ProblemError && (thrown.problem.code === 'not-found' || thrown.problem.code === 'kind-missing')) return undefined;
        throw thrown;
      }
    },
    access: async () => operatorAccess(world, inside(world)),
    apply: async (objects, { dryRun }) =>
      objects.map((object) => {
        const kind = servedKinds(world.state.kubernetes).find((one) => one.kind === object['kind'] && apiVersionOf(one) === object['apiVersion']);
        if (kind === undefined) throw refusal({ status: 404, headers: {}, body: { message: 'the server could not find the requested resource' } }, 'apply it');
        const url = kubeObjectPath(kind, objectName(object), kind.namespaced ? objectNamespace(object) || 'default' : undefined);
        const query = `?fieldManager=aks-harden${dry(dryRun)}`;
        return written(
          call(world, { method: 'PATCH', url: `${url}${query}`, what: `apply ${kind.plural}`, body: object, contentType: 'application/apply-patch+yaml' }),
        );
      }),
    patch: async ({ kind, name, namespace }, patch, { dryRun }) => {
      const url = `${kubeObjectPath(kind, name, namespace)}?fieldManager=aks-harden${dry(dryRun)}`;
      return written(call(world, { method: 'PATCH', url, what: `patch ${kind.plural}`, body: patch, contentType: 'application/merge-patch+json' }));
    },
    remove: async ({ kind, name, namespace }, { dryRun }) => {
      const url = `${kubeObjectPath(kind, name, namespace)}${dryRun ? '?dryRun=All' : ''}`;
      try {
        call(world, { method: 'DELETE', url, what: `delete ${kind.plural}` });
      } catch (thrown) {
        if (!(thrown instanceof ProblemError) || thrown.problem.code !== 'not-found') throw thrown;
      }
    },
  };
}
