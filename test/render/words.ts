import type { ArmUpdate, Change, Edit } from '../../src/model/change.ts';
import type { Json } from '../../src/model/json.ts';
import type { Command } from '../../src/model/plan.ts';
import { commandsOf } from '../../src/render/index.ts';
import { clusterId, edit, update } from '../plan/build.ts';

export const S = '00000000-0000-0000-0000-000000000001';
export const update_ = 'az aks update --resource-group rg-1 --name aks-1';

/** A command without what every command has. */
export const short = (command: Command) => command.argv.join(' ').replace(` --subscription ${S} --output none`, '');
export const shorts = (change: Change) => commandsOf(change).map(short);
export const edited = (...edits: readonly Edit[]): ArmUpdate => update('a/x', edits);
export const p = (dotted: string, after: Json | undefined, before?: Json) => edit(`properties.${dotted}`, after, before);
export const subnet = `${clusterId.split('/providers')[0]}/providers/Microsoft.Network/virtualNetworks/v/subnets/api`;
export const uami = '/subscriptions/s/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1';
export const group = '11111111-1111-1111-1111-111111111111';
