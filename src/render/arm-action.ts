import type { ArmAction } from '../model/change.ts';
import type { Command, Request } from '../model/plan.ts';
import { az, flag } from './az.ts';
import { placeOf } from './place.ts';
import { restCommand } from './put/rest.ts';

/** The POST on the resource. */
export function armActionRequest({ target, action, body }: ArmAction): Request {
  const url = `${target.id}/${action}?api-version=${target.apiVersion}`;
  return body === undefined ? { method: 'POST', url } : { method: 'POST', url, body };
}

/** The same as commands. `az aks rotate-certs` returns at once (its no_wait defaults to true), so that a wait follows. */
export function armActionCommands(change: ArmAction): readonly Command[] {
  const { subscription, resourceGroup, cluster, name } = placeOf(change.target);
  const place = [flag('--resource-group', resourceGroup), flag('--name', cluster)];
  if (change.body !== undefined) return [restCommand('post', armActionRequest(change).url, subscription, change.body)];
  switch (change.action) {
    case 'rotateClusterCertificates':
      return [
        az('aks rotate-certs', subscription, [...place, ['--yes']]),
        az('aks wait', subscription, [...place, ['--updated'], ['--timeout', '7200']], { comment: 'The rotation runs on: wait until it is complete' }),
      ];
    case 'stop':
    case 'start':
      return [az(`aks ${change.action}`, subscription, place)];
    case 'upgradeNodeImageVersion': {
      const flags = [flag('--resource-group', resourceGroup), flag('--cluster-name', cluster), flag('--name', name), ['--node-image-only'], ['--yes']];
      return [az('aks nodepool upgrade', subscription, flags)];
    }
  }
}
