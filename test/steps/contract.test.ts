import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { ArmResource, FactKey, Facts, FactValues } from '../../src/model/facts.ts';
import { isObject, type Json } from '../../src/model/json.ts';
import { pillars } from '../../src/model/step.ts';
import { steps } from '../../steps/index.ts';
import { choose, cluster, factsOf, GROUP, readable, SUBSCRIPTION, TENANT, WORKSPACE } from './fixture.ts';

const folder = fileURLToPath(new URL('../../steps/', import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** Every fact there is, read. */
const everything: Required<{ readonly [K in FactKey]: FactValues[K] }> = {
  ...readable,
  agentPools: [{ name: 'system', properties: { provisioningState: 'Succeeded', count: 3 } }],
  diagnosticSettings: [{ name: 'logs', properties: { workspaceId: WORKSPACE, logs: [{ categoryGroup: 'allLogs', enabled: true }] } }],
  maintenanceConfigurations: [{ name: 'default', properties: { timeInWeek: [{ day: 'Sunday', hourSlots: [1, 2] }] } }],
  defenderPlan: { name: 'Containers', properties: { pricingTier: 'Free' } },
  outboundAddresses: [{ resourceId: '/subscriptions/x/providers/Microsoft.Network/publicIPAddresses/out', cidr: '20.50.60.70/32' }],
  poolImages: [{ pool: 'system', current: 'AKSUbuntu-2204gen2containerd-202506.01.0', latest: 'AKSUbuntu-2204gen2containerd-202508.01.0' }],
  workspaces: [{ id: WORKSPACE, exists: true, usedBy: 'defender' }],
  adminGroups: [{ id: GROUP, exists: true, displayName: 'AKS admins', securityEnabled: true, memberCount: 2, containsOperator: true }],
  operatorGroups: [],
  ownership: [{ tool: 'terraform', sign: 'tag managed-by' }],
  availableWorkspaces: [{ id: WORKSPACE, location: 'westeurope' }],
  subnets: [
    {
      id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s`,
      name: 's',
      properties: { addressPrefix: '10.1.0.0/28' },
    },
  ],
  networkPolicies: [{ namespace: 'shop', name: 'deny', selectsAll: true, policyTypes: ['Ingress'], usesIpBlock: false }],
  namespaces: [{ name: 'shop', labels: {}, system: false }],
  workloads: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      pods: 2,
      podLabels: { app: 'web' },
      podAnnotations: {},
      spec: { containers: [{ name: 'web', image: 'shop.azurecr.io/web:1' }] },
    },
  ],
  services: [
    {
      namespace: 'shop',
      name: 'web',
      type: 'LoadBalancer',
      annotations: {},
      addresses: ['20.1.2.3'],
      ports: [{ port: 443, protocol: 'TCP' }],
      sourceRanges: [],
      selector: { app: 'web' },
    },
  ],
  ingresses: [{ kind: 'Ingress', namespace: 'shop', name: 'web', annotations: {}, hosts: ['shop.example'], tls: [] }],
  serviceAccounts: [{ namespace: 'shop', name: 'default', annotations: {} }],
  roleBindings: [
    {
      kind: 'ClusterRoleBinding',
      name: 'everybody',
      role: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'Group', name: 'system:authenticated' }],
      labels: {},
    },
  ],
  roles: [{ kind: 'ClusterRole', name: 'wide', labels: {}, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] }],
  storageClasses: [{ name: 'managed-csi', provisioner: 'disk.csi.azure.com', parameters: {}, isDefault: true }],
  persistentVolumes: [{ name: 'pv-1', source: 'azureDisk', claim: { namespace: 'shop', name: 'data' } }],
  podIdentities: [{ kind: 'AzureIdentity', namespace: 'shop', name: 'shop' }],
  secretProviderClasses: [{ namespace: 'shop', name: 'vault', provider: 'azure', syncs: false }],
  disruptionBudgets: [{ namespace: 'shop', name: 'web', disruptionsAllowed: 0, expectedPods: 2, minAvailable: '2' }],
  deploymentSafeguards: null,
  podSecurityAnswers: [{ namespace: 'shop', level: 'baseline', warnings: [] }],
  apiServerReachability: { reachable: true, detail: 'answered' },
  kubernetesAccess: { allowed: true, as: 'ada@example.com' },
  runCommand: { reachable: true, detail: 'answered' },
  kubernetesVersions: [
    {
      minor: '1.33',
      plans: ['AKSLongTermSupport'],
      preview: false,
      isDefault: false,
      patches: [{ version: '1.33.5', upgrades: ['1.34.2'] }],
    },
    {
      minor: '1.34',
      plans: ['KubernetesOfficial', 'AKSLongTermSupport'],
      preview: false,
      isDefault: true,
      patches: [{ version: '1.34.2', upgrades: [] }],
    },
  ],
  clusterUpgrades: { controlPlane: { version: '1.33.5', upgrades: ['1.34.2'] }, pools: [{ pool: 'system', version: '1.33.5', upgrades: [] }] },
  servicePrincipal: null,
  namesakePrincipals: [],
  siblingClusters: [],
  managedIdentities: [],
  identityRoleAssignments: [],
  dataCollectionRules: [],
  registries: [],
  registryScanners: [],
  registryAssessments: [],
  registryPrivateLink: { endpoints: [], zones: [] },
  certificateHistory: { since: '2026-06-04T08:00:00Z', rotatedAt: '2026-08-01T08:00:00Z' },
  nodes: [{ name: 'aks-system-1', pool: 'system', servingAuthority: 'cluster' }],
  adminPaths: { networks: [], bastions: [], gateways: [], machines: [], unread: [] },
  natGateways: [],
  routeTables: [],
  firewalls: [],
  publicAddresses: [],
  nodeLoadBalancers: [],
};

/** What one set of facts makes of one step: nothing throws, and every answer hangs together. */
function walk(facts: Facts): void {
  for (const step of steps) {
    const found = step.assess(facts);
    expect(Object.keys(found).sort()).toEqual(step.controls.map(({ id }) => id).sort());
    step.explain(facts);
    const options = step.options(facts);
    expect(options.filter((option) => option.recommended).length, `${step.id}: recommended`).toBeLessThanOrEqual(1);
    for (const option of options) {
      expect(option.recommended && option.unavailable, `${step.id}=${option.id} is recommended and unavailable`).toBeFalsy();
      for (const name of option.params)
        expect(
          step.params.some((param) => param.name === name),
          `${step.id}.${name}`,
        ).toBe(true);
      const choice = choose(step, facts, option.id);
      for (const param of step.params.filter(({ name }) => option.params.includes(name))) {
        const value = choice.values[param.name];
        if (value !== undefined) expect(param.validate(value, facts), `default of ${step.id}.${param.name}: ${JSON.stringify(value)}`).toBeUndefined();
      }
      if (option.unavailable) continue;
      const { changes, guards } = step.plan(facts, choice);
      checkChanges(step.id, changes);
      expect(new Set(guards.map(({ id }) => id)).size, `${step.id}: guard ids`).toBe(guards.length);
      for (const guard of guards) if (guard.verdict === 'refuse') expect(guard.override, `${step.id}: ${guard.id}`).toBeDefined();
    }
  }
}

function checkChanges(step: string, changes: readonly Change[]): void {
  expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length);
  for (const change of changes) {
    expect(change.step).toBe(step);
    expect(change.id.startsWith(`${step}/`)).toBe(true);
    expect(change.minutes[0]).toBeLessThanOrEqual(change.minutes[1]);
    // What cannot be compared before it is written must not be planned: an edit that changes nothing is noise.
    if (change.kind === 'arm.update') for (const edit of change.edits) expect(edit.after, edit.path.join('.')).not.toEqual(edit.before);
  }
}

describe('the steps', () => {
  it('stand in walking order, each with an id of its own', () => {
    const walked = [
      'identity.entra-sign-in',
      'identity.local-accounts',
      'platform.control-plane-logs',
      'platform.defender',
      'cluster.node-os-updates',
      'cluster.api-server-exposure',
      'cluster.certificates',
      'cluster.network-policy',
    ];
    expect(steps.map(({ id }) => id).filter((id) => walked.includes(id))).toEqual(walked);
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    const controls = steps.flatMap((step) => step.controls.map(({ id }) => id));
    expect(new Set(controls).size).toBe(controls.length);
    for (const step of steps) expect(step.id.split('.')[0]).toBe(step.pillar);
    expect(steps.map(({ pillar }) => pillars.indexOf(pillar))).toEqual([...steps].map(({ pillar }) => pillars.indexOf(pillar)).sort());
  });

  it('give every control a link, and every link a page of its own', () => {
    for (const control of steps.flatMap((step) => step.controls)) {
      expect(control.references.docs.length, control.id).toBeGreaterThan(0);
      for (const { url } of control.references.docs) expect(url).toMatch(/^https:\/\/[a-z0-9.-]+\/\S+$/);
      for (const guid of control.references.policy ?? []) expect(guid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
  });

  it('come after steps that exist', () => {
    for (const step of steps)
      for (const id of step.after)
        expect(
          steps.some((other) => other.id === id),
          `${step.id} after ${id}`,
        ).toBe(true);
  });

  it('do no I/O: they import the model, each other, and a library of pure functions', () => {
    const allowed = [/^(\.\.\/)+src\/model\/[\w/-]+\.ts$/, /^\.{1,2}\/(?!.*src\/).*\.ts$/, /^ipaddr\.js$/];
    expect(sources.length).toBeGreaterThan(15);
    for (const name of sources) {
      const source = readFileSync(`${folder}${name}`, 'utf8');
      const imported = [/^(?:import|export)\b[^;']*from '([^']+)'/gm, /^import\s+'([^']+)'/gm, /\bimport\('([^']+)'/g].flatMap((form) =>
        [...source.matchAll(form)].map(([, path]) => path ?? ''),
      );
      if (source.includes('import ')) expect(imported.length, `${name}: imports are found`).toBeGreaterThan(0);
      for (const path of imported)
        expect(
          allowed.some((pattern) => pattern.test(path)),
          `${name} imports ${path}`,
        ).toBe(true);
      for (const word of ['process.', 'Date.now', 'new Date()', 'Math.random', 'fetch(', 'require(', 'globalThis']) {
        expect(source.includes(word), `${name} uses ${word}`).toBe(false);
      }
    }
  });
});

describe('whatever is known', () => {
  const keys = Object.keys(everything) as FactKey[];
  const bodies: readonly ArmResource[] = [
    cluster(),
    cluster({
      properties: { aadProfile: { managed: true, adminGroupObjectIDs: [GROUP], enableAzureRBAC: true, tenantID: TENANT }, disableLocalAccounts: true },
    }),
    cluster({ properties: { enableRBAC: false, aadProfile: { serverAppID: GROUP, clientAppID: GROUP } } }),
    cluster({ sku: { name: 'Automatic', tier: 'Standard' } }),
    cluster({ location: 'chinanorth3' }),
  ];

  it('no step throws, and no answer contradicts another', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.subarray(keys), fc.subarray(keys), (body, missing, refused) => {
        const known: { [key: string]: unknown } = { ...everything };
        for (const key of refused) if (key !== 'subscriptionTenant') known[key] = 'not allowed to read it';
        for (const key of missing) delete known[key];
        walk(factsOf(body, known as never));
      }),
      { numRuns: 60 },
    );
  });

  it('no step throws on a body that has lost any of its properties', () => {
    const properties = Object.keys((bodies[1]?.['properties'] ?? {}) as object);
    fc.assert(
      fc.property(fc.subarray(properties), fc.constantFrom<Json>(null, '', 'odd', 7, [], {}), (names, value) => {
        const over = Object.fromEntries(names.map((name) => [name, value]));
        const body = bodies[1] ?? {};
        const inside = isObject(body['properties']) ? body['properties'] : {};
        walk(factsOf({ ...body, properties: { ...inside, ...over } }, everything));
      }),
      { numRuns: 60 },
    );
    walk(factsOf({}, {}));
  });

  it('without any fact beside the body, nothing outside of it is called good', () => {
    const found = Object.assign({}, ...steps.map((step) => step.assess(factsOf(cluster(), {}))));
    for (const id of ['3.1', '3.2', '3.3', '3.4', '5.1']) expect(found[id]?.status, id).toBe('unknown');
  });
});

const recorded = fileURLToPath(new URL('../../../shared/data/clusters/', import.meta.url));
if (!existsSync(recorded)) console.log('skipped: the recorded clusters are not beside this project');
describe.runIf(existsSync(recorded))('recorded clusters', () => {
  const files = existsSync(recorded) ? readdirSync(recorded).filter((name) => name.endsWith('.json') && name !== 'index.json') : [];
  it.each(files)('%s is assessed and planned', (name) => {
    const body = JSON.parse(readFileSync(`${recorded}${name}`, 'utf8')) as ArmResource;
    const apiVersion = /(\d{4}-\d{2}-\d{2}(-preview)?)\.json$/.exec(name)?.[1] ?? '';
    walk(factsOf(body, {}, { apiVersion, source: { kind: 'file', label: name, readAt: '2026-09-01T00:00:00Z' } }));
    walk(factsOf(body, everything, { apiVersion }));
  });
});
