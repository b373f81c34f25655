import { type Facts, fact, knownValue, type NetworkPolicyObject } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Guard } from '../../../src/model/step.ts';
import { isSystemNamespace } from '../../../src/model/system-namespaces.ts';
import { size } from '../../shared/pool-sizes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { type Engine, network } from './state.ts';

/** Policies that teams wrote: AKS brings some of its own into kube-system, and those are made for an engine. */
function ofTeams(facts: Facts, policies: readonly NetworkPolicyObject[]): readonly NetworkPolicyObject[] {
  const system = new Set((knownValue(facts, 'namespaces') ?? []).filter((one) => one.system).map(({ name }) => name));
  return policies.filter(({ namespace }) => !system.has(namespace) && !isSystemNamespace(namespace));
}

const nameOf = ({ namespace, name }: NetworkPolicyObject): string => `${namespace}/${name}`;

/** Policies that stand in the cluster today without any effect start to bite as soon as an engine is on. */
function dormantGuard(facts: Facts): readonly Guard[] {
  if (network(facts).engine !== 'none') return [];
  const id = 'dormant-policies';
  const title = 'No sleeping policy wakes up unnoticed';
  const override = 'sleeping policies may bite';
  const found = fact(facts, 'networkPolicies');
  if (found.state === 'unknown') {
    return [
      {
        id,
        title,
        verdict: 'unknown',
        detail: `NetworkPolicy objects could not be read (${clean(found.reason)}). Any that exist have had no effect so far and would start to block traffic.`,
        next: ['kubectl get networkpolicy -A'],
        override,
      },
    ];
  }
  const sleeping = ofTeams(facts, found.value);
  if (sleeping.length === 0)
    return [{ id, title, verdict: 'clear', detail: 'There is no NetworkPolicy object but those of AKS: switching an engine on blocks nothing yet.' }];
  const whole = sleeping.filter(({ selectsAll }) => selectsAll);
  return [
    {
      id,
      title,
      verdict: 'refuse',
      detail: `${plural(sleeping.length, 'NetworkPolicy object')} ${sleeping.length === 1 ? 'has' : 'have'} had no effect so far and would start to block traffic: ${listed(sleeping.map(nameOf), 8)}${whole.length > 0 ? `. ${listed(whole.map(nameOf))} ${whole.length === 1 ? 'selects' : 'select'} every pod of the namespace` : ''}.`,
      next: ['Read each of them as if it were new, and delete what nobody wants: kubectl get networkpolicy -A -o yaml.'],
      override,
    },
  ];
}

/** Cilium does not match pod or node addresses with an ipBlock: a policy that let traffic through stops doing so. */
function ipBlockGuard(facts: Facts): readonly Guard[] {
  const id = 'ip-block';
  const title = 'Policies mean the same to Cilium';
  const found = fact(facts, 'networkPolicies');
  if (found.state === 'unknown') {
    return [
      {
        id,
        title,
        verdict: 'unknown',
        detail: 'Whether policies use ipBlock is not known: Cilium does not match pod or node addresses with it.',
        next: ['kubectl get networkpolicy -A -o yaml | grep -B20 ipBlock'],
      },
    ];
  }
  const using = ofTeams(facts, found.value).filter(({ usesIpBlock }) => usesIpBlock);
  if (using.length === 0) return [{ id, title, verdict: 'clear', detail: 'No policy uses an ipBlock.' }];
  return [
    {
      id,
      title,
      verdict: 'warn',
      detail: `${listed(using.map(nameOf), 8)} ${using.length === 1 ? 'uses' : 'use'} an ipBlock: with Cilium it matches no pod and no node, even as 0.0.0.0/0, so that traffic it lets through today is dropped.`,
      next: ['Add namespaceSelector and podSelector rules beside the ipBlock first.'],
    },
  ];
}

function allPoolsGuard(facts: Facts, times: number): Guard {
  return {
    id: 'all-pools',
    title: 'Workloads bear a roll of every pool at once',
    verdict: 'warn',
    detail: `All pools are replaced at the same time${times > 1 ? `, ${times} times` : ''}: ${size(facts)}. One pool at a time is not possible; data on node disks is lost, and each pool needs quota and addresses for its surge nodes.`,
    next: ['kubectl get pdb -A: a budget that allows no disruption stops the drain, and any later write resumes it.'],
  };
}

/** While the old engine is off nothing is enforced. */
function gapGuard(facts: Facts): readonly Guard[] {
  const { engine } = network(facts);
  return [
    {
      id: 'enforcement-gap',
      title: 'A time without enforcement is acceptable',
      verdict: 'warn',
      detail: `${engine === 'azure' ? 'Azure NPM' : 'Calico'} is taken off first: until the next engine is on all nodes, no NetworkPolicy holds.`,
      next: ['Do it when few people and no untrusted code are on the cluster.'],
    },
  ];
}

/** The route table of kubenet is detached on the way, which takes an identity that may do so (AKS docs, update-azure-cni). */
function routeTableGuard(facts: Facts): Guard {
  const id = 'route-table';
  const title = 'The cluster may let go of its route table';
  const { isUserAssigned, isOwnNetwork } = network(facts);
  if (!isUserAssigned) {
    return {
      id,
      title,
      verdict: isOwnNetwork ? 'refuse' : 'unknown',
      detail: `Leaving kubenet detaches its route table, for which AKS documents a user-assigned identity; this cluster has none${isOwnNetwork ? '' : ". The network is AKS's own, where it deletes the table itself"}.`,
      next: ['az aks update --enable-managed-identity --assign-identity ID, with Network Contributor on the network and its route table.'],
      override: isOwnNetwork ? 'never' : 'AKS owns this network',
    };
  }
  return isOwnNetwork
    ? {
        id,
        title,
        verdict: 'warn',
        detail: 'The identity is user-assigned. That it may write the subnet and its route table is not checked here.',
        next: ['az role assignment list --assignee PRINCIPAL --all: Network Contributor on the virtual network is enough.'],
      }
    : { id, title, verdict: 'clear', detail: 'The identity is user-assigned and the network is of AKS.' };
}

const masqueradeGuard: Guard = {
  id: 'ip-masq',
  title: 'No old masquerade list breaks connections',
  verdict: 'warn',
  detail:
    'A ConfigMap azure-ip-masq-agent-config left from earlier days breaks connections after the move: outside of the nodes nobody can answer pod addresses of the overlay.',
  next: ['kubectl get configmap -n kube-system azure-ip-masq-agent-config, and delete it unless it is wanted. The one that ends in -reconciled stays.'],
};

/** The step's own guards for moving to `engine`, in as many reimages as there are changes. */
export function policyGuards(facts: Facts, engine: Engine, changes: number): readonly Guard[] {
  const { plugin, engine: today } = network(facts);
  const leavesKubenet = plugin === 'kubenet' && engine === 'cilium';
  const removes = today !== 'none' && (leavesKubenet || engine !== 'cilium');
  return [
    ...dormantGuard(facts),
    ...(engine === 'cilium' ? ipBlockGuard(facts) : []),
    allPoolsGuard(facts, changes),
    ...(removes ? gapGuard(facts) : []),
    ...(leavesKubenet ? [routeTableGuard(facts), masqueradeGuard] : []),
  ];
}
