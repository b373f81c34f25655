import { type Fact, type Facts, fact, type PodIdentityFacts, type ServiceAccountFacts, type Workload } from '../../../src/model/facts.ts';
import { text } from '../../../src/model/json.ts';
import { ownWorkloads, perController } from '../../shared/own-workloads.ts';

/** The label by which AAD pod identity finds the pods of a binding (Azure/aad-pod-identity docs: AzureIdentityBinding). */
export const BINDING_LABEL = 'aadpodidbinding';
export const CLIENT_ID = 'azure.workload.identity/client-id';
export const USE = 'azure.workload.identity/use';
export const PROXY = 'azure.workload.identity/inject-proxy-sidecar';

/** An application on pod identity: its workload, and the managed identity that its label leads to. */
export interface App {
  readonly workload: Workload;
  /** The label's value. */
  readonly selector: string;
  /** Absent where no binding, or no identity of that name, was found. */
  readonly identity?: Required<Pick<PodIdentityFacts, 'resourceId' | 'clientId'>>;
}

/** What is left of pod identity inside the cluster. */
export interface PodIdentityUse {
  readonly apps: readonly App[];
  readonly objects: readonly PodIdentityFacts[];
}

/** The identity that a label leads to: over a binding of the same namespace first, as namespaced mode wants it, else over any (standard mode). */
function identityOf({ namespace }: Workload, selector: string, objects: readonly PodIdentityFacts[]): App['identity'] {
  const bindings = objects.filter((one) => one.kind === 'AzureIdentityBinding' && one.selector === selector);
  const binding = bindings.find((one) => one.namespace === namespace) ?? bindings[0];
  const identity = objects.find((one) => one.kind === 'AzureIdentity' && one.name === binding?.identity && one.namespace === binding.namespace);
  return identity?.resourceId === undefined || identity.clientId === undefined ? undefined : { resourceId: identity.resourceId, clientId: identity.clientId };
}

/** Who uses pod identity inside the cluster, or why that is not known. */
export function podIdentityUse(facts: Facts): Fact<PodIdentityUse> {
  const objects = fact(facts, 'podIdentities');
  const workloads = ownWorkloads(facts);
  if (objects.state === 'unknown') return objects;
  if (workloads.state === 'unknown') return workloads;
  const apps = perController(workloads.value).flatMap((workload): readonly App[] => {
    const selector = workload.podLabels[BINDING_LABEL];
    if (selector === undefined) return [];
    const identity = identityOf(workload, selector, objects.value);
    return [{ workload, selector, ...(identity === undefined ? {} : { identity }) }];
  });
  return { state: 'known', value: { apps, objects: objects.value } };
}

/** The same; nobody where it could not be read. */
export function appsOf(facts: Facts): readonly App[] {
  const found = podIdentityUse(facts);
  return found.state === 'known' ? found.value.apps : [];
}

/** The service account that a workload's pods run as. */
export const accountOf = ({ spec }: Workload): string => text(spec['serviceAccountName']) ?? 'default';

/** An account that one identity can be written to: none is yet, or the same. `default` is shared by whoever names no other. */
export function ownAccount(app: App, accounts: readonly ServiceAccountFacts[], apps: readonly App[]): ServiceAccountFacts | undefined {
  const name = accountOf(app.workload);
  const found = accounts.find((one) => one.namespace === app.workload.namespace && one.name === name);
  const others = apps.filter(({ workload }) => workload.namespace === app.workload.namespace && accountOf(workload) === name);
  const isShared = others.some(({ identity }) => identity?.clientId !== app.identity?.clientId);
  const held = found?.annotations[CLIENT_ID];
  return name === 'default' || isShared || (held !== undefined && held !== app.identity?.clientId) ? undefined : found;
}
