import type { JsonObject } from '../model/json.ts';
import { withSourceFile } from '../model/kube-source.ts';
import type { Problem } from '../model/problem.ts';
import { readManifests } from './manifests.ts';

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
