import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import { evaluatePod, type Level, podTemplateOf, strictestLevel } from '../../../src/model/pod-security/index.ts';

/** A pod that restricted lets in. */
const good: JsonObject = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'web', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};

const container = (more: JsonObject, list = 'containers'): JsonObject => {
  const [web] = good['containers'] as JsonObject[];
  const one = {
    ...web,
    name: 'one',
    ...more,
    securityContext: { ...(web?.['securityContext'] as JsonObject), ...(more['securityContext'] as JsonObject | undefined) },
  };
  return list === 'containers' ? { ...good, containers: [one] } : { ...good, [list]: [one] };
};
const secured = (context: JsonObject, list?: string) => container({ securityContext: context }, list);
const pod = (more: JsonObject): JsonObject => ({ ...good, ...more });
const podSecured = (more: JsonObject): JsonObject => ({ ...good, securityContext: { ...(good['securityContext'] as JsonObject), ...more } });

const found = (spec: JsonObject, level: Level, version = '1.37', annotations: JsonObject = {}) =>
  evaluatePod({ metadata: { annotations }, spec }, level, version).map(({ check, field }) => `${check} ${field}`);

const c0 = 'spec.containers[0].securityContext';

describe('what baseline refuses, and restricted with it', () => {
  it.each<[why: string, spec: JsonObject, finding: string, restricted: string | undefined] | [why: string, spec: JsonObject, finding: string]>([
    ['the host network', pod({ hostNetwork: true }), 'hostNamespaces spec.hostNetwork'],
    ['host processes', pod({ hostPID: true }), 'hostNamespaces spec.hostPID'],
    ['host IPC', pod({ hostIPC: true }), 'hostNamespaces spec.hostIPC'],
    ['privileged', secured({ privileged: true }), `privileged ${c0}.privileged`],
    ['privileged in an init container', secured({ privileged: true }, 'initContainers'), 'privileged spec.initContainers[0].securityContext.privileged'],
    [
      'privileged in an ephemeral one',
      secured({ privileged: true }, 'ephemeralContainers'),
      'privileged spec.ephemeralContainers[0].securityContext.privileged',
    ],
    ['a text in the place of true', secured({ privileged: 'true' }), `privileged ${c0}.privileged`],
    [
      'SYS_ADMIN',
      secured({ capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } }),
      `capabilities_baseline ${c0}.capabilities.add`,
      `capabilities_restricted ${c0}.capabilities.add`,
    ],
    [
      'NET_RAW, which is no default',
      secured({ capabilities: { drop: ['ALL'], add: ['NET_RAW'] } }),
      `capabilities_baseline ${c0}.capabilities.add`,
      `capabilities_restricted ${c0}.capabilities.add`,
    ],
    [
      'hostPath',
      pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
      'hostPathVolumes spec.volumes[0].hostPath',
      'restrictedVolumes spec.volumes[0].hostPath',
    ],
    [
      'hostPath beside another kind',
      pod({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] }),
      'hostPathVolumes spec.volumes[0].hostPath',
      'restrictedVolumes spec.volumes[0].hostPath',
    ],
    ['a host port', container({ ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }] }), 'hostPorts spec.containers[0].ports[1].hostPort'],
    ['a Windows host process', podSecured({ windowsOptions: { hostProcess: true } }), 'windowsHostProcess spec.securityContext.windowsOptions.hostProcess'],
    [
      'a seccomp profile of nobody',
      secured({ seccompProfile: { type: 'Unconfined' } }),
      `seccompProfile_baseline ${c0}.seccompProfile.type`,
      `seccompProfile_restricted ${c0}.seccompProfile.type`,
    ],
    ['an AppArmor field', secured({ appArmorProfile: { type: 'Unconfined' } }), `appArmorProfile ${c0}.appArmorProfile.type`],
    ['an SELinux type', podSecured({ seLinuxOptions: { type: 'spc_t' } }), 'seLinuxOptions spec.securityContext.seLinuxOptions.type'],
    ['an SELinux user', secured({ seLinuxOptions: { user: 'root' } }), `seLinuxOptions ${c0}.seLinuxOptions.user`],
    ['an open /proc', secured({ procMount: 'Unmasked' }), `procMount ${c0}.procMount`, `procMount_restricted ${c0}.procMount`],
    [
      'a kernel parameter',
      podSecured({
        sysctls: [
          { name: 'net.ipv4.tcp_syncookies', value: '1' },
          { name: 'kernel.msgmax', value: '1' },
        ],
      }),
      'sysctls spec.securityContext.sysctls[1].name',
    ],
  ])('%s', (_why, spec, baseline, restricted = baseline) => {
    expect(found(spec, 'baseline')).toEqual([baseline]);
    expect(found(spec, 'restricted')).toEqual([restricted]);
  });

  it('reads AppArmor annotations, also of versions that have the field', () => {
    const key = 'container.apparmor.security.beta.kubernetes.io/web';
    for (const version of ['1.25', '1.37']) {
      expect(found(good, 'baseline', version, { [key]: 'unconfined' })).toEqual([`appArmorProfile metadata.annotations[${key}]`]);
      for (const fine of ['runtime/default', 'localhost/mine', '']) expect(found(good, 'baseline', version, { [key]: fine })).toEqual([]);
    }
  });
});

