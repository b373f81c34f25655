import { describe, expect, it, test } from 'vitest';
import type { AdminPaths } from '../../../src/model/admin-path-facts.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { adminAccess } from '../../../steps/cluster/admin-access.ts';
import { apiServerExposure } from '../../../steps/cluster/api-server-exposure.ts';
import { nodeAccess } from '../../../steps/cluster/node-access.ts';
import { azFaults, hasReference } from '../../render/az-reference.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable, SUBSCRIPTION } from '../fixture.ts';

const network = (name: string, group = 'net-rg', subscription = SUBSCRIPTION): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/${name}`;
const own = { id: network('shop'), kind: 'own', connected: true, usesItsGateways: true } as const;
const hub = { id: network('hub'), kind: 'peered', connected: true, usesItsGateways: true } as const;
const nothing: AdminPaths = { networks: [own], bastions: [], gateways: [], machines: [], unread: [] };
const bastion = { id: `${network('hub').replace('virtualNetworks/hub', 'bastionHosts/door')}`, networkId: hub.id, sku: 'Standard', tunneling: true };
const gateway = {
  id: network('hub').replace('virtualNetworks/hub', 'virtualNetworkGateways/vpn'),
  networkId: hub.id,
  type: 'Vpn',
  clients: true,
  connections: 0,
} as const;
const machine = {
  id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/vm-rg/providers/Microsoft.Compute/virtualMachines/jump`,
  networkId: own.id,
  publicAddress: false,
};

const closed = { apiServerAccessProfile: { disableRunCommand: true } };
const closedPrivate = { apiServerAccessProfile: { disableRunCommand: true, enablePrivateCluster: true } };
const facts = (paths: Partial<AdminPaths> | string, properties: JsonObject = closedPrivate, known: Parameters<typeof factsOf>[1] = {}): Facts =>
  factsOf(cluster({ properties }), { ...readable, adminPaths: typeof paths === 'string' ? paths : { ...nothing, ...paths }, ...known });
