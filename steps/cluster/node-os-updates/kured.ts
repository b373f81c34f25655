import { type Assessment, fail, pass, unknown } from '../../../src/model/assessment.ts';
import { type Fact, type Facts, fact, isAutomatic, type Workload } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { containersOf, perController } from '../../shared/own-workloads.ts';
import { listed } from '../../shared/texts.ts';
import { SHOWN_SINCE } from './assess.ts';
import { channelOf, isFixed, managed } from './channel.ts';

/** The program that restarts nodes which ask for it (kured docs: installation), by its name or its image. */
function isKured({ kind, name, spec }: Workload): boolean {
  if (kind !== 'DaemonSet') return false;
  return /(^|-)kured($|-)/.test(name) || containersOf(spec).some(({ container }) => /\/kured([:@]|$)/.test(text(container['image']) ?? ''));
}

/** Every kured in the cluster. Two of them restart two nodes at a time. */
export function kureds(facts: Facts): Fact<readonly Workload[]> {
  const found = fact(facts, 'workloads');
  return found.state === 'unknown' ? found : { state: 'known', value: perController(found.value.filter(isKured)) };
}

/** What of it is known to be there. */
export const knownKureds = (facts: Facts): readonly Workload[] => {
  const found = kureds(facts);
  return found.state === 'known' ? found.value : [];
};

/** Who brings patches to the nodes: AKS, which replaces nodes itself; their own system, or nobody; or it cannot be told. */
export function patchedBy(facts: Facts): 'aks' | 'itself' | undefined {
  const channel = channelOf(facts)?.toLowerCase();
  if (isAutomatic(facts) || isFixed(facts) || (channel !== undefined && managed.includes(channel))) return 'aks';
  return channel === undefined && facts.apiVersion < SHOWN_SINCE ? undefined : 'itself';
}

function told(workload: Workload): string {
  return `${workload.pods === 0 ? 'no pod of it runs' : `${workload.pods} pods`}${workload.options === undefined ? '' : `, ${workload.options.map(clean).join(' ')}`}`;
}

const evidenceOf = (workload: Workload, wanted: string) => ({ path: `DaemonSet/${placeName(workload)}`, actual: told(workload), wanted });

/** 9.3: kured runs where nodes patch themselves, and nowhere else (AKS docs: node-updates-kured, auto-upgrade-node-os-image). */
export function assessKured(facts: Facts): Assessment {
  const by = patchedBy(facts);
  if (by === undefined) return unknown(`the cluster was read at api-version ${facts.apiVersion}, which does not show the node OS channel`);
  const found = kureds(facts);
  if (found.state === 'unknown') return unknown(`whether kured runs was not read: ${clean(found.reason)}`);
  const running = found.value.filter(({ pods }) => pods > 0);
  if (by === 'aks') {
    const wanted = 'none: AKS replaces the nodes, and a second hand restarts them as well';
    return found.value.length === 0
      ? pass({ path: 'DaemonSet kured', actual: 'none', wanted: 'none: AKS replaces the nodes' })
      : fail(...found.value.map((workload) => evidenceOf(workload, wanted)));
  }
  const wanted = `a pod on each Linux node: with channel ${clean(channelOf(facts) ?? 'None')} nobody else restarts a node that has a new kernel`;
  if (running.length > 0) return pass(...running.map((workload) => evidenceOf(workload, wanted)));
  const [idle] = found.value;
  return fail(idle === undefined ? { path: 'DaemonSet kured', actual: 'none', wanted } : evidenceOf(idle, wanted));
}

/** Two hands on the same nodes. */
export function kuredGuard(facts: Facts): Guard {
  const id = 'kured';
  const title = 'Nothing else restarts nodes';
  const found = kureds(facts);
  if (found.state === 'unknown') {
    return {
      id,
      title,
      verdict: 'warn',
      detail: `With a managed channel unattended-upgrades is off and kured has nothing to do. Whether kured runs here was not read: ${clean(found.reason)}.`,
      next: ['Look for it: kubectl get daemonset -A, and remove it once the channel is on: helm uninstall kured -n kured.'],
    };
  }
  if (found.value.length === 0) return { id, title, verdict: 'clear', detail: 'kured does not run here.' };
  return {
    id,
    title,
    verdict: 'warn',
    detail: `${listed(found.value.map(placeName))} restarts nodes too. With a managed channel unattended-upgrades is off and it has nothing to do: the plan says how it goes.`,
    next: ['Until then both may drain nodes at the same time.'],
  };
}
