import type { Target } from '../../../src/model/change.ts';
import { type ArmResource, type Facts, isAutomatic, knownValue } from '../../../src/model/facts.ts';
import { at, isObject, type JsonObject, path, text, texts } from '../../../src/model/json.ts';
import { addonOn } from '../../shared/addons.ts';
import { assignmentTarget } from '../../shared/policy-assignment.ts';
import { sameId } from '../../shared/texts.ts';

/** "Kubernetes cluster containers should only use allowed images" (Azure Policy built-in definitions: Kubernetes). */
export const DEFINITION = 'febd0533-8e55-448f-b837-bd0e06f16469';
export const REGEX = 'allowedContainerImagesRegex';

export type Effect = 'audit' | 'deny' | 'disabled';

/** An assignment of the definition, as far as it matters. */
export interface ImageAssignment {
  readonly name: string;
  /** On the resource group, by this program's own name: it may be changed here. */
  readonly ours: boolean;
  readonly effect: Effect;
  readonly pattern: string;
  /** Namespaces that it leaves out, and those it looks at alone (none: all). */
  readonly excluded: readonly string[];
  readonly only: readonly string[];
  readonly resource: ArmResource;
}

/** The assignment that is made here. */
export const ownAssignment = (facts: Facts): Target => assignmentTarget(facts, 'aks-approved-images');

/** The definition's own default is Deny; an assignment that is not enforced reports at most. */
function effectOf(assignment: ArmResource): Effect {
  const said = text(at(assignment, path('properties.parameters.effect.value')))?.toLowerCase() ?? 'deny';
  if (said === 'disabled') return 'disabled';
  const enforced = text(at(assignment, path('properties.enforcementMode')))?.toLowerCase() !== 'donotenforce';
  return said === 'deny' && enforced ? 'deny' : 'audit';
}

/** Every assignment of the definition itself in reach of the cluster; those inside of an initiative are not seen. */
export function imageAssignments(facts: Facts): readonly ImageAssignment[] {
  const { id: mine } = ownAssignment(facts);
  return (knownValue(facts, 'policyAssignments') ?? [])
    .filter((one) => (text(at(one, path('properties.policyDefinitionId'))) ?? '').toLowerCase().endsWith(`/policydefinitions/${DEFINITION}`))
    .map((resource) => ({
      name: text(resource['name']) ?? '?',
      ours: sameId(text(resource['id']) ?? '', mine),
      effect: effectOf(resource),
      pattern: text(at(resource, path(`properties.parameters.${REGEX}.value`))) ?? '',
      excluded: texts(at(resource, path('properties.parameters.excludedNamespaces.value'))),
      only: texts(at(resource, path('properties.parameters.namespaces.value'))),
      resource,
    }));
}

/** Those of them that do something. */
export const activeAssignments = (facts: Facts): readonly ImageAssignment[] => imageAssignments(facts).filter(({ effect }) => effect !== 'disabled');

/** Whether anything carries assignments out. */
export const isCarriedOut = (facts: Facts): boolean => isAutomatic(facts) || addonOn(facts, 'azurepolicy');

/** The assignment as it is wanted: what somebody set beside the effect and the pattern stays. */
export function assignmentBody(standing: ArmResource | undefined, effect: 'audit' | 'deny', pattern: string): JsonObject {
  const before = standing?.['properties'];
  const kept = isObject(before) ? before : {};
  const { scope: _scope, provisioningState: _state, ...rest } = kept;
  const parameters = isObject(rest['parameters']) ? rest['parameters'] : {};
  return {
    properties: {
      ...rest,
      displayName: `Kubernetes images from approved registries (${effect})`,
      policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${DEFINITION}`,
      enforcementMode: 'Default',
      parameters: { ...parameters, effect: { value: effect }, [REGEX]: { value: pattern } },
    },
  };
}