describe('what restricted asks for beyond', () => {
  it('names every field that is missing', () => {
    expect(found({ containers: [{ name: 'a' }] }, 'restricted')).toEqual([
      `allowPrivilegeEscalation ${c0}.allowPrivilegeEscalation`,
      `capabilities_restricted ${c0}.capabilities.drop`,
      'runAsNonRoot spec.securityContext.runAsNonRoot',
      'seccompProfile_restricted spec.securityContext.seccompProfile.type',
    ]);
  });

  it.each<readonly [why: string, spec: JsonObject, findings: readonly string[]]>([
    ['a good pod', good, []],
    ['NET_BIND_SERVICE', secured({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }), []],
    ['CHOWN, which baseline lets in', secured({ capabilities: { drop: ['ALL'], add: ['CHOWN'] } }), [`capabilities_restricted ${c0}.capabilities.add`]],
    ['drop: all, in small letters', secured({ capabilities: { drop: ['all'] } }), [`capabilities_restricted ${c0}.capabilities.drop`]],
    ['root by number', podSecured({ runAsUser: 0 }), ['runAsUser spec.securityContext.runAsUser']],
    ['a container that may be root', secured({ runAsNonRoot: false }), [`runAsNonRoot ${c0}.runAsNonRoot`]],
    [
      'a pod that may be root though its containers may not',
      { ...secured({ runAsNonRoot: true }), securityContext: { runAsNonRoot: false, seccompProfile: { type: 'Localhost' } } },
      ['runAsNonRoot spec.securityContext.runAsNonRoot'],
    ],
    ['an Azure file share inline', pod({ volumes: [{ name: 'v', azureFile: { shareName: 's' } }] }), ['restrictedVolumes spec.volumes[0].azureFile']],
    ['an image volume', pod({ volumes: [{ name: 'v', image: { reference: 'r' } }] }), []],
    ['a volume that becomes an emptyDir', pod({ volumes: [{ name: 'v' }] }), []],
  ])('%s', (_why, spec, findings) => {
    expect(found(spec, 'restricted')).toEqual(findings);
  });
});