const withHub = (rest: Partial<AdminPaths>): Partial<AdminPaths> => ({ networks: [own, hub], ...rest });
const status = (of: Facts) => statusOf(adminAccess, of, '12.2');
const lockdown = { ...closedPrivate, nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' } };
const recommended = (of: Facts) => adminAccess.options(of).find((option) => option.recommended)?.id;

describe('12.2, with run command closed', () => {
  test.each([
    ['nothing', {}, 'fail'],
    ['a Bastion with tunnels in a hub', withHub({ bastions: [bastion] }), 'pass'],
    ['a Premium one in its own network', { bastions: [{ ...bastion, networkId: own.id.toUpperCase(), sku: 'premium' }] }, 'pass'],
    ['a Bastion without tunnels', withHub({ bastions: [{ ...bastion, tunneling: false }] }), 'partial'],
    ['a Basic one', withHub({ bastions: [{ ...bastion, sku: 'Basic' }] }), 'partial'],
    ['a peering that is not connected', { networks: [own, { ...hub, connected: false }], bastions: [bastion] }, 'partial'],
    ['a gateway that people dial in to', withHub({ gateways: [gateway] }), 'pass'],
    ['a circuit', withHub({ gateways: [{ ...gateway, type: 'ExpressRoute', clients: false, connections: 1 }] }), 'pass'],
    ['a gateway that nobody is connected to', withHub({ gateways: [{ ...gateway, clients: false }] }), 'partial'],
    ['a gateway that was only named', withHub({ gateways: [{ id: gateway.id, networkId: hub.id, clients: false, connections: 0 }] }), 'partial'],
    ['a hub whose gateways are not used', { networks: [own, { ...hub, usesItsGateways: false }], gateways: [gateway] }, 'partial'],
    ['a machine alone', { machines: [machine] }, 'partial'],
    ['a hub that could not be read', withHub({ unread: [{ what: 'network hub', reason: 'no right', permission: 'x/read' }] }), 'unknown'],
  ] as const)('%s', (_name, paths, wanted) => {
    expect(status(facts(paths))).toBe(wanted);
    // A way that leads in counts whatever else could not be read.
    if (wanted === 'pass') expect(status(facts({ ...paths, unread: [{ what: 'gateways', reason: 'no right' }] }))).toBe('pass');
  });

  it('is unknown, with the reason, where nothing could be read', () => {
    expect(adminAccess.assess(facts('not allowed'))['12.2']).toMatchObject({ status: 'unknown', reason: expect.stringContaining('not allowed') });
    expect(status(factsOf(cluster({ properties: closedPrivate }), readable))).toBe('unknown');
  });

  it('a tunnel of Bastion does not reach a locked node resource group, nor AKS Automatic', () => {
    expect(status(facts(withHub({ bastions: [bastion] }), lockdown))).toBe('partial');
    expect(status(facts(withHub({ gateways: [gateway] }), lockdown))).toBe('pass');
    const automatic = factsOf(cluster({ sku: { name: 'Automatic' }, properties: closedPrivate }), {
      ...readable,
      adminPaths: { ...nothing, ...withHub({ bastions: [bastion] }) },
    });
    expect(status(automatic)).toBe('partial');
    expect(adminAccess.options(automatic).find(({ id }) => id === 'bastion')?.unavailable).toContain('Automatic');
  });

  it('nobody needs it yet while the API server is public, whatever was found or not', () => {
    for (const paths of [{}, { machines: [machine] }, 'no right'] as const) expect(status(facts(paths, closed))).toBe('not-applicable');
    expect(status(facts(withHub({ bastions: [bastion] }), closed))).toBe('pass');
  });

  it('a private API server that answers from here is proof; a public one is not', () => {
    const answers = { apiServerReachability: { reachable: true, detail: 'ok' } };
    expect(status(facts({}, closedPrivate, answers))).toBe('pass');
    expect(status(facts({}, closed, answers))).toBe('not-applicable');
  });
});

describe('12.2, with run command allowed', () => {
  it('passes, and says that it is the only way', () => {
    const found = adminAccess.assess(facts({}, {}))['12.2'];
    expect(found).toMatchObject({ status: 'pass', note: expect.stringContaining('only way') });
    expect(adminAccess.assess(facts('no right', {}))['12.2']).toMatchObject({ status: 'pass', note: expect.stringContaining('no right') });
  });

  it('does not count at an api-version that does not show it', () => {
    const old = { ...facts({}, {}), apiVersion: '2020-11-01' };
    expect(status(old)).toBe('unknown');
    expect(status({ ...facts(withHub({ bastions: [bastion] }), {}), apiVersion: '2020-11-01' })).toBe('pass');
  });
});

describe('what is recommended', () => {
  const fenced = { apiServerAccessProfile: { authorizedIPRanges: ['81.2.69.160/32'] } };
  test.each([
    ['what stands is tried first: a Bastion', facts(withHub({ bastions: [bastion], gateways: [gateway] })), 'bastion'],
    ['a gateway', facts(withHub({ gateways: [gateway] })), 'vpn'],
    ['private, only run command', facts({}, { apiServerAccessProfile: { enablePrivateCluster: true } }), 'bastion'],
    ['fenced, only run command', facts({}, fenced), 'bastion'],
    ['public: nothing is built', facts({}, {}), 'run-command'],
    ['public, run command closed', facts({}, closed), 'bastion'],
    ['locked node resource group', facts({}, lockdown), 'vpn'],
  ] as const)('%s', (_name, of, wanted) => expect(recommended(of)).toBe(wanted));
});

describe('plans', () => {
  const only = (of: Facts, option: string) => decide(adminAccess, of, option).changes.map(({ id, kind }) => [id.replace('cluster.admin-access/', ''), kind]);

  test.each([
    ['makes', facts({}), 'bastion', 'make-bastion'],
    ['raises', facts(withHub({ bastions: [{ ...bastion, sku: 'Basic' }] })), 'bastion', 'raise-bastion'],
    ['tries', facts(withHub({ bastions: [bastion] })), 'bastion', 'try-bastion'],
    ['makes', facts({}), 'vpn', 'make-gateway'],
    ['uses', facts({ networks: [own, { ...hub, usesItsGateways: false }], gateways: [gateway] }), 'vpn', 'use-gateway'],
    ['tries', facts(withHub({ gateways: [gateway] })), 'vpn', 'try-gateway'],
    ['makes', facts({}), 'jump-machine', 'jump-machine'],
  ] as const)('%s what is missing: %#', (_verb, of, option, id) => expect(only(of, option)).toEqual([[id, 'manual']]));

  it('a way that carries the operator already needs nothing', () => {
    const proven = { apiServerReachability: { reachable: true, detail: 'ok' } };
    expect(only(facts(withHub({ gateways: [gateway] }), closedPrivate, proven), 'vpn')).toEqual([]);
  });

  it('run command is one write, once', () => {
    const of = facts({});
    const { changes } = decide(adminAccess, of, 'run-command');
    expect(changes.map(editsOf)).toEqual([['properties.apiServerAccessProfile.disableRunCommand=false']]);
    const after = applied(of, changes);
    expect(status(after)).toBe('pass');
    expect(decide(adminAccess, after, 'run-command').changes).toEqual([]);
  });

  it('a Bastion in front of a public server must be among its networks', () => {
    const fenced = { apiServerAccessProfile: { authorizedIPRanges: ['81.2.69.160/32'] } };
    expect(guardOf(decide(adminAccess, facts(withHub({ bastions: [bastion] }), fenced), 'bastion'), 'bastion-address')).toBe('warn');
    expect(guardOf(decide(adminAccess, facts(withHub({ bastions: [bastion] })), 'bastion'), 'bastion-address')).toBeUndefined();
  });

  it('nothing is built in the network that AKS keeps', () => {
    const managed = { ...own, id: network('aks-vnet', 'MC_rg-shop_shop_westeurope') };
    const [change] = decide(adminAccess, facts({ networks: [managed] }), 'bastion').changes;
    const lines = change?.kind === 'manual' ? change.instructions : [];
    expect(lines.filter((line) => /subnet create|bastion create/.test(line)).every((line) => line.includes('HUB_NETWORK'))).toBe(true);
    const [locked] = decide(adminAccess, facts({ networks: [managed] }, lockdown), 'vpn').changes;
    expect(JSON.stringify(locked)).toContain('lift the lockdown');
    expect(JSON.stringify(change)).not.toContain('lift the lockdown');
  });

  it('a way that somebody names before closing the public one is looked for', () => {
    const integrated = { apiServerAccessProfile: { enableVnetIntegration: true } };
    const detail = (of: Facts, privatePath: string) =>
      decide(apiServerExposure, of, 'private-cluster', { privatePath }).guards.find(({ id }) => id === 'private-path')?.detail;
    expect(detail(facts(withHub({ bastions: [bastion] }), integrated), 'bastion')).toContain('door in hub is there');
    expect(detail(facts({}, integrated), 'vpn')).toContain('nothing of the kind');
    expect(detail(facts('no right', integrated), 'bastion')).toContain('no right');
    expect(detail(facts({}, integrated), 'jump-host')).toContain('cannot be seen');
  });

  it('a door closes only after the way that is prepared beside it', () => {
    expect(nodeAccess.after).toContain('cluster.admin-access');
    expect(apiServerExposure.after).toContain('cluster.admin-access');
    const run = decide(nodeAccess, facts({}, {}), 'run-command').changes.at(-1);
    expect(run?.after).toContain('cluster.admin-access');
    const integrated = facts({}, { apiServerAccessProfile: { enableVnetIntegration: true } });
    const close = decide(apiServerExposure, integrated, 'private-cluster', { privatePath: 'bastion' }).changes.at(-1);
    expect(close?.after).toContain('cluster.admin-access');
  });
});

describe('written instructions', () => {
  const elsewhere = { ...hub, id: network('hub', 'hub-rg', 'aaaaaaaa-0000-4000-8000-000000000001') };
  const all: readonly Facts[] = [
    facts({}),
    facts({ networks: [own, elsewhere] }),
    facts({ networks: [{ ...own, id: network('aks-vnet', 'MC_rg-shop_shop_westeurope') }] }),
    facts(withHub({ bastions: [bastion], gateways: [gateway] })),
    facts({ networks: [own, { ...hub, usesItsGateways: false }], bastions: [{ ...bastion, sku: 'Basic' }], gateways: [gateway] }),
  ];
  const lines = all.flatMap((of) =>
    ['bastion', 'vpn', 'jump-machine'].flatMap((option) =>
      decide(adminAccess, of, option).changes.flatMap((change) => (change.kind === 'manual' ? change.instructions : [])),
    ),
  );
  /** Groups that the reference does not list. */
  const unlisted = /^az (vm|extension) /;

  it.runIf(hasReference)('hold commands that az knows', () => {
    const commands = lines.filter((line) => line.startsWith('az ') && !unlisted.test(line));
    expect(commands.length).toBeGreaterThan(20);
    const faults = commands.flatMap((line) => {
      const argv = line.split(' ');
      const extension = /^az (aks|network) bastion/.test(line) ? { extension: 'ext' } : {};
      return azFaults({ argv, ...extension }).map((fault) => `${fault}: ${line}`);
    });
    expect([...new Set(faults)]).toEqual([]);
  });

  it('name the subscription of a hub that stands elsewhere', () => {
    expect(lines.some((line) => line.includes('--resource-group hub-rg --subscription aaaaaaaa-0000-4000-8000-000000000001'))).toBe(true);
  });

  it('never hold a name that a shell would act on', () => {
    const evil = { ...own, id: network('$(reboot)', '`id`') };
    const host = { ...bastion, id: network('x').replace('virtualNetworks/x', 'bastionHosts/a;reboot'), networkId: evil.id };
    for (const bastions of [[], [host], [{ ...host, sku: 'Basic' }]]) {
      const of = facts({ networks: [evil], bastions });
      for (const option of ['bastion', 'vpn', 'jump-machine']) {
        const commands = decide(adminAccess, of, option).changes.flatMap((change) =>
          change.kind === 'manual' ? change.instructions.filter((line) => line.startsWith('az ')) : [],
        );
        expect(commands.join('\n')).not.toMatch(/\$\(|`|;reboot/);
      }
    }
  });
});
