import { type Facts, knownValue } from '../../src/model/facts.ts';
import { at, path, text } from '../../src/model/json.ts';

/** Built-in initiatives: pod security baseline and restricted standards for Linux workloads (Azure/azure-policy, policySetDefinitions/Kubernetes). */
export const initiatives = {
  baseline: 'a8640138-9b0a-4a28-b8cb-1666c838647d',
  restricted: '42b8ef37-b724-4e24-bbc8-7a7708edfe00',
} as const;

/** An assignment of one of them. */
export interface AssignedInitiative {
  readonly name: string;
  readonly level: keyof typeof initiatives;
}

/** The first assignment in reach of the baseline initiative, or of the restricted one, which holds the same rules and more. */
export function assignedInitiative(facts: Facts): AssignedInitiative | undefined {
  return knownValue(facts, 'policyAssignments')?.flatMap((assignment): readonly AssignedInitiative[] => {
    const definition = (text(at(assignment, path('properties.policyDefinitionId'))) ?? '').toLowerCase().split('/').at(-1);
    const level = definition === initiatives.restricted ? 'restricted' : definition === initiatives.baseline ? 'baseline' : undefined;
    return level === undefined ? [] : [{ name: text(assignment['name']) ?? '?', level }];
  })[0];
}
