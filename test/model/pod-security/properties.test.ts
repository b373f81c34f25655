import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { edited, editsOf, evaluatePod, levels, mergePatch, type PodTemplate, podTemplateOf } from '../../../src/model/pod-security/index.ts';

const versions = fc.integer({ min: 22, max: 38 }).map((minor) => `1.${minor}`);

const pick = (...values: readonly Json[]): fc.Arbitrary<Json> => fc.constantFrom(...values);
const some = (model: { [key: string]: fc.Arbitrary<Json> }): fc.Arbitrary<JsonObject> => fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;

const capability = fc.constantFrom('ALL', 'NET_BIND_SERVICE', 'CHOWN', 'SYS_ADMIN', 'NET_RAW');
const profile = some({ type: pick('RuntimeDefault', 'Localhost', 'Unconfined', '') });
const context = {
  privileged: pick(true, false, null),
  allowPrivilegeEscalation: pick(true, false),
  runAsNonRoot: pick(true, false),
  runAsUser: pick(0, 1000),
  procMount: pick('Default', 'Unmasked'),
  seccompProfile: profile,
  appArmorProfile: profile,
  capabilities: some({ add: fc.array(capability), drop: fc.array(capability) }),
  seLinuxOptions: some({ type: pick('container_t', 'container_engine_t', 'spc_t'), user: pick('', 'u'), role: pick('', 'r') }),
  windowsOptions: some({ hostProcess: pick(true, false) }),
};
const handler = some({ httpGet: some({ host: pick('', 'h') }), tcpSocket: some({ host: pick('127.0.0.1') }) });
const container = fc
  .tuple(
    fc.nat(),
    some({
      securityContext: some(context),
      ports: fc.array(some({ containerPort: pick(80, 81), hostPort: pick(0, 80) }), { maxLength: 2 }),
      livenessProbe: handler,
      lifecycle: some({ preStop: handler }),
    }),
  )
  .map(([n, body]): JsonObject => ({ name: `c${n}`, ...body }));
