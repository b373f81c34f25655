import { type Check, containerContexts, type Finding, get, type Pod, podContext, quote } from './pod.ts';

/** From 1.35 on a pod in a user namespace may be root: it is nobody on the node (KEP-127). */
const mayBeRoot = (pod: Pod): boolean => pod.minor >= 35 && pod.hasOwnUsers;

const alternative = (pod: Pod): string => (pod.minor >= 35 ? ' Where it must be root: hostUsers: false gives it users of its own.' : '');

/** Containers must be held to a user that is not root. */
export const runAsNonRoot: Check = {
  id: 'runAsNonRoot',
  level: 'restricted',
  reason: 'runAsNonRoot != true',
  find: (pod) => {
    if (mayBeRoot(pod)) return [];
    const own = podContext(pod);
    const value = get(own.context, 'runAsNonRoot');
    const place = [...own.path, 'runAsNonRoot'];
    const contexts = containerContexts(pod);
    const without = contexts.filter(({ context }) => get(context, 'runAsNonRoot') === undefined);
    const fix = `Set runAsNonRoot to true for the pod; the image must name a user other than root by number.${alternative(pod)}`;
    const edits = [{ path: place, value: true }];
    const forPod: readonly Finding[] =
      value === true
        ? []
        : value !== undefined
          ? [{ path: place, message: `the pod sets runAsNonRoot to ${quote(value)}`, fix, edits }]
          : without.length > 0
            ? [{ path: place, message: `nothing keeps ${without.map(({ label }) => label).join(', ')} from running as root`, fix, edits }]
            : [];
    const forContainers = contexts.flatMap(({ context, path, label }): readonly Finding[] => {
      const set = get(context, 'runAsNonRoot');
      if (set === undefined || set === true) return [];
      const there = [...path, 'runAsNonRoot'];
      return [
        {
          path: there,
          message: `${label} sets runAsNonRoot to ${quote(set)}`,
          fix: `Set it to true.${alternative(pod)}`,
          edits: [{ path: there, value: true }],
        },
      ];
    });
    return [...forPod, ...forContainers];
  },
};

/** Nobody asks for root by number. */
export const runAsUser: Check = {
  id: 'runAsUser',
  level: 'restricted',
  reason: 'runAsUser=0',
  since: 23,
  find: (pod) =>
    mayBeRoot(pod)
      ? []
      : [podContext(pod), ...containerContexts(pod)].flatMap(({ context, path, label }): readonly Finding[] => {
          if (get(context, 'runAsUser') !== 0) return [];
          const place = [...path, 'runAsUser'];
          return [
            {
              path: place,
              message: `${label} runs as user 0, root`,
              fix: `Take runAsUser away where the image names its own user, or set one above 0 that the image's files let in.${alternative(pod)}`,
              edits: [{ path: place }],
            },
          ];
        }),
};
