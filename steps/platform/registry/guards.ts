import type { Change } from '../../../src/model/change.ts';
import { type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, list, path } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { covered, networksOf } from '../../shared/addresses.ts';
import { ownershipGuard } from '../../shared/iac.ts';
import { allows, WRITE_ROLE_ASSIGNMENT } from '../../shared/permissions.ts';
import { type PulledRegistry, pullingIdentity } from '../../shared/registry-access.ts';
import { listed, sameId } from '../../shared/texts.ts';
import type { Wanted } from './params.ts';
import { hasAdminUser, hasAnonymousPull, isBootstrap, isQuarantined, privateWay, property } from './state.ts';

const names = (registries: readonly PulledRegistry[]): string => listed(registries.map(({ name }) => name));

/** Rights outside of the cluster: only those of the whole subscription are known. */
function rightGuard(facts: Facts, changes: readonly Change[]): readonly Guard[] {
  const needs: readonly (readonly [string, boolean])[] = [
    ['Microsoft.ContainerRegistry/registries/write', changes.some(({ kind }) => kind === 'arm.patch')],
    ['Microsoft.Network/privateEndpoints/write', changes.some(({ id }) => id.endsWith('-endpoint'))],
    [WRITE_ROLE_ASSIGNMENT, changes.some(({ id }) => id.endsWith('-pull'))],
  ];
  const permissions = knownValue(facts, 'subscriptionPermissions');
  return needs
    .filter(([, needed]) => needed)
    .map(([action]): Guard => {
      const allowed = permissions !== undefined && allows(permissions, action);
      return {
        id: `permission:${action}`,
        title: 'Write permission',
        verdict: allowed ? 'clear' : 'unknown',
        detail: allowed
          ? `${action} is allowed in the whole subscription.`
          : `Whether ${action} is allowed where it is needed is not proven: the subscription as a whole does not grant it.`,
      };
    });
}

function passwordGuard(registries: readonly PulledRegistry[]): readonly Guard[] {
  const admin = registries.filter(hasAdminUser);
  const anonymous = registries.filter(hasAnonymousPull);
  return [
    ...(admin.length > 0
      ? [
          {
            id: 'admin-password',
            title: 'Nothing signs in with the admin password',
            verdict: 'unknown',
            detail: `Who uses the password of ${names(admin)} is kept nowhere: pull secrets, App Service, Container Instances and pipelines may.`,
            next: [
              'kubectl get secrets -A --field-selector type=kubernetes.io/dockerconfigjson  (the user name is the registry’s own name)',
              'ContainerRegistryLoginEvents in Log Analytics tells who signed in, where the registry sends its logs.',
            ],
          } as const,
        ]
      : []),
    ...(anonymous.length > 0
      ? [
          {
            id: 'anonymous-users',
            title: 'Nobody pulls without signing in',
            verdict: 'unknown',
            detail: `Pulls from ${names(anonymous)} without a sign-in leave no name: other clusters and people may do so.`,
          } as const,
        ]
      : []),
  ];
}

/** A network that only the registry's new rules know: the nodes have to be in it. */
function egressGuard(facts: Facts, ranges: readonly string[]): Guard {
  const id = 'nodes-inside';
  const title = 'The nodes stay inside';
  const found = fact(facts, 'outboundAddresses');
  if (found.state === 'unknown') {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `Which addresses the nodes pull from is not known: ${clean(found.reason)}.`,
      override: 'the nodes leave from these networks',
      next: ['Name the public addresses of the firewall or gateway that the nodes go through.'],
    };
  }
  const outer = networksOf(ranges);
  const outside = networksOf(found.value.map(({ cidr }) => cidr)).filter((network) => !covered(network, outer));
  if (found.value.length > 0 && outside.length === 0)
    return { id, title, verdict: 'clear', detail: `The nodes leave from ${listed(found.value.map(({ cidr }) => cidr))}, which the rules name.` };
  return {
    id,
    title,
    verdict: 'refuse',
    detail:
      found.value.length === 0
        ? 'The cluster has no public address to leave from: rules for public addresses would shut its nodes out.'
        : `The nodes leave from ${listed(outside.map(({ text }) => text))}, which the rules do not name: every pull would fail.`,
    next: ['Add these addresses, or take the private way.'],
    override: 'never',
  };
}

/** Behind a private endpoint the nodes must find the private address before the public one goes. */
function provenGuard(facts: Facts, registries: readonly PulledRegistry[]): Guard {
  const missing = registries.filter((registry) => privateWay(facts, registry) !== 'there');
  return {
    id: 'private-pull',
    title: 'A node has pulled over the private way',
    verdict: 'unknown',
    detail:
      missing.length > 0
        ? `The private way to ${names(missing)} is made in this very plan: whether a node finds it cannot have been tried.`
        : 'Endpoint, zone and link are there. Whether a node gets the private address and pulls cannot be seen in Azure.',
    next: [
      ...(missing.length > 0 ? ['Choose private-path first: it makes the way and closes nothing.'] : []),
      'az aks check-acr --resource-group GROUP --name CLUSTER --acr REGISTRY.azurecr.io  (a pull from a node)',
    ],
    override: 'a node pulled over the private way',
  };
}

