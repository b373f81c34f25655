import type { DisruptionBudgetFacts, IngressFacts, ServiceFacts } from '../../model/facts.ts';
import { at, isObject, type Json, type JsonObject, list, path, text, texts } from '../../model/json.ts';
import { kept } from './keeper.ts';
import { nameOf, namespaceOf, plain, textAt, textsAt } from './listed.ts';

const own = (key: string): boolean => key.startsWith('service.beta.kubernetes.io/') || key.startsWith('aks-harden/');

function portOf(entry: Json): ServiceFacts['ports'] {
  const port = at(entry, ['port']);
  if (typeof port !== 'number') return [];
  const name = textAt(entry, 'name');
  const target = at(entry, ['targetPort']);
  const appProtocol = textAt(entry, 'appProtocol');
  return [
    {
      port,
      protocol: textAt(entry, 'protocol') ?? 'TCP',
      ...(name === undefined ? {} : { name }),
      ...(typeof target === 'number' ? { targetPort: target } : typeof target === 'string' ? { targetPort: plain(target) } : {}),
      ...(appProtocol === undefined ? {} : { appProtocol }),
    },
  ];
}

/** A Service. Addresses are those the load balancer was given. */
export function serviceFacts(object: JsonObject): ServiceFacts {
  const policy = textAt(object, 'spec.externalTrafficPolicy');
  const address = textAt(object, 'spec.loadBalancerIP');
  const loadBalancerClass = textAt(object, 'spec.loadBalancerClass');
  const affinity = textAt(object, 'spec.sessionAffinity') ?? 'None';
  return {
    namespace: namespaceOf(object),
    name: nameOf(object),
    type: textAt(object, 'spec.type') ?? 'ClusterIP',
    annotations: textsAt(object, 'metadata.annotations', own),
    addresses: list(at(object, path('status.loadBalancer.ingress'))).flatMap((entry) => textAt(entry, 'ip') ?? textAt(entry, 'hostname') ?? []),
    ports: list(at(object, path('spec.ports'))).flatMap(portOf),
    ...(address === undefined ? {} : { loadBalancerIp: address }),
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    ...(affinity === 'None' ? {} : { sessionAffinity: affinity }),
    sourceRanges: texts(at(object, path('spec.loadBalancerSourceRanges'))).map(plain),
    selector: textsAt(object, 'spec.selector'),
    ...(policy === undefined ? {} : { externalTrafficPolicy: policy }),
    ...kept(object),
  };
}

/** Annotations of an Ingress that speak of its certificate, its class, or whether plain HTTP is turned away. */
const aboutTls = /(^kubernetes\.io\/ingress\.class$|^cert-manager\.io\/|ssl|tls|^kubernetes\.azure\.com\/|https|allow-http)/i;

/** An Ingress. */
export function ingressFacts(object: JsonObject): IngressFacts {
  const className = textAt(object, 'spec.ingressClassName') ?? text(at(object, ['metadata', 'annotations', 'kubernetes.io/ingress.class']));
  return {
    kind: 'Ingress',
    namespace: namespaceOf(object),
    name: nameOf(object),
    ...(className === undefined ? {} : { className: plain(className) }),
    annotations: textsAt(object, 'metadata.annotations', (key) => aboutTls.test(key)),
    // A rule without a host stands for every host.
    hosts: list(at(object, path('spec.rules'))).map((rule) => textAt(rule, 'host') ?? '*'),
    tls: list(at(object, path('spec.tls'))).map((entry) => {
      const secretName = textAt(entry, 'secretName');
      return { hosts: texts(at(entry, ['hosts'])).map(plain), ...(secretName === undefined ? {} : { secretName }) };
    }),
    ...kept(object),
  };
}

/** A Gateway of the Gateway API: each listener for HTTP is a host, those for HTTPS and TLS have a certificate. Plain TCP and UDP carry no host. */
export function gatewayFacts(object: JsonObject): IngressFacts {
  const className = textAt(object, 'spec.gatewayClassName');
  const listeners = list(at(object, path('spec.listeners')))
    .filter(isObject)
    .filter((listener) => !['TCP', 'UDP'].includes(textAt(listener, 'protocol') ?? ''));
  const hostOf = (listener: JsonObject) => textAt(listener, 'hostname') ?? '*';
  return {
    kind: 'Gateway',
    namespace: namespaceOf(object),
    name: nameOf(object),
    ...(className === undefined ? {} : { className }),
    annotations: textsAt(object, 'metadata.annotations', (key) => aboutTls.test(key)),
    hosts: [...new Set(listeners.map(hostOf))],
    tls: listeners
      .filter((listener) => ['HTTPS', 'TLS'].includes(textAt(listener, 'protocol') ?? ''))
      .map((listener) => {
        const secretName = textAt(list(at(listener, path('tls.certificateRefs')))[0], 'name');
        return { hosts: [hostOf(listener)], ...(secretName === undefined ? {} : { secretName }) };
      }),
    ...kept(object),
  };
}

const shown = (value: Json | undefined): string | undefined => (value === undefined || value === null ? undefined : plain(String(value)));

/** A PodDisruptionBudget; what a file does not tell (its status) counts as no pods. */
export function budgetFacts(object: JsonObject): DisruptionBudgetFacts {
  const number = (dotted: string) => {
    const value = at(object, path(dotted));
    return typeof value === 'number' ? value : 0;
  };
  const minAvailable = shown(at(object, path('spec.minAvailable')));
  const maxUnavailable = shown(at(object, path('spec.maxUnavailable')));
  return {
    namespace: namespaceOf(object),
    name: nameOf(object),
    disruptionsAllowed: number('status.disruptionsAllowed'),
    expectedPods: number('status.expectedPods'),
    ...(minAvailable === undefined ? {} : { minAvailable }),
    ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
    ...kept(object),
  };
}
