import { describe, expect, test } from 'vitest';
import { gatewayFacts, ingressFacts } from '../../../src/snapshot/kubernetes/services.ts';

const named = { namespace: 'shop', name: 'gate' };

describe('a Gateway', () => {
  const gateway = (...listeners: readonly { readonly [key: string]: string | object }[]) =>
    gatewayFacts({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: named,
      spec: { gatewayClassName: 'istio', listeners: listeners as never },
    });

  test('is its listeners for HTTP; those with a certificate are TLS', () => {
    const secret = { certificateRefs: [{ kind: 'Secret', name: 'shop-tls' }] };
    const found = gateway({ name: 'plain', protocol: 'HTTP', port: '80' }, { name: 'tls', protocol: 'HTTPS', hostname: 'shop.example.com', tls: secret });
    expect(found).toMatchObject({ hosts: ['*', 'shop.example.com'], tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }] });
  });

  test('what is no HTTP has no host', () => {
    expect(gateway({ name: 'db', protocol: 'TCP' }, { name: 'dns', protocol: 'UDP' })).toMatchObject({ hosts: [], tls: [] });
  });
});

test('an Ingress keeps the annotations that tell whether plain HTTP is turned away', () => {
  const annotations = {
    'kubernetes.io/ingress.allow-http': 'false',
    'nginx.ingress.kubernetes.io/ssl-redirect': 'false',
    'appgw.ingress.kubernetes.io/appgw-ssl-certificate': 'shop',
    'nginx.ingress.kubernetes.io/auth-secret': 'basic',
  };
  const { 'nginx.ingress.kubernetes.io/auth-secret': _other, ...kept } = annotations;
  expect(ingressFacts({ metadata: { ...named, annotations }, spec: {} }).annotations).toEqual(kept);
});
