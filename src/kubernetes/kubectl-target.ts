import { clean } from '../model/foreign.ts';
import { at, isObject, list, path, text } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';
import { jsonOf, outputOf, type RunKubectl } from './kubectl-run.ts';

/** The kubeconfig entry that is in use, and flags that hold on to it. */
export interface Target {
  readonly flags: readonly string[];
  readonly user: string;
  readonly localAccount: boolean;
}

export interface TargetOptions {
  /** Names under which the cluster in hand answers: its fqdn and privateFQDN. */
  readonly hosts: readonly string[];
  readonly context?: string;
  readonly kubeconfig?: string;
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
export async function readTarget(run: RunKubectl, options: TargetOptions): Promise<Target> {
  const own = [
    ...(options.kubeconfig === undefined ? [] : [`--kubeconfig=${options.kubeconfig}`]),
    ...(options.context === undefined ? [] : [`--context=${options.context}`]),
  ];
  const args = ['config', 'view', '--minify', '-o', 'json', ...own];
  const ended = await outputOf(run, args).catch((thrown: unknown) => {
    if (thrown instanceof ProblemError && thrown.problem.code === 'kubectl-failed')
      throw foreignCluster('no cluster: there is no current context', options.hosts);
    throw thrown;
  });
  const config = jsonOf(ended, args);
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
