/** An ARM request path, taken apart. `id` keeps the caller's case; compare ids in lower case. */
export interface ArmPath {
  /** The resource, the collection or the resource that an action is called on. */
  readonly id: string;
  /** `Microsoft.ContainerService/managedClusters/agentPools`; for groups `Microsoft.Resources/resourceGroups`. */
  readonly type: string;
  readonly name: string | undefined;
  /** What an extension resource (`…/providers/Microsoft.Insights/…`) stands on, or the parent of a child resource. */
  readonly scope: string;
  readonly subscriptionId: string | undefined;
  readonly resourceGroup: string | undefined;
  /** The last segment without a name: a collection's for GET, an action's for POST. */
  readonly tail: string | undefined;
}

/** Takes an ARM path apart; undefined when it is none. */
export function parseArmPath(path: string): ArmPath | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return undefined;
  const lower = segments.map((segment) => segment.toLowerCase());
  const after = (name: string) => {
    const index = lower.indexOf(name);
    return index < 0 ? undefined : segments[index + 1];
  };
  const common = { subscriptionId: lower[0] === 'subscriptions' ? segments[1] : undefined, resourceGroup: after('resourcegroups') };
  const provider = lower.lastIndexOf('providers');
  if (provider < 0) {
    const odd = segments.length % 2 === 1;
    const named = odd ? segments.slice(0, -1) : segments;
    const kind = named.at(-2)?.toLowerCase();
    const type = kind === 'resourcegroups' ? 'Microsoft.Resources/resourceGroups' : kind === 'subscriptions' ? 'Microsoft.Resources/subscriptions' : '';
    return { ...common, id: join(named), type, name: named.at(-1), scope: join(named.slice(0, -2)), tail: odd ? segments.at(-1) : undefined };
  }
  const namespace = segments[provider + 1];
  const scope = join(segments.slice(0, provider));
  if (namespace === undefined) return { ...common, id: scope, type: '', name: undefined, scope, tail: 'providers' };
  const rest = segments.slice(provider + 2);
  const odd = rest.length % 2 === 1;
  const pairs = odd ? rest.slice(0, -1) : rest;
  const types = pairs.filter((_segment, i) => i % 2 === 0);
  return {
    ...common,
    id: join([...segments.slice(0, provider), 'providers', namespace, ...pairs]),
    type: [namespace, ...types].join('/'),
    name: pairs.at(-1),
    scope,
    tail: odd ? rest.at(-1) : undefined,
  };
}

function join(segments: readonly string[]): string {
  return segments.length === 0 ? '' : `/${segments.join('/')}`;
}
