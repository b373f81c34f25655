import { type Assessment, type Evidence, notApplicable, partial, unknown } from '../../../../src/model/assessment.ts';
import { clusterAt, type Facts } from '../../../../src/model/facts.ts';
import { clean } from '../../../../src/model/foreign.ts';
import { listed, plural } from '../../../shared/texts.ts';
import { NETWORK } from '../state.ts';
import { enforcement, type Segment, segments } from './state.ts';

/** More than these are counted: an assessment is read by people. */
const MOST_SHOWN = 20;

/** What stands in a namespace, for the evidence. */
export function standing({ closesIn, closesOut, openedBy, policies }: Segment): string {
  if (closesIn) return closesOut ? 'closed both ways' : 'closed for what comes in';
  if (openedBy.length > 0) return `opened to everybody by ${listed(openedBy.map(({ name }) => name))}`;
  return policies.length === 0 ? 'open: no NetworkPolicy' : `open: ${plural(policies.length, 'NetworkPolicy object')}, none of which closes every pod`;
}

function evidenceOf(shown: readonly Segment[]): readonly Evidence[] {
  const all = shown.map(
    (segment): Evidence => ({
      path: `Namespace/${clean(segment.namespace.name)}`,
      actual: standing(segment),
      wanted: 'a NetworkPolicy for every pod with policyTypes Ingress',
    }),
  );
  if (all.length <= MOST_SHOWN) return all;
  return [...all.slice(0, MOST_SHOWN), { path: 'Namespace', actual: `and ${all.length - MOST_SHOWN} more`, wanted: 'the same' }];
}

const otherKinds = 'Counted are NetworkPolicy objects. What Cilium, Calico or an admin policy closes by kinds of their own is not read.';

/**
 * Whether every namespace of one's own is closed for what nobody named. Without an engine no policy closes anything, whatever stands in the cluster:
 * that much the cluster's body tells alone.
 */
export function assessIsolation(facts: Facts): Assessment {
  const found = segments(facts);
  const enforced = enforcement(facts);
  const all = found.state === 'known' ? found.value : [];
  if (found.state === 'known' && all.length === 0) return notApplicable('there is no namespace but those of Kubernetes and AKS');
  const open = all.filter(({ closesIn }) => !closesIn);
  const closed = all.length - open.length;
  if (enforced === 'off') {
    const engine: Evidence = {
      path: `${NETWORK}.networkPolicy`,
      actual: clusterAt(facts, `${NETWORK}.networkPolicy`),
      wanted: 'an engine: without one policies do nothing',
    };
    const asleep = closed === 0 ? {} : { note: `${closed} of ${plural(all.length, 'namespace')} would be closed, but nothing enforces policies.` };
    return { status: 'fail', evidence: [engine, ...evidenceOf(open)], ...asleep };
  }
  if (found.state === 'unknown') return unknown(clean(found.reason));
  if (closed === 0) return { status: 'fail', evidence: evidenceOf(open), note: otherKinds };
  if (open.length > 0) return partial(`${closed} of ${plural(all.length, 'namespace')} closed. ${otherKinds}`, ...evidenceOf(open));
  if (enforced === 'unknown') return unknown('every namespace has a policy that closes it; whether the network plugin enforces it, Azure does not show');
  const out = all.filter(({ closesOut }) => closesOut).length;
  const advice = out === all.length ? {} : { note: `${out} of ${all.length} also close what goes out: advice, not asked for.` };
  return { status: 'pass', evidence: evidenceOf(all), ...advice };
}
