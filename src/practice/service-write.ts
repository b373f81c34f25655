import type { ArmResource } from '../model/facts.ts';
import { at, type JsonObject, path, text } from '../model/json.ts';
import { type Answer, type Refusal, serviceError } from './answer.ts';
import { takeWrite } from './budget.ts';
import { type Context, isStrict, preconditionFailed, retryAfter } from './context.ts';
import { busy, operationAddresses } from './operations.ts';
import { nodesAreReady } from './reachability.ts';
import { type SchemaProblem, schemaProblems } from './schema/check.ts';
import type { World, WorldOperation } from './world.ts';

const POLL_MS = 10_000;

/** Headers that tell where an operation is polled. */
export function operationHeaders(context: Context, operation: WorldOperation, location: string, withLocation: boolean): Answer['headers'] {
  const addresses = operationAddresses(context.origin, context.world.state.subscriptionId, location, operation.id);
  const left = Math.max(1000, operation.endTime - context.world.clock.now());
  return {
    'azure-asyncoperation': addresses.status,
    'retry-after': retryAfter(context, Math.min(POLL_MS, left)),
    ...(withLocation ? { location: addresses.result } : {}),
  };
}

function wording(problem: SchemaProblem): Refusal {
  switch (problem.kind) {
    case 'unknown':
      // Public issue threads: UnmarshalError since unknown fields are rejected (AKS release notes, api-version 2024-01-01).
      return { status: 400, code: 'UnmarshalError', message: `UnmarshalEntity encountered error: json: unknown field "${problem.name}".` };
    case 'type':
      return {
        status: 400,
        code: 'UnmarshalError',
        message: `UnmarshalEntity encountered error: json: cannot unmarshal field "${problem.path}" into ${problem.wanted}.`,
      };
    case 'value': {
      const target = problem.path.replace(/^properties\./, '');
      const allowed = problem.allowed.join(', ');
      return {
        status: 400,
        code: 'InvalidParameter',
        target,
        message: `The value of parameter ${target} is invalid. Error details: ${problem.actual} is not one of ${allowed}.`,
      };
    }
    default:
      return problem satisfies never;
  }
}

/** What stands in the way of any write on a cluster or one of its pools, before its content is looked at by the rules. */
export function blocked(
  context: Context,
  cluster: ArmResource,
  body: JsonObject,
  target: 'ManagedCluster' | 'AgentPool',
  eTag: string | undefined,
): Answer | undefined {
  const { world, headers, apiVersion } = context;
  const refusal = preconditionFailed(headers, eTag) ?? busy(world, text(cluster['id']) ?? '') ?? stopped(cluster);
  if (refusal !== undefined) return serviceError(refusal);
  const problem = isStrict(apiVersion) ? schemaProblems(body, target)[0] : undefined;
  if (problem !== undefined) return serviceError(wording(problem));
  const spent = takeWrite(world, context.path.id, target);
  return spent === undefined ? undefined : serviceError({ ...spent, headers: { 'retry-after': retryAfter(context, spent.retryAfterMs) } });
}

/** A stopped cluster can be started and deleted, nothing else (AKS docs: start-stop-cluster). */
export function stopped(cluster: ArmResource): Refusal | undefined {
  if (text(at(cluster, path('properties.powerState.code'))) !== 'Stopped') return undefined;
  return {
    status: 400,
    code: 'OperationNotAllowed',
    message: 'The operation is not allowed while the managed cluster is stopped. Start it first; only start and delete are allowed.',
  };
}

/** Replacing nodes fails while they cannot reach the API server. */
export function reimageFailure(world: World, cluster: ArmResource, reimaged: readonly string[]): WorldOperation['failsWith'] {
  if (reimaged.length === 0 || nodesAreReady(world, cluster)) return undefined;
  return {
    code: 'VMExtensionError_K8SAPIServerConnFail',
    message: `Agents are unable to establish connection to Kubernetes API server from pool ${reimaged[0]}, please see https://aka.ms/aks-required-ports-and-addresses for more information.`,
  };
}
