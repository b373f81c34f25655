import { type Assessment, type Evidence, fail, notApplicable, partial, pass, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { notShown } from '../../shared/pool-verdict.ts';
import { listed } from '../../shared/texts.ts';
import { isPrivate, isProven, notSeen, RUN_COMMAND, runCommandAllowed, type Way, waysIn } from './state.ts';

const collections = { bastion: 'bastionHosts', gateway: 'virtualNetworkGateways', machine: 'virtualMachines' } as const;
const wanted = {
  bastion: 'Standard or Premium with native client support, in the cluster’s network or one peered with it',
  gateway: 'in the cluster’s network, or in a peered one whose gateways it uses, with somebody connected',
  machine: 'a Bastion or a gateway that leads to it',
} as const;

const evidenceOf = ({ kind, name, network, shape }: Way): Evidence => ({
  path: `${collections[kind]}/${name}`,
  actual: `${clean(shape)}, in ${network}`,
  wanted: wanted[kind],
});

/** 12.2: a way in for people that does not cross the open internet. Each one that was seen is evidence. */
export function assess(facts: Facts): Assessment {
  const hidden = notShown(facts, RUN_COMMAND, '2021-08-01');
  const ways = waysIn(facts);
  const open = ways.filter(({ fault }) => fault === undefined);
  const command = { path: RUN_COMMAND, actual: clusterAt(facts, RUN_COMMAND), wanted: 'absent or false, or another way in' };
  const missing = notSeen(facts);
  if (isProven(facts)) {
    const answered = { path: 'API server, private address', actual: 'answers from here', wanted: 'an answer over a private path' };
    return pass(answered, ...open.map(evidenceOf));
  }
  if (open.length > 0) return pass(...open.map(evidenceOf));
  if (hidden !== undefined) return hidden;
  if (runCommandAllowed(facts)) {
    const only = 'Run command is the only way that was found.';
    const next = isPrivate(facts)
      ? 'Set up another before it is closed (12.3).'
      : 'Set up another before the API server goes private or run command is closed.';
    return { status: 'pass', evidence: [command], note: `${only} ${next}${missing === undefined ? '' : ` But ${clean(missing)}.`}` };
  }
  // What nobody needs yet is no finding: closing run command on a public cluster is right, and opens nothing.
  if (!isPrivate(facts)) return notApplicable('the API server is public: a private way in is needed before it goes private');
  if (missing !== undefined) return unknown(`run command is off, and ${clean(missing)}`);
  const shut = ways.map((way) => `${way.name}: ${clean(way.fault ?? '')}`);
  if (shut.length > 0) return partial(`Nothing that was found leads to the API server for certain. ${listed(shut, 3)}.`, ...ways.map(evidenceOf), command);
  return fail({ path: 'network', actual: [], wanted: 'a Bastion, a gateway or a machine in the cluster’s network or beside it' }, command);
}