const containers = fc.array(container, { minLength: 1, maxLength: 3 });
const spec = some({
  containers,
  initContainers: containers,
  ephemeralContainers: containers,
  hostNetwork: pick(true, false),
  hostPID: pick(true),
  hostUsers: pick(true, false),
  os: some({ name: pick('windows', 'linux') }),
  securityContext: some({
    ...context,
    sysctls: fc.array(some({ name: pick('kernel.msgmax', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_syncookies') }), { maxLength: 3 }),
  }),
  volumes: fc.array(fc.constantFrom<JsonObject>({ name: 'a', emptyDir: {} }, { name: 'b', hostPath: { path: '/' } }, { name: 'c', nfs: {} }, { name: 'd' }), {
    maxLength: 3,
  }),
});
const annotations = some({
  'container.apparmor.security.beta.kubernetes.io/c1': pick('unconfined', 'runtime/default', 'localhost/x'),
  other: pick('x'),
});
const pods: fc.Arbitrary<PodTemplate> = fc.record({ metadata: fc.record({ annotations }), spec });

/** Single fields that baseline or restricted refuse, as what adds them to a pod. */
const offences: readonly ((pod: JsonObject) => JsonObject)[] = [
  (pod) => ({ ...pod, hostPID: true }),
  (pod) => ({ ...pod, hostNetwork: true }),
  (pod) => ({ ...pod, volumes: [...((pod['volumes'] as Json[] | undefined) ?? []), { name: 'more', hostPath: { path: '/' } }] }),
  ...[
    { privileged: true },
    { allowPrivilegeEscalation: true },
    { runAsNonRoot: false },
    { runAsUser: 0 },
    { procMount: 'Unmasked' },
    { seccompProfile: { type: 'Unconfined' } },
    { appArmorProfile: { type: 'Unconfined' } },
    { windowsOptions: { hostProcess: true } },
    { seLinuxOptions: { user: 'root', type: 'spc_t', role: 'r' } },
  ].map((more) => (pod: JsonObject) => {
    const list = (pod['containers'] as JsonObject[] | undefined) ?? [{ name: 'x' }];
    const [first, ...rest] = list;
    return { ...pod, containers: [{ ...first, securityContext: { ...(first?.['securityContext'] as JsonObject | undefined), ...more } }, ...rest] };
  }),
];

const failing = (pod: PodTemplate, level: 'baseline' | 'restricted', version: string) => new Set(evaluatePod(pod, level, version).map(({ check }) => check));

describe('evaluatePod', () => {
  it('never throws, whatever it is given', () => {
    const keys = fc.constantFrom(
      'containers',
      'securityContext',
      'volumes',
      'annotations',
      'ports',
      'capabilities',
      'add',
      '__proto__',
      'constructor',
      'sysctls',
      'name',
    );
    const hostile = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, 0, -1, Number.POSITIVE_INFINITY, '', 'ALL', '\u001b[2J'),
        fc.string(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
      ),
    })).value;
    fc.assert(
      fc.property(hostile, hostile, fc.constantFrom(...levels), fc.oneof(versions, fc.string()), (metadata, body, level, version) => {
        const found = evaluatePod({ metadata: metadata as Json, spec: body as Json }, level, version);
        for (const { message, field, fix } of found) expect(`${message}${field}${fix}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        podTemplateOf(body as Json);
        mergePatch({ metadata: metadata as Json, spec: body as Json }, editsOf(found), ['spec', 'template']);
      }),
      { numRuns: 500 },
    );
  });

  it('restricted refuses whatever baseline refuses', () => {
    fc.assert(
      fc.property(pods, versions, (pod, version) => {
        if (evaluatePod(pod, 'baseline', version).length > 0) expect(evaluatePod(pod, 'restricted', version)).not.toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('one more offence takes no other away', () => {
    fc.assert(
      fc.property(pods, fc.constantFrom(...offences), fc.constantFrom(...levels), versions, (pod, offend, level, version) => {
        const before = failing(pod, level, version);
        const after = failing({ ...pod, spec: offend(pod.spec as JsonObject) }, level, version);
        for (const check of before) expect(after).toContain(check);
      }),
      { numRuns: 1000 },
    );
  });

  it('making the edits mends each violation that has some, and breaks nothing', () => {
    fc.assert(
      fc.property(pods, fc.constantFrom(...levels), versions, (pod, level, version) => {
        const before = evaluatePod(pod, level, version);
        const after = evaluatePod(edited(pod, editsOf(before)), level, version);
        expect(after).toEqual(before.filter(({ edits }) => edits === undefined));
      }),
      { numRuns: 1000 },
    );
  });
});

/** A strategic merge patch, by the two merge keys that ours use. */
function merged(now: Json | undefined, patch: Json, list = ''): Json {
  const keys = list === 'ports' ? ['containerPort', 'protocol'] : ['name'];
  if (Array.isArray(patch) && ['containers', 'initContainers', 'ports'].includes(list)) {
    const same = (a: JsonObject, b: JsonObject) => keys.every((key) => a[key] === b[key]);
    return ((now ?? []) as JsonObject[]).map((entry) => {
      const own = (patch as JsonObject[]).find((one) => same(one, entry));
      return own ? merged(entry, own) : entry;
    });
  }
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = { ...(now as JsonObject | undefined) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete base[key];
    else if (value !== undefined) base[key] = merged(base[key], value, key);
  }
  return base;
}

describe('mergePatch', () => {
  const web = { name: 'web', ports: [{ containerPort: 80, hostPort: 80 }], securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } } };
  const template: PodTemplate = { spec: { hostNetwork: true, containers: [{ name: 'side' }, web] } };

  it('says what is set and what goes, and nothing else', () => {
    expect(mergePatch(template, editsOf(evaluatePod(template, 'baseline', 'latest')), ['spec', 'template'])).toEqual({
      spec: {
        template: {
          spec: {
            hostNetwork: null,
            containers: [{ name: 'web', securityContext: { privileged: false, capabilities: { add: null } }, ports: [{ containerPort: 80, hostPort: null }] }],
          },
        },
      },
    });
  });

  it('merged, it mends what the edits mend', () => {
    for (const level of levels) {
      const patch = mergePatch(template, editsOf(evaluatePod(template, level, 'latest')), []);
      expect(evaluatePod(merged(template as JsonObject, patch ?? null) as JsonObject, level, 'latest')).toEqual([]);
    }
  });

  it('gives none where an entry cannot be told from others', () => {
    const nameless: PodTemplate = { spec: { containers: [{ securityContext: { privileged: true } }] } };
    expect(mergePatch(nameless, editsOf(evaluatePod(nameless, 'baseline', 'latest')), [])).toBeUndefined();
  });
});
