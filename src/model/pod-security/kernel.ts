import { type Check, containerContexts, entriesOf, type Finding, get, type Pod, podContext, quote } from './pod.ts';

/** SELinux types that confine a container, by the first minor version that allows them. */
const seLinuxTypes: readonly (readonly [type: string, since: number])[] = [
  ['', 0],
  ['container_t', 0],
  ['container_init_t', 0],
  ['container_kvm_t', 0],
  ['container_engine_t', 31],
];

/** SELinux: no type but those that confine, no user and no role of one's own. */
export const seLinuxOptions: Check = {
  id: 'seLinuxOptions',
  level: 'baseline',
  reason: 'seLinuxOptions',
  find: (pod) =>
    [podContext(pod), ...containerContexts(pod)].flatMap(({ context, path, label }) =>
      ['type', 'user', 'role'].flatMap((part): readonly Finding[] => {
        const value = get(context, 'seLinuxOptions', part);
        const isFine = part === 'type' ? seLinuxTypes.some(([type, since]) => type === value && pod.minor >= since) : value === '';
        if (value === undefined || isFine) return [];
        const place = [...path, 'seLinuxOptions', part];
        return [
          { path: place, message: `${label} sets the SELinux ${part} ${quote(value)}`, fix: `Take seLinuxOptions.${part} away.`, edits: [{ path: place }] },
        ];
      }),
    ),
};

function unmasked(pod: Pod): readonly Finding[] {
  return containerContexts(pod).flatMap(({ context, path, label }): readonly Finding[] => {
    const value = get(context, 'procMount');
    if (value === undefined || value === 'Default') return [];
    const place = [...path, 'procMount'];
    return [{ path: place, message: `${label} sees /proc as ${quote(value)}`, fix: 'Take procMount away.', edits: [{ path: place }] }];
  });
}

/** The masked /proc; from 1.35 on, baseline lets a pod in a user namespace of its own have all of it. */
export const procMount: Check = {
  id: 'procMount',
  level: 'baseline',
  reason: 'procMount',
  find: (pod) => (pod.minor >= 35 && pod.hasOwnUsers ? [] : unmasked(pod)),
};

/** The masked /proc whatever the users are. */
export const procMountRestricted: Check = {
  id: 'procMount_restricted',
  level: 'restricted',
  reason: 'procMount',
  since: 35,
  contains: { id: procMount.id },
  find: unmasked,
};

/** Kernel parameters that concern the pod alone, by the first minor version that allows them. */
const sysctlsSince: readonly (readonly [since: number, names: readonly string[]])[] = [
  [
    0,
    ['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start'],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [29, ['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes']],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
  [37, ['net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat']],
];

/** Kernel parameters: only those that stay inside of the pod. */
export const sysctls: Check = {
  id: 'sysctls',
  level: 'baseline',
  reason: 'forbidden sysctls',
  find: (pod) => {
    const safe = new Set(sysctlsSince.flatMap(([since, names]) => (pod.minor >= since ? names : [])));
    const all = entriesOf(get(pod.spec, 'securityContext', 'sysctls'));
    const list = ['spec', 'securityContext', 'sysctls'];
    const isSafe = (entry: (typeof all)[number]) => {
      const name = get(entry, 'name');
      return typeof name === 'string' && safe.has(name);
    };
    const kept = all.filter(isSafe);
    return all.flatMap((entry, i): readonly Finding[] =>
      isSafe(entry)
        ? []
        : [
            {
              path: [...list, String(i), 'name'],
              message: `the pod sets the kernel parameter ${quote(get(entry, 'name') ?? entry)}`,
              fix: 'Take it away; a parameter that nodes need for all is set on the node pool.',
              // One list: what takes one of them away takes all away that are not allowed.
              edits: [kept.length === 0 ? { path: list } : { path: list, value: kept }],
            },
          ],
    );
  },
};
