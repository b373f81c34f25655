import { isGuid } from './texts.ts';

/** Resource types that a parameter asks for by ARM id, with an example for the sentence that mends a wrong one. */
const shapes = {
  workspace: ['Microsoft.OperationalInsights', 'workspaces'],
  storageAccount: ['Microsoft.Storage', 'storageAccounts'],
  eventHubRule: ['Microsoft.EventHub', 'namespaces', 'authorizationRules'],
} as const satisfies { readonly [kind: string]: readonly [provider: string, ...types: readonly string[]] };

export type ArmIdKind = keyof typeof shapes;

/** How such an id looks: `/subscriptions/…/providers/Microsoft.Storage/storageAccounts/NAME`. */
export function idShape(kind: ArmIdKind): string {
  const [provider, ...types] = shapes[kind];
  return `/subscriptions/ID/resourceGroups/GROUP/providers/${provider}/${types.map((type) => `${type}/NAME`).join('/')}`;
}

/** True for a well-formed ARM id of that kind. Names may hold letters, digits, `.`, `_`, `-`, `(` and `)`. */
export function isArmId(kind: ArmIdKind, id: string): boolean {
  const [provider, ...types] = shapes[kind];
  const [empty, subscriptions, subscription = '', resourceGroups, group = '', providers, foundProvider = '', ...rest] = id.split('/');
  const name = (value: string | undefined): boolean => value !== undefined && /^[\w.()-]{1,260}$/.test(value);
  const is = (value: string | undefined, wanted: string): boolean => value?.toLowerCase() === wanted.toLowerCase();
  return (
    empty === '' &&
    is(subscriptions, 'subscriptions') &&
    isGuid(subscription) &&
    is(resourceGroups, 'resourceGroups') &&
    name(group) &&
    is(providers, 'providers') &&
    is(foundProvider, provider) &&
    rest.length === types.length * 2 &&
    types.every((type, i) => is(rest[i * 2], type) && name(rest[i * 2 + 1]))
  );
}
