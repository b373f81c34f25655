import { clusterAt, type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, isObject, path, text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { listed, sameId, shortName } from '../../shared/texts.ts';
import { notSeen, openWay, type Way } from '../admin-access/state.ts';
import type { Wanted } from './params.ts';
import { exposure } from './state.ts';
import { nodeSubnets } from './subnets.ts';

const named = { vpn: 'VPN or ExpressRoute', bastion: 'Azure Bastion', 'jump-host': 'The jump machine' } as const;
const kinds = { vpn: 'gateway', bastion: 'bastion', 'jump-host': 'machine' } as const satisfies { readonly [path: string]: Way['kind'] };

/** What was seen of a way that somebody names: that it stands there, that nothing of the kind does, or that nobody could look. */
function seen(facts: Facts, path: keyof typeof kinds): string {
  const found = openWay(facts, kinds[path]);
  if (found !== undefined) return `${found.name} in ${found.network} is there`;
  const missing = notSeen(facts);
  if (missing !== undefined) return `whether it is there is not known: ${clean(missing)}`;
  // A machine can stand there without anybody being able to see that it is the way in.
  return path === 'jump-host' ? 'that people get in by it cannot be seen' : "nothing of the kind that leads in was found in the cluster's network or beside it";
}

/** A way in that does not cross the internet must be there before the public one closes. */
function pathGuard(facts: Facts, wanted: Wanted): Guard {
  const id = 'private-path';
  const title = 'A private way in is proven';
  const override = 'I have tried the private path';
  if (wanted.path === 'none') {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: 'No way to the API server is named that does not cross the internet: nobody could reach it afterwards.',
      next: ['Set one up and try it: VPN, Azure Bastion (az aks bastion), a jump machine, or az aks command invoke.'],
      override: 'never',
    };
  }
  if (wanted.path === 'run-command') {
    if (!exposure(facts).runCommandAllowed) {
      return {
        id,
        title,
        verdict: 'refuse',
        detail: 'Run command is turned off on this cluster.',
        next: ['Allow it first: az aks update --enable-run-command, or name another path.'],
        override: 'never',
      };
    }
    const found = fact(facts, 'runCommand');
    if (found.state === 'unknown') {
      return {
        id,
        title,
        verdict: 'unknown',
        detail: `Whether az aks command invoke answers was not tried (${clean(found.reason)}).`,
        next: ['az aks command invoke --command "kubectl get nodes"'],
        override,
      };
    }
    return found.value.reachable
      ? { id, title, verdict: 'clear', detail: 'az aks command invoke answered; it goes through ARM and needs no network path.' }
      : {
          id,
          title,
          verdict: 'refuse',
          detail: `az aks command invoke did not answer: ${clean(found.value.detail)}.`,
          next: ['Mend it or name another path.'],
          override,
        };
  }
  return {
    id,
    title,
    verdict: 'unknown',
    detail: `${named[wanted.path]} is taken on your word (${seen(facts, wanted.path)}): before the switch there is no private address to try it on.`,
    next: [
      'Prepare it in cluster.admin-access. Make sure that the path reaches the subnet of the API server, and that DNS there can resolve the private zone.',
    ],
    override,
  };
}

/** Run command is the way back in that needs no network: it stays until another is proven. */
function runCommandGuard(facts: Facts, wanted: Wanted): readonly Guard[] {
  if (wanted.path === 'run-command' || exposure(facts).runCommandAllowed) return [];
  return [
    {
      id: 'run-command-kept',
      title: 'A second way in is left',
      verdict: 'warn',
      detail: 'Run command is off: if the VPN, Bastion or DNS fails, nobody gets in but by opening the cluster again through ARM.',
      next: ['az aks update --enable-run-command until the private path has carried you for a while.'],
    },
  ];
}

const callersGuard: Guard = {
  id: 'public-callers',
  title: 'Nothing outside still needs it',
  verdict: 'warn',
  detail: 'Build agents hosted by Microsoft or GitHub, Terraform providers for Kubernetes and monitoring services outside of the network are cut off.',
  next: ['Move them to agents of your own inside the network, or let them go through az aks command invoke.'],
};

/** What closing the public address needs. */
export function privateGuards(facts: Facts, wanted: Wanted): readonly Guard[] {
  return [pathGuard(facts, wanted), ...runCommandGuard(facts, wanted), callersGuard];
}

