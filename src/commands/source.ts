import { clusterRef, type FactKey, type Facts, idPart, type Reachability } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import type { ArmGateway, KubernetesGateway } from '../model/gateway.ts';
import { text } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';
import type { Step } from '../model/step.ts';
import type { Io } from './io.ts';
import { asWanted, type FilesRead, requirePracticeWay, wayOf, withKubernetesFiles } from './kube-way.ts';
import { didYouMean, type Invocation, usageProblem } from './parse.ts';

/** A cluster within reach, and the doors to it. */
export interface Connection {
  readonly arm: ArmGateway;
  readonly clusterId: string;
  readonly kubernetes?: KubernetesGateway;
  /** Why there is none, where none is wanted. */
  readonly withoutKubernetes?: string;
  /** Tries `az aks command invoke`. */
  readonly runCommand?: () => Promise<Reachability>;
  readonly close: () => Promise<void>;
}

/** Facts that the verdicts of these steps rest on, each once. */
export function factKeys(steps: readonly Step[]): readonly FactKey[] {
  return [...new Set(steps.flatMap((step) => step.needs))];
}

/** Facts that only planning these steps needs, each once. */
export function planKeys(steps: readonly Step[]): readonly FactKey[] {
  return [...new Set(steps.flatMap((step) => step.needsToPlan ?? []))];
}

/** The whole of a file, or of standard input for `-`. */
async function readInput(file: string, io: Io): Promise<string> {
  if (file === '-') {
    if (io.stdin.isTTY)
      throw usageProblem('--from - reads standard input, and that is a terminal.', 'Nothing is piped in.', ['Pipe a file in, or name it: --from FILE.']);
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString('utf8');
  }
  const { readFactsFile } = await import('../snapshot/file.ts');
  return readFactsFile(file);
}

/** Facts of every cluster in a file. */
export async function factsFromFile(file: string, io: Io): Promise<readonly Facts[]> {
  const { factsFromText } = await import('../snapshot/file.ts');
  return factsFromText(await readInput(file, io), file === '-' ? 'standard input' : file);
}

/** Opens the practice cluster in this process. */
export async function connectPractice(scenario: string, speed: string | undefined, statePath?: string): Promise<Connection> {
  const { createPractice } = await import('../practice/index.ts');
  const factor = speed === undefined ? undefined : Number(speed);
  if (factor !== undefined && !(factor > 0)) throw usageProblem(`--speed does not take "${speed}".`, 'It takes a number above zero.', ['Try --speed 60.']);
  const practice = await createPractice({ scenario, ...(factor === undefined ? {} : { speed: factor }), ...(statePath === undefined ? {} : { statePath }) });
  return practice;
}

/** The same, as the command line lets it be looked into. */
export async function connectNamedPractice(invocation: Invocation, scenario: string, statePath: string | undefined): Promise<Connection> {
  requirePracticeWay(invocation);
  return asWanted(await connectPractice(scenario, invocation.text('speed'), statePath), invocation);
}

/** The subscription that `named` (id or name) means; the only one, or a Problem that lists them, when none is named. */
async function pickSubscription(arm: ArmGateway, named: string | undefined): Promise<string> {
  const subscriptions = await arm.subscriptions();
  const found = subscriptions.find(({ id, name }) => named !== undefined && (id === named || name.toLowerCase() === named.toLowerCase()));
  if (found) return found.id;
  if (named === undefined && subscriptions[0] && subscriptions.length === 1) return subscriptions[0].id;
  const list = subscriptions.slice(0, 10).map(({ id, name }) => `${clean(name)} (${clean(id)})`);
  if (named === undefined) throw usageProblem('No subscription is named, and the sign-in sees several.', list.join(', '), ['Name one with -s.']);
  const near = didYouMean(
    named,
    subscriptions.map(({ name }) => name),
  );
  throw usageProblem(`There is no subscription "${clean(named)}".${near}`, `The sign-in sees: ${list.join(', ') || 'none'}.`, [
    'Check the name, or sign in to its tenant.',
  ]);
}

/** A cluster in Azure, with the ways into it. None of them is tried before a fact needs it. */
export async function connectCluster(invocation: Invocation, arm: ArmGateway, clusterId: string): Promise<Connection> {
  const { waysInto } = await import('../kubernetes/ways.ts');
  const way = wayOf(invocation);
  return asWanted({ arm, clusterId, ...waysInto(arm, clusterId, way === 'auto' || way === 'none' ? {} : { way }), close: async () => {} }, invocation);
}

