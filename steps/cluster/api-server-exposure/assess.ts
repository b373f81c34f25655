import { type Assessment, fail, notApplicable, partial, pass, preconfigured } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, isAutomatic } from '../../../src/model/facts.ts';
import { covered, coversAll, networksOf, SHORTEST_PREFIX } from '../../shared/addresses.ts';
import { listed, plural } from '../../shared/texts.ts';
import { egress, exposure, nodesComeFromOutside, PROFILE, rangeLimit, restricts } from './state.ts';

/** 12.1: the ranges name somebody, and not everybody. */
function assessRanges(facts: Facts): Assessment {
  const { isPrivate, ranges, outbound } = exposure(facts);
  if (isPrivate) return notApplicable('the API server is private: authorized ranges only apply to a public one');
  const evidence = {
    path: `${PROFILE}.authorizedIPRanges`,
    actual: clusterAt(facts, `${PROFILE}.authorizedIPRanges`),
    wanted: `at least one range, none of them 0.0.0.0/0, no more than ${rangeLimit(facts)}`,
  };
  const networks = networksOf(ranges);
  if (!restricts(ranges) || coversAll(networks)) return fail(evidence);
  if (ranges.every((range) => range === '0.0.0.0/32')) {
    return partial('0.0.0.0/32 lets in the cluster itself and nobody else: no administrator can reach the API server', evidence);
  }
  if (ranges.length > rangeLimit(facts)) return partial(`${ranges.length} ranges are more than the ${rangeLimit(facts)} that AKS supports`, evidence);
  const wide = networks.filter(({ prefix }) => prefix < SHORTEST_PREFIX);
  if (wide.length > 0) return partial(`${listed(wide.map(({ text }) => text))} is wider than any one organisation's network`, evidence);
  const missing = nodesComeFromOutside(facts) ? (egress(facts) ?? []).filter((cidr) => networksOf([cidr]).some((network) => !covered(network, networks))) : [];
  // For the load balancer AKS adds its own outbound address; for a NAT gateway or a firewall nobody does.
  if (missing.length > 0 && outbound !== 'loadbalancer') {
    return partial(`the cluster's own traffic leaves from ${listed(missing)}, which is outside of the ranges: nodes can lose the API server`, evidence);
  }
  return pass(evidence);
}

function assessPrivate(facts: Facts): Assessment {
  const { isPrivate, ranges } = exposure(facts);
  const evidence = { path: `${PROFILE}.enablePrivateCluster`, actual: clusterAt(facts, `${PROFILE}.enablePrivateCluster`), wanted: 'true' };
  if (isPrivate) return pass(evidence);
  return assessRanges(facts).status === 'pass'
    ? partial(`the API server has a public address, restricted to ${plural(ranges.length, 'range')}`, evidence)
    : fail(evidence);
}

function assessIntegration(facts: Facts): Assessment {
  const { isPrivate, isIntegrated } = exposure(facts);
  const evidence = { path: `${PROFILE}.enableVnetIntegration`, actual: clusterAt(facts, `${PROFILE}.enableVnetIntegration`), wanted: 'true' };
  if (isIntegrated) return pass(evidence);
  if (isAutomatic(facts)) return preconfigured('AKS Automatic comes with API Server VNet Integration.');
  if (isPrivate) return notApplicable('the cluster is private over Private Link, which is the other way to the same end');
  return assessRanges(facts).status === 'pass'
    ? partial('nodes reach the API server over its public address; the ranges keep others out', evidence)
    : fail(evidence);
}

function assessPublicName(facts: Facts): Assessment {
  const { isPrivate, hasPublicName, dnsZone } = exposure(facts);
  if (!isPrivate) return notApplicable('only a private cluster can do without its public name');
  const evidence = {
    path: `${PROFILE}.enablePrivateClusterPublicFQDN`,
    actual: clusterAt(facts, `${PROFILE}.enablePrivateClusterPublicFQDN`),
    wanted: 'false',
  };
  if (!hasPublicName) return pass(evidence);
  if (dnsZone === 'none') return notApplicable('without a private DNS zone the public name is the only one that the cluster has');
  return fail(evidence);
}

/** Verdicts of the four controls, from the cluster's body; the egress addresses sharpen 12.1 where they are known. */
export function assess(facts: Facts): { readonly [control: string]: Assessment } {
  return { '11.1': assessPrivate(facts), '11.2': assessIntegration(facts), '11.3': assessPublicName(facts), '12.1': assessRanges(facts) };
}
