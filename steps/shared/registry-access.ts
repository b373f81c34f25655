import { type ArmResource, type Fact, type Facts, fact, type IdentityGrants } from '../../src/model/facts.ts';
import { at, path, text } from '../../src/model/json.ts';
import { type Grant, grantOf, type Role, reaches } from './roles.ts';

/** A registry that the nodes may pull from, with the role assignments that let them. */
export interface PulledRegistry {
  readonly id: string;
  readonly name: string;
  readonly resource: ArmResource;
  readonly abac: boolean;
  readonly grants: readonly Grant[];
}

/** Roles that pull where Azure roles alone decide; a registry in ABAC mode honours its repository roles only (ACR docs: RBAC and ABAC repository permissions). */
const classic: readonly Role[] = ['AcrPull', 'AcrPush', 'Reader', 'Contributor', 'Owner'];
const repository: readonly Role[] = [
  'Container Registry Repository Reader',
  'Container Registry Repository Writer',
  'Container Registry Repository Contributor',
];

/** Whether a registry decides by repository. */
export function isAbac(registry: ArmResource): boolean {
  return text(at(registry, path('properties.roleAssignmentMode')))?.toLowerCase() === 'abacrepositorypermissions';
}

/** The one role that pulling takes. */
export function pullRole(registry: ArmResource): Role {
  return isAbac(registry) ? 'Container Registry Repository Reader' : 'AcrPull';
}

/** The identity that pulls: the kubelets', or the service principal. */
export function pullingIdentity(all: readonly IdentityGrants[]): IdentityGrants | undefined {
  return all.find(({ identity }) => identity === 'kubelet') ?? all.find(({ identity }) => identity === 'service-principal');
}

/** Registries of the subscription that the nodes' identity may pull from. Unknown where either half is. */
export function pulledRegistries(facts: Facts): Fact<readonly PulledRegistry[]> {
  const registries = fact(facts, 'registries');
  const grants = fact(facts, 'identityRoleAssignments');
  if (registries.state === 'unknown') return registries;
  if (grants.state === 'unknown') return grants;
  const identity = pullingIdentity(grants.value);
  if (identity === undefined) return { state: 'unknown', reason: 'the cluster does not say which identity its nodes pull with' };
  const own = identity.assignments.map(grantOf);
  const value = registries.value.flatMap((resource): readonly PulledRegistry[] => {
    const id = text(resource['id']);
    if (id === undefined) return [];
    const honoured = isAbac(resource) ? repository : classic;
    const pulling = own.filter(({ scope, role }) => role !== undefined && honoured.includes(role) && reaches(scope, id));
    return pulling.length === 0 ? [] : [{ id, name: text(resource['name']) ?? id.split('/').at(-1) ?? '', resource, abac: isAbac(resource), grants: pulling }];
  });
  return { state: 'known', value };
}
