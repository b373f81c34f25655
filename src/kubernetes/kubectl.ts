import { clean } from '../model/foreign.ts';
import type { KubeRef, KubernetesGateway, KubeWritten } from '../model/gateway.ts';
import { at, isObject, type Json, type JsonObject, list, path, text, texts } from '../model/json.ts';
import { kubeObjectPath } from '../model/kube-kinds.ts';
import { ProblemError } from '../model/problem.ts';
import { notEntra } from './kube-problems.ts';
import { jsonOf, outputOf, type RunKubectl, requireVersion, runProgram, warningsIn } from './kubectl-run.ts';
import { readTarget, type Target, type TargetOptions } from './kubectl-target.ts';
import { pages, refuseSecrets } from './pages.ts';
import { takeTurns } from './turns.ts';

export type { KubectlRun, RunKubectl } from './kubectl-run.ts';

export interface KubectlOptions extends TargetOptions {
  /** Whether the cluster knows Entra: only then does being let in prove anything about it. */
  readonly entra: boolean;
  /** Takes the place of the program. */
  readonly run?: RunKubectl;
}

/** Runs of kubectl side by side: each is a process with a sign-in of its own. */
const mostAtOnce = 4;

/** Who Kubernetes takes kubectl for; undefined where the server cannot say (SelfSubjectReview is stable since 1.28). */
async function whoami(run: RunKubectl, flags: readonly string[]): Promise<{ readonly name: string; readonly groups: readonly string[] } | undefined> {
  const review = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
  const ended = await run(['create', '--raw', '/apis/authentication.k8s.io/v1/selfsubjectreviews', '-f', '-', ...flags], review);
  if (ended.exitCode !== 0) return undefined;
  try {
    const answer = JSON.parse(ended.stdout) as Json;
    return { name: clean(text(at(answer, path('status.userInfo.username'))) ?? ''), groups: texts(at(answer, path('status.userInfo.groups'))) };
  } catch {
    return undefined;
  }
}

/** May this kubectl do everything: a SelfSubjectAccessReview for every verb on every resource. */
function accessReview(): JsonObject {
  return { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb: '*', group: '*', resource: '*' } } };
}

/** A kind as kubectl names it without doubt, e.g. `deployments.v1.apps`. */
export function resourceArgument({ kind }: KubeRef): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.version}.${kind.group}`;
}

/** kubectl's arguments for a merge patch; the patch itself is the last but the flags. */
export function patchArguments(ref: KubeRef, patch: JsonObject, dryRun: boolean): readonly string[] {
  const place = ref.namespace === undefined ? [] : ['--namespace', ref.namespace];
  const dry = dryRun ? ['--dry-run=server'] : [];
  return ['patch', resourceArgument(ref), ref.name, ...place, '--type=merge', '-p', JSON.stringify(patch), '--field-manager=aks-harden', ...dry, '-o', 'json'];
}

/** kubectl's arguments for taking an object away. */
export function removeArguments(ref: KubeRef, dryRun: boolean): readonly string[] {
  const place = ref.namespace === undefined ? [] : ['--namespace', ref.namespace];
  return ['delete', resourceArgument(ref), ref.name, ...place, '--ignore-not-found', '--wait=false', ...(dryRun ? ['--dry-run=server'] : [])];
}

/** The objects of a Kubernetes answer: `items` of a list, or the object itself. */
export function objectsIn(answer: Json | undefined): readonly JsonObject[] {
  if (!isObject(answer)) return [];
  return Array.isArray(answer['items']) ? list(answer['items']).filter(isObject) : [answer];
}

/**
 * What became of each object that was sent. kubectl prints the warnings of a run together, in the order of the objects but without their
 * names, so several objects are sent one by one.
 */
export async function oneByOne(objects: readonly JsonObject[], send: (object: JsonObject) => Promise<KubeWritten>): Promise<readonly KubeWritten[]> {
  const written: KubeWritten[] = [];
  for (const object of objects) written.push(await send(object));
  return written;
}

/**
 * Kubernetes through kubectl, which brings the operator's own sign-in. Every method first makes sure that kubectl points at the cluster in
 * hand; one that does not, or is absent or too old, throws a ProblemError.
 */
export function createKubectlGateway(options: KubectlOptions): KubernetesGateway {
  const turns = takeTurns(mostAtOnce);
  const program = options.run ?? runProgram;
  const run: RunKubectl = (args, stdin, signal) => turns(() => program(args, stdin, signal));
  let version: Promise<void> | undefined;
  const target = async (): Promise<Target> => {
    version ??= requireVersion(run);
    await version;
    return readTarget(run, options);
  };
  const readRaw = async (flags: readonly string[], at: string, signal?: AbortSignal): Promise<Json> => {
    const args = ['get', '--raw', at, ...flags];
    return jsonOf(await outputOf(run, args, { signal }), args);
  };
  const write = async (args: readonly string[], stdin?: string): Promise<KubeWritten> => {
    const ended = await outputOf(run, args, { stdin });
    const [object] = objectsIn(jsonOf(ended, args));
    return { object: object ?? {}, warnings: warningsIn(ended.stderr) };
  };
  return {
    via: 'kubectl',
    list: async function* (kind, listOptions = {}) {
      const { flags } = await target();
      yield* pages((at) => readRaw(flags, at, listOptions.signal), kind, listOptions);
    },
    get: async (ref) => {
      refuseSecrets(ref.kind);
      const { flags } = await target();
      const answer = await readRaw(flags, kubeObjectPath(ref.kind, ref.name, ref.namespace)).catch((thrown: unknown) => {
        if (thrown instanceof ProblemError && (thrown.problem.code === 'not-found' || thrown.problem.code === 'kind-missing')) return undefined;
        throw thrown;
      });
      return isObject(answer) ? answer : undefined;
    },
    access: async () => {
      const { flags, user, localAccount } = await target();
      if (!options.entra) throw notEntra('Entra sign-in is off on this cluster.');
      if (localAccount) throw notEntra("kubectl is signed in with the cluster's own admin certificate, a local account.");
      const args = ['create', '--raw', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', '-f', '-', ...flags];
      const [review, who] = await Promise.all([
        outputOf(run, args, { stdin: JSON.stringify(accessReview()) }).then((ended) => jsonOf(ended, args)),
        whoami(run, flags),
      ]);
      if (who && (who.name === 'masterclient' || who.name.startsWith('system:') || who.groups.includes('system:masters'))) {
        throw notEntra(`kubectl is signed in as ${who.name}, which is no Entra identity.`);
      }
      return { allowed: at(review, path('status.allowed')) === true, as: who?.name || user };
    },
    apply: async (objects, { dryRun }) => {
      const { flags } = await target();
      const args = ['apply', '--server-side', '--field-manager=aks-harden', ...(dryRun ? ['--dry-run=server'] : []), '-o', 'json', '-f', '-', ...flags];
      return oneByOne(objects, (object) => write(args, JSON.stringify(object)));
    },
    patch: async (ref, patch, { dryRun }) => {
      const { flags } = await target();
      return write([...patchArguments(ref, patch, dryRun), ...flags]);
    },
    remove: async (ref, { dryRun }) => {
      const { flags } = await target();
      await outputOf(run, [...removeArguments(ref, dryRun), ...flags]);
    },
  };
}
