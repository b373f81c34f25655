import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, isObject, type Json, type JsonObject, keyOf, type Path, same, showPath } from '../../src/model/json.ts';
import { applyEdits, differences, writableBody } from '../../src/render/write-body.ts';

const data = (name: string) => new URL(`../../../shared/data/arm/${name}`, import.meta.url);
const hasData = existsSync(data('az-writes.json'));
if (!hasData) console.log("skipped: bodies are not compared with az's recorded writes, they are not there");

interface Recorded {
  readonly command: string;
  readonly commandLine: string | null;
  readonly before: JsonObject;
  readonly put: JsonObject;
  readonly changes: readonly { readonly op: 'add' | 'replace' | 'remove'; readonly path: string; readonly new?: Json }[];
}
const recorded: readonly Recorded[] = hasData ? (JSON.parse(readFileSync(data('az-writes.json'), 'utf8')) as Recorded[]) : [];

/** A JSON pointer as a path. Identity ids hold slashes, and the recordings do not escape them. */
function pointer(text: string): Path {
  const [, map, id] = /^\/identity\/(userAssignedIdentities)\/(.+)$/.exec(text) ?? [];
  return map && id ? ['identity', map, id] : text.slice(1).split('/');
}

/** Edits for recorded changes; what changes inside a list becomes an edit of the list. */
function editsOf(body: JsonObject, changes: Recorded['changes']) {
  return changes.map(({ path, op, new: next }) => {
    const segments = pointer(path);
    const depth = segments.findIndex((_segment, i) => Array.isArray(at(body, segments.slice(0, i))));
    if (depth < 0) return { path: segments, after: op === 'remove' ? undefined : next };
    const changed = structuredClone(at(body, segments.slice(0, depth))) as Json[];
    let here = changed as unknown as { [key: string]: Json };
    for (const segment of segments.slice(depth, -1)) here = here[segment] as { [key: string]: Json };
    here[segments.at(-1) ?? ''] = next ?? null;
    return { path: segments.slice(0, depth), after: changed as Json };
  });
}

/** Recordings name a list's entry by its number, differences by its name. */
const covers = (edit: Path, place: Path) =>
  edit.every((segment, i) => segment.toLowerCase() === place[i]?.toLowerCase() || (/^\d+$/.test(segment) && place[i]?.startsWith('[') === true));

/** True for an identity's own values, which are sent empty. */
const isIdentityValue = (place: Path) => place[0] === 'identity' && place[1] === 'userAssignedIdentities' && place.length > 2;

/** az's SDKs of 2021 to 2024 sent this one back; ARM's own description has called it read-only since (azure-rest-api-specs). */
const isEchoed = (place: Path) => place.at(-1) === 'effectiveOutboundIPs';

describe.runIf(hasData)("bodies against az's recorded writes", () => {
  it('has all of them', () => expect(recorded).toHaveLength(55));

  it.each(recorded.map((one, i) => [i, one.commandLine ?? one.command, one] as const))(
    '%i %s: changes what az changed and nothing else',
    (_i, _line, { before, changes }) => {
      const base = writableBody(before);
      // Edits of one list follow each other: each is made on what the one before left.
      const body = changes.reduce((value, change) => applyEdits(value, editsOf(value, [change])), base);
      const edits = changes.map((change) => pointer(change.path));
      for (const place of differences(base, body)) {
        const inside = edits.some((edit) => covers(edit, place) || covers(place, edit));
        expect(inside, showPath(place)).toBe(true);
      }
      for (const change of changes) {
        const path = pointer(change.path);
        if (!path.some((segment) => /^\d+$/.test(segment))) expect(at(body, path)).toEqual(change.op === 'remove' ? undefined : change.new);
      }
    },
  );

  it.each(recorded.map((one, i) => [i, one.commandLine ?? one.command, one] as const))('%i %s: strips nothing that az sends', (_i, _line, { before, put }) => {
    for (const place of differences(before, writableBody(before))) {
      if (isIdentityValue(place) || isEchoed(place)) continue;
      if (Array.isArray(at(before, place))) {
        // Pools: entry by entry.
        const [old, ours, theirs] = [at(before, place), at(writableBody(before), place), at(put, place)] as (Json[] | undefined)[];
        old?.forEach((entry, i) => {
          for (const inner of differences(entry, ours?.[i])) expect(at(theirs?.[i], inner), showPath(inner)).toBeUndefined();
        });
      } else expect(at(put, place), showPath(place)).toBeUndefined();
    }
  });
});

