import { clusterAt, type Facts, fact } from '../../../src/model/facts.ts';
import { at, isTrue, list, path, text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { addonOn } from '../../shared/addons.ts';
import { drainGuard } from '../../shared/pool-edits.ts';
import { listed } from '../../shared/texts.ts';

/** Internal load balancers in the node resource group; undefined where they could not be read. */
export function internalBalancers(facts: Facts): readonly string[] | undefined {
  const found = fact(facts, 'nodeLoadBalancers');
  if (found.state === 'unknown') return undefined;
  const isInternal = (balancer: (typeof found.value)[number]): boolean =>
    list(at(balancer, path('properties.frontendIPConfigurations'))).some((one) => at(one, path('properties.subnet.id')) !== undefined);
  return found.value.filter(isInternal).map((balancer) => text(balancer['name']) ?? '?');
}

function webhookGuard(facts: Facts): Guard {
  const known = [
    addonOn(facts, 'azurepolicy') ? 'Azure Policy' : undefined,
    isTrue(clusterAt(facts, 'properties.securityProfile.workloadIdentity.enabled')) ? 'workload identity' : undefined,
    text(clusterAt(facts, 'properties.serviceMeshProfile.mode'))?.toLowerCase() === 'istio' ? 'the Istio add-on' : undefined,
  ].filter((one) => one !== undefined);
  return {
    id: 'webhooks',
    title: 'No admission webhook is in the way',
    verdict: known.length > 0 ? 'refuse' : 'unknown',
    detail: `AKS asks that validating and mutating webhooks are disabled for the move, other than its own three (aks-node-mutating-webhook, webhook-admission-controller, node-validating-webhook). ${known.length > 0 ? `Here ${listed(known)} ${known.length === 1 ? 'brings' : 'bring'} some.` : 'Azure does not show them.'}`,
    next: ['kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations', 'Keep a copy, take them away, and put them back after the move.'],
    override: 'no webhook of mine is left',
  };
}

function internalGuard(facts: Facts): readonly Guard[] {
  if (internalBalancers(facts) !== undefined) return [];
  return [
    {
      id: 'internal-load-balancer',
      title: 'No internal load balancer is in the way',
      verdict: 'unknown',
      detail: 'The load balancers of the node resource group could not be read. AKS does not move an internal Basic load balancer in place.',
      next: ['az network lb list --resource-group NODE_RESOURCE_GROUP --query "[].{name:name, sku:sku.name}" --output table'],
      override: 'there is no internal load balancer',
    },
  ];
}

const newAddress: Guard = {
  id: 'new-egress-address',
  title: 'Whoever lets in the old outgoing address learns the new one',
  verdict: 'warn',
  detail:
    'Addresses that traffic comes in by are kept. Traffic that leaves gets new addresses, which nobody knows before the move: allow-lists of partners, databases, vaults and registries refuse it until they hold them.',
  next: [
    'Right after the move: az aks show --query networkProfile.loadBalancerProfile.effectiveOutboundIPs[].id, then az network public-ip show --ids ID --query ipAddress',
    'Then decide cluster.egress: with addresses of your own this happens once and not again.',
  ],
};

/** What stands before the move, beside the common guards. */
export const moveGuards = (facts: Facts): readonly Guard[] => [webhookGuard(facts), ...internalGuard(facts), newAddress, drainGuard];
