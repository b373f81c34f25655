import { clean } from './foreign.ts';

/** How what runs inside the cluster was read, and why that way; `none` where nothing was. */
export interface KubernetesWay {
  readonly via: 'kubectl' | 'run-command' | 'files' | 'practice' | 'none';
  readonly why: string;
}

const words: { readonly [via in KubernetesWay['via']]: string } = {
  kubectl: 'Inside the cluster: read with kubectl',
  'run-command': 'Inside the cluster: read by commands through Azure',
  files: 'Inside the cluster: read from files',
  practice: 'Inside the cluster: read from the practice cluster',
  none: 'Inside the cluster: NOT READ',
};

/** The same in a sentence for people, cleaned, without its full stop. */
export function wayText({ via, why }: KubernetesWay): string {
  return `${words[via]} (${clean(why).replace(/\.$/, '')})`;
}
