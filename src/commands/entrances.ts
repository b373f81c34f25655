import { join } from 'node:path';
import type { Checklist } from '../model/checklist.ts';
import { idPart } from '../model/facts.ts';
import type { ArmGateway } from '../model/gateway.ts';
import { at, isObject, path, text } from '../model/json.ts';
import type { Step } from '../model/step.ts';
import type { ClusterSummary, Entrance, Reach } from '../session/deps.ts';
import { type DeskSettings, openDesk } from './desk.ts';
import type { Io } from './io.ts';
import { type Invocation, usageProblem } from './parse.ts';
import { connectAzure, connectCluster, connectNamedPractice } from './source.ts';

/** What the command line settles for every entrance. */
export interface EntranceSettings {
  readonly invocation: Invocation;
  readonly io: Io;
  readonly steps: () => Promise<readonly Step[]>;
  /** A checklist to carry on with. */
  readonly resume?: { readonly path: string; readonly checklist: Checklist };
}

async function deskSettings({ invocation, io, steps, resume }: EntranceSettings, practice?: Checklist['practice']): Promise<DeskSettings> {
  const checklist = resume?.path ?? invocation.text('checklist');
  return {
    io,
    steps: await steps(),
    via: invocation.text('via') === 'az' ? 'az' : 'sdk',
    ...(invocation.flag('read-only') ? { readOnly: '--read-only was given' } : {}),
    ...(checklist === undefined ? {} : { checklist }),
    ...(practice === undefined ? {} : { practice }),
  };
}

function summaryOf(cluster: unknown): readonly ClusterSummary[] {
  if (!isObject(cluster)) return [];
  const id = text(cluster['id']) ?? '';
  const read = (dotted: string) => text(at(cluster, path(dotted))) ?? '';
  return [
    {
      id,
      name: read('name'),
      resourceGroup: idPart(id, 'resourceGroups') ?? '',
      location: read('location'),
      version: read('properties.currentKubernetesVersion') || read('properties.kubernetesVersion'),
      state: read('properties.powerState.code') === 'Stopped' ? 'Stopped' : read('properties.provisioningState'),
    },
  ];
}

/** A way into Azure through a sign-in that is there. With `clusterId` there is nothing left to pick. */
function azureReach(arm: ArmGateway, settings: EntranceSettings, clusterId?: string): Reach {
  return {
    kind: 'azure',
    label: arm.label,
    ...(clusterId === undefined ? {} : { clusterId }),
    subscriptions: () => arm.subscriptions(),
    clusters: async (subscription) => (await arm.clusters(subscription)).flatMap(summaryOf),
    open: async (id, tell) => openDesk(await connectCluster(settings.invocation, arm, id), await deskSettings(settings), tell),
    close: async () => {},
  };
}

/** The practice cluster; its world is kept beside its checklist, so that an interrupted run finds its operation in flight. */
async function practiceReach(scenario: string, settings: EntranceSettings): Promise<Reach> {
  const { io, invocation, resume } = settings;
  if (invocation.text('via') === 'az') {
    throw usageProblem('--via az does not go with the practice cluster.', 'az would change the cluster that it is signed in to, and that is a real one.', [
      'Leave out --via, or serve the practice cluster for az: aks-harden practice.',
    ]);
  }
  const { CHECKLIST_FOLDER, makeFolder, WORLD_ENDING } = await import('../checklist/files.ts');
  const world = resume?.checklist.practice?.world ?? join(io.cwd, CHECKLIST_FOLDER, `practice-${scenario}${WORLD_ENDING}`);
  await makeFolder(world);
  const connection = await connectNamedPractice(invocation, scenario, world);
  return {
    kind: 'practice',
    label: scenario,
    clusterId: connection.clusterId,
    subscriptions: () => connection.arm.subscriptions(),
    clusters: async (subscription) => (await connection.arm.clusters(subscription)).flatMap(summaryOf),
    open: async (_id, tell) => openDesk(connection, await deskSettings(settings, { scenario, world }), tell),
    close: () => connection.close(),
  };
}

/** Goes through an entrance. Throws the ProblemError of a sign-in that is missing or refused. */
export async function enter(entrance: Entrance, tell: (line: string) => void, signal: AbortSignal, settings: EntranceSettings): Promise<Reach> {
  const { invocation, io, resume } = settings;
  const [{ signIn }, { createArmGateway }] = await Promise.all([import('../azure/sign-in.ts'), import('../azure/arm-gateway.ts')]);
  const gateway = async (kind?: 'browser' | 'device-code'): Promise<ArmGateway> => {
    const found = await signIn({ ...(kind === undefined ? {} : { kind }), env: io.env, tell, signal });
    return createArmGateway({ ...found, kind: 'azure' });
  };
  switch (entrance.kind) {
    case 'practice':
      return practiceReach(entrance.scenario, settings);
    case 'given': {
      if (resume) {
        const { practice, cluster } = resume.checklist;
        return practice ? practiceReach(practice.scenario, settings) : azureReach(await gateway(), settings, cluster.id);
      }
      const scenario = invocation.text('practice');
      if (scenario !== undefined) return practiceReach(scenario, settings);
      const connection = await connectAzure(invocation, io);
      return azureReach(connection.arm, settings, connection.clusterId);
    }
    case 'default':
      return azureReach(await gateway(), settings);
    case 'browser':
    case 'device-code':
      return azureReach(await gateway(entrance.kind), settings);
    default:
      return entrance satisfies never;
  }
}

/** What the command line names: a cluster, a practice scenario, or nothing. */
export function startOf(invocation: Invocation): Entrance {
  const named = invocation.text('practice') !== undefined || invocation.text('name') !== undefined || invocation.text('resource-group') !== undefined;
  return named ? { kind: 'given' } : { kind: 'default' };
}
