import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubectlGateway, type RunKubectl } from '../../src/kubernetes/kubectl.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { KubernetesGateway } from '../../src/model/gateway.ts';
import { practiceGateway } from '../../src/practice/index.ts';
import { practiceKubernetes } from '../../src/practice/kube-gateway.ts';
import { type ServedPractice, servePractice } from '../../src/practice/serve.ts';
import type { Settings } from '../../src/practice/world.ts';
import { planOnlyKeys, readFacts } from '../../src/snapshot/live.ts';
import { findKubectl } from './az-program.ts';

/** How a run of kubectl ended. */
export interface Kubectl {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A practice cluster on loopback HTTPS with the real kubectl, and nothing of the caller's own profile. */
export interface KubectlWorld {
  readonly served: ServedPractice;
  /** Runs kubectl with these words; what it reads comes as text, objects as JSON. */
  readonly kubectl: (args: readonly string[], input?: string | object) => Promise<Kubectl>;
  /** The program's own way into the cluster, over the same kubectl. */
  readonly gateway: KubernetesGateway;
  readonly change: (settings: Partial<Settings>) => void;
  readonly close: () => Promise<void>;
}

/** Every fact of the world, as the wizard reads it. */
export function factsOfWorld({ served: { world } }: KubectlWorld): Promise<Facts> {
  return readFacts({
    arm: practiceGateway(world),
    clusterId: world.state.clusterId,
    kubernetes: practiceKubernetes(world),
    planKeys: planOnlyKeys,
    now: new Date(),
  });
}

/** Opens a scenario. kubectl finds its cache and home in a folder that goes with the world. */
export async function openKubectlWorld(scenario: string): Promise<KubectlWorld> {
  const home = await mkdtemp(join(tmpdir(), 'aks-harden-kubectl-'));
  const served = await servePractice({ scenario, speed: 1000 });
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    KUBECONFIG: served.kubeconfig,
    NO_PROXY: 'localhost,127.0.0.1',
  };
  const kubectl: KubectlWorld['kubectl'] = (args, input) =>
    new Promise((resolve) => {
      const options = { env, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(findKubectl() ?? 'kubectl', [...args], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr });
      });
      child.stdin?.end(input === undefined ? '' : typeof input === 'string' ? input : JSON.stringify(input));
    });
  const run: RunKubectl = async (args, stdin) => {
    const { code, stdout, stderr } = await kubectl(args, stdin);
    return { exitCode: code, stdout, stderr, missing: false, timedOut: false };
  };
  return {
    served,
    kubectl,
    gateway: createKubectlGateway({ hosts: ['localhost'], entra: true, run }),
    change: (settings) => {
      served.world.state.settings = { ...served.world.state.settings, ...settings };
    },
    close: async () => {
      await served.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
