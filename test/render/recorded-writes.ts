import { existsSync, readFileSync } from 'node:fs';
import type { ArmUpdate, Edit } from '../../src/model/change.ts';
import type { ArmResource } from '../../src/model/facts.ts';
import { at, isObject, type Json, type Path, same, text } from '../../src/model/json.ts';
import { requestOf } from '../../src/render/index.ts';
import { differences, writableBody } from '../../src/render/write-body.ts';
import { update } from '../plan/build.ts';

const file = new URL('../../../shared/data/arm/az-writes.json', import.meta.url);

/** A write of az that was recorded: what stood there, which command, what it sent, and what that changes. */
export interface RecordedWrite {
  readonly command: string;
  readonly commandLine: string | null;
  readonly flags: string;
  readonly apiVersion: string;
  readonly before: ArmResource;
  readonly put: ArmResource;
  readonly changes: readonly { readonly op: string; readonly path: string; readonly old?: Json; readonly new?: Json }[];
}

/** All of them; none where the recordings are not there. */
export const recordedWrites: readonly RecordedWrite[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly RecordedWrite[]) : [];
if (recordedWrites.length === 0) console.log('skipped: writes are not held against recorded ones of az, which are not there');

/** The command as it was typed, or its words and flags where that was not kept. */
export const lineOf = (write: RecordedWrite): string => write.commandLine ?? `${write.command} ${write.flags}`;

/** What az itself adds to a write beside what it was asked for, and why that is no part of the meaning. */
const artifacts: readonly { readonly place: RegExp; readonly why: string }[] = [
  { place: /^properties\.networkProfile\.loadBalancerProfile\.effectiveOutboundIPs$/, why: 'az sends back what is read-only; the service ignores it' },
  { place: /^properties\.networkProfile\.loadBalancerProfile\.managedOutboundIPs\.countIPv6$/, why: "a default of az's own model, zero as before" },
  { place: /^properties\.nodeImageVersion$/, why: 'az sends back what is read-only on a pool; the service ignores it' },
];

/** True for a place that az changes by itself in every write. */
export const isArtifact = (place: string): boolean => artifacts.some((artifact) => artifact.place.test(place));

/** A JSON pointer of the recording as a path; the keys of an identity map are resource ids with slashes of their own. */
function pathOf(pointer: string): Path {
  const map = /^\/identity\/userAssignedIdentities\/(.+)$/.exec(pointer);
  return map ? ['identity', 'userAssignedIdentities', map[1] ?? ''] : pointer.slice(1).split('/');
}

/** What a recorded write changes, as edits, az's own additions aside. */
export function editsOf(write: RecordedWrite): readonly Edit[] {
  return write.changes
    .map(({ path, old, new: after }) => ({ path: pathOf(path), before: old, after }))
    .filter((edit) => !isArtifact(edit.path.join('.')) && !same(edit.before, edit.after));
}

/** The recorded write as the change that it means. */
export function changeOf(write: RecordedWrite): ArmUpdate {
  const { before, apiVersion } = write;
  return update('recorded/write', editsOf(write), { target: { id: text(before['id']) ?? '', type: text(before['type']) ?? '', apiVersion } });
}

/** What two writes of the same change come to, property by property. */
export interface SameWrite {
  /** What our write changes of what stood before, with what az wrote there. */
  readonly ours: readonly { readonly place: string; readonly value: Json | undefined; readonly ofAz: Json | undefined }[];
  /** Places that az changed on purpose. What it leaves out because its model does not know it is no change: the service keeps it. */
  readonly ofAz: readonly string[];
}

/** Our write of a change beside the one that az sent. */
export function besideAz(write: RecordedWrite, change: ArmUpdate): SameWrite {
  const body = requestOf(change, write.before)?.body;
  const ours: Json = isObject(body) ? body : {};
  const start = writableBody(write.before);
  const place = (path: Path) => path.join('.');
  const theirs = differences(start, write.put).filter((path) => at(write.put, path) !== undefined && !isArtifact(place(path)));
  return {
    ours: differences(start, ours).map((path) => ({ place: place(path), value: at(ours, path), ofAz: at(write.put, path) })),
    ofAz: theirs
      .map(place)
      .filter((one) => editsOf(write).some((edit) => one.startsWith(place(edit.path))))
      .sort(),
  };
}
