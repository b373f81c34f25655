import type { ArmResource } from './facts.ts';

/** What stands around a cluster's way out of its network: lists of its own subscription, and of its subnets' where that is another. */
export interface NetworkFactValues {
  readonly natGateways: readonly ArmResource[];
  /** Route tables, each with the subnets it is attached to. */
  readonly routeTables: readonly ArmResource[];
  /** Azure firewalls. Appliances of other makers are machines like any other and not found. */
  readonly firewalls: readonly ArmResource[];
  /** Public addresses and prefixes. */
  readonly publicAddresses: readonly ArmResource[];
  /** Load balancers in the node resource group. */
  readonly nodeLoadBalancers: readonly ArmResource[];
}
