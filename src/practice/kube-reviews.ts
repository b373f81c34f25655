import type { ArmResource, KubernetesAccess } from '../model/facts.ts';
import { at, isObject, type Json, type JsonObject, path, text } from '../model/json.ts';
import type { Answer } from './answer.ts';
import { groupsOf } from './cluster-access.ts';
import type { ServedKind } from './kube-kinds.ts';
import { unknownForm } from './kube-status.ts';
import type { World } from './world.ts';

/** What somebody wants to do: a verb on a resource, `*` for all. */
export interface Wish {
  readonly verb: string;
  readonly plural: string;
}

const everyVerb = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'] as const;

/** Whether Kubernetes lets somebody do it. Asking for everything asks for each part of it. */
export function may(world: World, access: KubernetesAccess, { verb, plural }: Wish): boolean {
  const { forbiddenKinds = [], forbiddenVerbs = [] } = world.state.settings;
  const isKept = (kept: readonly string[], wanted: string): boolean => (wanted === '*' ? kept.length > 0 : kept.includes(wanted));
  return access.allowed && !isKept(forbiddenVerbs, verb) && !isKept(forbiddenKinds, plural);
}

/** The reviews that the API server answers, by plural (Kubernetes API reference: authorization and authentication resources). */
export const reviewKinds = [
  { group: 'authorization.k8s.io', plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { group: 'authorization.k8s.io', plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
  { group: 'authentication.k8s.io', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview' },
] as const;

function userInfo(world: World, { as }: KubernetesAccess): JsonObject {
  const groups = as === 'masterclient' ? ['system:masters'] : groupsOf(world, world.state.settings.operator.objectId);
  return { username: as, groups: [...groups, 'system:authenticated'] };
}

/** What somebody may do, as rules that add up. A role of Azure is asked request by request: such a list is never complete. */
function rules(world: World, cluster: ArmResource, access: KubernetesAccess, kinds: readonly ServedKind[]): JsonObject {
  const { forbiddenKinds = [], forbiddenVerbs = [] } = world.state.settings;
  const isFree = forbiddenKinds.length === 0 && forbiddenVerbs.length === 0;
  const own = isFree
    ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]
    : kinds
        .map(({ plural, group }) => ({ verbs: everyVerb.filter((verb) => may(world, access, { verb, plural })), apiGroups: [group], resources: [plural] }))
        .filter(({ verbs }) => verbs.length > 0);
  const everybodys = { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'] };
  const byRole = at(cluster, path('properties.aadProfile.enableAzureRBAC')) === true;
  return {
    resourceRules: access.allowed ? [...own, everybodys] : [everybodys],
    nonResourceRules: [],
    incomplete: byRole,
    ...(byRole ? { evaluationError: 'webhook authorizer does not support user rule resolution' } : {}),
  };
}

/** Answers a review, which anybody may ask for; undefined for any other path. `body` is undefined where it could not be read. */
export function reviewAnswer(
  world: World,
  cluster: ArmResource,
  access: KubernetesAccess,
  request: { readonly path: string; readonly body: Json | undefined; readonly kinds: readonly ServedKind[] },
): Answer | undefined {
  const found = reviewKinds.find(({ group, plural }) => request.path === `/apis/${group}/v1/${plural}`);
  if (found === undefined) return undefined;
  const review = request.body;
  if (!isObject(review)) return unknownForm(['application/json', 'application/yaml']);
  const created = (made: JsonObject): Answer => ({
    status: 201,
    headers: {},
    body: { ...review, kind: found.kind, apiVersion: `${found.group}/v1`, metadata: {}, status: made },
  });
  switch (found.kind) {
    case 'SelfSubjectReview':
      return created({ userInfo: userInfo(world, access) });
    case 'SelfSubjectRulesReview':
      return created(rules(world, cluster, access, request.kinds));
    case 'SelfSubjectAccessReview': {
      const wanted = at(review, path('spec.resourceAttributes'));
      const wish = { verb: text(at(wanted, ['verb'])) ?? '*', plural: text(at(wanted, ['resource'])) ?? '*' };
      return created({ allowed: may(world, access, wish) });
    }
    default:
      return found satisfies never;
  }
}
