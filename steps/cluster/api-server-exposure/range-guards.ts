import { type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Guard } from '../../../src/model/step.ts';
import { covered, networksOf } from '../../shared/addresses.ts';
import { listed, plural } from '../../shared/texts.ts';
import type { Wanted } from './params.ts';
import { egress, egressReason, exposure, nodesComeFromOutside, operatorAddress, placeholders, publicNodePools } from './state.ts';

/** Texts whose networks the ranges do not hold. */
export function outside(texts: readonly string[], ranges: readonly string[]): readonly string[] {
  const networks = networksOf(ranges);
  return networksOf(texts)
    .filter((network) => !covered(network, networks))
    .map(({ text }) => text);
}

function operatorGuard(facts: Facts, { operator, ranges }: Wanted): Guard {
  const id = 'operator-inside';
  const title = 'You can still get in';
  const signedInFrom = operatorAddress(facts);
  if (operator === undefined) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: 'No address of yours was named: whether you can still reach the API server afterwards cannot be checked.',
      next: ['Name the public address that kubectl leaves from (operatorAddress) and put it among the ranges.'],
      override: 'nobody here needs the API server',
    };
  }
  const [missing] = outside([operator], ranges);
  if (missing !== undefined) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `Your own address ${operator} is in none of the ranges: you would be locked out of the API server.`,
      next: [`Add ${missing} to the ranges.`],
      override: 'lock me out',
    };
  }
  if (signedInFrom !== undefined && outside([signedInFrom], ranges).length > 0) {
    return {
      id,
      title,
      verdict: 'warn',
      detail: `${operator} is inside the ranges, but your sign-in came from ${signedInFrom}, which is not.`,
      next: ['Compare with what https://ifconfig.me/ip says on the machine that runs kubectl.'],
    };
  }
  return { id, title, verdict: 'clear', detail: `${operator} is inside the ranges.` };
}

function egressGuard(facts: Facts, wanted: Wanted): Guard {
  const id = 'egress-inside';
  const title = 'Nodes keep their way to the API server';
  if (!nodesComeFromOutside(facts)) {
    return { id, title, verdict: 'clear', detail: 'With VNet integration nodes use the private address of the API server.' };
  }
  const read = egress(facts);
  const missing = outside([...(read ?? []), ...wanted.egress], wanted.ranges);
  if (missing.length > 0) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `The cluster's own traffic leaves from ${listed(missing)}, which is in none of the ranges: nodes would go NotReady within minutes.`,
      next: [`Add ${listed(missing)} to the ranges.`],
      override: 'never',
    };
  }
  const { all } = publicNodePools(facts);
  if (all.length > 0) {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `Pool ${listed(all)} has public addresses of its own: its prefixes must be among the ranges, and they are not read here.`,
      next: ['az network public-ip prefix show --ids PREFIX --query ipPrefix, and add each to the ranges.'],
      override: 'the node prefixes are in the ranges',
    };
  }
  if (read === undefined && wanted.egress.length === 0) {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `The cluster's egress addresses are not known (${egressReason(facts)}). AKS adds those of its load balancer itself, at least when a cluster is made.`,
      next: ['az aks show --query networkProfile.loadBalancerProfile.effectiveOutboundIPs, and name the addresses (egressAddresses).'],
      override: 'the egress addresses are in the ranges',
    };
  }
  return { id, title, verdict: 'clear', detail: `${listed([...new Set([...(read ?? []), ...wanted.egress])])} is inside the ranges.` };
}

/** What was allowed and no longer is. */
function removedGuard(facts: Facts, { ranges }: Wanted): readonly Guard[] {
  const before = exposure(facts).ranges;
  const dropped = outside(
    before.filter((range) => !placeholders.includes(range)),
    ranges,
  );
  if (dropped.length === 0) return [];
  return [
    {
      id: 'ranges-removed',
      title: 'Nobody loses access by accident',
      verdict: 'warn',
      detail: `${listed(dropped)} is allowed today and would no longer be.`,
      next: ['az replaces the whole list: keep in it whatever is still in use.'],
    },
  ];
}

function wideGuard({ ranges }: Wanted): readonly Guard[] {
  const wide = networksOf(ranges).filter(({ prefix }) => prefix < 16);
  if (wide.length === 0) return [];
  return [
    {
      id: 'ranges-wide',
      title: 'Ranges are narrow',
      verdict: 'warn',
      detail: `${listed(wide.map(({ text, first, last }) => `${text} (${(last - first + 1).toLocaleString('en-US')} addresses)`))} lets in more than most organisations own.`,
      next: ['Name the gateways that people and tools really come from.'],
    },
  ];
}

/** Others who call the API server over the internet today, when it was open to them. */
function othersGuard(facts: Facts): readonly Guard[] {
  if (exposure(facts).ranges.length > 0) return [];
  return [
    {
      id: 'other-callers',
      title: 'Everybody else who needs it is named',
      verdict: 'warn',
      detail:
        'Build agents hosted by Microsoft or GitHub, Argo CD elsewhere, monitoring services, Cloud Shell and the resource view of the portal are cut off unless they are in the ranges.',
      next: [
        'With audit logs on, see who calls: AKSAuditAdmin | where TimeGenerated > ago(7d) | mv-expand ip = SourceIps | summarize count() by tostring(ip), tostring(User.username)',
      ],
    },
  ];
}

function reachableGuard(facts: Facts): readonly Guard[] {
  const found = fact(facts, 'apiServerReachability');
  if (found.state === 'unknown' || found.value.reachable) return [];
  return [
    {
      id: 'reachable-before',
      title: 'The check afterwards means something',
      verdict: 'warn',
      detail: `The API server does not answer this machine even now (${clean(found.value.detail)}): a probe after the change would prove nothing, so none is made.`,
      next: ['Run this where kubectl works, or check by hand afterwards and undo through ARM.'],
    },
  ];
}

/** Whether the API server can be probed from here afterwards, so that the old ranges can be put back when it does not answer. */
export function canProbe(facts: Facts, { operator, ranges }: Wanted): boolean {
  return operator !== undefined && outside([operator], ranges).length === 0 && knownValue(facts, 'apiServerReachability')?.reachable !== false;
}

/** The guards of the ranges, beside the common ones. */
export function rangeGuards(facts: Facts, wanted: Wanted): readonly Guard[] {
  const before = exposure(facts).ranges.length;
  return [
    operatorGuard(facts, wanted),
    egressGuard(facts, wanted),
    ...removedGuard(facts, wanted),
    ...wideGuard(wanted),
    ...othersGuard(facts),
    ...reachableGuard(facts),
    {
      id: 'way-back',
      title: 'The way back is known',
      verdict: 'clear',
      detail: `${before === 0 ? 'The server can be opened to every address again' : `The ${plural(before, 'old range')} can be put back`} through ARM, which the ranges do not touch${canProbe(facts, wanted) ? '; if the API server does not answer from here after the change, that happens by itself' : ''}.`,
    },
  ];
}
