import { fail, pass, verdict } from '../../src/model/assessment.ts';
import { type ArmUpdate, CLUSTER_API_VERSION } from '../../src/model/change.ts';
import { clusterAt, type Facts } from '../../src/model/facts.ts';
import { isTrue, type Json, texts, withAt } from '../../src/model/json.ts';
import { defineStep, type Guard, type Step } from '../../src/model/step.ts';

export const id = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/shop-weu';

/** Facts of a small cluster; `name` may be hostile. */
export function sampleFacts(name = 'shop-weu', edits: readonly (readonly [string, Json])[] = []): Facts {
  const body: Json = {
    id,
    name,
    location: 'westeurope',
    properties: { disableLocalAccounts: false, apiServerAccessProfile: {}, agentPoolProfiles: [{ name: 'system', count: 3 }] },
  };
  const cluster = edits.reduce<Json | undefined>((value, [path, next]) => withAt(value, path.split('.'), next), body);
  if (typeof cluster !== 'object' || cluster === null || Array.isArray(cluster)) throw new Error('not an object');
  return {
    schemaVersion: 1,
    source: { kind: 'practice', label: 'legacy', readAt: '2026-11-20T10:00:00Z' },
    apiVersion: CLUSTER_API_VERSION,
    cluster: cluster as Facts['cluster'],
    previewProperties: [],
    known: {},
  };
}

const docs = [{ title: 'AKS docs', url: 'https://learn.microsoft.com/azure/aks/' }];
const target = { id, type: 'Microsoft.ContainerService/managedClusters', apiVersion: CLUSTER_API_VERSION };

function update(step: string, title: string, path: string, before: Json | undefined, after: Json, rest: Partial<ArmUpdate> = {}): ArmUpdate {
  return {
    kind: 'arm.update',
    id: `${step}/set`,
    step,
    controls: [],
    title,
    target,
    edits: [{ path: path.split('.'), before, after }],
    impact: { kind: 'none', scope: 'no node is touched' },
    minutes: [2, 5],
    reversible: { kind: 'yes', how: 'It is set back through ARM.' },
    after: [],
    ...rest,
  };
}

/** One option without parameters, light: y/N is enough. */
export const light: Step = defineStep({
  id: 'identity.light',
  pillar: 'identity',
  title: 'Do shared admin certificates still open the cluster?',
  controls: [{ id: '2.4', title: 'Local accounts are off', severity: 'high', references: { cis: ['5.1.1'], docs } }],
  needs: [],
  explain: () => ({
    what: 'Local accounts are certificates that every holder shares.',
    why: 'A copy on a lost laptop opens the cluster until its certificates are rotated.',
    today: 'az aks update --disable-local-accounts.',
  }),
  assess: (facts) => ({
    '2.4': verdict(isTrue(clusterAt(facts, 'properties.disableLocalAccounts')), {
      path: 'properties.disableLocalAccounts',
      actual: clusterAt(facts, 'properties.disableLocalAccounts'),
      wanted: 'true',
    }),
  }),
  options: () => [
    {
      id: 'off',
      title: 'Turn them off',
      tradeOff: 'Everybody signs in with Entra from then on. Pipelines that use the admin kubeconfig stop working.',
      impact: { kind: 'none', scope: 'no node is touched' },
      minutes: [2, 5],
      cost: 'None.',
      reversible: { kind: 'yes', how: 'They can be turned on again.' },
      recommended: 'Nobody has used them for a month.',
      params: [],
    },
    {
      id: 'later',
      title: 'Only with a new cluster',
      tradeOff: 'Nothing is gained before then.',
      impact: { kind: 'recreate', scope: 'a new cluster' },
      minutes: [480, 960],
      cost: 'A second cluster for a while.',
      reversible: { kind: 'yes', how: 'Nothing is done.' },
      unavailable: 'there is no second cluster',
      params: [],
    },
  ],
  params: [],
  plan: (facts) => ({
    changes: isTrue(clusterAt(facts, 'properties.disableLocalAccounts'))
      ? []
      : [update('identity.light', 'Turn local accounts off', 'properties.disableLocalAccounts', false, true, { controls: ['2.4'] })],
    guards: [{ id: 'write', title: 'You may write the cluster', verdict: 'clear', detail: 'Contributor' }],
  }),
  after: [],
});

