import { type Assessment, verdict } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts } from '../../../src/model/facts.ts';
import { at, isTrue, type JsonObject, path, text } from '../../../src/model/json.ts';
import { namedPools } from '../../shared/pool-edits.ts';
import { notShown, overPools } from '../../shared/pool-verdict.ts';

export const RUN_COMMAND = 'properties.apiServerAccessProfile.disableRunCommand';
const SSH = 'securityProfile.sshAccess';

export const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '?';
export const runCommandOff = (facts: Facts): boolean => isTrue(clusterAt(facts, RUN_COMMAND));
export const isPrivate = (facts: Facts): boolean => isTrue(clusterAt(facts, 'properties.apiServerAccessProfile.enablePrivateCluster'));
const sshOf = (pool: JsonObject): string => text(at(pool, path(SSH)))?.toLowerCase() ?? 'localuser';
/** Linux only: Windows nodes take no SSH key from AKS's setting. */
const isLinux = (pool: JsonObject): boolean => text(pool['osType'])?.toLowerCase() !== 'windows';
/** `EntraID` (preview) replaces keys by sign-in and is as good. */
const sshClosed = (pool: JsonObject): boolean => ['disabled', 'entraid'].includes(sshOf(pool));

/** Names of pools whose nodes have a public address each. */
export function publicPools(facts: Facts): readonly JsonObject[] {
  return namedPools(facts).filter((pool) => isTrue(pool['enableNodePublicIP']));
}

/** Linux pools that still take SSH keys. */
export function sshPools(facts: Facts): readonly JsonObject[] {
  return namedPools(facts).filter((pool) => isLinux(pool) && !sshClosed(pool));
}

export function assessPublicAddresses(facts: Facts): Assessment {
  return overPools(facts, {
    properties: ['enableNodePublicIP'],
    wanted: 'false or absent',
    holds: (pool) => !isTrue(pool['enableNodePublicIP']),
    none: 'there is no node pool of your own',
    since: '2019-11-01',
    mixed: 'fail',
  });
}

export function assessRunCommand(facts: Facts): Assessment {
  return (
    notShown(facts, RUN_COMMAND, '2021-08-01') ?? verdict(runCommandOff(facts), { path: RUN_COMMAND, actual: clusterAt(facts, RUN_COMMAND), wanted: 'true' })
  );
}

export function assessSsh(facts: Facts): Assessment {
  return overPools(facts, {
    properties: [SSH],
    wanted: 'Disabled (or EntraID)',
    holds: sshClosed,
    among: isLinux,
    none: 'there is no Linux pool',
    since: '2026-04-01',
    mixed: 'partial',
  });
}
