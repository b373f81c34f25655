import type { KubeDelete } from '../model/change.ts';
import type { Command } from '../model/plan.ts';
import { resourceOf } from './kube-patch.ts';

/** Takes one object away by its name, after a dry run. One that is gone already is no error. */
export function kubeDeleteCommands({ object }: KubeDelete): readonly Command[] {
  const argv = [
    'kubectl',
    'delete',
    resourceOf(object),
    object.name,
    ...(object.namespace === undefined ? [] : ['--namespace', object.namespace]),
    '--ignore-not-found',
  ];
  return [{ argv: [...argv, '--dry-run=server'], comment: 'Dry run: stops here when the API server would refuse it' }, { argv }];
}
