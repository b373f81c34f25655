import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { at, list } from '../../src/model/json.ts';
import { kubeKinds } from '../../src/model/kube-kinds.ts';
import { findKubectl } from './az-program.ts';
import { type KubectlWorld, openKubectlWorld } from './kubectl-world.ts';

const hasKubectl = findKubectl() !== undefined;
if (!hasKubectl) console.log('skipped: no kubectl, so that the practice API server is not asked by it');

const settings = (name: string, data: JsonObject, rest: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data,
  ...rest,
});

describe.runIf(hasKubectl)('the practice API server under the real kubectl', () => {
  let world: KubectlWorld;
  beforeAll(async () => {
    world = await openKubectlWorld('typical');
  });
  beforeEach(() => world.change({ forbiddenKinds: [], forbiddenVerbs: [], forgottenLists: 0, denials: [] }));
  afterAll(() => world.close());

  const run = (...args: readonly string[]) => world.kubectl(args);
  const apply = (object: JsonObject, ...flags: readonly string[]) => world.kubectl(['apply', '--server-side', ...flags, '-f', '-'], object);

  describe('reads', () => {
    it('the same list whole and in pages', async () => {
      const [whole, paged] = [await run('get', 'pods', '-A', '-o', 'name', '--chunk-size=0'), await run('get', 'pods', '-A', '-o', 'name', '--chunk-size=3')];
      expect(paged.stdout).toBe(whole.stdout);
      expect(whole.stdout.split('\n').length).toBeGreaterThan(10);
      const page: JsonObject = JSON.parse((await run('get', '--raw', '/api/v1/pods?limit=2')).stdout);
      expect(list(page['items'])).toHaveLength(2);
      expect(at(page, ['metadata', 'remainingItemCount'])).toBe(whole.stdout.trim().split('\n').length - 2);
    });

    it('a list whose beginning is forgotten ends in 410, and the gateway begins again', async () => {
      world.change({ forgottenLists: 1 });
      const refused = await run('get', 'pods', '-A', '--chunk-size=3');
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/continue parameter is too old/) });
      // Pages of the gateway are larger than this cluster: more objects are put there.
      const { state } = world.served.world;
      const many = Array.from({ length: 700 }, (_, i): JsonObject => settings(`many-${String(i).padStart(4, '0')}`, {}));
      const before = state.kubernetes;
      state.kubernetes = [...before, ...many];
      world.change({ forgottenLists: 1 });
      const names: string[] = [];
      for await (const got of world.gateway.list(kubeKinds.configMap, { namespace: 'shop' }))
        names.push(...got.map((one) => String(at(one, ['metadata', 'name']))));
      expect(names.filter((name) => name.startsWith('many-'))).toHaveLength(700);
      expect(new Set(names).size).toBe(names.length);
      expect(state.settings.forgottenLists).toBe(0);
      state.kubernetes = before;
    });

    it.each<readonly [string, readonly string[], string]>([
      ['by name', ['get', 'deployment', 'web', '-n', 'shop', '-o', 'jsonpath={.metadata.name}'], 'web'],
      ['by label', ['get', 'pods', '-n', 'shop', '-l', 'app in (catalog)', '-o', 'name', '--no-headers'], 'pod/catalog-'],
      ['by field', ['get', 'deployments', '-n', 'shop', '--field-selector=metadata.name=web', '-o', 'name'], 'deployment.apps/web'],
      ['by short name', ['get', 'ns', 'shop', '-o', 'name'], 'namespace/shop'],
      ['by group and version', ['get', 'deployments.v1.apps', '-n', 'shop', '-o', 'name'], 'deployment.apps/catalog'],
      ['all of a namespace', ['get', 'all', '-n', 'shop', '-o', 'name'], 'pod/catalog-'],
      ['until it is told no more', ['get', 'pods', '-n', 'shop', '-o', 'name', '--watch'], 'pod/catalog-'],
      ['a rollout', ['rollout', 'status', 'deployment/web', '-n', 'shop', '--timeout=10s'], 'deployment "web" successfully rolled out'],
    ])('%s', async (_how, args, begins) => {
      const { code, stdout, stderr } = await run(...args);
      expect(code, stderr).toBe(0);
      expect(stdout.startsWith(begins), stdout).toBe(true);
    });

    it.each<readonly [string, readonly string[], string]>([
      ['an unknown kind', ['get', 'widgets'], `the server doesn't have a resource type "widgets"`],
      ['an unknown path', ['get', '--raw', '/apis/example.org/v1/widgets'], 'Error from server (NotFound): the server could not find the requested resource'],
      ['an unknown object', ['get', 'deployment', 'none', '-n', 'shop'], 'Error from server (NotFound): deployments.apps "none" not found'],
      ['a token that is none', ['get', '--raw', '/api/v1/pods?limit=2&continue=x'], 'Error from server (BadRequest): continue key is not valid'],
      ['a selector of no field', ['get', 'pods', '-A', '--field-selector=spec.color=red'], 'unable to parse requirement: spec.color=red'],
    ])('%s', async (_what, args, says) => {
      const { code, stderr } = await run(...args);
      expect(code).toBe(1);
      expect(stderr).toContain(says);
    });
  });

  describe('writes', () => {
    it('a dry run of any write keeps nothing', async () => {
      const before = JSON.stringify(world.served.world.state.kubernetes);
      const ran = [
        await apply(settings('dry', { a: '1' }), '--dry-run=server'),
        await world.kubectl(['create', '--dry-run=server', '-f', '-'], settings('dry', { a: '1' })),
        await run('label', '--dry-run=server', 'namespace', 'shop', 'a=b'),
        await run('patch', 'deployment', 'web', '-n', 'shop', '--dry-run=server', '--type=merge', '-p', '{"spec":{"replicas":9}}'),
        await run('delete', 'deployment', 'web', '-n', 'shop', '--dry-run=server'),
      ];
      expect(ran.map(({ code, stderr }) => `${code}${stderr}`)).toEqual(['0', '0', '0', '0', '0']);
      // Of a patch kubectl does not say that it was one.
      expect(ran.filter(({ stdout }) => stdout.includes('(server dry run)'))).toHaveLength(4);
      expect(JSON.stringify(world.served.world.state.kubernetes)).toBe(before);
    });

    it('fields of another manager are a conflict that names it, and change hands by force', async () => {
      expect((await apply(settings('owned', { a: '1', b: '1' }), '--field-manager=flux')).code).toBe(0);
      const refused = await apply(settings('owned', { a: '2', b: '2' }), '--field-manager=aks-harden');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('Apply failed with 2 conflicts: conflicts with "flux":\n- .data.a\n- .data.b\n');
      expect((await apply(settings('owned', { a: '1' }), '--field-manager=aks-harden')).code).toBe(0);
      const forced = await apply(settings('owned', { a: '3' }), '--field-manager=aks-harden', '--force-conflicts');
      expect(forced).toMatchObject({ code: 0, stdout: 'configmap/owned serverside-applied\n' });
      // flux has lost what was taken by force, and keeps the rest.
      expect((await apply(settings('owned', { a: '1', b: '1' }), '--field-manager=flux')).stderr).toContain(
        'Apply failed with 1 conflict: conflict with "aks-harden": .data.a',
      );
      const kept: JsonObject = JSON.parse((await run('get', 'configmap', 'owned', '-n', 'shop', '-o', 'json')).stdout);
      expect(kept['data']).toEqual({ a: '3', b: '1' });
    });

    it('an object that nobody applied has an owner before the first apply', async () => {
      const sent = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 5 } };
      expect((await apply(sent, '--dry-run=server')).stderr).toMatch(/conflict with "before-first-apply" using apps\/v1 at [0-9TZ:-]+: \.spec\.replicas/);
    });

    it('labels and annotations, over old values only when told to, and a difference without a change', async () => {
      expect((await run('label', 'configmap', 'owned', '-n', 'shop', 'team=a', '--field-manager=aks-harden')).code).toBe(0);
      expect((await run('label', 'configmap', 'owned', '-n', 'shop', 'team=b')).stderr).toContain('--overwrite is false');
      expect((await run('label', 'configmap', 'owned', '-n', 'shop', 'team=b', '--overwrite')).code).toBe(0);
      expect((await run('annotate', 'configmap', 'owned', '-n', 'shop', `note=it's "a" \\ b`)).code).toBe(0);
      expect((await run('get', 'configmap', 'owned', '-n', 'shop', '-o', 'jsonpath={.metadata.labels.team} {.metadata.annotations.note}')).stdout).toBe(
        `b it's "a" \\ b`,
      );
      expect((await run('label', 'configmap', 'owned', '-n', 'shop', 'team-')).code).toBe(0);
      const diff = await world.kubectl(['diff', '--server-side', '--field-manager=aks-harden', '-f', '-'], settings('owned', { a: '4' }));
      expect(diff.code).toBe(1);
      expect(diff.stdout).toMatch(/^-\s+a: "3"$\n^\+\s+a: "4"$/m);
    });

    it.each<readonly [string, readonly string[], string]>([
      [
        'JSON patches are not read',
        ['patch', 'configmap', 'owned', '-n', 'shop', '--type=json', '-p', '[{"op":"remove","path":"/data"}]'],
        'application/json-patch+json is not supported by /v1, Kind=ConfigMap',
      ],
      ['nor objects in protobuf', ['create', 'namespace', 'made'], 'accepted media types include: application/json'],
      [
        'a level that is none',
        ['label', '--overwrite', 'namespace', 'shop', 'pod-security.kubernetes.io/enforce=strict'],
        'The Namespace "shop" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted',
      ],
    ])('%s', async (_what, args, says) => {
      const { code, stderr } = await run(...args);
      expect(code).toBe(1);
      expect(stderr).toContain(says);
    });

    it.each<readonly [string, JsonObject, string]>([
      ['into a namespace that is not there', { ...settings('x', {}), metadata: { name: 'x', namespace: 'none' } }, 'namespaces "none" not found'],
      ['under a name that is none', settings('Bad_Name', {}), 'The ConfigMap "Bad_Name" is invalid: metadata.name'],
      [
        'with the server’s own record',
        { ...settings('x', {}), metadata: { name: 'x', namespace: 'shop', managedFields: [] } },
        'metadata.managedFields must be nil',
      ],
      ['as an object that was deleted', { ...settings('x', {}), metadata: { name: 'x', namespace: 'shop', uid: 'abc' } }, 'uid mismatch'],
      [
        'of an unknown kind',
        { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'x' } },
        'no matches for kind "Widget" in version "example.org/v1"',
      ],
    ])('nothing is applied %s', async (_what, object, says) => {
      const { code, stderr } = await apply(object);
      expect(code).toBe(1);
      expect(stderr).toContain(says);
    });
  });

  it('Pod Security speaks in warnings', async () => {
    const asked = await run('label', '--dry-run=server', '--overwrite', 'namespace', 'shop', 'pod-security.kubernetes.io/enforce=restricted');
    expect(asked.code).toBe(0);
    expect(asked.stderr).toContain('Warning: existing pods in namespace "shop" violate the new PodSecurity enforce level "restricted:latest"\n');
    expect(asked.stderr).toMatch(/^Warning: catalog-\S+ \(and 2 other pods\): allowPrivilegeEscalation != false/m);
    const { warnings } = await world.gateway.patch(
      { kind: kubeKinds.namespace, name: 'shop' },
      { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
      { dryRun: true },
    );
    expect(warnings.map((line) => `Warning: ${line}`)).toEqual(asked.stderr.trim().split('\n'));
  });
});
