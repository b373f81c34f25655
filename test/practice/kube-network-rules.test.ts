import { describe, expect, it } from 'vitest';
import { at, type Json, type JsonObject } from '../../src/model/json.ts';
import { networkRefusal } from '../../src/practice/kube-network-rules.ts';
import { scenarioNames } from '../../src/practice/world.ts';
import { bench } from './bench.ts';

const policy = (spec: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'shop', name: 'p' },
  spec: { podSelector: {}, ...spec },
});
const ingress = (spec: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { namespace: 'shop', name: 'i' },
  spec: { rules: [{ host: 'shop.example' }], ...spec },
});
const refused = (object: JsonObject): Json | undefined => at(networkRefusal(object)?.body as Json | undefined, ['message']);
const port = (value: Json, protocol = 'TCP'): JsonObject => policy({ ingress: [{ ports: [{ port: value, protocol }] }] });
const peer = (value: JsonObject): JsonObject => policy({ egress: [{ to: [value] }] });

describe('a NetworkPolicy', () => {
  it.each([
    ['default deny', policy({ policyTypes: ['Ingress', 'Egress'] })],
    ['an empty rule', policy({ ingress: [{}] })],
    ['a port by its name', port('http')],
    ['pods of a namespace', peer({ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } })],
    ['a network', peer({ ipBlock: { cidr: '169.254.10.10/32' } })],
    ['labels that another API has', policy({ podSelector: { matchLabels: { app: '' } } })],
  ])('with %s is taken', (_name, object) => {
    expect(refused(object)).toBeUndefined();
  });

  it.each([
    ['port 0', port(0), 'spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive'],
    ['a port name that is too long', port('a-port-that-is-too-long'), 'no more than 15 characters'],
    ['HTTP as protocol', port(80, 'HTTP'), 'spec.ingress[0].ports[0].protocol: Unsupported value: "HTTP"'],
    ['an empty peer', peer({}), 'spec.egress[0].to[0]: Required value: must specify a peer'],
    ['two kinds of peer in one', peer({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }), 'may not specify both ipBlock and another peer'],
    ['an address for a network', peer({ ipBlock: { cidr: '10.0.0.1' } }), 'must be a valid CIDR value'],
    ['a type in lower case', policy({ policyTypes: ['ingress'] }), 'spec.policyTypes[0]: Unsupported value: "ingress"'],
    ['a label that is none', policy({ podSelector: { matchLabels: { app: 'a b' } } }), 'a valid label'],
  ])('with %s is refused', (_name, object, words) => {
    expect(refused(object)).toContain(words);
    expect(refused(object)).toMatch(/^NetworkPolicy\.networking\.k8s\.io "p" is invalid: /);
  });
});

describe('an Ingress', () => {
  it.each([
    ['TLS', ingress({ tls: [{ hosts: ['shop.example', '*.shop.example'], secretName: 'shop-tls' }] })],
    ['TLS for whatever comes', ingress({ tls: [{ secretName: 'shop-tls' }] })],
    ['no host', ingress({ rules: [{}] })],
    ['nothing but a default', ingress({ rules: [], defaultBackend: { service: { name: 'web', port: { number: 80 } } } })],
  ])('with %s is taken', (_name, object) => {
    expect(refused(object)).toBeUndefined();
  });

  it.each([
    ['neither rule nor default', ingress({ rules: [] }), 'either `defaultBackend` or `rules` must be specified'],
    ['an address as host', ingress({ rules: [{ host: '10.1.2.3' }] }), 'must be a DNS name, not an IP address'],
    ['a host in capitals', ingress({ tls: [{ hosts: ['Shop.example'] }] }), 'spec.tls[0].hosts[0]: Invalid value: "Shop.example"'],
    ['a Secret that no name can be', ingress({ tls: [{ secretName: 'shop tls' }] }), 'spec.tls[0].secretName'],
  ])('with %s is refused', (_name, object, words) => {
    expect(refused(object)).toContain(words);
  });
});

it.each(scenarioNames)('%s holds none that would be refused', async (scenario) => {
  const { world } = await bench(scenario);
  expect(world.state.kubernetes.map(refused).filter((one) => one !== undefined)).toEqual([]);
});

it('a dry run says it too, and nothing is kept', async () => {
  const { kubernetes, world } = await bench('typical');
  const before = world.state.kubernetes.length;
  await expect(kubernetes.apply([port(0)], { dryRun: true })).rejects.toThrow();
  await expect(kubernetes.apply([port(80)], { dryRun: true })).resolves.toHaveLength(1);
  expect(world.state.kubernetes).toHaveLength(before);
});
