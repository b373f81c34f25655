import { type Check, entriesOf, type Finding, get, quote } from './pod.ts';

const namespaces = { hostNetwork: "the node's network", hostPID: "the node's processes", hostIPC: "the node's inter-process communication" } as const;

/** Sharing the node's own namespaces. */
export const hostNamespaces: Check = {
  id: 'hostNamespaces',
  level: 'baseline',
  reason: 'host namespaces',
  find: ({ spec }) =>
    Object.entries(namespaces).flatMap(([key, what]): readonly Finding[] => {
      const value = get(spec, key);
      if (value === undefined || value === false) return [];
      const path = ['spec', key];
      return [{ path, message: `the pod shares ${what} (${key} is ${quote(value)})`, fix: `Take ${key} away, or set it to false.`, edits: [{ path }] }];
    }),
};

/** Ports of the node. */
export const hostPorts: Check = {
  id: 'hostPorts',
  level: 'baseline',
  reason: 'hostPort',
  find: ({ containers }) =>
    containers.flatMap(({ body, path, label }) =>
      entriesOf(get(body, 'ports')).flatMap((port, i): readonly Finding[] => {
        const value = get(port, 'hostPort');
        if (value === undefined || value === 0) return [];
        const place = [...path, 'ports', String(i), 'hostPort'];
        return [
          {
            path: place,
            message: `${label} takes port ${quote(value)} of its node`,
            fix: 'Take hostPort away and reach the container through a Service.',
            edits: [{ path: place }],
          },
        ];
      }),
    ),
};

const handlers = [['livenessProbe'], ['readinessProbe'], ['startupProbe'], ['lifecycle', 'postStart'], ['lifecycle', 'preStop']] as const;

/** Probes and hooks that the kubelet sends to a host of the pod's choice. */
export const hostProbesAndHostLifecycle: Check = {
  id: 'hostProbesAndHostLifecycle',
  level: 'baseline',
  reason: 'probe or lifecycle host',
  since: 34,
  find: ({ containers }) =>
    containers.flatMap(({ body, path, label }) =>
      handlers.flatMap((handler) =>
        ['httpGet', 'tcpSocket'].flatMap((way): readonly Finding[] => {
          const value = get(body, ...handler, way, 'host');
          if (value === undefined || value === '') return [];
          const place = [...path, ...handler, way, 'host'];
          return [
            {
              path: place,
              message: `${label}: ${handler.join('.')} goes to the host ${quote(value)}`,
              fix: 'Take host away: without it the probe or hook goes to the pod itself. What listens on 127.0.0.1 alone must listen on the pod address then.',
              edits: [{ path: place }],
            },
          ];
        }),
      ),
    ),
};

/** Windows processes of the host. */
export const windowsHostProcess: Check = {
  id: 'windowsHostProcess',
  level: 'baseline',
  reason: 'hostProcess',
  find: (pod) =>
    [{ body: pod.spec, path: ['spec'], label: 'the pod' }, ...pod.containers].flatMap(({ body, path, label }): readonly Finding[] => {
      const value = get(body, 'securityContext', 'windowsOptions', 'hostProcess');
      if (value === undefined || value === false) return [];
      const place = [...path, 'securityContext', 'windowsOptions', 'hostProcess'];
      return [
        {
          path: place,
          message: `${label} runs as a process of the Windows node`,
          fix: 'Take hostProcess away; what needs it belongs into a namespace that is left privileged.',
          edits: [{ path: place }],
        },
      ];
    }),
};
