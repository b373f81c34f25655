import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type JsonObject, list, path, text } from '../model/json.ts';
import { type Answer, ok, serviceError } from './answer.ts';
import { type Context, notFound } from './context.ts';
import { reimageOutcomes, reimageSeconds } from './effects.ts';
import { adminKubeconfig, userKubeconfig } from './kubeconfig.ts';
import { locationOf } from './managed-clusters.ts';
import { abortOperation, busy, runningOn, startOperation } from './operations.ts';
import { runCommand } from './run-command.ts';
import { operationHeaders, stopped } from './service-write.ts';
import { type Outcome, resourceOf, type World } from './world.ts';

const poolsOf = (cluster: ArmResource): readonly JsonObject[] => list(at(cluster, ['properties', 'agentPoolProfiles'])).filter(isObject);
const poolNames = (cluster: ArmResource): readonly string[] => poolsOf(cluster).map((pool) => text(pool['name']) ?? '');

interface LongAction {
  readonly state: string;
  readonly seconds: (cluster: ArmResource) => number;
  readonly outcomes: (context: Context, cluster: ArmResource) => readonly Outcome[];
  readonly whileStopped: boolean;
}

const setPower =
  (code: string) =>
  (_context: Context, cluster: ArmResource): readonly Outcome[] => {
    const id = (text(cluster['id']) ?? '').toLowerCase();
    return [
      { kind: 'set', id, path: path('properties.powerState'), value: { code } },
      ...poolNames(cluster).map((pool): Outcome => ({ kind: 'pool', cluster: id, pool, path: ['powerState'], value: { code } })),
    ];
  };

/** Durations: recorded stop and start of small clusters, 2023; rotation: AKS docs, rotate-certificates (up to 30 minutes). */
const longActions: { readonly [action: string]: LongAction } = {
  stop: { state: 'Stopping', seconds: () => 90, outcomes: setPower('Stopped'), whileStopped: false },
  start: { state: 'Starting', seconds: () => 270, outcomes: setPower('Running'), whileStopped: true },
  rotateclustercertificates: {
    state: 'Certificate Rotating',
    seconds: (cluster) => Math.min(1800, 600 + poolsOf(cluster).reduce((sum, pool) => sum + reimageSeconds(pool), 0)),
    outcomes: ({ world }, cluster) => {
      const id = (text(cluster['id']) ?? '').toLowerCase();
      return [...poolsOf(cluster).flatMap((pool) => reimageOutcomes(world, id, pool)), { kind: 'new-certificates', cluster: id }];
    },
    whileStopped: false,
  },
  rotateserviceaccountsigningkeys: { state: 'Updating', seconds: () => 180, outcomes: () => [], whileStopped: false },
  resetserviceprincipalprofile: { state: 'Updating', seconds: () => 600, outcomes: () => [], whileStopped: false },
};

function longAction(context: Context, cluster: ArmResource, action: LongAction): Answer {
  const { world } = context;
  const id = text(cluster['id']) ?? '';
  const refusal = busy(world, id) ?? (action.whileStopped ? undefined : stopped(cluster));
  if (refusal !== undefined) return serviceError(refusal);
  const operation = startOperation(world, {
    cluster: id.toLowerCase(),
    pools: poolNames(cluster),
    state: action.state,
    ms: action.seconds(cluster) * 1000,
    outcomes: action.outcomes(context, cluster),
  });
  return { status: 202, headers: operationHeaders(context, operation, locationOf(cluster), true) };
}

/** The activity log remembers who was given an admin credential, and when. */
function noteHandingOut(world: World, cluster: ArmResource): void {
  const id = (text(cluster['id']) ?? '').toLowerCase();
  const known = world.state.certificates[id];
  if (known === undefined) return;
  world.state.certificates = { ...world.state.certificates, [id]: { ...known, handedOutAt: world.clock.now() } };
  world.changed();
}

const encoded = (name: string, kubeconfig: string): Answer => ok({ kubeconfigs: [{ name, value: Buffer.from(kubeconfig).toString('base64') }] });

const quickActions: { readonly [action: string]: (context: Context, cluster: ArmResource) => Answer } = {
  listclusteradmincredential: (context, cluster) => {
    if (at(cluster, path('properties.disableLocalAccounts')) === true) {
      // AKS docs, local-accounts: the answer that shows that local accounts are off.
      const message = "Getting static credential isn't allowed because this cluster is set to disable local accounts.";
      return serviceError({ status: 400, code: 'BadRequest', message });
    }
    noteHandingOut(context.world, cluster);
    return encoded('clusterAdmin', adminKubeconfig(context.world, cluster, context.origin));
  },
  listclusterusercredential: (context, cluster) => encoded('clusterUser', userKubeconfig(context.world, cluster, context.origin)),
  runcommand: runCommand,
  abort: (context, cluster) => {
    const running = runningOn(context.world, text(cluster['id']) ?? '');
    if (running === undefined) return serviceError({ status: 409, code: 'OperationNotAllowed', message: 'There is no operation in progress to abort.' });
    abortOperation(context.world, running);
    return { status: 204, headers: {} };
  },
};

/** POST on a cluster. */
export function clusterAction(context: Context): Answer {
  const cluster = resourceOf(context.world, context.path.id);
  if (cluster === undefined) return notFound(context);
  const name = context.path.tail?.toLowerCase() ?? '';
  const long = longActions[name];
  if (long !== undefined) return longAction(context, cluster, long);
  const quick = quickActions[name];
  if (quick !== undefined) return quick(context, cluster);
  return serviceError({ status: 404, code: 'NotFound', message: `The practice world does not know the action ${context.path.tail ?? ''}.` });
}