const rangeGuards = (ranges: readonly string[]): readonly Guard[] => [
  ranges.includes('203.0.113.9/32')
    ? { id: 'own-address', title: 'Your address is inside', verdict: 'clear', detail: '203.0.113.9' }
    : {
        id: 'own-address',
        title: 'Your own address would be shut out',
        verdict: 'refuse',
        detail: 'You come from 203.0.113.9, which is in none of the ranges.',
        next: ['Add 203.0.113.9/32.'],
        override: 'lock me out',
      },
];

/** Every kind of parameter, facts that only planning needs, a guard with a phrase, and a change that asks for the name. */
export const heavy: Step = defineStep({
  id: 'cluster.heavy',
  pillar: 'cluster',
  title: 'Who can reach the API server?',
  controls: [{ id: '11.1', title: 'The API server is not open to the internet', severity: 'critical', references: { docs } }],
  needs: [],
  needsToPlan: ['runCommand'],
  explain: () => ({ what: 'The API server answers everybody on the internet.', why: 'A stolen token is enough.' }),
  assess: (facts) => {
    const ranges = texts(clusterAt(facts, 'properties.apiServerAccessProfile.authorizedIPRanges'));
    const evidence = {
      path: 'properties.apiServerAccessProfile.authorizedIPRanges',
      actual: ranges.length ? [...ranges] : undefined,
      wanted: 'at least one range',
    };
    return { '11.1': ranges.length > 0 ? pass(evidence) : fail(evidence) };
  },
  options: () => [
    {
      id: 'ranges',
      title: 'Only from named addresses',
      tradeOff: 'Quick, and it can be undone at once.',
      impact: { kind: 'network', scope: 'clients outside of the ranges' },
      minutes: [2, 5],
      cost: 'None.',
      reversible: { kind: 'yes', how: 'The ranges are taken away again.' },
      recommended: 'The nodes have no private path yet.',
      params: ['ranges', 'tag', 'scope', 'extras', 'probe'],
    },
  ],
  params: [
    {
      name: 'ranges',
      prompt: 'Address ranges that may reach it',
      help: 'CIDRs, one a line.',
      kind: 'list',
      suggestions: () => [
        { value: '203.0.113.9/32', label: 'This machine' },
        { value: '198.51.100.0/24', label: 'Office' },
      ],
      defaultValue: () => ['203.0.113.9/32'],
      validate: (value) =>
        texts(value).length === 0
          ? 'Give at least one range.'
          : texts(value).every((entry) => /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(entry))
            ? undefined
            : 'Write each as a CIDR, for example 203.0.113.0/24.',
    },
    {
      name: 'tag',
      prompt: 'A name for them',
      help: 'Shown in the portal.',
      kind: 'text',
      defaultValue: () => 'office',
      validate: (value) => (value === '' ? 'Give a name.' : undefined),
    },
    {
      name: 'scope',
      prompt: 'For whom?',
      help: 'Who uses these ranges.',
      kind: 'choice',
      choices: () => [
        { value: 'people', label: 'People' },
        { value: 'pipelines', label: 'Pipelines' },
      ],
      defaultValue: () => 'people',
      validate: () => undefined,
    },
    {
      name: 'extras',
      prompt: 'What else?',
      help: 'Space ticks.',
      kind: 'choices',
      choices: () => [
        { value: 'vpn', label: 'The VPN' },
        { value: 'ci', label: 'Hosted runners' },
      ],
      defaultValue: () => [],
      validate: () => undefined,
    },
    {
      name: 'probe',
      prompt: 'Probe afterwards?',
      help: 'Puts the old ranges back when the API server does not answer.',
      kind: 'yes-no',
      defaultValue: () => true,
      validate: () => undefined,
    },
  ],
  plan: (facts, choice) => ({
    changes: [
      update(
        'cluster.heavy',
        'Let only named addresses in',
        'properties.apiServerAccessProfile.authorizedIPRanges',
        clusterAt(facts, 'properties.apiServerAccessProfile.authorizedIPRanges'),
        [...texts(choice.values['ranges'])],
        { controls: ['11.1'], impact: { kind: 'network', scope: 'clients outside of the ranges' } },
      ),
    ],
    guards: rangeGuards(texts(choice.values['ranges'])),
  }),
  after: [],
});

export const sampleSteps: readonly Step[] = [light, heavy];
