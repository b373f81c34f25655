import type { ArmPut, Change, Edit, KubeApply, KubeDelete, KubePatch, ManualChange } from '../model/change.ts';
import { clean } from '../model/foreign.ts';
import { at, isObject, type Json, type JsonObject, same, text } from '../model/json.ts';
import { asManifest } from '../model/kube-manifest.ts';
import type { Plan, PlannedChange } from '../model/plan.ts';
import { digestOf } from './digest.ts';
import { explicitAbsence } from './explicit.ts';
import { totalsOf } from './totals.ts';

/** Edits that put back what `edits` change; where that was nothing, the value that absence stands for. */
export function reversedEdits(edits: readonly Edit[]): readonly Edit[] {
  return [...edits]
    .reverse()
    .map(({ path, before, after }) => ({ path, before: after, after: before === undefined ? explicitAbsence(path) : before }))
    .filter((edit) => !same(edit.before, edit.after));
}

/** A merge patch that takes `patch` back on an object that looked like `before`: old values, and null for what was not there. */
export function reversedPatch(patch: JsonObject, before: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(patch).map(([key, value]): [string, Json] => {
      const old = before[key];
      if (isObject(value) && isObject(old)) return [key, reversedPatch(value, old)];
      if (isObject(value) && old === undefined) return [key, reversedPatch(value, {})];
      return [key, old ?? null];
    }),
  );
}

function objectName(object: JsonObject): string {
  const namespace = text(at(object, ['metadata', 'namespace']));
  return `${text(object['kind']) ?? '?'} ${namespace === undefined ? '' : `${namespace}/`}${text(at(object, ['metadata', 'name'])) ?? '?'}`;
}

function common(change: Change) {
  const { step, controls, impact, minutes } = change;
  return {
    id: `${change.id}/undo`,
    step,
    controls,
    title: `Undo: ${change.title}`,
    impact,
    minutes,
    reversible: { kind: 'yes' as const, how: 'apply the change again' },
    after: [],
    ...(change.alone ? { alone: true } : {}),
    ...(change.probeAfter ? { probeAfter: true } : {}),
  };
}

function manual(change: Change, title: string, instructions: readonly string[], doneWhen: string): ManualChange {
  return { ...common(change), kind: 'manual', title, instructions, doneWhen };
}

function undoPut(change: ArmPut): readonly Change[] {
  const { target, body, before } = change;
  if (before !== undefined) return [{ ...common(change), kind: 'arm.put', target, body: before, before: body }];
  // Other things may have moved into a resource group since: taking it away is for a person.
  if (target.type.toLowerCase() === 'microsoft.resources/resourcegroups') {
    return [manual(change, `Undo: ${change.title}`, [`Delete the resource group ${target.id} if nothing else uses it.`], 'the resource group is gone')];
  }
  return [{ ...common(change), kind: 'arm.delete', target, before: body }];
}

/** Kinds that other things may live in since: taking them away is for a person. */
const holders = ['Namespace', 'PersistentVolumeClaim', 'PersistentVolume', 'CustomResourceDefinition'];

function deletion(change: KubeApply, object: JsonObject, index: number): KubeDelete {
  const namespace = text(at(object, ['metadata', 'namespace']));
  return {
    ...common(change),
    kind: 'kube.delete',
    id: `${change.id}/undo-new-${index + 1}`,
    title: `Delete ${clean(objectName(object))}`,
    object: {
      apiVersion: text(object['apiVersion']) ?? '',
      kind: text(object['kind']) ?? '',
      name: text(at(object, ['metadata', 'name'])) ?? '',
      ...(namespace === undefined ? {} : { namespace }),
    },
    before: object,
  };
}

function undoApply(change: KubeApply): readonly Change[] {
  const isNew = (object: JsonObject) => !change.before.some((old) => objectName(old) === objectName(object));
  const made = change.objects.filter(isNew);
  const isHolder = (object: JsonObject) => holders.includes(text(object['kind']) ?? '');
  const undo: Change[] =
    change.before.length > 0 ? [{ ...common(change), kind: 'kube.apply', objects: change.before.map(asManifest), before: change.objects }] : [];
  undo.push(...made.filter((object) => !isHolder(object)).map((object, i) => deletion(change, object, i)));
  const created = made.filter(isHolder);
  if (created.length > 0) {
    const names = created.map((object) => clean(objectName(object)));
    undo.push({
      ...manual(
        change,
        `Undo: ${change.title}`,
        names.map((name) => `Delete ${name}.`),
        `they are gone: ${names.join(', ')}`,
      ),
      id: `${change.id}/undo-new`,
    });
  }
  return undo;
}

function undoPatch(change: KubePatch): Change {
  return { ...common(change), kind: 'kube.patch', object: change.object, patch: reversedPatch(change.patch, change.before), before: change.patch };
}

/**
 * The way back of one change, in order: what it says itself, or its effect reversed.
 * Empty for one-way doors and for what has no opposite (a reimage, a rotation, a POST to Graph).
 */
export function undoOf(change: Change): readonly Change[] {
  if (change.undo !== undefined) return change.undo;
  if (change.reversible.kind === 'no') return [];
  switch (change.kind) {
    case 'arm.update':
    case 'arm.patch':
      return [{ ...common(change), kind: change.kind, target: change.target, edits: reversedEdits(change.edits) }];
    case 'arm.put':
      return undoPut(change);
    case 'arm.delete':
      return [{ ...common(change), kind: 'arm.put', target: change.target, body: change.before, before: undefined }];
    case 'kube.apply':
      return undoApply(change);
    case 'kube.patch':
      return [undoPatch(change)];
    case 'kube.delete':
      return [{ ...common(change), kind: 'kube.apply', objects: [asManifest(change.before)], before: [] }];
    case 'arm.action':
    case 'graph':
    case 'manual':
      return [];
  }
}

function oneWay(change: Change): ManualChange {
  return {
    ...manual(change, `Stays: ${change.title}`, [`There is no way back: ${change.reversible.how}`], 'nothing is to be done'),
    id: `${change.id}/stays`,
    impact: { kind: 'none', scope: 'nothing changes' },
    minutes: [0, 0],
  };
}

/** The plan that takes `plan` back: last change first. What cannot be undone stands in it as a manual note that says so. */
export function undoPlan(plan: Plan): Plan {
  const undone = new Map(plan.changes.map((planned) => [planned.change.id, undoOf(planned.change)]));
  const followers = (id: string) => plan.changes.filter(({ change }) => change.after.includes(id)).map(({ change }) => change.id);
  const changes = [...plan.changes].reverse().flatMap(({ change, steps }): PlannedChange[] => {
    const own = undone.get(change.id) ?? [];
    const later = followers(change.id).flatMap((id) => (undone.get(id) ?? []).map((undo) => undo.id));
    const notes = change.reversible.kind === 'no' ? [oneWay(change)] : [];
    return [...notes, ...own].map((undo, i) => {
      const previous = i > notes.length ? own[i - notes.length - 1] : undefined;
      const after = [...new Set([...undo.after, ...later, ...(previous ? [previous.id] : [])])].filter((id) => id !== undo.id);
      return { change: { ...undo, after }, parts: [undo.id], steps };
    });
  });
  const all = changes.map(({ change }) => change);
  return { ...plan, changes, guards: [], totals: totalsOf(all), separately: totalsOf(all), digest: digestOf(all) };
}
