import type { Change } from '../model/change.ts';
import { type ArmResource, type Facts, knownValue } from '../model/facts.ts';
import { type Json, type JsonObject, text } from '../model/json.ts';
import type { Plan, Request } from '../model/plan.ts';
import { undoOf } from '../plan/undo.ts';
import { commandsOf, diffOf, requestOf } from './index.ts';
import { applyEdits } from './write-body.ts';

/** The resources that facts hold, by id in lower case; only those read at the api-version that they are written at. */
function resources(facts: Facts): Map<string, { readonly apiVersion: string; readonly body: ArmResource }> {
  const found = new Map<string, { readonly apiVersion: string; readonly body: ArmResource }>();
  for (const body of [facts.cluster, ...(knownValue(facts, 'agentPools') ?? [])]) {
    const id = text(body['id']);
    if (id !== undefined) found.set(id.toLowerCase(), { apiVersion: facts.apiVersion, body });
  }
  return found;
}

function targetOf(change: Change): Json {
  switch (change.kind) {
    case 'arm.update':
    case 'arm.put':
    case 'arm.patch':
    case 'arm.action':
    case 'arm.delete':
      return { ...change.target };
    case 'kube.apply':
      return { objects: change.objects.map((object) => ({ apiVersion: object['apiVersion'], kind: object['kind'], metadata: object['metadata'] })) };
    case 'kube.patch':
    case 'kube.delete':
      return { ...change.object };
    case 'graph':
      return { path: change.path };
    case 'manual':
      return null;
  }
}

function editsOf(change: Change): { readonly edits?: Json } {
  if (change.kind !== 'arm.update' && change.kind !== 'arm.patch') return {};
  return {
    edits: change.edits.map(({ path, before, after }) => ({ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) })),
  };
}

/**
 * `plan -o json`: every change with its request, its commands, and its way back. Plain JSON.
 * The body of a cluster write is the whole resource as it will stand then; it is left out where the facts were read at another
 * api-version than the write's, because such a body must not be sent.
 */
export function planDocument(plan: Plan, facts: Facts): JsonObject {
  const known = resources(facts);
  const changes = plan.changes.map(({ change, parts, steps }) => {
    const id = change.kind === 'arm.update' ? change.target.id.toLowerCase() : '';
    const resource = known.get(id);
    const current = change.kind === 'arm.update' && resource?.apiVersion === change.target.apiVersion ? resource : undefined;
    const request: Request | undefined = requestOf(change, current?.body);
    if (change.kind === 'arm.update' && current) known.set(id, { ...current, body: applyEdits(current.body, change.edits) });
    return {
      id: change.id,
      step: change.step,
      steps,
      parts,
      controls: change.controls,
      kind: change.kind,
      title: change.title,
      target: targetOf(change),
      ...editsOf(change),
      ...(request ? { request } : {}),
      commands: commandsOf(change),
      diff: diffOf(change),
      impact: change.impact,
      minutes: change.minutes,
      reversible: change.reversible,
      undo: undoOf(change),
      after: change.after,
      ...(change.kind === 'manual' ? { instructions: change.instructions, doneWhen: change.doneWhen } : {}),
    };
  });
  const document = {
    schemaVersion: plan.schemaVersion,
    cluster: plan.cluster,
    choices: plan.choices,
    changes,
    order: plan.changes.map(({ change }) => change.id),
    guards: plan.guards,
    totals: plan.totals,
    separately: plan.separately,
    digest: plan.digest,
  };
  // Through JSON once: what has no value is gone, and the type says what it is.
  return JSON.parse(JSON.stringify(document)) as JsonObject;
}
