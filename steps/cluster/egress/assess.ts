import { type Assessment, type Evidence, fail, notApplicable, partial, pass, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { notShown } from '../../shared/pool-verdict.ts';
import { listed, shortName } from '../../shared/texts.ts';
import { isFiltered, type SubnetPath, subnetPaths } from './paths.ts';
import { BALANCER, BOOTSTRAP, STATIC_GATEWAY, TYPE, wayOut } from './state.ts';

const notSaid = unknown('the facts do not say how traffic leaves the cluster');
const ofTomorrow = (said: string): Assessment => unknown(`outbound type "${clean(said)}" is not known to this program`);
const names = (paths: readonly SubnetPath[]): string => listed(paths.map(({ id }) => shortName(id)));

const typeEvidence = (facts: Facts, wanted: string): Evidence => ({ path: TYPE, actual: clusterAt(facts, TYPE), wanted });
const routeEvidence = (paths: readonly SubnetPath[]): readonly Evidence[] =>
  paths.map(({ id, route }) => ({
    path: `subnets/${shortName(id)}: route 0.0.0.0/0`,
    actual: route === undefined ? undefined : `${route.nextHop}${route.address ? ` ${route.address}` : ''}`,
    wanted: 'VirtualAppliance',
  }));

/** 14.1: the addresses that traffic leaves from stay, because they are one's own, a NAT gateway's, or a firewall's. */
export function assessFixed(facts: Facts): Assessment {
  const { isKnown, isBasic, type, said, ownAddresses } = wayOut(facts);
  if (!isKnown) return notSaid;
  const wanted = 'a NAT gateway, user-defined routes, or addresses of your own on the load balancer';
  switch (type) {
    case 'loadbalancer': {
      if (isBasic)
        return fail({
          path: 'properties.networkProfile.loadBalancerSku',
          actual: 'basic',
          wanted: 'standard: a Basic load balancer has no fixed outgoing address',
        });
      const own = ['outboundIPs', 'outboundIPPrefixes', 'managedOutboundIPs'].map(
        (key) => [`${BALANCER}.${key}`, clusterAt(facts, `${BALANCER}.${key}`)] as const,
      );
      const shown = own
        .filter(([, actual]) => actual !== undefined)
        .map(([place, actual]) => ({ path: place, actual, wanted: 'outboundIPs or outboundIPPrefixes of your own' }));
      return ownAddresses.length > 0 ? pass(...shown) : fail(...(shown.length > 0 ? shown : [typeEvidence(facts, wanted)]));
    }
    case 'userassignednatgateway': {
      const paths = subnetPaths(facts);
      const without = paths.state === 'known' ? paths.value.filter(({ natGateway }) => natGateway === undefined) : [];
      return without.length > 0 ? partial(`subnet ${names(without)} has no NAT gateway`, typeEvidence(facts, wanted)) : pass(typeEvidence(facts, wanted));
    }
    case 'managednatgateway':
    case 'managednatgatewayv2':
    case 'userdefinedrouting':
      return pass(typeEvidence(facts, wanted));
    case 'none': {
      const paths = subnetPaths(facts);
      return paths.state === 'known' && paths.value.length > 0 && paths.value.every(isFiltered)
        ? pass(typeEvidence(facts, wanted), ...routeEvidence(paths.value))
        : notApplicable('AKS makes no way out for this cluster, so that it has no address of its own to leave from.');
    }
    case 'block':
      return notApplicable('Nothing leaves this cluster for the internet.');
    case undefined:
      return ofTomorrow(said);
    default:
      return type satisfies never;
  }
}

function throughRoutes(facts: Facts, isNone: boolean): Assessment {
  const found = subnetPaths(facts);
  if (found.state === 'unknown')
    return unknown(`the subnets' routes could not be read: ${clean(found.reason)}${found.permission ? ` (${found.permission})` : ''}`);
  const paths = found.value;
  const evidence = [typeEvidence(facts, isNone ? 'none' : 'userDefinedRouting'), ...routeEvidence(paths)];
  const other = paths.filter((one) => !isFiltered(one));
  if (paths.length > 0 && other.length === 0) return pass(...evidence);
  const gateways = other.filter(({ route }) => route?.nextHop === 'virtualnetworkgateway');
  if (paths.length > 0 && gateways.length === other.length) {
    return partial(
      `subnet ${names(gateways)} sends everything to a VPN or ExpressRoute gateway: whether something filters it there cannot be seen in Azure`,
      ...evidence,
    );
  }
  if (!isNone) return fail(...evidence);
  const open = other.filter(({ natGateway, route }) => natGateway !== undefined || route?.nextHop === 'internet');
  if (open.length > 0) return fail(...evidence);
  const implicit = other.filter(({ isPrivate }) => !isPrivate);
  if (implicit.length > 0) {
    return partial(`AKS makes no way out, but subnet ${names(implicit)} keeps Azure's implicit one (defaultOutboundAccess is not off)`, ...evidence);
  }
  return pass(...evidence);
}

/** 14.2: what leaves goes through a firewall, or nothing leaves. */
export function assessFiltered(facts: Facts): Assessment {
  const { isKnown, type, said } = wayOut(facts);
  if (!isKnown) return notSaid;
  const wanted = 'userDefinedRouting (or none, block), with every default route leading to a firewall';
  switch (type) {
    case 'userdefinedrouting':
      return throughRoutes(facts, false);
    case 'none':
      return throughRoutes(facts, true);
    case 'block':
      return pass(typeEvidence(facts, wanted));
    case 'loadbalancer':
    case 'managednatgateway':
    case 'managednatgatewayv2':
    case 'userassignednatgateway': {
      const paths = subnetPaths(facts);
      return paths.state === 'known' && paths.value.length > 0 && paths.value.every(isFiltered)
        ? partial(
            `the subnets' routes lead to a firewall, but outbound type ${clean(said)} keeps another way open beside them`,
            typeEvidence(facts, wanted),
            ...routeEvidence(paths.value),
          )
        : fail(typeEvidence(facts, wanted));
    }
    case undefined:
      return ofTomorrow(said);
    default:
      return type satisfies never;
  }
}

/** 14.3: the cluster needs no internet at all, or single namespaces leave by addresses of their own. */
export function assessIsolated(facts: Facts): Assessment {
  const { isKnown, type, isCached, hasStaticGateway } = wayOut(facts);
  if (!isKnown) return notSaid;
  const source = {
    path: `${BOOTSTRAP}.artifactSource`,
    actual: clusterAt(facts, `${BOOTSTRAP}.artifactSource`),
    wanted: 'Cache, with outbound type none or block',
  };
  const gateway = { path: STATIC_GATEWAY, actual: clusterAt(facts, STATIC_GATEWAY), wanted: 'true' };
  if (hasStaticGateway) return pass(gateway);
  const isolated = type === 'none' || type === 'block';
  if (isCached && isolated) return pass(source, typeEvidence(facts, 'none or block'));
  if (isCached || isolated) {
    return partial(
      isCached ? 'nodes get their images from a private registry, but the way out is open' : 'nothing leaves, but nodes would need the internet to start',
      source,
      typeEvidence(facts, 'none or block'),
    );
  }
  return notShown(facts, `${BOOTSTRAP}.artifactSource`, '2025-02-01') ?? fail(source, gateway);
}
