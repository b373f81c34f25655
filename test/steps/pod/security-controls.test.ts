import { describe, expect, test } from 'vitest';
import type { Workload } from '../../../src/model/facts.ts';
import { at, type Json, type JsonObject, list, withAt } from '../../../src/model/json.ts';
import { podSecurity as step } from '../../../steps/pod/security.ts';
import { decide } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

/** A pod that keeps to restricted, with one container more of each sort. */
const good: JsonObject = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'web', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};
const careful = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const windows: JsonObject = { os: { name: 'windows' }, securityContext: { runAsNonRoot: true }, containers: [{ name: 'web' }] };

const without = (place: readonly string[]): JsonObject => withAt(good, place, undefined) as JsonObject;
const withPod = (place: readonly string[], value: Json): JsonObject => withAt(good, place, value) as JsonObject;
/** The good pod whose container says something else. */
const container = (place: readonly string[], value: Json | undefined): JsonObject => ({
  ...good,
  containers: list(good['containers']).map((one) => withAt(one, place, value) ?? one),
});

function facts(spec: JsonObject, rest: Partial<Workload> = {}) {
  const workload: Workload = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'a',
    name: 'w',
    pods: 1,
    podLabels: {},
    podAnnotations: {},
    spec,
    ...rest,
  };
  return factsOf(cluster({ properties: { currentKubernetesVersion: '1.34.2' } }), {
    ...readable,
    namespaces: [{ name: 'a', labels: {}, system: false }],
    workloads: [workload],
    deploymentSafeguards: null,
  });
}

const controls = ['19.3', '19.4', '19.5', '19.6'] as const;

describe('each way out of the pod is one control’s', () => {
  const rows: readonly (readonly [why: string, spec: JsonObject, fails: readonly string[], rest?: Partial<Workload>])[] = [
    ['nothing', good, []],
    ['a privileged container', container(['securityContext', 'privileged'], true), ['19.3']],
    ['the node’s network', withPod(['hostNetwork'], true), ['19.3']],
    ['the node’s processes', withPod(['hostPID'], true), ['19.3']],
    ['the node’s memory', withPod(['hostIPC'], true), ['19.3']],
    ['a folder of the node', withPod(['volumes'], [{ name: 'logs', hostPath: { path: '/var/log' } }]), ['19.3']],
    ['a port of the node', container(['ports'], [{ containerPort: 80, hostPort: 80 }]), ['19.3']],
    ['a capability beyond the usual', container(['securityContext', 'capabilities', 'add'], ['SYS_ADMIN']), ['19.3', '19.5']],
    ['a usual capability', container(['securityContext', 'capabilities', 'add'], ['CHOWN']), ['19.5']],
    ['a port below 1024', container(['securityContext', 'capabilities', 'add'], ['NET_BIND_SERVICE']), []],
    ['capabilities left as they are', container(['securityContext', 'capabilities'], undefined), ['19.5']],
    ['escalation left open', container(['securityContext', 'allowPrivilegeEscalation'], undefined), ['19.4']],
    ['escalation allowed', container(['securityContext', 'allowPrivilegeEscalation'], true), ['19.4']],
    ['nothing said of root', without(['securityContext', 'runAsNonRoot']), ['19.5']],
    ['root by number', withPod(['securityContext', 'runAsUser'], 0), ['19.5']],
    ['root by one container', container(['securityContext', 'runAsNonRoot'], false), ['19.5']],
    ['no seccomp profile', without(['securityContext', 'seccompProfile']), ['19.6']],
    ['seccomp switched off', withPod(['securityContext', 'seccompProfile', 'type'], 'Unconfined'), ['19.6']],
    ['AppArmor switched off', withPod(['securityContext', 'appArmorProfile'], { type: 'Unconfined' }), ['19.6']],
    ['AppArmor switched off by annotation', good, ['19.6'], { podAnnotations: { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' } }],
    ['an init container of another sort', { ...good, initContainers: [{ name: 'init', securityContext: { ...careful, privileged: true } }] }, ['19.3']],
    ['a debugger that was left', { ...good, ephemeralContainers: [{ name: 'debugger' }] }, ['19.4', '19.5']],
    ['Windows that says so', windows, []],
    ['Windows without a word of root', { ...windows, securityContext: {} }, ['19.5']],
    ['a Windows process of the node', withAt(windows, ['securityContext', 'windowsOptions'], { hostProcess: true }) as JsonObject, ['19.3']],
    ['Windows by its node selector alone', { nodeSelector: { 'kubernetes.io/os': 'windows' }, containers: [{ name: 'web' }] }, ['19.4', '19.5', '19.6']],
  ];
  test.each(rows.map(([why, spec, fails, rest = {}]) => [why, spec, fails, rest] as const))('%s', (_why, spec, fails, rest) => {
    const found = step.assess(facts(spec, rest));
    expect(controls.filter((control) => found[control]?.status === 'fail')).toEqual(fails);
    expect(controls.every((control) => ['pass', 'fail'].includes(found[control]?.status ?? ''))).toBe(true);
  });
});

describe('a patch for each kind of workload', () => {
  const plain: JsonObject = { containers: [{ name: 'web' }] };
  test.each<readonly [kind: string, apiVersion: string, place: readonly string[], anew: boolean]>([
    ['Deployment', 'apps/v1', ['spec', 'template', 'spec'], false],
    ['StatefulSet', 'apps/v1', ['spec', 'template', 'spec'], false],
    ['DaemonSet', 'apps/v1', ['spec', 'template', 'spec'], false],
    ['Job', 'batch/v1', ['spec', 'template', 'spec'], true],
    ['CronJob', 'batch/v1', ['spec', 'jobTemplate', 'spec', 'template', 'spec'], false],
    ['Pod', 'v1', ['spec'], true],
  ])('%s', (kind, apiVersion, place, anew) => {
    const [change] = decide(step, facts(plain, { kind, apiVersion }), 'patches').changes;
    if (change?.kind !== 'manual') throw new Error('no work by hand');
    const [manifest] = change.manifests ?? [];
    expect(manifest).toMatchObject({ apiVersion, kind, metadata: { name: 'w', namespace: 'a' } });
    expect(at(manifest, [...place, 'securityContext'])).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(at(manifest, [...place, 'containers'])).toEqual([{ name: 'web', securityContext: careful }]);
    expect(change.instructions[0]?.includes('made anew')).toBe(anew);
  });

  test('a kind that is not known gets its fields named, and no patch', () => {
    const [change] = decide(step, facts(plain, { kind: 'Rollout', apiVersion: 'argoproj.io/v1alpha1' }), 'patches').changes;
    if (change?.kind !== 'manual') throw new Error('no work by hand');
    expect(change.manifests).toEqual([]);
    expect(change.instructions[0]).toContain('Rollout a/w: no patch can say it');
  });
});
