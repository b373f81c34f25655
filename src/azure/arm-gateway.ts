import { setTimeout as wait } from 'node:timers/promises';
import { ContainerServiceClient } from '@azure/arm-containerservice';
import { bearerTokenAuthenticationPolicy, createDefaultHttpClient, createPipelineFromOptions, type HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { CLUSTER_API_VERSION } from '../model/change.ts';
import { clean } from '../model/foreign.ts';
import type { ArmGateway } from '../model/gateway.ts';
import { isObject, text } from '../model/json.ts';
import { listAll } from '../model/paging.ts';
import { ProblemError } from '../model/problem.ts';
import { operatorOf } from './claims.ts';
import { publicCloud } from './clouds.ts';
import { exchange, type Line } from './exchange.ts';
import { listenTo, operationAt, operationOf } from './operation.ts';
import { probeApiServer } from './probe.ts';
import { signInProblem } from './sign-in-problem.ts';
import { sendWritesOnce } from './writes-once.ts';

export interface ArmGatewayOptions {
  readonly credential: TokenCredential;
  /** ARM's address; Azure's public cloud when not given. */
  readonly endpoint?: string;
  /** Microsoft Graph's address without the version; the public cloud's when not given. */
  readonly graphEndpoint?: string;
  /** Takes the place of the network, e.g. for the practice cluster. */
  readonly httpClient?: HttpClient;
  readonly label: string;
  readonly kind: ArmGateway['kind'];
  readonly probe?: ArmGateway['probe'];
  readonly sleep?: ArmGateway['sleep'];
}

/** Says in Azure's own logs who asked. */
const userAgentPrefix = 'aks-harden';

/**
 * The door to Azure: raw JSON through the pipeline of the SDK's ContainerServiceClient (its auth, user agent, logging, proxies), because
 * the typed client drops every property that it does not know. Reads are retried as the SDK does, writes are sent once.
 */
export function createArmGateway(options: ArmGatewayOptions): ArmGateway {
  const endpoint = (options.endpoint ?? publicCloud.arm).replace(/\/+$/, '');
  const graphEndpoint = (options.graphEndpoint ?? publicCloud.graph).replace(/\/+$/, '');
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const armScope = `${endpoint}/.default`;
  const userAgentOptions = { userAgentPrefix };

  const client = new ContainerServiceClient(options.credential, '', { endpoint, httpClient, credentials: { scopes: [armScope] }, userAgentOptions });
  sendWritesOnce(client.pipeline);
  listenTo(client.pipeline);
  const arm: Line = { pipeline: client.pipeline, httpClient, endpoint };

  const graphPipeline = createPipelineFromOptions({ userAgentOptions });
  graphPipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: options.credential, scopes: `${new URL(graphEndpoint).origin}/.default` }));
  sendWritesOnce(graphPipeline);
  const graph: Line = { pipeline: graphPipeline, httpClient, endpoint: `${graphEndpoint}/v1.0` };

  const token = async (scope: string): Promise<string> => {
    const found = await options.credential.getToken(scope).catch((thrown: unknown) => {
      throw thrown instanceof ProblemError ? thrown : new ProblemError(signInProblem(thrown));
    });
    if (!found) throw new ProblemError(signInProblem(new Error(`The sign-in gives no token for ${scope}.`)));
    return found.token;
  };
  const send: ArmGateway['send'] = (request, sendOptions) => exchange(arm, request, sendOptions);

  return {
    kind: options.kind,
    label: options.label,
    send,
    begin: async (request, beginOptions) => {
      const response = await exchange(arm, request, beginOptions);
      const operation = await operationOf(arm, client, request, response);
      return operation ? { response, operation } : { response };
    },
    restore: (state) => operationAt(arm, client, state),
    // $count and $search of directory objects want this header (Graph: advanced query capabilities).
    graph: (request) => exchange(graph, request, { headers: { consistencylevel: 'eventual' } }),
    operator: async () => operatorOf(await token(armScope)),
    token,
    subscriptions: async () =>
      (await listAll({ send }, '/subscriptions?api-version=2022-12-01')).filter(isObject).map((subscription) => ({
        id: text(subscription['subscriptionId']) ?? '',
        name: clean(text(subscription['displayName']) ?? ''),
        tenantId: text(subscription['tenantId']) ?? '',
      })),
    clusters: async (subscriptionId) =>
      (
        await listAll(
          { send },
          `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/Microsoft.ContainerService/managedClusters?api-version=${CLUSTER_API_VERSION}`,
        )
      ).filter(isObject),
    probe: options.probe ?? probeApiServer,
    sleep: options.sleep ?? (async (ms, signal) => void (await wait(ms, undefined, signal ? { signal } : {}))),
  };
}
