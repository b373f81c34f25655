import type { Impact } from '../../../src/model/change.ts';
import { type Facts, fact, nodeCount, pools } from '../../../src/model/facts.ts';
import type { Option } from '../../../src/model/step.ts';
import { CLUSTER_WRITE_MINUTES, reimageMinutes } from '../../shared/minutes.ts';
import { about } from '../../shared/pool-sizes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { reimagesBySelf } from './changes.ts';
import { isPrivate, nameOf, publicPools, runCommandOff, sshPools } from './verdicts.ts';

export const NO_ADDRESSES = 'No pool gives its nodes public addresses.';
const reachable = (facts: Facts): boolean => {
  const probe = fact(facts, 'apiServerReachability');
  return probe.state === 'known' && probe.value.reachable;
};

function sum(...parts: readonly (readonly [number, number])[]): readonly [number, number] {
  return [parts.reduce((total, [low]) => total + low, 0), parts.reduce((total, [, high]) => total + high, 0)];
}

/** The side doors one by one, and all together. */
export function options(facts: Facts): readonly Option[] {
  const open = sshPools(facts).map(nameOf);
  const exposed = publicPools(facts).map(nameOf);
  const roll = reimageMinutes(facts, open);
  const move = reimageMinutes(facts, exposed);
  const sshText =
    open.length === 0
      ? 'SSH is off on every Linux pool already.'
      : `SSH stops on pool ${listed(open)}, ${reimagesBySelf(facts) ? 'and AKS replaces their nodes at once' : 'once their nodes have a new image'}: ${about(roll)}. kubectl debug node still works. The switch is in preview, and new pools start with SSH again.`;
  const runText = isPrivate(facts)
    ? 'The cluster is private: for people without a way into its network, run command is the only way in, also in an emergency. Prove another path first.'
    : 'The API server answers over the network, so nobody needs it; whoever has the right in Azure can turn it on again.';
  const addressText = `Pool ${listed(exposed)} gives each node an address on the internet. That cannot be changed on a pool: a new one comes beside it, takes over, and the old one goes.`;
  const rolls: Impact =
    open.length > 0 ? { kind: 'reimage', scope: `the nodes of pool ${listed(open)}`, pools: open } : { kind: 'none', scope: 'no node is touched' };
  const reversible = { kind: 'yes', how: 'set back the same way; SSH takes another new image' } as const;
  const recommended = exposed.length > 0 ? 'public-ips' : !runCommandOff(facts) && (!isPrivate(facts) || reachable(facts)) ? 'run-command' : undefined;
  const because = (id: string, why: string) => (recommended === id ? { recommended: why } : {});
  return [
    {
      id: 'run-command',
      title: 'Close run command',
      tradeOff: `az aks command invoke starts a pod in the cluster through Azure, past every network fence. ${runText} In a cluster without Entra that pod is cluster admin.`,
      impact: { kind: 'none', scope: 'no node and no pod; one way in is closed' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'None',
      reversible,
      notWhen: 'it is your only way into a private cluster',
      ...because(
        'run-command',
        isPrivate(facts)
          ? 'The API server answers from here without it.'
          : 'The API server can be reached without it, and Microsoft’s AKS baseline has it off.',
      ),
      params: [],
    },
    {
      id: 'ssh',
      title: 'Switch SSH off on the nodes',
      tradeOff: sshText,
      impact: rolls,
      minutes: open.length > 0 ? roll : [0, 1],
      cost: 'None, but for the surge nodes during the roll',
      reversible,
      notWhen: 'you need SSH to find out why nodes do not come up',
      params: [],
    },
    {
      id: 'public-ips',
      title: 'Take the nodes off the internet',
      tradeOff: exposed.length > 0 ? addressText : NO_ADDRESSES,
      impact: { kind: 'recreate', scope: `the nodes of pool ${listed(exposed)}`, pools: exposed },
      minutes: move,
      cost: 'Both pools run until the old one is empty; the addresses themselves go',
      reversible: { kind: 'yes', how: 'another new pool with public addresses' },
      notWhen: 'players or devices connect to the node’s own address',
      ...because(
        'public-ips',
        `${plural(exposed.length, 'pool')} of ${pools(facts).length} can be reached from the whole internet on whatever port a pod opens on the node.`,
      ),
      ...(exposed.length > 0 ? {} : { unavailable: NO_ADDRESSES }),
      params: [],
    },
    {
      id: 'all',
      title: 'Close all of them',
      tradeOff: `${exposed.length > 0 ? `${addressText} ` : ''}${sshText} ${runText} Together they touch ${plural(nodeCount(facts), 'node')}.`,
      impact:
        exposed.length > 0
          ? {
              kind: 'recreate',
              scope: `pool ${listed(exposed)} is made anew, the nodes of pool ${listed(open)} are replaced`,
              pools: [...new Set([...exposed, ...open])],
            }
          : rolls,
      minutes: sum(CLUSTER_WRITE_MINUTES, ...(open.length > 0 ? [roll] : []), ...(exposed.length > 0 ? [move] : [])),
      cost: 'Both pools while one is replaced, and surge nodes during the roll',
      reversible,
      notWhen: 'run command is your only way into a private cluster',
      params: [],
    },
  ];
}
