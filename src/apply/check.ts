import type { Edit } from '../model/change.ts';
import type { Drift } from '../model/events.ts';
import type { ArmResource } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { at, isObject, type Json, type JsonObject, keyOf, showPath } from '../model/json.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import { commandsOf } from '../render/index.ts';
import { showCommand } from '../render/quote.ts';
import { alike, holds, isInPlace } from './compare.ts';
import { standing } from './effect.ts';
import type { Seen } from './quiet.ts';
import type { ArmChange } from './state.ts';

/** What a fresh look says about a planned change. */
export type Checked = { readonly kind: 'go' } | { readonly kind: 'noop' } | { readonly kind: 'drift'; readonly differences: readonly Drift[] };

/** An edit has drifted when neither what was planned from, nor what was planned, nor what this run left behind stands there. */
function editDrift(resource: ArmResource, left: ArmResource | undefined, edit: Edit): readonly Drift[] {
  const found = at(resource, edit.path);
  if (isInPlace(resource, edit) || alike(found, edit.before) || (left !== undefined && alike(found, at(left, edit.path)))) return [];
  return [{ path: showPath(edit.path), planned: edit.before, found }];
}

/** Places where a resource is not what it was: properties one by one, so that a person sees which. */
function putDrift(found: ArmResource | undefined, before: JsonObject | undefined): readonly Drift[] {
  if (before === undefined) return found === undefined ? [] : [{ path: '(the resource)', planned: undefined, found: at(found, ['properties']) ?? null }];
  if (found === undefined) return [{ path: '(the resource)', planned: before, found: undefined }];
  return unlike(found, before, []);
}

function unlike(found: Json | undefined, planned: Json | undefined, path: readonly string[]): readonly Drift[] {
  if (holds(found, planned)) return [];
  if (!isObject(found) || !isObject(planned)) return [{ path: showPath(path), planned, found }];
  return Object.entries(planned).flatMap(([key, value]) => unlike(found[keyOf(found, key) ?? key], value, [...path, key]));
}

/**
 * Compares a planned change with its target as just read. `left` is the target as this run's last own write left it.
 * Pure; throws nothing.
 */
export function checkChange(change: ArmChange, resource: ArmResource | undefined, left: ArmResource | undefined): Checked {
  if (standing(change, resource) === 'yes') return { kind: 'noop' };
  const differences = driftOf(change, resource, left);
  return differences.length > 0 ? { kind: 'drift', differences } : { kind: 'go' };
}

function driftOf(change: ArmChange, resource: ArmResource | undefined, left: ArmResource | undefined): readonly Drift[] {
  switch (change.kind) {
    case 'arm.update':
    case 'arm.patch':
      return resource === undefined
        ? [{ path: '(the resource)', planned: change.target.id, found: undefined }]
        : change.edits.flatMap((edit) => editDrift(resource, left, edit));
    case 'arm.put':
      return left === undefined && !(change.mayExist && change.before === undefined) ? putDrift(resource, change.before) : [];
    case 'arm.delete':
      return left === undefined && resource !== undefined ? unlike(resource, change.before, []) : [];
    case 'arm.action':
      return resource === undefined ? [{ path: '(the resource)', planned: change.target.id, found: undefined }] : [];
    default:
      return change satisfies never;
  }
}

/** The change's commands in one line each, for a Problem that tells somebody to run them. */
export function commandLines(change: Parameters<typeof commandsOf>[0]): readonly string[] {
  return commandsOf(change).map((command) => showCommand(command, 'bash', Number.POSITIVE_INFINITY));
}

function previewProblem(change: ArmChange, properties: readonly string[]): Problem {
  return {
    code: 'preview-properties',
    what: 'The cluster uses properties that only a preview api-version shows. It is not written from here.',
    why: `A write at ${change.target.apiVersion} would leave out ${properties.map(clean).join(', ')}.`,
    next: ['Run it with az and the aks-preview extension, which knows them:', ...commandLines(change)],
    links: [{ title: 'Preview API life cycle', url: 'https://learn.microsoft.com/azure/aks/concepts-preview-api-life-cycle' }],
  };
}

/** Throws where a change must not be sent at all as things stand: a stopped cluster, preview properties that a stable write would lose. */
export function assertSendable(change: ArmChange, seen: Seen, previewProperties: readonly string[], via: 'sdk' | 'az'): void {
  const isStart = change.kind === 'arm.action' && change.action === 'start';
  if (seen.activity.kind === 'stopped' && !isStart) {
    throw new ProblemError({
      code: 'cluster-stopped',
      what: 'The cluster is stopped.',
      why: 'A stopped cluster can be started or deleted, nothing else.',
      next: ['Start it, then carry on: az aks start -g GROUP -n NAME', 'aks-harden resume'],
      links: [{ title: 'Stop and start a cluster', url: 'https://learn.microsoft.com/azure/aks/start-stop-cluster' }],
    });
  }
  const writesWhole = change.kind === 'arm.update' && seen.cluster !== undefined && via === 'sdk' && !change.target.apiVersion.endsWith('-preview');
  if (!writesWhole) return;
  const isCluster = seen.cluster === seen.resource;
  const lost = previewProperties.filter((property) => isCluster || /agentPoolProfiles/i.test(property));
  if (lost.length > 0) throw new ProblemError(previewProblem(change, lost));
}
