import type { Json, JsonObject, Path } from './json.ts';

/** The one stable api-version clusters are read and written at. It has a published schema, which the tests hold writes against. */
export const CLUSTER_API_VERSION = '2026-05-01';

/** One property of one resource: what stood there, what shall. `undefined` on either side means absent. */
export interface Edit {
  readonly path: Path;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The resource a change is about. `type` is ARM's, e.g. `Microsoft.ContainerService/managedClusters`. */
export interface Target {
  readonly id: string;
  readonly type: string;
  readonly apiVersion: string;
}

/** What a change does to running things. The order is the order of gravity. */
export const impacts = ['none', 'billing', 'workload', 'api-server', 'network', 'reimage', 'recreate'] as const;
export type ImpactKind = (typeof impacts)[number];
export interface Impact {
  readonly kind: ImpactKind;
  /** Which part: `all pools at once`, `the API server for under two minutes`. One line, from the facts. */
  readonly scope: string;
  /** Pools whose nodes are replaced. Empty unless `reimage` or `recreate`. */
  readonly pools?: readonly string[];
}

/** Whether there is a way back, and which. `no` is a one-way door: it asks for the cluster's name. */
export interface Reversible {
  readonly kind: 'yes' | 'partly' | 'no';
  readonly how: string;
}

interface Common {
  /** Unique in a plan: the step's id and a word, `identity.entra-sign-in/enable`. */
  readonly id: string;
  readonly step: string;
  readonly controls: readonly string[];
  /** What it does, as an order: "Turn on Entra sign-in". */
  readonly title: string;
  readonly impact: Impact;
  /** Expected minutes, low and high. */
  readonly minutes: readonly [number, number];
  readonly reversible: Reversible;
  /** Changes that must be complete before this one starts. Two edits of one resource without such an edge may travel in one write. */
  readonly after: readonly string[];
  /** Never merged into another write, e.g. because the service refuses the combination. */
  readonly alone?: boolean;
  /** The way back where it is not simply the edits reversed. */
  readonly undo?: readonly Change[];
  /**
   * Properties of the cluster (dotted) that nobody can know rightly before this is carried out: another step's change of one of them waits
   * for the next plan.
   */
  readonly unsettles?: readonly string[];
  /** Probe the API server afterwards and put the old state back when it does not answer from here (semantics.md 4, move 3). */
  readonly probeAfter?: boolean;
}

/** Edits on one resource that has no property PATCH: read, edit, write the whole back. */
export interface ArmUpdate extends Common {
  readonly kind: 'arm.update';
  readonly target: Target;
  readonly edits: readonly Edit[];
}

/** A resource that need not exist yet, as a whole. `before` is what stood there (undefined: nothing). */
export interface ArmPut extends Common {
  readonly kind: 'arm.put';
  readonly target: Target;
  readonly body: JsonObject;
  readonly before: JsonObject | undefined;
  /** A command before it makes this very resource beside its own work, with other settings: finding it there is no drift. */
  readonly mayExist?: true;
}

/** Properties of a resource that ARM really patches (registries). */
export interface ArmPatch extends Common {
  readonly kind: 'arm.patch';
  readonly target: Target;
  readonly edits: readonly Edit[];
}

/** A POST on a resource. */
export interface ArmAction extends Common {
  readonly kind: 'arm.action';
  readonly target: Target;
  readonly action: 'rotateClusterCertificates' | 'stop' | 'start' | 'upgradeNodeImageVersion';
  readonly body?: JsonObject;
}

/** Takes a resource away. Only ever the undo of an `arm.put`. */
export interface ArmDelete extends Common {
  readonly kind: 'arm.delete';
  readonly target: Target;
  readonly before: JsonObject;
}

/** Kubernetes objects, by server-side apply, after a dry-run. `before` holds what stood there, for the undo. */
export interface KubeApply extends Common {
  readonly kind: 'kube.apply';
  readonly objects: readonly JsonObject[];
  readonly before: readonly JsonObject[];
}

/** A merge patch on one Kubernetes object: labels, annotations. */
export interface KubePatch extends Common {
  readonly kind: 'kube.patch';
  readonly object: { readonly apiVersion: string; readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly patch: JsonObject;
  readonly before: JsonObject;
}

/** Takes one Kubernetes object away: the undo of a `kube.apply` that made it, or a binding that a person chose. `before` is the whole object, for the way back. */
export interface KubeDelete extends Common {
  readonly kind: 'kube.delete';
  readonly object: KubePatch['object'];
  readonly before: JsonObject;
}

/** A request to Microsoft Graph (Entra objects). `path` is below the version, e.g. `/groups/{id}/members/$ref`. */
export interface GraphChange extends Common {
  readonly kind: 'graph';
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: JsonObject;
}

/** What a tool cannot do: told honestly, with how to see that it is done. */
export interface ManualChange extends Common {
  readonly kind: 'manual';
  readonly instructions: readonly string[];
  readonly doneWhen: string;
  /** Kubernetes manifests, or patches of them, to bring in by hand: written to a folder on request, never sent. */
  readonly manifests?: readonly JsonObject[];
}

/** One described effect, as data. The only output of a step; requests, commands, diff and undo are all made from it. */
export type Change = ArmUpdate | ArmPut | ArmPatch | ArmAction | ArmDelete | KubeApply | KubePatch | KubeDelete | GraphChange | ManualChange;

export type ChangeKind = Change['kind'];

/** True where a person must type the cluster's name: a one-way door, or nodes are replaced, or traffic is cut (DESIGN law 11). */
export function needsName(change: Change): boolean {
  return change.reversible.kind === 'no' || change.impact.kind === 'reimage' || change.impact.kind === 'recreate' || change.impact.kind === 'network';
}

/** The graver of two impacts. */
export function graver(a: Impact, b: Impact): Impact {
  return impacts.indexOf(b.kind) > impacts.indexOf(a.kind) ? b : a;
}
