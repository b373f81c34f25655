import type { JsonObject } from '../../../model/json.ts';
import { metadata, type Texts, type Topic } from './make.ts';

const AZURE = 'service.beta.kubernetes.io/azure-';

interface Door {
  readonly namespace: string;
  readonly name: string;
  readonly app: string;
  readonly port: number;
  readonly address: string;
  readonly annotations?: Texts;
  readonly labels?: Texts;
  readonly sources?: readonly string[];
  /** The address is pinned in spec.loadBalancerIP, as it was done before there were annotations for it. */
  readonly pinned?: true;
}

/** A Service on the load balancer, as it stands once Azure has given it an address. */
function door({ namespace, name, app, port, address, annotations, labels = {}, sources, pinned }: Door): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata({ namespace, name, labels: { app, ...labels }, ...(annotations === undefined ? {} : { annotations }) }),
    spec: {
      type: 'LoadBalancer',
      selector: { app },
      ports: [{ name: 'main', port, targetPort: 8080, protocol: 'TCP' }],
      externalTrafficPolicy: 'Cluster',
      ...(pinned ? { loadBalancerIP: address } : {}),
      ...(sources === undefined ? {} : { loadBalancerSourceRanges: [...sources] }),
    },
    status: { loadBalancer: { ingress: [{ ip: address, ipMode: 'VIP' }] } },
  };
}

const internal: Texts = { [`${AZURE}load-balancer-internal`]: 'true' };
const storefront = { namespace: 'shop', name: 'storefront', app: 'web', port: 443 };

/** What stands on the internet: the shop, which is meant to, and what somebody opened for a day. */
export const publicDoors: Topic = {
  legacy: [
    door({ ...storefront, address: '20.101.45.10', pinned: true }),
    door({ namespace: 'shop', name: 'catalog-debug', app: 'catalog', port: 8081, address: '20.101.45.11' }),
    door({
      namespace: 'payments',
      name: 'api-partners',
      app: 'api',
      port: 443,
      address: '20.101.45.12',
      labels: { 'kustomize.toolkit.fluxcd.io/name': 'payments', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' },
    }),
  ],
  typical: [
    door({ ...storefront, address: '20.101.45.10' }),
    door({ namespace: 'payments', name: 'api-partners', app: 'api', port: 443, address: '20.101.45.12', sources: ['131.107.0.0/24'] }),
  ],
  private: [door({ ...storefront, address: '10.224.0.240', annotations: internal })],
  hardened: [
    door({
      ...storefront,
      address: '20.101.45.10',
      annotations: { 'aks-harden/approved-public': 'true', [`${AZURE}allowed-service-tags`]: 'AzureFrontDoor.Backend' },
    }),
    door({ namespace: 'payments', name: 'api-internal', app: 'api', port: 443, address: '10.224.0.241', annotations: internal }),
  ],
};
