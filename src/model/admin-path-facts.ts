/** A virtual network from which people may get to the API server: the cluster's own, or one that is peered with it. */
export interface AdminNetwork {
  readonly id: string;
  readonly kind: 'own' | 'peered';
  /** Peered: whether the peering is connected. True for its own. */
  readonly connected: boolean;
  /** Peered: whether the cluster's network goes through this one's gateways (useRemoteGateways). True for its own. */
  readonly usesItsGateways: boolean;
}

/** An Azure Bastion in one of the networks. */
export interface BastionHost {
  readonly id: string;
  readonly networkId: string;
  /** `Basic`, `Standard`, `Premium`, `Developer`. */
  readonly sku: string;
  /** Native client support: without it there is no tunnel for kubectl. */
  readonly tunneling: boolean;
}

/** A VPN or ExpressRoute gateway in one of the networks. */
export interface NetworkGateway {
  readonly id: string;
  readonly networkId: string;
  /** Absent where the network names the gateway and it could not be read. */
  readonly type?: 'Vpn' | 'ExpressRoute';
  /** People can connect one by one (point-to-site has addresses to give). */
  readonly clients: boolean;
  /** Connections to other sites or circuits. */
  readonly connections: number;
}

/** A virtual machine, not a node, with an address in one of the networks. */
export interface NetworkMachine {
  readonly id: string;
  readonly networkId: string;
  readonly publicAddress: boolean;
}

/** Something around the cluster that could not be looked at, and why. */
export interface Unread {
  readonly what: string;
  readonly reason: string;
  /** The missing right, as ARM names it. */
  readonly permission?: string;
}

/** What stands in the cluster's network and in the networks beside it that people could come in by. */
export interface AdminPaths {
  readonly networks: readonly AdminNetwork[];
  readonly bastions: readonly BastionHost[];
  readonly gateways: readonly NetworkGateway[];
  readonly machines: readonly NetworkMachine[];
  readonly unread: readonly Unread[];
}

/** Facts about the ways that people come in by. */
export interface AdminPathFactValues {
  readonly adminPaths: AdminPaths;
}