const schemaFile = data('managedClusters-2026-05-01.schema.json');
describe.runIf(existsSync(schemaFile))('read-only by the published schema', () => {
  interface Schema {
    readonly $ref?: string;
    readonly properties?: { readonly [name: string]: Schema };
    readonly additionalProperties?: Schema | boolean;
    readonly items?: Schema;
    readonly oneOf?: readonly Schema[];
  }
  const schema = existsSync(schemaFile)
    ? (JSON.parse(readFileSync(schemaFile, 'utf8')) as { resourceDefinitions: { [name: string]: Schema }; definitions: { [name: string]: Schema } })
    : undefined;
  const resolve = (one: Schema): Schema => {
    if (one.$ref) return resolve(schema?.definitions[one.$ref.split('/').at(-1) ?? ''] ?? {});
    return one.oneOf?.map(resolve).find((alternative) => alternative.properties ?? alternative.items ?? alternative.additionalProperties) ?? one;
  };
  const full: JsonObject = {
    id: 'x',
    eTag: 'x',
    systemData: {},
    identity: { type: 'SystemAssigned', principalId: 'x', tenantId: 'x' },
    properties: {
      azurePortalFQDN: 'x',
      currentKubernetesVersion: 'x',
      fqdn: 'x',
      maxAgentPools: 1,
      powerState: {},
      privateFQDN: 'x',
      provisioningState: 'x',
      resourceUID: 'x',
      addonProfiles: { omsagent: { enabled: true, identity: {} } },
      agentPoolProfiles: [
        { name: 'np1', count: 1, currentOrchestratorVersion: 'x', eTag: 'x', provisioningState: 'x', nodeImageVersion: 'keep', powerState: { code: 'keep' } },
      ],
      ingressProfile: { webAppRouting: { enabled: true, identity: {} } },
      networkProfile: { podCidr: 'keep', loadBalancerProfile: { effectiveOutboundIPs: [] }, natGatewayProfile: { effectiveOutboundIPs: [] } },
      oidcIssuerProfile: { enabled: true, issuerURL: 'x' },
    },
  };

  it('strips what the schema does not let a write hold, and only that', () => {
    const body = writableBody(full);
    const root = resolve(schema?.resourceDefinitions['managedClusters'] ?? {});
    const inSchema = (place: Path): boolean => {
      let here: Schema | undefined = root;
      for (const segment of place) {
        const one: Schema = resolve(here ?? {});
        const key = one.properties && keyOf(one.properties as unknown as JsonObject, segment);
        here = key !== undefined ? one.properties?.[key] : isObject(one.additionalProperties) ? (one.additionalProperties as Schema) : undefined;
        if (here === undefined) return false;
      }
      return true;
    };
    const stripped = differences(full, body).filter((place) => !Array.isArray(at(full, place)) || at(body, place) === undefined);
    expect(stripped.length).toBeGreaterThan(15);
    for (const place of stripped) expect(inSchema(place), showPath(place)).toBe(false);
    expect(at(body, ['properties', 'agentPoolProfiles'])).toEqual([{ name: 'np1', count: 1, nodeImageVersion: 'keep', powerState: { code: 'keep' } }]);
  });
});

