import type { KubernetesGateway } from '../model/gateway.ts';
import type { JsonObject } from '../model/json.ts';
import { at, path, text } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { withSourceFile } from '../model/kube-source.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import { readManifests } from './manifests.ts';
import { pageSize, refuseSecrets } from './pages.ts';

/** The objects in files and folders, each with the file it stands in. What cannot be read is told, and the rest goes on. */
export async function* objectsInFiles(
  paths: readonly string[],
  tell: (problem: Problem) => void,
  stdin?: AsyncIterable<Uint8Array>,
): AsyncGenerator<JsonObject> {
  for await (const manifest of readManifests(paths, stdin)) {
    switch (manifest.found) {
      case 'object':
        yield withSourceFile(manifest.object, manifest.file);
        break;
      case 'problem':
        tell(manifest.problem);
        break;
      case 'other':
        break;
      default:
        manifest satisfies never;
    }
  }
}

function noServer(): ProblemError {
  return new ProblemError({
    code: 'no-api-server',
    what: 'There is no API server behind files.',
    why: 'What is inside the cluster was read from files (--kube-from).',
    next: ['Run the printed kubectl commands yourself, or leave --kube-from out where kubectl reaches the cluster.'],
  });
}

/** Kubernetes as files tell it: lists and single objects, read again each time. Everything that needs an API server throws a ProblemError. */
export function createFilesGateway(paths: readonly string[]): KubernetesGateway {
  return {
    via: 'files',
    list: async function* (kind, { namespace } = {}) {
      refuseSecrets(kind);
      let page: JsonObject[] = [];
      for await (const object of objectsInFiles(paths, () => {})) {
        const isWanted = object['kind'] === kind.kind && object['apiVersion'] === apiVersionOf(kind);
        if (!isWanted || (namespace !== undefined && text(at(object, path('metadata.namespace'))) !== namespace)) continue;
        page.push(object);
        if (page.length < pageSize) continue;
        yield page;
        page = [];
      }
      if (page.length > 0) yield page;
    },
    get: async ({ kind, name, namespace }) => {
      refuseSecrets(kind);
      for await (const object of objectsInFiles(paths, () => {})) {
        const isWanted = object['kind'] === kind.kind && object['apiVersion'] === apiVersionOf(kind) && text(at(object, path('metadata.name'))) === name;
        if (isWanted && (namespace === undefined || text(at(object, path('metadata.namespace'))) === namespace)) return object;
      }
      return undefined;
    },
    access: () => Promise.reject(noServer()),
    apply: () => Promise.reject(noServer()),
    patch: () => Promise.reject(noServer()),
    remove: () => Promise.reject(noServer()),
  };
}
