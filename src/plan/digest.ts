import { createHash } from 'node:crypto';
import type { Change } from '../model/change.ts';
import { canonical, type Json } from '../model/json.ts';

/** SHA-256, in hex, over the canonical JSON of the changes in order: what was approved is what is applied. */
export function digestOf(changes: readonly Change[]): string {
  return createHash('sha256')
    .update(canonical(changes as unknown as Json))
    .digest('hex');
}
