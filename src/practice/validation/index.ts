import type { Refusal } from '../answer.ts';
import { apiServerRules } from './api-server.ts';
import { identityRules } from './identity.ts';
import { loadBalancerRules } from './load-balancer.ts';
import { networkRules } from './network.ts';
import { outboundRules } from './outbound.ts';
import type { Rule, Write } from './rule.ts';
import { poolRules, securityRules } from './security.ts';
import { versionRules } from './versions.ts';

export type { Rule, Write } from './rule.ts';

/** Every reason why the practice service refuses a write on a cluster or pool, in the order they are looked at. */
export const rules: readonly Rule[] = [
  ...identityRules,
  ...apiServerRules,
  ...networkRules,
  ...loadBalancerRules,
  ...outboundRules,
  ...securityRules,
  ...versionRules,
  ...poolRules,
];

/** The first rule that a write breaks, as the service's answer; undefined when it may go ahead. */
export function refusalOf(write: Write): Refusal | undefined {
  for (const rule of rules) {
    const message = rule.broken(write);
    if (message === undefined) continue;
    const { code, status = 400, target, subcode } = rule;
    return { status, code, message, ...(target === undefined ? {} : { target }), ...(subcode === undefined ? {} : { subcode }) };
  }
  return undefined;
}
