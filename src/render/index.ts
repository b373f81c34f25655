import type { Change } from '../model/change.ts';
import type { ArmResource } from '../model/facts.ts';
import type { Command, Request } from '../model/plan.ts';
import { armActionCommands, armActionRequest } from './arm-action.ts';
import { armDeleteCommands, armDeleteRequest } from './arm-delete.ts';
import { armPatchCommands, armPatchRequest } from './arm-patch.ts';
import { armPutCommands, armPutRequest } from './arm-put.ts';
import { armUpdateCommands, armUpdateRequest } from './arm-update.ts';
import { graphCommands, graphRequest } from './graph.ts';
import { kubeApplyCommands } from './kube-apply.ts';
import { kubeDeleteCommands } from './kube-delete.ts';
import { kubePatchCommands } from './kube-patch.ts';

export { type DiffRow, diffOf } from './diff.ts';

/**
 * A change as the request that makes it; undefined for Kubernetes (the gateway applies objects) and for what a person does.
 * An `arm.update` needs `current`, the resource just read at the change's api-version: without it the body is missing.
 */
export function requestOf(change: Change, current?: ArmResource): Request | undefined {
  switch (change.kind) {
    case 'arm.update':
      return armUpdateRequest(change, current);
    case 'arm.put':
      return armPutRequest(change);
    case 'arm.patch':
      return armPatchRequest(change);
    case 'arm.action':
      return armActionRequest(change);
    case 'arm.delete':
      return armDeleteRequest(change);
    case 'graph':
      return graphRequest(change);
    case 'kube.apply':
    case 'kube.patch':
    case 'kube.delete':
    case 'manual':
      return undefined;
  }
}

/**
 * A change as the commands that make it, in order; they leave the same state behind as the request. Empty for what a person does.
 * Throws a ProblemError when a change can not be said as a command: it is never left out silently.
 */
export function commandsOf(change: Change): readonly Command[] {
  switch (change.kind) {
    case 'arm.update':
      return armUpdateCommands(change);
    case 'arm.put':
      return armPutCommands(change);
    case 'arm.patch':
      return armPatchCommands(change);
    case 'arm.action':
      return armActionCommands(change);
    case 'arm.delete':
      return armDeleteCommands(change);
    case 'kube.apply':
      return kubeApplyCommands(change);
    case 'kube.patch':
      return kubePatchCommands(change);
    case 'kube.delete':
      return kubeDeleteCommands(change);
    case 'graph':
      return graphCommands(change);
    case 'manual':
      return [];
  }
}
