import type { ArmPut } from '../../src/model/change.ts';
import { type ArmResource, clusterRef, type Facts } from '../../src/model/facts.ts';
import { at, path, text } from '../../src/model/json.ts';
import { guidOf } from './guid.ts';
import { SIDE_WRITE_MINUTES } from './minutes.ts';
import { sameId, shortName } from './texts.ts';

/** Built-in role definitions by name; the ids are the same in every tenant (Azure built-in roles). */
export const roles = {
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  'User Access Administrator': '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  'Role Based Access Control Administrator': 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  'Network Contributor': '4d97b98b-1d4f-4787-a291-c67834d212e7',
  'Private DNS Zone Contributor': 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
  'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
  'Container Registry Repository Reader': 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  'Container Registry Repository Writer': '2a1e307c-b015-4ebd-883e-5b7698a07328',
  'Container Registry Repository Contributor': '2efddaa5-3f1f-4df3-97df-af3f13818f4c',
} as const;

export type Role = keyof typeof roles;

/** One role assignment in short. `role` is undefined for roles that this program does not know by name. */
export interface Grant {
  readonly id: string;
  readonly scope: string;
  readonly roleId: string;
  readonly role: Role | undefined;
  /** A condition narrows the role, e.g. to some repositories. */
  readonly condition: boolean;
}

/** A role assignment as ARM sends it, in short. */
export function grantOf(assignment: ArmResource): Grant {
  const of = (key: string): string => text(at(assignment, path(`properties.${key}`))) ?? '';
  const id = text(assignment['id']) ?? '';
  const roleId = of('roleDefinitionId').split('/').at(-1) ?? '';
  const role = Object.entries(roles).find(([, known]) => sameId(known, roleId))?.[0];
  const ownScope = id.replace(/\/providers\/Microsoft\.Authorization\/roleAssignments\/[^/]+$/i, '');
  return { id, scope: of('scope') || ownScope, roleId, role: role === undefined ? undefined : (role as Role), condition: of('condition') !== '' };
}

/** True when what is granted at `scope` holds for the resource: at it, or above it. */
export function reaches(scope: string, resource: string): boolean {
  const above = scope.replace(/\/+$/, '').toLowerCase();
  return `${resource.toLowerCase()}/`.startsWith(`${above}/`);
}

/** Gives a role to an identity at a scope. Its name follows from all three, so that it is made only once. */
export function roleChange(
  facts: Facts,
  role: Role,
  to: { readonly principalId: string; readonly name: string },
  scope: string,
  rest: Pick<ArmPut, 'id' | 'step' | 'controls' | 'after'>,
): ArmPut {
  const { subscriptionId } = clusterRef(facts);
  return {
    kind: 'arm.put',
    title: `Give ${to.name} the role ${role} on ${shortName(scope)}`,
    target: {
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${guidOf(scope, roles[role], to.principalId)}`,
      type: 'Microsoft.Authorization/roleAssignments',
      apiVersion: '2022-04-01',
    },
    body: {
      properties: {
        roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
        principalId: to.principalId,
        principalType: 'ServicePrincipal',
      },
    },
    before: undefined,
    impact: { kind: 'none', scope: 'a role assignment; it may take minutes, at times an hour, to hold everywhere' },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'The role assignment is deleted again.' },
    ...rest,
  };
}
