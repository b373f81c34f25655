import type { ArmResource } from '../model/facts.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { type Answer, ok } from './answer.ts';
import { admit } from './kube-admission.ts';
import { serverSideApply } from './kube-apply.ts';
import { afterDelete, afterWrite } from './kube-effects.ts';
import { mergeFields } from './kube-fields.ts';
import type { ServedKind } from './kube-kinds.ts';
import { findObject, objectName, removeObject, storeObject } from './kube-objects.ts';
import { status, warningHeaders } from './kube-status.ts';
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

/** What would stand after the write, or the refusal of its form. */
function next(write: KubeWrite, before: JsonObject | undefined, wanted: string, time: string): { readonly object: JsonObject } | { readonly refusal: Answer } {
  const { method, kind, query, contentType, body } = write;
  const missing = { refusal: status(404, 'NotFound', `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`} "${wanted}" not found`) };
  if (!isObject(body)) return { refusal: status(400, 'BadRequest', 'the body of the request is no object') };
  if (method === 'POST') {
    return before === undefined ? { object: body } : { refusal: status(409, 'AlreadyExists', `${kind.plural} "${wanted}" already exists`) };
  }
  if (method === 'PUT') return before === undefined ? missing : { object: body };
  const isApply = contentType.startsWith('application/apply-patch') || (contentType === '' && query.has('fieldManager'));
  if (isApply) {
    const manager = query.get('fieldManager') ?? '';
    if (manager === '') return { refusal: status(400, 'BadRequest', 'fieldManager is required for apply patch') };
    const applied = serverSideApply(before, body, { manager, force: query.get('force') === 'true', time });
    return 'conflict' in applied ? { refusal: status(409, 'Conflict', applied.conflict) } : applied;
  }
  if (before === undefined) return missing;
  if (contentType.startsWith('application/strategic-merge-patch')) return { object: mergeFields(before, body) as JsonObject };
  if (contentType === '' || contentType.startsWith('application/merge-patch')) return { object: mergePatch(before, body) as JsonObject };
  return { refusal: status(415, 'UnsupportedMediaType', `the body of the request was in an unknown format: ${contentType}`) };
}

function remove(world: World, write: KubeWrite, before: JsonObject | undefined, wanted: string, dryRun: boolean): Answer {
  if (before === undefined) return status(404, 'NotFound', `${write.kind.plural} "${wanted}" not found`);
  if (!dryRun) {
    removeObject(world, before);
    afterDelete(world, before);
  }
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name: wanted, kind: write.kind.plural } });
}

/** Carries out a write as an API server does: form, admission, then what its controllers make of it. A dry run does all but keep it. */
export function writeObject(world: World, cluster: ArmResource, write: KubeWrite): Answer {
  const { method, kind, namespace, query, body } = write;
  const wanted = write.name ?? objectName(body);
  const dryRun = query.get('dryRun') === 'All';
  const before = findObject(world, cluster, kind, wanted, namespace);
  if (method === 'DELETE') return remove(world, write, before, wanted, dryRun);
  if (!['POST', 'PUT', 'PATCH'].includes(method)) return status(405, 'MethodNotAllowed', `the server does not allow ${method}`);
  const given = objectName(body);
  if (given !== '' && given !== wanted) return status(400, 'BadRequest', `the name of the object (${given}) does not match the name on the URL (${wanted})`);
  if (kind.group !== 'rbac.authorization.k8s.io' && !name.test(wanted))
    return status(
      422,
      'Invalid',
      `${kind.kind} "${wanted}" is invalid: metadata.name: Invalid value: "${wanted}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters`,
    );
  if (before === undefined && namespace !== undefined && !world.state.kubernetes.some((one) => one['kind'] === 'Namespace' && objectName(one) === namespace))
    return status(404, 'NotFound', `namespaces "${namespace}" not found`);
  const made = next(write, before, wanted, new Date(world.clock.now()).toISOString());
  if ('refusal' in made) return made.refusal;
  const whole = placed(made.object, write, wanted);
  const { warnings, refusal } = admit(world, cluster, before, whole);
  if (refusal !== undefined) return refusal.includes(' is invalid: ') ? status(422, 'Invalid', refusal) : status(403, 'Forbidden', refusal);
  if (!dryRun) {
    storeObject(world, whole);
    afterWrite(world, cluster, before, whole);
  }
  return {
    status: before === undefined ? 201 : 200,
    headers: warningHeaders(warnings),
    body: dryRun ? whole : (findObject(world, cluster, kind, wanted, namespace) ?? whole),
  };
}
