import { defineStep } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { listed } from '../shared/texts.ts';
import { egress as addresses } from './api-server-exposure/state.ts';
import { assessFiltered, assessFixed, assessIsolated } from './egress/assess.ts';
import { options } from './egress/options.ts';
import { params } from './egress/params.ts';
import { plan } from './egress/plan.ts';
import { STEP, wayOut } from './egress/state.ts';

/** How traffic leaves the cluster: by which addresses, and past whom. */
export const egress = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'How does traffic leave the cluster?',
  controls: [
    {
      id: '14.1',
      title: 'Outgoing addresses stay the same',
      severity: 'medium',
      references: {
        docs: [
          aksDoc('Outbound types', 'egress-outboundtype'),
          aksDoc('Addresses of your own on the load balancer', 'configure-load-balancer-standard'),
          aksDoc('NAT gateway', 'nat-gateway'),
        ],
      },
    },
    {
      id: '14.2',
      title: 'What leaves goes through a firewall',
      severity: 'low',
      references: {
        docs: [
          aksDoc('User-defined routing', 'egress-udr'),
          aksDoc('Limit egress with Azure Firewall', 'limit-egress-traffic'),
          aksDoc('What a cluster must reach', 'outbound-rules-control-egress'),
        ],
      },
    },
    {
      id: '14.3',
      title: 'The cluster does without the internet, or namespaces have addresses of their own',
      severity: 'advice',
      references: {
        docs: [
          aksDoc('Network isolated clusters', 'concepts-network-isolated'),
          aksDoc('Static egress gateway', 'configure-static-egress-gateway'),
          aksDoc('What waits for a new node image', 'node-disruption-policy'),
        ],
      },
    },
  ],
  needs: ['subnets', 'routeTables', 'outboundAddresses'],
  needsToPlan: [
    'permissions',
    'subscriptionPermissions',
    'locks',
    'ownership',
    'agentPools',
    'natGateways',
    'publicAddresses',
    'firewalls',
    'registries',
    'identityRoleAssignments',
  ],
  explain: (facts) => {
    const known = addresses(facts);
    const from = known === undefined ? '' : known.length === 0 ? ' AKS makes no way out here.' : ` Today that is ${listed(known, 3)}.`;
    return {
      what: `Pods and nodes call the internet from public addresses that the cluster's outbound type decides (${listed([wayOut(facts).said])}).${from}`,
      why: 'Partners, databases and the API server itself can let in a named address only when it stays. And whoever takes over a pod wants to get data out: without a firewall in the way every address on the internet will do.',
      today:
        'In 2020 the advice was one fixed address on the load balancer, chosen when the cluster was made. Today the outbound type can be changed on a cluster that runs (not every one into every other), NAT gateways do not run out of ports, and since 2025 a cluster can do without any way out. Azure’s implicit way out of a subnet has not been supported by AKS since 2026-03-31.',
    };
  },
  assess: (facts) => ({ '14.1': assessFixed(facts), '14.2': assessFiltered(facts), '14.3': assessIsolated(facts) }),
  options,
  params,
  plan,
  after: ['cluster.load-balancer', 'identity.cluster-identity'],
});