describe('writableBody', () => {
  it('keeps what nobody knows, at any depth (any body)', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const key = fc.string({ minLength: 1 }).map((text) => `x-${text}`);
    const tree = fc.letrec<{ node: Json }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 4 }),
      ) as fc.Arbitrary<Json>,
    })).node;
    fc.assert(
      fc.property(fc.dictionary(key, tree), tree, tree, (unknowns, deep, pool) => {
        const raw: JsonObject = {
          ...unknowns,
          properties: {
            'x-new': deep,
            provisioningState: 'Succeeded',
            networkProfile: { 'x-new': deep },
            agentPoolProfiles: [{ name: 'p', provisioningState: 'x', 'x-new': pool }],
            addonProfiles: { 'x-new': { 'x-new': deep, identity: {} } },
          },
        };
        const expected: JsonObject = {
          ...unknowns,
          properties: {
            'x-new': deep,
            networkProfile: { 'x-new': deep },
            agentPoolProfiles: [{ name: 'p', 'x-new': pool }],
            addonProfiles: { 'x-new': { 'x-new': deep } },
          },
        };
        expect(writableBody(raw)).toEqual(expected);
      }),
    );
  });

  it('knows read-only properties in any case, and blanks identities', () => {
    const raw: JsonObject = {
      Id: 'x',
      ETAG: 'x',
      identity: { type: 'UserAssigned', userAssignedIdentities: { '/a/b': { clientId: 'c', principalId: 'p' } } },
      properties: { ProvisioningState: 'x', dnsPrefix: 'd' },
    };
    expect(writableBody(raw)).toEqual({ identity: { type: 'UserAssigned', userAssignedIdentities: { '/a/b': {} } }, properties: { dnsPrefix: 'd' } });
  });

  it('knows a pool from a cluster', () => {
    const pool = {
      id: '/x/managedClusters/c/agentPools/p',
      type: 'Microsoft.ContainerService/managedClusters/agentPools',
      properties: { eTag: 'x', powerState: { code: 'Running' }, provisioningState: 'x', count: 3 },
    };
    expect(writableBody(pool)).toEqual({ properties: { powerState: { code: 'Running' }, count: 3 } });
  });

  it('changes nothing the second time', () => {
    for (const { before } of recorded.filter((one) => !/agentPools/i.test(String(one.before['type'])))) {
      expect(same(writableBody(writableBody(before)), writableBody(before))).toBe(true);
    }
  });
});

describe('applyEdits and differences', () => {
  it('differ exactly where edits are made', () => {
    const raw: JsonObject = { properties: { a: 1, list: ['x'], kept: { b: true } } };
    const edits = [
      { path: ['properties', 'a'], after: 2 },
      { path: ['properties', 'list'], after: ['x', 'y'] },
      { path: ['properties', 'new', 'deep'], after: 'v' },
      { path: ['properties', 'kept', 'b'], after: undefined },
      { path: ['properties', 'not', 'there'], after: undefined },
    ];
    expect(differences(raw, applyEdits(raw, edits)).map(showPath)).toEqual(['properties.a', 'properties.list', 'properties.kept.b', 'properties.new.deep']);
  });

  it('reaches into a list by the name of an entry, and tells such a difference by that name', () => {
    const raw = {
      properties: {
        agentPoolProfiles: [
          { name: 'one', count: 1 },
          { name: 'two', count: 1 },
        ],
      },
    };
    const path = ['properties', 'agentPoolProfiles', '[two]', 'count'];
    expect(differences(raw, applyEdits(raw, [{ path, after: 3 }]))).toEqual([path]);
    expect(() => applyEdits(raw, [{ path: ['properties', 'agentPoolProfiles', '[three]', 'count'], after: 3 }])).toThrow(/list/);
  });

  it('does not reach into a list by number', () => {
    expect(() => applyEdits({ properties: { list: [{ a: 1 }] } }, [{ path: ['properties', 'list', '0', 'a'], after: 2 }])).toThrow(/list/);
  });
});
