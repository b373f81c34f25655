import type { Change } from '../../src/model/change.ts';
import { type ArmResource, type Facts, pools } from '../../src/model/facts.ts';
import { isObject, type Json, text, withAt } from '../../src/model/json.ts';

const edited = (value: Json | undefined, change: Extract<Change, { kind: 'arm.update' }>, skip: number): Json | undefined =>
  change.edits.reduce((whole, edit) => withAt(whole, edit.path.slice(skip), edit.after), value);

/** What the facts are after the changes, as far as the cluster body and resources written whole tell: a world without Azure's own rules. */
export function applied(facts: Facts, changes: readonly Change[]): Facts {
  let cluster: ArmResource = facts.cluster;
  const known: { [key: string]: unknown } = { ...facts.known };
  for (const change of changes) {
    if (change.kind === 'arm.update') {
      const pool = change.target.type.endsWith('/agentPools') ? change.target.id.split('/').at(-1) : undefined;
      const next =
        pool === undefined
          ? edited(cluster, change, 0)
          : withAt(
              cluster,
              ['properties', 'agentPoolProfiles'],
              pools({ ...facts, cluster }).map((one) => (text(one['name']) === pool ? (edited(one, change, 1) ?? one) : one)),
            );
      if (isObject(next)) cluster = next;
    }
    if (change.kind === 'arm.put') {
      const list = change.target.type.endsWith('/locks') ? 'locks' : change.target.type.endsWith('/policyAssignments') ? 'policyAssignments' : undefined;
      if (list === undefined) continue;
      const before = facts.known[list];
      const resource = { id: change.target.id, name: change.target.id.split('/').at(-1) ?? '', ...change.body };
      known[list] = { state: 'known', value: [...(before?.state === 'known' ? before.value : []), resource] };
    }
  }
  return { ...facts, cluster, known };
}
