import { execa } from 'execa';
import { clean } from '../model/foreign.ts';
import type { KubernetesGateway } from '../model/gateway.ts';
import { at, isObject, type Json, type JsonObject, list, path, text, texts } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';
import { kubectlFailed, notEntra, notJsonOutput } from './kube-problems.ts';
import { networkPoliciesIn, objectsIn } from './network-policy.ts';

/** How a run of kubectl ended. `missing`: there is no such program. */
export interface KubectlRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly missing: boolean;
  readonly timedOut: boolean;
}

export type RunKubectl = (args: readonly string[], stdin?: string) => Promise<KubectlRun>;

export interface KubectlOptions {
  /** Names under which the cluster in hand answers: its fqdn and privateFQDN. */
  readonly hosts: readonly string[];
  /** Whether the cluster knows Entra: only then does being let in prove anything about it. */
  readonly entra: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
  /** Takes the place of the program. */
  readonly run?: RunKubectl;
}

/** The first kubectl whose server-side apply is stable (Kubernetes 1.22 release notes). */
const oldest = { major: 1, minor: 22 };

/** Milliseconds for one run: an Entra plugin that wants to ask a person finds nobody here. */
const patienceMs = 30_000;

async function runProgram(args: readonly string[], stdin?: string): Promise<KubectlRun> {
  const ended = await execa('kubectl', args, {
    reject: false,
    timeout: patienceMs,
    maxBuffer: 64 * 1024 * 1024,
    ...(stdin === undefined ? { stdin: 'ignore' as const } : { input: stdin }),
  });
  return {
    exitCode: ended.exitCode ?? 1,
    stdout: ended.stdout ?? '',
    stderr: ended.stderr ?? '',
    missing: ended.code === 'ENOENT',
    timedOut: ended.timedOut,
  };
}

function missing(): ProblemError {
  return new ProblemError({
    code: 'kubectl-missing',
    what: 'kubectl is not installed, or not on the PATH.',
    why: 'What is inside the cluster is read with it.',
    next: ['Install it: az aks install-cli'],
  });
}

async function json(run: RunKubectl, args: readonly string[], stdin?: string): Promise<Json> {
  const shown = `kubectl ${args
    .filter((arg) => !arg.startsWith('-'))
    .slice(0, 2)
    .join(' ')}`;
  const ended = await run(args, stdin);
  if (ended.missing) throw missing();
  if (ended.timedOut) throw kubectlFailed(`i/o timeout: no answer within ${patienceMs / 1000} s. ${ended.stderr}`, shown);
  if (ended.exitCode !== 0) throw kubectlFailed(ended.stderr || ended.stdout, shown);
  try {
    return JSON.parse(ended.stdout) as Json;
  } catch {
    throw notJsonOutput(shown, ended.stdout);
  }
}

async function requireVersion(run: RunKubectl): Promise<void> {
  const version = await json(run, ['version', '--client', '-o', 'json']);
  const found = text(at(version, path('clientVersion.gitVersion'))) ?? '';
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)/.exec(found) ?? [];
  if (Number(major) > oldest.major || (Number(major) === oldest.major && Number(minor) >= oldest.minor)) return;
  throw new ProblemError({
    code: 'kubectl-old',
    what: `kubectl ${clean(found) || 'of unknown version'} is too old.`,
    why: `Version ${oldest.major}.${oldest.minor} or later is needed.`,
    next: ['Install a newer one: az aks install-cli'],
  });
}

/** The kubeconfig entry that is in use, and flags that hold on to it. */
interface Target {
  readonly flags: readonly string[];
  readonly user: string;
  readonly localAccount: boolean;
}

function foreignCluster(server: string, hosts: readonly string[]): ProblemError {
  return new ProblemError({
    code: 'kubeconfig-other-cluster',
    what: 'kubectl points at another cluster than the one in hand.',
    why: `It would talk to ${clean(server)}; this cluster is ${hosts.map(clean).join(' or ') || 'nameless'}.`,
    next: ['Point it here: az aks get-credentials -g GROUP -n NAME'],
  });
}

/** Reads the kubeconfig in use (kubectl leaves its secrets out) and refuses one of another cluster, by the server's host. */
async function readTarget(run: RunKubectl, options: KubectlOptions): Promise<Target> {
  const own = [
    ...(options.kubeconfig === undefined ? [] : [`--kubeconfig=${options.kubeconfig}`]),
    ...(options.context === undefined ? [] : [`--context=${options.context}`]),
  ];
  const config = await json(run, ['config', 'view', '--minify', '-o', 'json', ...own]).catch((thrown: unknown) => {
    if (thrown instanceof ProblemError && thrown.problem.code === 'kubectl-failed')
      throw foreignCluster('no cluster: there is no current context', options.hosts);
    throw thrown;
  });
  const server = text(at(list(at(config, ['clusters']))[0], path('cluster.server'))) ?? '';
  const host = URL.canParse(server) ? new URL(server).hostname.toLowerCase() : '';
  if (host === '' || !options.hosts.some((known) => known.toLowerCase() === host)) throw foreignCluster(host || 'no server', options.hosts);
  const user = list(at(config, ['users']))[0];
  const name = text(at(user, ['name'])) ?? '';
  const credentials = at(user, ['user']);
  const certificate = isObject(credentials) && Object.keys(credentials).some((key) => key.startsWith('client-certificate'));
  const current = text(at(config, ['current-context']));
  return {
    // Both are pinned: a kubeconfig that is switched meanwhile changes nothing here.
    flags: [...own.filter((flag) => flag.startsWith('--kubeconfig')), ...(current ? [`--context=${current}`] : []), `--server=${server}`],
    user: clean(name),
    localAccount: certificate || name.startsWith('clusterAdmin_'),
  };
}

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

/**
 * Kubernetes through kubectl, which brings the operator's own sign-in. Every method first makes sure that kubectl points at the cluster in
 * hand; one that does not, or is absent or too old, throws a ProblemError.
 */
export function createKubectlGateway(options: KubectlOptions): KubernetesGateway {
  const run = options.run ?? runProgram;
  let version: Promise<void> | undefined;
  const target = async (): Promise<Target> => {
    version ??= requireVersion(run);
    await version;
    return readTarget(run, options);
  };
  return {
    via: 'kubectl',
    networkPolicies: async () => {
      const { flags } = await target();
      return networkPoliciesIn(await json(run, ['get', 'networkpolicies.networking.k8s.io', '-A', '-o', 'json', ...flags]));
    },
    access: async () => {
      const { flags, user, localAccount } = await target();
      if (!options.entra) throw notEntra('Entra sign-in is off on this cluster.');
      if (localAccount) throw notEntra("kubectl is signed in with the cluster's own admin certificate, a local account.");
      const [review, who] = await Promise.all([
        json(run, ['create', '--raw', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', '-f', '-', ...flags], JSON.stringify(accessReview())),
        whoami(run, flags),
      ]);
      if (who && (who.name === 'masterclient' || who.name.startsWith('system:') || who.groups.includes('system:masters'))) {
        throw notEntra(`kubectl is signed in as ${who.name}, which is no Entra identity.`);
      }
      return { allowed: at(review, path('status.allowed')) === true, as: who?.name || user };
    },
    apply: async (objects, { dryRun }) => {
      const { flags } = await target();
      const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      const args = ['apply', '--server-side', '--field-manager=aks-harden', ...(dryRun ? ['--dry-run=server'] : []), '-o', 'json', '-f', '-', ...flags];
      return objectsIn(await json(run, args, manifest));
    },
  };
}
