import type { Facts } from '../../../src/model/facts.ts';
import { type AnyLevel, type Judgement, label, rank, versionLabel } from './state.ts';

/** How a namespace shall be labelled; a mode that is left out stays as it is. */
export interface Target {
  readonly enforce?: AnyLevel;
  /** What is warned of and written to the audit log: the level to grow into. */
  readonly next: AnyLevel;
}

const stricter = (level: AnyLevel): AnyLevel => (level === 'privileged' ? 'baseline' : 'restricted');
const least = (a: AnyLevel, b: AnyLevel): AnyLevel => (rank(a) >= rank(b) ? a : b);

/** The strictest level that refuses nothing today, and the next one to warn of. What is enforced already is never lowered. */
export function fittingTarget({ fits, enforced }: Judgement): Target {
  const level = least(fits, enforced);
  return { ...(level === 'privileged' ? {} : { enforce: level }), next: stricter(level) };
}

/** One level for all; what is stricter already stays. */
export function levelTarget({ enforced }: Judgement, level: AnyLevel): Target {
  const enforce = least(level, enforced);
  return { enforce, next: stricter(enforce) };
}

/** Nothing enforced; warnings of the level that would come next. */
export function warningTarget(judgement: Judgement): Target {
  const { next } = fittingTarget(judgement);
  return { next: judgement.fits === 'restricted' ? 'restricted' : next };
}

/**
 * The labels that a namespace lacks for a target. What is enforced is pinned to the version of today, so that an upgrade of the cluster refuses
 * nothing by itself; warnings follow the latest. Labels that are at the target, or beyond, are left as they are.
 */
export function missingLabels(facts: Facts, { namespace }: Judgement, { enforce, next }: Target): { readonly [key: string]: string } {
  const has = namespace.labels;
  const below = (key: string, level: AnyLevel): boolean => rank(has[key]) < rank(level);
  return {
    ...(enforce !== undefined && enforce !== 'privileged' && below(label.enforce, enforce)
      ? { [label.enforce]: enforce, [label.enforceVersion]: versionLabel(facts) }
      : {}),
    ...(below(label.audit, next) ? { [label.audit]: next, [label.auditVersion]: 'latest' } : {}),
    ...(below(label.warn, next) ? { [label.warn]: next, [label.warnVersion]: 'latest' } : {}),
  };
}
