import { type Check, containerContexts, entriesOf, type Finding, get, quote, type Secured } from './pod.ts';

/** Containers that are the node's root in all but name. */
export const privileged: Check = {
  id: 'privileged',
  level: 'baseline',
  reason: 'privileged',
  find: (pod) =>
    containerContexts(pod).flatMap(({ context, path, label }): readonly Finding[] => {
      const value = get(context, 'privileged');
      if (value === undefined || value === false) return [];
      const place = [...path, 'privileged'];
      return [
        {
          path: place,
          message: `${label} is privileged`,
          fix: 'Set privileged to false, and add the one capability it needs where there is one.',
          edits: [{ path: place, value: false }],
        },
      ];
    }),
};

/** Programs that gain more rights than their parent (set-user-ID). Not known to Windows. */
export const allowPrivilegeEscalation: Check = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  reason: 'allowPrivilegeEscalation != false',
  find: (pod) =>
    pod.isWindows && pod.minor >= 25
      ? []
      : containerContexts(pod).flatMap(({ context, path, label }): readonly Finding[] => {
          const value = get(context, 'allowPrivilegeEscalation');
          if (value === false) return [];
          const place = [...path, 'allowPrivilegeEscalation'];
          return [
            {
              path: place,
              message: `${label}: allowPrivilegeEscalation is ${value === undefined ? 'not set, which allows it' : quote(value)}`,
              fix: 'Set allowPrivilegeEscalation to false.',
              edits: [{ path: place, value: false }],
            },
          ];
        }),
};

/** What a container runtime gives anyway. */
const usual = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const bindsPorts = new Set(['NET_BIND_SERVICE']);

function added({ context, path, label }: Secured, allowed: ReadonlySet<string>): readonly Finding[] {
  const all = entriesOf(get(context, 'capabilities', 'add'));
  const isFine = (entry: (typeof all)[number]) => typeof entry === 'string' && allowed.has(entry);
  const bad = all.filter((entry) => !isFine(entry));
  if (bad.length === 0) return [];
  const place = [...path, 'capabilities', 'add'];
  const kept = all.filter(isFine);
  return [
    {
      path: place,
      message: `${label} adds ${bad.map(quote).join(', ')}`,
      fix: kept.length === 0 ? 'Take capabilities.add away.' : `Leave only ${kept.map(quote).join(', ')} in capabilities.add.`,
      edits: [kept.length === 0 ? { path: place } : { path: place, value: kept }],
    },
  ];
}

/** Capabilities beyond what a runtime gives by itself. */
export const capabilitiesBaseline: Check = {
  id: 'capabilities_baseline',
  level: 'baseline',
  reason: 'non-default capabilities',
  find: (pod) => containerContexts(pod).flatMap((secured) => added(secured, usual)),
};

/** All capabilities dropped, and none added but the one for ports below 1024. Windows has none. */
export const capabilitiesRestricted: Check = {
  id: 'capabilities_restricted',
  level: 'restricted',
  reason: 'unrestricted capabilities',
  contains: { id: capabilitiesBaseline.id },
  find: (pod) =>
    pod.isWindows && pod.minor >= 25
      ? // Kubernetes refuses capabilities on a Windows pod; should they stand there all the same, they are not passed over.
        capabilitiesBaseline.find(pod)
      : containerContexts(pod).flatMap((secured) => {
          const { context, path, label } = secured;
          const place = [...path, 'capabilities', 'drop'];
          const drops = entriesOf(get(context, 'capabilities', 'drop'));
          const keeps: readonly Finding[] = drops.includes('ALL')
            ? []
            : [
                {
                  path: place,
                  message: `${label} does not drop ALL capabilities`,
                  fix: 'Set capabilities.drop to ["ALL"], and add NET_BIND_SERVICE where it listens below port 1024.',
                  edits: [{ path: place, value: ['ALL'] }],
                },
              ];
          return [...keeps, ...added(secured, bindsPorts)];
        }),
};