/** Network Contributor, Contributor, Owner: any of them holds the subnet join that is needed. */
const joinRoles = ['4d97b98b-1d4f-4787-a291-c67834d212e7', 'b24988ac-6180-42a0-ab88-20f7382dd24c', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'];

function principals(facts: Facts): readonly string[] {
  const assigned = clusterAt(facts, 'identity.userAssignedIdentities');
  const user = isObject(assigned) ? Object.values(assigned).flatMap((value) => text(at(value, ['principalId'])) ?? []) : [];
  const own = text(clusterAt(facts, 'identity.principalId'));
  return own === undefined ? user : [...user, own];
}

function holdsRole(facts: Facts, subnetId: string): boolean {
  const who = principals(facts);
  return (knownValue(facts, 'roleAssignments') ?? []).some((assignment) => {
    const said = (key: string): string => (text(at(assignment, path(`properties.${key}`))) ?? '').toLowerCase();
    const scope = said('scope');
    return (
      scope !== '' &&
      `${subnetId.toLowerCase()}/`.startsWith(`${scope.replace(/\/$/, '')}/`) &&
      joinRoles.some((role) => said('roleDefinitionId').endsWith(role)) &&
      who.some((id) => sameId(id, said('principalId')))
    );
  });
}

function identityGuard(facts: Facts, { subnetId }: Wanted): Guard {
  const id = 'subnet-roles';
  const title = 'The cluster may join both subnets';
  const type = (text(clusterAt(facts, 'identity.type')) ?? '').toLowerCase();
  if (type !== 'userassigned') {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `AKS documents the conversion with a user-assigned identity; this cluster acts with ${type === 'systemassigned' ? 'a system-assigned one' : 'a service principal'}.`,
      next: ['az aks update --enable-managed-identity --assign-identity ID, with Network Contributor on both subnets.'],
      override: type === 'systemassigned' ? 'the identity has both roles' : 'never',
    };
  }
  const subnets = [subnetId, ...nodeSubnets(facts)];
  const missing = subnets.filter((subnet) => !holdsRole(facts, subnet));
  if (missing.length === 0) return { id, title, verdict: 'clear', detail: 'The cluster identity has Network Contributor, or more, on both subnets.' };
  return {
    id,
    title,
    verdict: 'unknown',
    detail: `No role assignment was seen that lets the cluster identity join ${listed(missing.map(shortName))}; without it the API server may fail to start.`,
    next: missing.map((subnet) => `az role assignment create --role "Network Contributor" --assignee-object-id PRINCIPAL --scope ${clean(subnet)}`),
    override: 'the identity has both roles',
  };
}

function managedNetworkGuard(facts: Facts): readonly Guard[] {
  if (nodeSubnets(facts).length > 0) return [];
  return [
    {
      id: 'managed-network',
      title: 'The network is your own',
      verdict: 'unknown',
      detail: 'The nodes are in a network that AKS made in the node resource group. The documentation does not say that such a cluster can be converted.',
      next: ['Try it on a copy first, or move to a new cluster in your own network.'],
      override: 'convert inside the managed network',
    },
  ];
}

/** What VNet integration needs, and what its restart costs. */
export function integrationGuards(facts: Facts, wanted: Wanted): readonly Guard[] {
  if (exposure(facts).isIntegrated) return [];
  return [
    identityGuard(facts, wanted),
    ...managedNetworkGuard(facts),
    {
      id: 'stop-start',
      title: 'The cluster comes back after the stop',
      verdict: 'unknown',
      detail:
        'Stopping gives the capacity of the control plane back. AKS checks that the region has room but keeps none: in a full region the cluster may not start again.',
      next: ['Have a tested restore for what runs here, and stop and start at once after the conversion.'],
      override: 'I can restore this cluster elsewhere',
    },
    {
      id: 'stop-start-pods',
      title: 'Nothing is lost in the stop',
      verdict: 'warn',
      detail:
        'Pods without a controller are deleted for good, data on node disks is lost, and a webhook on nodes, leases or cluster roles can refuse the stop.',
      next: [
        'kubectl get pods -A --field-selector=status.phase=Running -o json | jq -r \'.items[] | select(.metadata.ownerReferences == null) | .metadata.namespace + "/" + .metadata.name\'',
      ],
    },
    {
      id: 'integration-nsg',
      title: 'Rules between the subnets fit',
      verdict: 'warn',
      detail:
        "Nodes must reach the API server's subnet on TCP 443 and 4443, the Azure load balancer on TCP 9988. The address of the API server changes: firewalls that name it must follow. Encrypted virtual networks do not work.",
      next: ['Look through the network security groups of both subnets before you begin.'],
    },
  ];
}
