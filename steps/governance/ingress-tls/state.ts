import { type Fact, type Facts, fact, type IngressFacts, knownValue } from '../../../src/model/facts.ts';
import { isSystemNamespace } from '../../../src/model/system-namespaces.ts';

export const STEP = 'governance.ingress-tls';

/** An entrance with the hosts that it answers without a certificate. */
export interface OpenEntrance {
  readonly entrance: IngressFacts;
  /** `*` stands for every host. */
  readonly hosts: readonly string[];
}

/**
 * Whether a certificate's host stands for a rule's: the same name, or a wildcard for one label in front (Kubernetes docs: Ingress, hostname wildcards).
 * An entry without hosts is the controller's default certificate, for every host (IngressTLS API).
 */
function covers(certified: string, host: string): boolean {
  if (certified === '*' || certified.toLowerCase() === host.toLowerCase()) return true;
  return certified.startsWith('*.') && host.includes('.') && host.slice(host.indexOf('.')).toLowerCase() === certified.slice(1).toLowerCase();
}

/** The hosts of an entrance; an Ingress without rules sends everything to its default backend. */
const hostsOf = ({ kind, hosts }: IngressFacts): readonly string[] => (kind === 'Ingress' && hosts.length === 0 ? ['*'] : [...new Set(hosts)]);

/** Annotations by which a controller has the certificate itself (Application Gateway ingress controller and Traefik, their annotations). */
const ownCertificate = ({ annotations }: IngressFacts): boolean =>
  (annotations['appgw.ingress.kubernetes.io/appgw-ssl-certificate'] ?? '') !== '' || annotations['traefik.ingress.kubernetes.io/router.tls'] === 'true';

/** The hosts that are answered over plain HTTP alone. */
function plainHosts(entrance: IngressFacts): readonly string[] {
  if (ownCertificate(entrance)) return [];
  const certified = entrance.tls.flatMap(({ hosts }) => (hosts.length === 0 ? ['*'] : hosts));
  return hostsOf(entrance).filter((host) => !certified.some((one) => covers(one, host)));
}

/** Entrances of one's own: those of Kubernetes and AKS are not the operator's to change. */
export function entrances(facts: Facts): Fact<readonly IngressFacts[]> {
  const found = fact(facts, 'ingresses');
  if (found.state === 'unknown') return found;
  const system = new Set((knownValue(facts, 'namespaces') ?? []).filter((one) => one.system).map(({ name }) => name));
  const own = found.value.filter(({ namespace, keeper }) => !system.has(namespace) && !isSystemNamespace(namespace) && keeper?.tool !== 'aks');
  return { state: 'known', value: own };
}

/** Those that answer a host without a certificate; none where entrances could not be read. */
export function openEntrances(facts: Facts): readonly OpenEntrance[] {
  const found = entrances(facts);
  if (found.state === 'unknown') return [];
  return found.value
    .map((entrance) => ({ entrance, hosts: plainHosts(entrance) }))
    .filter(({ entrance, hosts }) => hosts.length > 0 && plainBeside(entrance) === undefined);
}

/** Those that have a certificate for each host and answer plain HTTP as well, as far as it can be seen. */
export function laxEntrances(facts: Facts): readonly IngressFacts[] {
  const found = entrances(facts);
  return found.state === 'unknown' ? [] : found.value.filter((entrance) => plainBeside(entrance) !== undefined);
}

export const SSL_REDIRECT = 'nginx.ingress.kubernetes.io/ssl-redirect';

/**
 * Why an entrance whose hosts have certificates answers plain HTTP as well; undefined where nothing tells that it does. NGINX turns plain HTTP away by
 * itself once there is a certificate. Whether a plain listener of a Gateway only redirects stands in its HTTPRoutes, which are not read.
 */
export function plainBeside(entrance: IngressFacts): string | undefined {
  const { kind, annotations, tls } = entrance;
  const open = plainHosts(entrance);
  if (kind === 'Gateway') return tls.length > 0 && open.length > 0 && open.every((host) => host === '*') ? 'a plain listener beside HTTPS' : undefined;
  const isOff = annotations[SSL_REDIRECT] === 'false' && annotations['nginx.ingress.kubernetes.io/force-ssl-redirect'] !== 'true';
  return isOff && open.length === 0 ? `${SSL_REDIRECT} is false` : undefined;
}

/** What Azure Policy's own rule asks for beside a certificate (Azure Policy: K8sAzureIngressHttpsOnly). Most controllers do without it. */
export const ALLOW_HTTP = 'kubernetes.io/ingress.allow-http';

const ISSUERS = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'] as const;

/** The cluster issuer of cert-manager that other Ingresses name; undefined where none does. */
export function usedIssuer(facts: Facts): string | undefined {
  return knownValue(facts, 'ingresses')?.flatMap(({ annotations }) => annotations[ISSUERS[0]] ?? [])[0];
}
