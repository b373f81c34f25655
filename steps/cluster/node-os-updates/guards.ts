import { clusterAt, type Facts, fact } from '../../../src/model/facts.ts';
import { at, path, text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { listed } from '../../shared/texts.ts';
import { kuredGuard } from './kured.ts';
import type { WindowTimes } from './windows.ts';

/** Built-in: "Both operating systems and data disks in AKS clusters should be encrypted by customer-managed keys". */
const CMK_DISKS = '7d7be79c-23ba-4033-84dd-45e2a5ccdd67';

interface Wanted {
  /** The channel that is set, or undefined when it stays as it is. */
  readonly channel: 'NodeImage' | 'SecurityPatch' | undefined;
  readonly windowsKnown: boolean;
  readonly times: { readonly nodeOs: WindowTimes; readonly cluster: WindowTimes };
}

/** SecurityPatch makes a temporary scale set, which a deny policy on disks without customer-managed keys refuses (AKS docs, known limitations). */
function denyPolicyGuard(facts: Facts): Guard {
  const id = 'cmk-deny-policy';
  const title = 'No policy refuses the patched disks';
  const found = fact(facts, 'policyAssignments');
  if (found.state === 'unknown') {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `Policy assignments were not read (${found.reason}): one that denies disks without customer-managed keys makes every SecurityPatch update fail.`,
    };
  }
  const denying = found.value.filter((assignment) => {
    const definition = (text(at(assignment, path('properties.policyDefinitionId'))) ?? '').toLowerCase();
    const effect = (text(at(assignment, path('properties.parameters.effect.value'))) ?? '').toLowerCase();
    return definition.endsWith(CMK_DISKS) && effect === 'deny';
  });
  if (denying.length === 0) {
    return {
      id,
      title,
      verdict: 'clear',
      detail: 'The built-in policy for customer-managed disk keys is not assigned with Deny. Initiatives and own policies are not looked into.',
    };
  }
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `${listed(denying.map((assignment) => text(assignment['name']) ?? '?'))} denies disks without customer-managed keys: SecurityPatch updates would fail (RequestDisallowedByPolicy).`,
    next: ['Choose NodeImage, or set the policy to Audit.'],
    override: 'never',
  };
}

function egressGuard(facts: Facts): Guard {
  const id = 'patch-egress';
  const title = 'Nodes can fetch the patches';
  const outbound = text(clusterAt(facts, 'properties.networkProfile.outboundType'))?.toLowerCase();
  const filtered = outbound === 'userdefinedrouting' || outbound === 'none' || outbound === 'block';
  return filtered
    ? {
        id,
        title,
        verdict: 'warn',
        detail: `Traffic leaves by ${outbound === 'userdefinedrouting' ? 'your own route (userDefinedRouting)' : outbound}: SecurityPatch needs snapshot.ubuntu.com.`,
        next: ['Allow snapshot.ubuntu.com in the firewall before the channel is set.'],
      }
    : { id, title, verdict: 'clear', detail: 'The outbound type does not filter where nodes go.' };
}

/** The step's own guards, beside the common ones. */
export function channelGuards(facts: Facts, { channel, windowsKnown, times }: Wanted): readonly Guard[] {
  return [
    ...(windowsKnown
      ? []
      : [
          {
            id: 'windows-unknown',
            title: 'Windows that exist are not overwritten',
            verdict: 'unknown' as const,
            detail: 'The maintenance windows were not read. Writing one replaces what stands there, with its dates that are not allowed.',
            next: ['Read the cluster with a sign-in, or look: az aks maintenanceconfiguration list.'],
            override: 'replace the windows',
          },
        ]),
    ...(times.nodeOs.day === times.cluster.day
      ? [
          {
            id: 'same-day',
            title: 'One thing at a time',
            verdict: 'warn' as const,
            detail: `Both windows open on ${times.nodeOs.day} at ${times.nodeOs.start}: AKS runs one upgrade at a time, so the second may not fit in.`,
            next: ['Give Kubernetes upgrades a day of their own (upgradeDay).'],
          },
        ]
      : []),
    ...(channel === 'SecurityPatch' ? [denyPolicyGuard(facts), egressGuard(facts)] : []),
    ...(channel === undefined ? [] : [kuredGuard(facts)]),
  ];
}
