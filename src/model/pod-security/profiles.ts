import { type Check, containerContexts, type Finding, get, type Pod, podContext, quote, type Secured } from './pod.ts';

const allowed = (value: unknown): boolean => value === 'RuntimeDefault' || value === 'Localhost';

/** A profile that is set and is neither the runtime's own nor one of the node's. */
function forbidden({ context, path, label }: Secured, field: 'seccompProfile' | 'appArmorProfile', word: string): readonly Finding[] {
  const profile = get(context, field);
  if (profile === undefined || allowed(get(profile, 'type'))) return [];
  const place = [...path, field];
  return [
    {
      path: [...place, 'type'],
      message: `${label}: the ${word} profile is ${quote(get(profile, 'type') ?? profile)}`,
      fix: `Set ${field}.type to RuntimeDefault, or to Localhost with a profile of the node.`,
      edits: [{ path: place, value: { type: 'RuntimeDefault' } }],
    },
  ];
}

const everywhere = (pod: Pod): readonly Secured[] => [podContext(pod), ...containerContexts(pod)];

const annotationPrefix = 'container.apparmor.security.beta.kubernetes.io/';

function forbiddenAnnotations(pod: Pod): readonly Finding[] {
  return Object.entries(pod.annotations).flatMap(([key, value]): readonly Finding[] => {
    if (!key.startsWith(annotationPrefix) || value === undefined || value === null || value === '' || value === 'runtime/default') return [];
    if (typeof value === 'string' && value.startsWith('localhost/')) return [];
    const path = ['metadata', 'annotations', key];
    const fix =
      pod.minor >= 30
        ? 'Take the annotation away; a profile is set with securityContext.appArmorProfile since Kubernetes 1.30.'
        : 'Take the annotation away, or set it to runtime/default or localhost/PROFILE.';
    return [{ path, message: `an annotation sets the AppArmor profile ${quote(value)}`, fix, edits: [{ path }] }];
  });
}

/** AppArmor, by field and by the annotation that came before it. */
export const appArmorProfile: Check = {
  id: 'appArmorProfile',
  level: 'baseline',
  reason: 'forbidden AppArmor profile',
  find: (pod) => [...everywhere(pod).flatMap((secured) => forbidden(secured, 'appArmorProfile', 'AppArmor')), ...forbiddenAnnotations(pod)],
};

/** No profile that lets every system call through. */
export const seccompProfileBaseline: Check = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  reason: 'seccompProfile',
  find: (pod) => everywhere(pod).flatMap((secured) => forbidden(secured, 'seccompProfile', 'seccomp')),
};

/** A profile for every container, its own or the pod's. Not known to Windows. */
export const seccompProfileRestricted: Check = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  reason: 'seccompProfile',
  contains: { id: seccompProfileBaseline.id },
  find: (pod) => {
    const bad = seccompProfileBaseline.find(pod);
    if (pod.isWindows && pod.minor >= 25) return bad;
    const own = podContext(pod);
    // A bad profile of the pod's is told already, and is inherited by these.
    if (get(own.context, 'seccompProfile') !== undefined) return bad;
    const without = containerContexts(pod).filter(({ context }) => get(context, 'seccompProfile') === undefined);
    if (without.length === 0) return bad;
    const place = [...own.path, 'seccompProfile'];
    return [
      ...bad,
      {
        path: [...place, 'type'],
        message: `no seccomp profile for ${without.map(({ label }) => label).join(', ')}`,
        fix: 'Set seccompProfile.type to RuntimeDefault for the pod.',
        edits: [{ path: place, value: { type: 'RuntimeDefault' } }],
      },
    ];
  },
};
