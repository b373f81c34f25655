import type { Json } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { groupVersionsOf, type ServedKind } from './kube-kinds.ts';

const rootOf = (groupVersion: string): string => (groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`);

/** The list of OpenAPI v3 documents, one a group and version. */
export function openApiIndex(kinds: readonly ServedKind[]): Json {
  const versions = groupVersionsOf(kinds);
  return { paths: Object.fromEntries(versions.map((version) => [rootOf(version), { serverRelativeURL: `/openapi/v3/${rootOf(version)}?hash=practice` }])) };
}

/** What kubectl looks for before it applies: that PATCH takes a dry run and checks fields on the server. */
function pathsOf(kind: ServedKind): readonly (readonly [string, Json])[] {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({ name, in: 'query', schema: { type: 'string' } }));
  const patch = {
    parameters,
    responses: {},
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group: kind.group, kind: kind.kind, version: kind.version },
  };
  const place = kind.namespaced ? `namespaces/{namespace}/${kind.plural}` : kind.plural;
  return [[`/${rootOf(apiVersionOf(kind))}/${place}/{name}`, { patch }]];
}

/** One OpenAPI v3 document, by its path below `/openapi/v3/`; undefined when there is none. It has no schemas: fields are not checked. */
export function openApiDocument(root: string, all: readonly ServedKind[]): Json | undefined {
  const kinds = all.filter((kind) => rootOf(apiVersionOf(kind)) === root);
  if (kinds.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'practice' },
    paths: Object.fromEntries(kinds.flatMap(pathsOf)),
    components: { schemas: {} },
  };
}
