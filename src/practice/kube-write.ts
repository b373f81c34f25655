import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type Json, type JsonObject, list, same, text } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { type Answer, ok } from './answer.ts';
import { admit } from './kube-admission.ts';
import { serverSideApply } from './kube-apply.ts';
import { afterDelete, afterWrite } from './kube-effects.ts';
import { mergeFields } from './kube-fields.ts';
import type { ServedKind } from './kube-kinds.ts';
import { recordUpdate } from './kube-managers.ts';
import { networkRefusal } from './kube-network-rules.ts';
import { findObject, objectName, removeObject, storeObject } from './kube-objects.ts';
import { invalid, status, unknownForm, warningHeaders } from './kube-status.ts';
import { mergePatch } from './merge.ts';
import type { World } from './world.ts';

/** A write on one object. */
export interface KubeWrite {
  readonly method: string;
  readonly kind: ServedKind;
  readonly namespace: string | undefined;
  /** Absent for a POST on the list. */
  readonly name: string | undefined;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Json | undefined;
}

/** Names as the API server takes them: DNS subdomains; RBAC's may be almost anything (Kubernetes docs: object names). */
const name = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

function placed(object: JsonObject, { kind, namespace }: KubeWrite, wanted: string): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  return {
    ...object,
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { ...metadata, name: wanted, ...(namespace === undefined ? {} : { namespace }) },
  };
}

const whole = ['application/json', 'application/yaml'];
const patches = ['application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'];

/** Who writes, where it does not say so: kubectl's own name for itself. */
const nameless = 'kubectl';

const nameOf = (kind: ServedKind): string => `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}`;

type Made = { readonly object: JsonObject } | { readonly refusal: Answer };

/** What would stand after a server-side apply. */
function apply(write: KubeWrite, before: JsonObject | undefined, body: JsonObject, time: string): Made {
  const manager = write.query.get('fieldManager') ?? '';
  if (manager === '') return { refusal: status(400, 'BadRequest', 'fieldManager is required for apply patch') };
  const uid = text(at(body, ['metadata', 'uid']));
  if (uid !== undefined && before === undefined) {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    return { refusal: status(409, 'Conflict', `Operation cannot be fulfilled on ${nameOf(write.kind)} "${objectName(body)}": ${why}`) };
  }
  const applied = serverSideApply(before, body, { manager, force: write.query.get('force') === 'true', time });
  if ('invalid' in applied) return { refusal: status(400, 'BadRequest', applied.invalid) };
  if ('object' in applied) return { object: withoutEmptyMaps(applied.object) };
  const causes = applied.causes.map((cause): JsonObject => ({ reason: 'FieldManagerConflict', ...cause }));
  return { refusal: status(409, 'Conflict', applied.conflict, { causes }) };
}

/** Maps without an entry are not kept (Kubernetes API: omitempty). */
function withoutEmptyMaps(object: JsonObject): JsonObject {
  const metadata = at(object, ['metadata']);
  if (!isObject(metadata)) return object;
  const isEmpty = (key: string): boolean => (key === 'annotations' || key === 'labels') && same(metadata[key], {});
  return { ...object, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !isEmpty(key))) };
}

/** What would stand after the write, or the refusal of its form. */
function next(write: KubeWrite, before: JsonObject | undefined, wanted: string, time: string): Made {
  const { method, kind, query, contentType, body } = write;
  if (!isObject(body)) return { refusal: method === 'PATCH' ? unknownForm(patches) : unknownForm(whole) };
  const manager = query.get('fieldManager') ?? nameless;
  const updated = (object: JsonObject): Made => ({ object: recordUpdate(before, placed(withoutEmptyMaps(object), write, wanted), { manager, time }) });
  if (method === 'POST') {
    if (before === undefined) return updated(body);
    return { refusal: status(409, 'AlreadyExists', `${nameOf(kind)} "${wanted}" already exists`, { name: wanted, kind: kind.plural }) };
  }
  const isApply = contentType.startsWith('application/apply-patch') || (contentType === '' && method === 'PATCH' && query.has('fieldManager'));
  if (isApply && method === 'PATCH') return apply(write, before, body, time);
  if (before === undefined) return { refusal: notFound(kind, wanted) };
  if (method === 'PUT') return updated(body);
  if (contentType.startsWith('application/strategic-merge-patch')) return updated(mergeFields(before, body) as JsonObject);
  if (contentType === '' || contentType.startsWith('application/merge-patch')) return updated(mergePatch(before, body) as JsonObject);
  return { refusal: unknownForm(patches) };
}

const notFound = (kind: ServedKind, name: string): Answer =>
  status(404, 'NotFound', `${nameOf(kind)} "${name}" not found`, { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural });

/** A dry run is asked for in the query, or in the options that a deletion carries (Kubernetes API reference: DeleteOptions). */
function isDryRun({ method, query, body }: KubeWrite): boolean {
  const options = method === 'DELETE' ? list(at(body, ['dryRun'])) : [];
  return query.get('dryRun') === 'All' || options.includes('All');
}

function remove(world: World, write: KubeWrite, before: JsonObject | undefined, wanted: string): Answer {
  if (before === undefined) return notFound(write.kind, wanted);
  if (!isDryRun(write)) {
    removeObject(world, before);
    afterDelete(world, before);
  }
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name: wanted, kind: write.kind.plural } });
}

/** Carries out a write as an API server does: form, admission, then what its controllers make of it. A dry run does all but keep it. */
export function writeObject(world: World, cluster: ArmResource, write: KubeWrite): Answer {
  const { method, kind, namespace, body, contentType } = write;
  const wanted = write.name ?? objectName(body);
  const before = findObject(world, cluster, kind, wanted, namespace);
  if (method === 'DELETE') return remove(world, write, before, wanted);
  if (!['POST', 'PUT', 'PATCH'].includes(method)) return status(405, 'MethodNotAllowed', `the server does not allow ${method}`);
  if (method !== 'PATCH' && contentType.includes('protobuf')) return unknownForm(whole);
  const given = objectName(body);
  if (given !== '' && given !== wanted) return status(400, 'BadRequest', `the name of the object (${given}) does not match the name on the URL (${wanted})`);
  if (kind.group !== 'rbac.authorization.k8s.io' && !name.test(wanted))
    return invalid(
      kind.kind,
      wanted,
      'metadata.name',
      `Invalid value: "${wanted}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters`,
    );
  if (before === undefined && namespace !== undefined && !world.state.kubernetes.some((one) => one['kind'] === 'Namespace' && objectName(one) === namespace))
    return status(404, 'NotFound', `namespaces "${namespace}" not found`, { name: namespace, kind: 'namespaces' });
  const made = next(write, before, wanted, new Date(world.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'));
  if ('refusal' in made) return made.refusal;
  const after = placed(made.object, write, wanted);
  const dryRun = isDryRun(write);
  const unfit = networkRefusal(after);
  if (unfit !== undefined) return unfit;
  const { warnings, refusal } = admit(world, cluster, { before, after, dryRun });
  if (refusal !== undefined) return refusal;
  if (!dryRun) {
    storeObject(world, after);
    afterWrite(world, cluster, before, after);
  }
  return {
    status: before === undefined ? 201 : 200,
    headers: warningHeaders(warnings),
    body: dryRun ? after : (findObject(world, cluster, kind, wanted, namespace) ?? after),
  };
}
