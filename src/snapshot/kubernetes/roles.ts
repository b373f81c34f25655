import type { RoleBindingFacts, RoleFacts, ServiceAccountFacts } from '../../model/facts.ts';
import { at, type Json, type JsonObject, list, path, texts } from '../../model/json.ts';
import { kept } from './keeper.ts';
import { nameOf, namespaceOf, plain, textAt, textsAt } from './listed.ts';

/** A namespaced object's namespace to spread; nothing for a cluster-wide one. */
const place = (object: JsonObject, cluster: boolean) => (cluster ? {} : { namespace: namespaceOf(object) });

/** Verbs that give more than they seem to (Kubernetes docs: RBAC good practices, privilege escalation risks). */
const escalating: readonly string[] = ['escalate', 'bind', 'impersonate'];
const sensitive: readonly string[] = ['secrets', 'pods/exec', 'pods/attach', 'nodes/proxy', 'serviceaccounts/token', 'certificatesigningrequests/approval'];

function grave(rule: RoleFacts['rules'][number]): boolean {
  const words = [...rule.verbs, ...rule.apiGroups, ...rule.resources];
  return words.includes('*') || rule.verbs.some((verb) => escalating.includes(verb)) || rule.resources.some((name) => sensitive.includes(name));
}

function ruleOf(rule: Json): RoleFacts['rules'][number] {
  const words = (key: string) => texts(at(rule, [key])).map(plain);
  return { verbs: words('verbs'), apiGroups: words('apiGroups'), resources: words('resources') };
}

/** A Role or ClusterRole, with the rules that matter. */
export function roleFacts(object: JsonObject): RoleFacts {
  const cluster = object['kind'] === 'ClusterRole';
  return {
    kind: cluster ? 'ClusterRole' : 'Role',
    name: nameOf(object),
    ...place(object, cluster),
    labels: textsAt(object, 'metadata.labels'),
    rules: list(at(object, ['rules']))
      .map(ruleOf)
      .filter(grave),
    ...kept(object),
  };
}

/** A RoleBinding or ClusterRoleBinding. */
export function bindingFacts(object: JsonObject): RoleBindingFacts {
  const cluster = object['kind'] === 'ClusterRoleBinding';
  return {
    kind: cluster ? 'ClusterRoleBinding' : 'RoleBinding',
    name: nameOf(object),
    ...place(object, cluster),
    role: { kind: textAt(object, 'roleRef.kind') ?? '', name: textAt(object, 'roleRef.name') ?? '' },
    subjects: list(at(object, path('subjects'))).map((subject) => {
      const namespace = textAt(subject, 'namespace');
      return { kind: textAt(subject, 'kind') ?? '', name: textAt(subject, 'name') ?? '', ...(namespace === undefined ? {} : { namespace }) };
    }),
    labels: textsAt(object, 'metadata.labels'),
    ...kept(object),
  };
}

/** A ServiceAccount. */
export function serviceAccountFacts(object: JsonObject): ServiceAccountFacts {
  const automount = at(object, ['automountServiceAccountToken']);
  return {
    namespace: namespaceOf(object),
    name: nameOf(object),
    annotations: textsAt(object, 'metadata.annotations', (key) => key.startsWith('azure.workload.identity/')),
    ...(typeof automount === 'boolean' ? { automountToken: automount } : {}),
    ...kept(object),
  };
}
