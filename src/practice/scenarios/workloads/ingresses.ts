import type { JsonObject } from '../../../model/json.ts';
import { metadata, type Texts, type Topic } from './make.ts';

interface Entrance {
  readonly namespace: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly tls?: readonly JsonObject[];
  readonly labels?: Texts;
  readonly annotations?: Texts;
}

const ingress = ({ namespace, name, hosts, tls, labels, annotations }: Entrance): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: metadata({ namespace, name, ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) }),
  spec: {
    ingressClassName: 'nginx',
    ...(tls === undefined ? {} : { tls: [...tls] }),
    rules: hosts.map((host) => ({
      host,
      http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: namespace === 'shop' ? 'web' : 'api', port: { number: 80 } } } }] },
    })),
  },
});

const certified = { 'cert-manager.io/cluster-issuer': 'letsencrypt' };
const shop = { namespace: 'shop', name: 'web', hosts: ['shop.example.com'] };

/** Where people come in: over plain HTTP for years, with certificates, or partly. */
export const ingresses: Topic = {
  legacy: [
    ingress(shop),
    ingress({
      namespace: 'payments',
      name: 'api',
      hosts: ['pay.example.com'],
      labels: { 'kustomize.toolkit.fluxcd.io/name': 'payments', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' },
    }),
  ],
  typical: [
    ingress({
      ...shop,
      hosts: ['shop.example.com', 'old-shop.example.com'],
      tls: [{ hosts: ['shop.example.com'], secretName: 'web-tls' }],
      annotations: certified,
    }),
  ],
  private: [],
  hardened: [ingress({ ...shop, tls: [{ hosts: ['shop.example.com'], secretName: 'web-tls' }], annotations: certified })],
};