/** Signs in and finds the cluster that -s, -g and -n name. */
export async function connectAzure(invocation: Invocation, io: Io): Promise<Connection> {
  const name = invocation.text('name');
  const group = invocation.text('resource-group');
  if (!name || !group) {
    throw usageProblem('No cluster is named.', 'This command needs one cluster, and nobody can be asked here.', [
      'Name it: -g RESOURCE-GROUP -n NAME [-s SUBSCRIPTION].',
      'Or read it from a file: --from FILE (plan and check).',
      'Or try it on the practice cluster: --practice.',
    ]);
  }
  const [{ signIn }, { createArmGateway }] = await Promise.all([import('../azure/sign-in.ts'), import('../azure/arm-gateway.ts')]);
  const arm = createArmGateway({ ...(await signIn({ env: io.env })), kind: 'azure' });
  const subscriptionId = await pickSubscription(arm, invocation.text('subscription'));
  const clusterId = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
  return connectCluster(invocation, arm, clusterId);
}

/** Entra groups that the command line names with `--set STEP.adminGroups=…`. */
export function namedGroups(invocation: Invocation): readonly string[] {
  return invocation.texts('set').flatMap((given) => /^[^=]*\.adminGroups=(.*)$/.exec(given)?.[1]?.split(',') ?? []);
}

/** Facts of the cluster that the command line names, in Azure or on practice. */
async function factsFromCloud(invocation: Invocation, io: Io, steps: readonly Step[], toPlan: boolean): Promise<Facts> {
  const scenario = invocation.text('practice');
  const connection = scenario === undefined ? await connectAzure(invocation, io) : await connectNamedPractice(invocation, scenario, undefined);
  try {
    const facts = await readConnected(connection, steps, toPlan, io);
    const { withNamedGroups } = await import('../snapshot/named-groups.ts');
    return toPlan ? await withNamedGroups(facts, connection.arm, namedGroups(invocation)) : facts;
  } finally {
    await connection.close();
  }
}

/** What a reading command works on. `broken` counts the places in manifests that could not be read: they were told already. */
export interface Loaded {
  readonly clusters: readonly Facts[];
  readonly broken: number;
}

/** The facts that a reading command works on: from a file, the practice cluster, or Azure, and from manifests beside them. One or many. */
export async function loadFacts(invocation: Invocation, io: Io, steps: readonly Step[], toPlan: boolean): Promise<Loaded> {
  const file = invocation.text('from');
  const manifests = invocation.texts('kube-from');
  if (file === '-' && manifests.includes('-')) {
    throw usageProblem('Standard input cannot be two things.', '--from - and --kube-from - both read it.', ['Keep one of them in a file.']);
  }
  const clusters = file === undefined ? [await factsFromCloud(invocation, io, steps, toPlan)] : await factsFromFile(file, io);
  const [facts, ...others] = clusters;
  if (manifests.length === 0 || facts === undefined) return { clusters, broken: 0 };
  if (others.length > 0) {
    throw usageProblem('--kube-from tells of one cluster.', `There are ${clusters.length}.`, ['Give --from a file with one cluster.']);
  }
  const read: FilesRead = await withKubernetesFiles(facts, manifests, io);
  return { clusters: [read.facts], broken: read.broken };
}

/** Reads a connected cluster afresh. */
export async function readConnected(connection: Connection, steps: readonly Step[], toPlan: boolean, io: Pick<Io, 'now' | 'err'>): Promise<Facts> {
  const [{ readFacts }, { soFarLines }] = await Promise.all([import('../snapshot/live.ts'), import('../report/so-far-text.ts')]);
  return readFacts({
    arm: connection.arm,
    clusterId: connection.clusterId,
    keys: factKeys(steps),
    planKeys: toPlan ? planKeys(steps) : [],
    now: io.now(),
    tell: soFarLines(io.err),
    ...(connection.kubernetes ? { kubernetes: connection.kubernetes } : {}),
    ...(connection.withoutKubernetes === undefined ? {} : { withoutKubernetes: connection.withoutKubernetes }),
    ...(connection.runCommand ? { runCommand: connection.runCommand } : {}),
  });
}

/** A Problem for a cluster id that names no cluster. */
export function requireClusterId(facts: Facts): string {
  const { id } = clusterRef(facts);
  if (idPart(id, 'managedClusters') && text(facts.cluster['id'])) return id;
  throw new ProblemError({
    code: 'no-cluster-id',
    what: 'The facts have no cluster id.',
    why: 'Without it no command can name the cluster.',
    next: ['Use the whole output of az aks show -o json.'],
    exitCode: 2,
  });
}
