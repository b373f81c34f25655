import type { ArmPut, ArmUpdate, ManualChange } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { nodesComeFromOutside, PROFILE } from '../api-server-exposure/state.ts';
import { fence } from './addresses.ts';
import { STEP } from './state.ts';

/** The list of networks that the API server lets in. */
export const RANGES = `${PROFILE}.authorizedIPRanges`;

/** What moves the nodes' address makes every list of addresses that was thought out before it wrong. */
export const unsettling = (facts: Facts): Pick<ArmUpdate, 'unsettles'> => (nodesComeFromOutside(facts) ? { unsettles: [RANGES] } : {});

/**
 * The way back where a fence stands before the API server: AKS makes a new address, which nobody can let in beforehand. So nothing is put
 * back by itself, and a person does it in the right order.
 */
export function byHand(facts: Facts): Pick<ArmUpdate, 'reversible' | 'undo'> | undefined {
  if (!fence(facts).stands) return undefined;
  const note: ManualChange = {
    kind: 'manual',
    id: `${STEP}/back-by-hand`,
    step: STEP,
    controls: ['14.1'],
    title: 'Take the way out back by hand',
    instructions: [
      'The API server lets in named networks only, and the address that AKS would make on the way back is not among them: nodes would be cut off.',
      'Make a public address of your own, add it to the authorized ranges, and then put the load balancer on it: az aks update --outbound-type loadBalancer --load-balancer-outbound-ips ID',
    ],
    doneWhen: 'traffic leaves from the address that you chose, and the nodes are Ready',
    impact: { kind: 'network', scope: 'open connections to the outside break' },
    minutes: [10, 30],
    reversible: { kind: 'yes', how: 'the same way again' },
    after: [],
  };
  return { reversible: { kind: 'partly', how: 'by hand: AKS would make a new address, which the authorized ranges must hold first' }, undo: [note] };
}

/** Beside a way back by hand nothing is taken away by itself: addresses and gateways stay for as long as traffic leaves by them. */
export const stays = (facts: Facts): Partial<Pick<ArmPut, 'undo' | 'reversible'>> =>
  fence(facts).stands ? { undo: [], reversible: { kind: 'partly', how: 'it is taken away by hand, once nothing leaves by it' } } : {};
