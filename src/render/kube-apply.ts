import type { KubeApply } from '../model/change.ts';
import type { Command } from '../model/plan.ts';

/** Who the fields belong to in a server-side apply. */
export const FIELD_MANAGER = 'aks-harden';

/**
 * The objects as `kubectl apply` reads them: one JSON document after the other, so that no text is taken for something else, and not as a List,
 * whose fields kubectl would check by itself instead of asking the API server.
 */
export function manifest(objects: KubeApply['objects']): string {
  return objects.map((object) => `${JSON.stringify(object, null, 2)}\n`).join('');
}

/** Server-side apply: first the dry run, which the API server checks and does not keep, then the same for good. */
export function kubeApplyCommands(change: KubeApply): readonly Command[] {
  const argv = ['kubectl', 'apply', '--server-side', `--field-manager=${FIELD_MANAGER}`];
  const stdin = manifest(change.objects);
  return [
    { argv: [...argv, '--dry-run=server', '-f', '-'], stdin, comment: 'Dry run: stops here when the API server would refuse it' },
    { argv: [...argv, '-f', '-'], stdin },
  ];
}
