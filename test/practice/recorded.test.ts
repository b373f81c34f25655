import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at, isObject, type Json, type JsonObject, list, same, text } from '../../src/model/json.ts';
import { handle } from '../../src/practice/handle.ts';
import { storeResource } from '../../src/practice/world.ts';
import { type Bench, bench } from './bench.ts';

const writesFile = new URL('../../../shared/data/arm/az-writes.json', import.meta.url);
const errorsFile = new URL('../../../shared/data/arm/errors.json', import.meta.url);
const here = existsSync(writesFile) && existsSync(errorsFile);
if (!here) console.info('skipped: writes and errors recorded from the real service are not here');

interface RecordedWrite {
  readonly command: string;
  readonly flags: string;
  readonly apiVersion: string;
  readonly changes: readonly { readonly op: string; readonly path: string; readonly new: Json }[];
  readonly before: JsonObject;
  readonly put: JsonObject;
}

/** Writes whose recording was made anonymous so that they do not hold together any more, by what changes. */
const undone = /aadProfile\/tenantID|\/dnsPrefix$/;

/** Everything that a recorded cluster refers to and the world must therefore have. */
function neighbours(cluster: JsonObject): readonly JsonObject[] {
  const ids = [...JSON.stringify(cluster).matchAll(/"(\/subscriptions\/[^"]*\/(?:workspaces|publicIPAddresses)\/[^"]*)"/gi)].map((match) => match[1] ?? '');
  return ids.map((id) => ({
    id,
    name: id.split('/').at(-1) ?? '',
    type: `Microsoft.${id.includes('orkspaces') ? 'OperationalInsights/workspaces' : 'Network/publicIPAddresses'}`,
    properties: {},
  }));
}

function plant(practice: Bench, write: RecordedWrite): string {
  const { world, clusterId } = practice;
  const identity = { id: clusterId, name: clusterId.split('/').at(-1) ?? '', type: 'Microsoft.ContainerService/ManagedClusters' };
  for (const neighbour of neighbours(write.before)) storeResource(world, neighbour);
  for (const neighbour of neighbours(write.put)) storeResource(world, neighbour);
  if (!/agentPools/i.test(text(write.before['type']) ?? '')) {
    storeResource(world, { ...write.before, ...identity });
    return clusterId;
  }
  const properties = at(write.before, ['properties']);
  const name = text(write.before['name']) ?? '';
  const system = { name: 'system', mode: 'System', count: 1, provisioningState: 'Succeeded' };
  practice.plant({
    agentPoolProfiles: [...(isObject(properties) && properties['mode'] === 'System' ? [] : [system]), { ...(properties as JsonObject), name }],
  });
  return `${clusterId}/agentPools/${name}`;
}

function valueAt(body: Json | undefined, pointer: string): Json | undefined {
  return pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>((value, key) => (Array.isArray(value) ? (value as readonly Json[])[Number(key)] : at(value, [key])), body);
}

/** True when everything wanted is there; the service may add to it (an add-on's identity). */
function holds(found: Json | undefined, wanted: Json | undefined): boolean {
  if (isObject(wanted) && isObject(found)) return Object.entries(wanted).every(([key, value]) => holds(found[key], value));
  return same(found, wanted);
}

describe.runIf(here)('writes that the real service accepted', () => {
  const writes = here ? (JSON.parse(readFileSync(writesFile, 'utf8')) as RecordedWrite[]) : [];
  const whole = writes
    .map((write, number) => ({ ...write, number }))
    .filter((write) => write.put['properties'] !== undefined && !write.changes.some((change) => undone.test(change.path)));

  it('are most of what was recorded', () => {
    expect(whole.length).toBeGreaterThan(writes.length * 0.9);
  });

  it.each(whole)('$number: $command $flags ($apiVersion)', async (write) => {
    const practice = await bench('typical');
    const id = plant(practice, write);
    const answer = handle(practice.world, {
      method: 'PUT',
      url: `https://practice.invalid${id}?api-version=${write.apiVersion}`,
      headers: { authorization: 'Bearer practice' },
      body: JSON.stringify(write.put),
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(Object.keys(answer.headers)).toContain('azure-asyncoperation');
    for (const change of write.changes.filter(({ op, path, new: wanted }) => op !== 'remove' && wanted !== '' && !path.startsWith('/identity/'))) {
      const found = valueAt(answer.body, change.path);
      const kept = holds(found, change.new);
      expect({ path: change.path, value: kept ? change.new : found }).toEqual({ path: change.path, value: change.new });
    }
  });
});

describe.runIf(here)('errors that the real service gave', () => {
  const errors = here
    ? (JSON.parse(readFileSync(errorsFile, 'utf8')) as { readonly status: number; readonly code: string | null; readonly response: JsonObject }[])
    : [];
  const recorded = (code: string) => errors.filter((error) => error.code === code).map((error) => error.response);

  async function refusal(edit: (cluster: JsonObject) => JsonObject): Promise<Json | undefined> {
    const practice = await bench('typical');
    const cluster = edit(await practice.get());
    const { world, clusterId } = practice;
    return handle(world, {
      method: 'PUT',
      url: `https://practice.invalid${clusterId}?api-version=2026-05-01`,
      headers: { authorization: 'Bearer practice' },
      body: JSON.stringify(cluster),
    }).body;
  }
  const withProperties = (own: JsonObject) => (cluster: JsonObject) => ({ ...cluster, properties: { ...(cluster['properties'] as JsonObject), ...own } });
  const withPool = (own: JsonObject) => (cluster: JsonObject) =>
    withProperties({ agentPoolProfiles: list(at(cluster, ['properties', 'agentPoolProfiles'])).map((pool) => ({ ...(pool as JsonObject), ...own })) })(cluster);

  it.each([
    ['SystemPoolHasRestrictedTaint', withPool({ nodeTaints: ['team=shop:NoSchedule'] })],
    ['InvalidParameter', withPool({ localDNSProfile: { mode: 'Required', kubeDNSOverrides: { '.': {} } } })],
    ['BadRequest', withProperties({ ingressProfile: { gatewayAPI: { installation: 'Standard' } } })],
    [
      'WebAppRoutingDNSZoneNotFound',
      withProperties({
        ingressProfile: {
          webAppRouting: {
            enabled: true,
            dnsZoneResourceIds: [
              '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/notexist/providers/Microsoft.Network/dnsZones/notexist.com',
            ],
          },
        },
      }),
    ],
  ])('%s comes in the same words and shape', async (code, edit) => {
    const [wanted] = recorded(code);
    expect(wanted).toBeDefined();
    expect(await refusal(edit)).toEqual(wanted);
  });

  it('ServicePrincipalNotFound comes in the same words', async () => {
    const practice = await bench('legacy');
    const answer = await practice.write({ 'servicePrincipalProfile.clientId': '4e3c8f5f-1755-4d61-9c64-6f7d40611ca7' });
    const [wanted] = recorded('ServicePrincipalNotFound');
    const tenant = /tenant ([0-9a-f-]{36})/.exec(text(wanted?.['message']) ?? '')?.[1] ?? '';
    expect(answer).toBe(`404 ServicePrincipalNotFound: ${text(wanted?.['message'])?.replace(tenant, practice.world.state.tenantId)}`);
  });
});
