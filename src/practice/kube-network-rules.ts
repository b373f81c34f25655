import ipaddr from 'ipaddr.js';
import { at, isObject, type Json, type JsonObject, list, path, text } from '../model/json.ts';
import { apiVersionOf, kubeKinds } from '../model/kube-kinds.ts';
import type { Answer } from './answer.ts';
import { objectName } from './kube-objects.ts';
import { invalid } from './kube-status.ts';

/** A field and what is wrong with it, in the API server's words (kubernetes, pkg/apis/networking/validation). */
type Fault = readonly [field: string, wrong: string];

const label = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const portName = /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

/** A value as messages of the API server show it. */
const shown = (value: Json | undefined): string => JSON.stringify(value ?? null);
const unsupported = (value: Json | undefined, known: readonly string[]): string =>
  `Unsupported value: ${shown(value)}: supported values: ${known.map(shown).join(', ')}`;

function selectorFault(selector: Json | undefined, field: string): readonly Fault[] {
  const labels = at(selector, ['matchLabels']);
  if (!isObject(labels)) return [];
  return Object.values(labels).flatMap((value): readonly Fault[] =>
    typeof value === 'string' && value.length <= 63 && label.test(value)
      ? []
      : [
          [
            `${field}.matchLabels`,
            `Invalid value: ${shown(value)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'`,
          ],
        ],
  );
}

function portFault(entry: Json, field: string): readonly Fault[] {
  const protocol = at(entry, ['protocol']);
  const port = at(entry, ['port']);
  const wrongProtocol: readonly Fault[] =
    protocol === undefined || ['TCP', 'UDP', 'SCTP'].includes(String(protocol)) ? [] : [[`${field}.protocol`, unsupported(protocol, ['SCTP', 'TCP', 'UDP'])]];
  const wrongNumber: readonly Fault[] =
    typeof port === 'number' && (port < 1 || port > 65535) ? [[`${field}.port`, `Invalid value: ${port}: must be between 1 and 65535, inclusive`]] : [];
  const wrongName: readonly Fault[] =
    typeof port === 'string' && (port.length > 15 || !portName.test(port))
      ? [
          [
            `${field}.port`,
            `Invalid value: ${shown(port)}: must contain no more than 15 characters, and only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
          ],
        ]
      : [];
  return [...wrongProtocol, ...wrongNumber, ...wrongName];
}

function peerFault(peer: Json, field: string): readonly Fault[] {
  const block = at(peer, ['ipBlock']);
  const selectors = ['podSelector', 'namespaceSelector'].filter((key) => at(peer, [key]) !== undefined);
  if (block === undefined && selectors.length === 0) return [[field, 'Required value: must specify a peer']];
  if (block !== undefined && selectors.length > 0) return [[field, 'Forbidden: may not specify both ipBlock and another peer']];
  const cidr = text(at(block, ['cidr']));
  if (block !== undefined && (cidr === undefined || !ipaddr.isValidCIDR(cidr))) {
    return [[`${field}.ipBlock.cidr`, `Invalid value: ${shown(cidr ?? '')}: must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`]];
  }
  return selectors.flatMap((key) => selectorFault(at(peer, [key]), `${field}.${key}`));
}

function policyFaults(policy: JsonObject): readonly Fault[] {
  const types = list(at(policy, path('spec.policyTypes')));
  const rules = (direction: 'ingress' | 'egress', peers: 'from' | 'to'): readonly Fault[] =>
    list(at(policy, ['spec', direction])).flatMap((rule, i) => [
      ...list(at(rule, ['ports'])).flatMap((entry, k) => portFault(entry, `spec.${direction}[${i}].ports[${k}]`)),
      ...list(at(rule, [peers])).flatMap((entry, k) => peerFault(entry, `spec.${direction}[${i}].${peers}[${k}]`)),
    ]);
  return [
    ...selectorFault(at(policy, path('spec.podSelector')), 'spec.podSelector'),
    ...rules('ingress', 'from'),
    ...rules('egress', 'to'),
    ...types.flatMap((type, i): readonly Fault[] =>
      type === 'Ingress' || type === 'Egress' ? [] : [[`spec.policyTypes[${i}]`, unsupported(type, ['Egress', 'Ingress'])]],
    ),
  ];
}

const isHost = (host: string): boolean => host.length <= 253 && subdomain.test(host.startsWith('*.') ? host.slice(2) : host) && !ipaddr.isValid(host);

function ingressFaults(ingress: JsonObject): readonly Fault[] {
  const spec = at(ingress, ['spec']);
  const rules = list(at(spec, ['rules']));
  const empty: readonly Fault[] =
    rules.length === 0 && at(spec, ['defaultBackend']) === undefined
      ? [['spec', 'Invalid value: []: either `defaultBackend` or `rules` must be specified']]
      : [];
  const nameFault = (said: string, field: string): readonly Fault[] => [
    [field, `Invalid value: ${shown(said)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`],
  ];
  const hostFault = (host: Json | undefined, field: string): readonly Fault[] => {
    const said = text(host) ?? '';
    if (said === '' || isHost(said)) return [];
    return ipaddr.isValid(said) ? [[field, `Invalid value: ${shown(said)}: must be a DNS name, not an IP address`]] : nameFault(said, field);
  };
  const secretFault = (name: Json | undefined, field: string): readonly Fault[] => {
    const said = text(name) ?? '';
    return said === '' || subdomain.test(said) ? [] : nameFault(said, field);
  };
  return [
    ...empty,
    ...rules.flatMap((rule, i) => hostFault(at(rule, ['host']), `spec.rules[${i}].host`)),
    ...list(at(spec, ['tls'])).flatMap((entry, i) => [
      ...list(at(entry, ['hosts'])).flatMap((host, k) => hostFault(host, `spec.tls[${i}].hosts[${k}]`)),
      ...secretFault(at(entry, ['secretName']), `spec.tls[${i}].secretName`),
    ]),
  ];
}

/** The refusal of a NetworkPolicy or an Ingress whose fields no API server takes; undefined for one that it takes, and for every other kind. */
export function networkRefusal(object: JsonObject): Answer | undefined {
  const isKind = (kind: (typeof kubeKinds)['networkPolicy' | 'ingress']): boolean =>
    object['kind'] === kind.kind && object['apiVersion'] === apiVersionOf(kind);
  const faults = isKind(kubeKinds.networkPolicy) ? policyFaults(object) : isKind(kubeKinds.ingress) ? ingressFaults(object) : [];
  const [first] = faults;
  return first === undefined ? undefined : invalid(`${String(object['kind'])}.networking.k8s.io`, objectName(object), first[0], first[1]);
}
