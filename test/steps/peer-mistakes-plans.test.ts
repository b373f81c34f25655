import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { commandsOf } from '../../src/render/index.ts';
import { cluster, factsOf, readable, SUBSCRIPTION } from './fixture.ts';
import { api, bad, defender, good, of, PRINCIPAL, pools, registry } from './peer-fixtures.ts';
import { everyChange, stepOf } from './verdict-of.ts';

/** Facts from which many different things are planned. */
const planned: readonly (readonly [name: string, facts: Facts])[] = [
  ['public, as az aks create makes it', of({})],
  ['with pools of every kind', pools(good, bad)],
  [
    'with a registry that has it all',
    registry({ adminUserEnabled: true, policies: { trustPolicy: { status: 'enabled' }, quarantinePolicy: { status: 'disabled' } } }),
  ],
  ['without any Defender', defender('Containers', 'Free')],
  ['with ranges that let nobody in', api({ authorizedIPRanges: ['0.0.0.0/32'] })],
];
const printed = (facts: Facts): readonly string[] =>
  everyChange(facts).flatMap((change) => commandsOf(change).map(({ argv, stdin = '' }) => `${argv.join(' ')} ${stdin}`));
const written = (facts: Facts): string => JSON.stringify(everyChange(facts));

describe.each(planned)('what is planned for a cluster %s', (_name, facts) => {
  it('6 locks nobody out with 0.0.0.0/32, and answers etcd with a key, not with a node pool', () => {
    const ranges = everyChange(facts).flatMap((change) =>
      change.kind === 'arm.update' ? change.edits.filter(({ path }) => path.at(-1) === 'authorizedIPRanges') : [],
    );
    expect(JSON.stringify(ranges.map(({ after }) => after))).not.toContain('0.0.0.0/');
    for (const change of everyChange(facts).filter(({ controls }) => controls.includes('18.4')))
      expect(JSON.stringify(change)).not.toMatch(/nodepool|agentPool/i);
  });

  it('7 no command has a flag that does not exist, or a plan that is dead', () => {
    expect(printed(facts).length).toBeGreaterThan(5);
    for (const line of printed(facts)) {
      expect(line).not.toMatch(/--api-server-access-profile/);
      expect(line).not.toMatch(/pricing create.*(ContainerRegistry(?!Vuln|ies)|KubernetesService)/);
    }
  });

  it('9 and nothing writes a retentionPolicy', () => expect(written(facts)).not.toMatch(/retentionPolicy/));

  it('10 nothing turns content trust on, and quarantine only when it is asked for', () => expect(written(facts)).not.toMatch(/trustPolicy|quarantinePolicy/));
});

describe('8 an existing cluster becomes private through VNet Integration only', () => {
  const option = (facts: Facts) =>
    stepOf('11.1')
      .options(facts)
      .find(({ id }) => id === 'private-cluster');

  it('is not offered where the cluster has no network of its own: az aks update --enable-private-cluster alone would be refused', () => {
    const facts = factsOf(cluster(), { ...readable, subnets: [] });
    expect(option(facts)?.unavailable).toMatch(/subnet/i);
  });

  it('switches both in the same plan, with the subnet', () => {
    const net = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/net`;
    const identity = { type: 'UserAssigned', principalId: undefined, userAssignedIdentities: { '/x/id': { principalId: PRINCIPAL } } };
    const agentPoolProfiles = [{ ...good, vnetSubnetID: `${net}/subnets/nodes` }];
    const subnets = [
      { id: `${net}/subnets/nodes`, name: 'nodes', properties: { addressPrefix: '10.0.0.0/22' } },
      {
        id: `${net}/subnets/api`,
        name: 'api',
        properties: { addressPrefix: '10.0.8.0/28', delegations: [{ properties: { serviceName: 'Microsoft.ContainerService/managedClusters' } }] },
      },
    ];
    const facts = factsOf(cluster({ identity, properties: { agentPoolProfiles } }), { ...readable, subnets, outboundAddresses: [] });
    expect(option(facts)?.unavailable).toBeUndefined();
    const done = completeChoice(stepOf('11.1'), facts, { option: 'private-cluster', values: { privatePath: 'vpn' } });
    if (!('choice' in done)) throw new Error(JSON.stringify(done.problems));
    const edits = stepOf('11.1')
      .plan(facts, done.choice)
      .changes.flatMap((change) => (change.kind === 'arm.update' ? change.edits.map(({ path, after }) => `${path.at(-1)}=${String(after)}`) : []));
    expect(edits).toEqual(expect.arrayContaining(['enableVnetIntegration=true', `subnetId=${net}/subnets/api`, 'enablePrivateCluster=true']));
  });

  it('and a system-assigned identity is never called a service principal', () => {
    const facts = of({});
    const words = JSON.stringify([
      stepOf('1.1').assess(facts)['1.1'],
      stepOf('1.1')
        .options(facts)
        .map(({ unavailable }) => unavailable),
    ]);
    expect(words).not.toMatch(/acts? as a service principal|is a service principal/i);
  });
});

describe('6 the fix that locks everybody out is refused when somebody types it', () => {
  it.each(['0.0.0.0/32', '0.0.0.0/0'])('%s', (range) => {
    const facts = factsOf(cluster(), { ...readable, outboundAddresses: [{ resourceId: '/x', cidr: '52.166.1.9/32' }] });
    const option = stepOf('12.1')
      .options(facts)
      .find(({ id }) => id === 'authorized-ranges');
    expect(option?.unavailable).toBeUndefined();
    for (const param of option?.params ?? []) {
      const of = stepOf('12.1').params.find(({ name }) => name === param);
      if (of?.kind === 'list') expect(of.validate([range], facts), param).toBeTypeOf('string');
    }
  });
});