function zoneGuard(facts: Facts, registries: readonly PulledRegistry[]): Guard {
  const others = (knownValue(facts, 'registryPrivateLink')?.endpoints ?? []).filter(
    ({ targets }) => !targets.some((id) => registries.some((one) => sameId(one.id, id))),
  );
  return {
    id: 'other-names',
    title: 'Other registries stay reachable by name',
    verdict: others.length > 0 ? 'warn' : 'clear',
    detail:
      others.length > 0
        ? 'A registry that has private endpoints elsewhere is looked up in the zone as well. A link that this plan makes falls back to public names (NxDomainRedirect); one that was there before may not, and such a registry would not be found.'
        : 'No other registry of the subscription has a private endpoint that the zone would hide. Those of other subscriptions cannot be seen.',
  };
}

/** Service endpoints and private link exclude each other (ACR docs: container-registry-vnet). */
function serviceEndpointGuard(registries: readonly PulledRegistry[]): readonly Guard[] {
  const ruled = registries.filter((registry) => list(at(registry.resource, path('properties.networkRuleSet.virtualNetworkRules'))).length > 0);
  if (ruled.length === 0) return [];
  return [
    {
      id: 'service-endpoints',
      title: 'No service endpoint in the way',
      verdict: 'refuse',
      detail: `${names(ruled)} lets subnets in by service endpoint, which excludes a private endpoint.`,
      next: ['Plan a moment in which the rules go and the endpoint comes: az acr network-rule remove.'],
      override: 'never',
    },
  ];
}

function outsidersGuard(registries: readonly PulledRegistry[]): Guard {
  return {
    id: 'outsiders',
    title: 'Who pushes and pulls from elsewhere',
    verdict: 'warn',
    detail: `Hosted build agents, ACR Tasks, the portal, other clusters and other tenants lose ${names(registries)} unless they are in the network or named. Defender’s scan goes on as long as trusted services may come in${registries.some((registry) => property(registry, 'networkRuleBypassOptions') === 'None') ? ', which is off on one of them' : ''}.`,
    next: ['Give pipelines an agent inside of the network, or ACR Tasks an agent pool, before the registry is closed.'],
  };
}

function scannerGuard(facts: Facts, registries: readonly PulledRegistry[]): Guard {
  const id = 'scanner';
  const title = 'Something releases images';
  const open = registries.filter((registry) => !isQuarantined(registry));
  const found = fact(facts, 'registryScanners');
  if (found.state === 'unknown') {
    return { id, title, verdict: 'unknown', detail: `Whether a scanner is there is not known: ${clean(found.reason)}.`, override: 'a scanner releases images' };
  }
  const without = open.filter(
    ({ id: registry }) => !found.value.some((one) => sameId(one.registryId, registry) && one.webhooks.length + one.quarantineWriters.length > 0),
  );
  if (without.length === 0) return { id, title, verdict: 'clear', detail: 'A webhook is called for blocked images, or somebody may release them.' };
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `${names(without)} has no webhook for quarantined images and nobody who may release one: every new deployment would stop.`,
    next: ['Connect a scanner that marks images as good (role AcrQuarantineWriter) first.'],
    override: 'a scanner releases images',
  };
}

function bootstrapGuard(facts: Facts, registries: readonly PulledRegistry[]): readonly Guard[] {
  const found = registries.filter((registry) => isBootstrap(facts, registry) && hasAnonymousPull(registry));
  if (found.length === 0) return [];
  return [
    {
      id: 'bootstrap',
      title: 'AKS itself does not pull without signing in',
      verdict: 'warn',
      detail: `${names(found)} also holds AKS’s own images for this cluster without egress. Public threads report that new nodes needed anonymous pull there: try it with one node first.`,
    },
  ];
}

/** With a service principal, nodes and control plane are one: what the nodes may do in a registry cannot be narrowed. */
function ownIdentityGuard(facts: Facts): readonly Guard[] {
  if (pullingIdentity(knownValue(facts, 'identityRoleAssignments') ?? [])?.identity !== 'service-principal') return [];
  return [
    {
      id: 'nodes-identity',
      title: 'The nodes have an identity of their own',
      verdict: 'warn',
      detail: 'The nodes pull as the cluster’s service principal, whose roles the control plane needs: control 6.5 stays open here.',
      next: ['Decide identity.cluster-identity: the kubelets then get an identity that pulls and does nothing else.'],
    },
  ];
}

/** Guards of a plan about registries. The cluster itself is not written. */
export function guardsFor(facts: Facts, option: string, wanted: Wanted, changes: readonly Change[]): readonly Guard[] {
  const { registries, ranges, quarantine } = wanted;
  const [makesWay, closes] = [option === 'private-path' || option === 'private', option === 'private' || option === 'selected-networks'];
  const passwords = changes.some(({ id }) => id.endsWith('-credentials'));
  return [
    ...rightGuard(facts, changes),
    ...ownIdentityGuard(facts),
    ownershipGuard(facts, [
      {
        terraform: {
          line: 'azurerm_container_registry: admin_enabled, anonymous_pull_enabled, public_network_access_enabled, network_rule_set, sku',
          effect: 'reverts',
          note: 'where the code has the registry',
        },
      },
    ]),
    ...(passwords ? [...passwordGuard(registries), ...bootstrapGuard(facts, registries)] : []),
    ...(makesWay ? [...serviceEndpointGuard(registries), zoneGuard(facts, registries)] : []),
    ...(closes ? [outsidersGuard(registries)] : []),
    ...(option === 'private' ? [provenGuard(facts, registries)] : []),
    ...(option === 'selected-networks' ? [egressGuard(facts, ranges)] : []),
    ...(quarantine ? [scannerGuard(facts, registries)] : []),
  ];
}