describe('rules by version', () => {
  const host = container({ livenessProbe: { httpGet: { host: '127.0.0.1', port: 80 } }, lifecycle: { preStop: { tcpSocket: { host: 'x' } } } });
  const engine = secured({ seLinuxOptions: { type: 'container_engine_t' } });
  const sysctl = (name: string) => podSecured({ sysctls: [{ name, value: '1' }] });
  const ownUsers = { ...podSecured({ runAsUser: 0, runAsNonRoot: false }), hostUsers: false };
  it.each<readonly [why: string, spec: JsonObject, level: Level, refusedAt: string, allowedAt: string]>([
    ['hosts of probes', host, 'baseline', '1.34', '1.33'],
    ['SELinux for container engines', engine, 'baseline', '1.30', '1.31'],
    ['reserved ports', sysctl('net.ipv4.ip_local_reserved_ports'), 'baseline', '1.26', '1.27'],
    ['keepalive', sysctl('net.ipv4.tcp_keepalive_time'), 'baseline', '1.28', '1.29'],
    ['buffers', sysctl('net.ipv4.tcp_rmem'), 'baseline', '1.31', '1.32'],
    ['slow start', sysctl('net.ipv4.tcp_slow_start_after_idle'), 'baseline', '1.36', '1.37'],
    ['root in its own user namespace', ownUsers, 'restricted', '1.34', '1.35'],
    ['an open /proc in its own user namespace', { ...secured({ procMount: 'Unmasked' }), hostUsers: false }, 'baseline', '1.34', '1.35'],
    ['root by number', podSecured({ runAsUser: 0 }), 'restricted', '1.23', '1.22'],
    ['Windows', { ...good, os: { name: 'windows' }, securityContext: { runAsNonRoot: true }, containers: [{ name: 'w' }] }, 'restricted', '1.24', '1.25'],
  ])('%s', (_why, spec, level, refusedAt, allowedAt) => {
    expect(found(spec, level, refusedAt)).not.toEqual([]);
    expect(found(spec, level, allowedAt)).toEqual([]);
  });

  it('gives a version that is not known the latest rules', () => {
    for (const version of ['latest', '1.99', 'v1.37.1', 'nonsense']) expect(found(host, 'baseline', version)).toHaveLength(2);
  });

  it('never opens /proc to restricted', () => {
    expect(found({ ...secured({ procMount: 'Unmasked' }), hostUsers: false }, 'restricted')).toEqual([`procMount_restricted ${c0}.procMount`]);
  });
});

describe('strictestLevel', () => {
  it('is the strictest that lets the pod in', () => {
    expect(strictestLevel({ spec: good }, 'latest')).toBe('restricted');
    expect(strictestLevel({ spec: { containers: [{ name: 'a' }] } }, 'latest')).toBe('baseline');
    expect(strictestLevel({ spec: pod({ hostPID: true }) }, 'latest')).toBe('privileged');
  });
});

describe('podTemplateOf', () => {
  const template = { metadata: { annotations: { a: 'b' } }, spec: good };
  it.each([
    ['v1', 'Pod', template, ''],
    ['v1', 'PodTemplate', { template }, 'template.'],
    ['v1', 'ReplicationController', { spec: { template } }, 'spec.template.'],
    ['apps/v1', 'Deployment', { spec: { template } }, 'spec.template.'],
    ['apps/v1', 'ReplicaSet', { spec: { template } }, 'spec.template.'],
    ['apps/v1', 'StatefulSet', { spec: { template } }, 'spec.template.'],
    ['apps/v1', 'DaemonSet', { spec: { template } }, 'spec.template.'],
    ['batch/v1', 'Job', { spec: { template } }, 'spec.template.'],
    ['batch/v1', 'CronJob', { spec: { jobTemplate: { spec: { template } } } }, 'spec.jobTemplate.spec.template.'],
    ['argoproj.io/v1alpha1', 'Rollout', { spec: { template } }, 'spec.template.'],
  ])('%s %s', (apiVersion, kind, body, prefix) => {
    expect(podTemplateOf({ apiVersion, kind, ...body })).toEqual({ pod: template, prefix });
  });

  it('finds none where there is none', () => {
    expect(podTemplateOf({ apiVersion: 'v1', kind: 'Service', spec: { template } })).toBeUndefined();
    expect(podTemplateOf({ apiVersion: 'x/v1', kind: 'Machine', spec: { template: { spec: {} } } })).toBeUndefined();
    expect(podTemplateOf({ apiVersion: 'v1', kind: 'constructor' })).toBeUndefined();
    expect(podTemplateOf(null)).toBeUndefined();
  });
});
