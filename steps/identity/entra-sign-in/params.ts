import { type Facts, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { type Json, texts } from '../../../src/model/json.ts';
import type { Choice, Param } from '../../../src/model/step.ts';
import { isGuid, sameId } from '../../shared/texts.ts';
import { entraOf } from '../entra.ts';

/** The groups that are admins already, or those that Entra was asked about and that contain the operator. */
function defaultGroups(facts: Facts): readonly string[] | undefined {
  const { adminGroups } = entraOf(facts);
  if (adminGroups.length > 0) return adminGroups;
  const own = (knownValue(facts, 'adminGroups') ?? []).filter((group) => group.exists && group.containsOperator).map(({ id }) => id);
  if (own.length > 0) return own;
  return entraOf(facts).azureRbac ? [] : undefined;
}

/** The tenant to sign in with: a managed profile's own, else the subscription's (which AKS and az take where none is given), else what is known. */
export function defaultTenant(facts: Facts): string | undefined {
  return managedTenant(facts) ?? knownValue(facts, 'subscriptionTenant') ?? entraOf(facts).tenant ?? knownValue(facts, 'operator')?.tenantId;
}

function managedTenant(facts: Facts): string | undefined {
  const entra = entraOf(facts);
  return entra.kind === 'managed' ? entra.tenant : undefined;
}

/** Groups of today and of the choice, each once: a group is never taken away here. */
export function mergedGroups(facts: Facts, choice: Choice): readonly string[] {
  const today = entraOf(facts).adminGroups;
  const added = texts(choice.values['adminGroups']).map((id) => id.toLowerCase());
  return [...today, ...new Set(added.filter((id) => !today.some((known) => sameId(known, id))))];
}

const adminGroups: Param = {
  name: 'adminGroups',
  prompt: 'Object ids of the Entra groups whose members are cluster admins',
  help: 'Security groups with two members or more, you among them. They are added to the groups named today. az ad group list --display-name NAME --query "[].id"',
  kind: 'list',
  // Offered, never filled in: which of one's groups shall be cluster admins, nobody can guess.
  suggestions: (facts) => (knownValue(facts, 'operatorGroups') ?? []).map(({ id, displayName }) => ({ value: id, label: displayName })),
  defaultValue: defaultGroups,
  validate: (value: Json, facts: Facts) => {
    if (!Array.isArray(value)) return 'Give a list of object ids, separated by commas.';
    const wrong = value.find((entry) => typeof entry !== 'string' || !isGuid(entry));
    if (wrong !== undefined)
      return `"${clean(String(wrong))}" is not an object id. It looks like 00000000-0000-0000-0000-000000000000; a group's name does not work.`;
    if (value.length === 0 && entraOf(facts).adminGroups.length === 0 && !entraOf(facts).azureRbac) {
      return 'Give at least one group: without one nobody is cluster admin through Entra.';
    }
    return undefined;
  },
};

const tenant: Param = {
  name: 'tenant',
  prompt: 'Entra tenant that people sign in with',
  help: 'The tenant of the subscription. Another one cannot be combined with Azure RBAC.',
  kind: 'text',
  defaultValue: defaultTenant,
  validate: (value: Json, facts: Facts) => {
    if (typeof value !== 'string' || !isGuid(value)) return 'Give the tenant id, not its domain: az account show --query tenantId.';
    const wanted = knownValue(facts, 'subscriptionTenant');
    const current = managedTenant(facts);
    if (wanted === undefined || sameId(value, wanted) || (current !== undefined && sameId(value, current))) return undefined;
    return `The subscription belongs to tenant ${clean(wanted)}: give that one.`;
  },
};

const grant: Param = {
  name: 'grant',
  prompt: 'Give these groups the role "Azure Kubernetes Service RBAC Cluster Admin" on this cluster first?',
  help: 'Owner and Contributor hold no rights inside Kubernetes. The role is assigned before Azure RBAC starts to decide; it takes up to five minutes to arrive.',
  kind: 'yes-no',
  defaultValue: () => true,
  validate: (value: Json) => (typeof value === 'boolean' ? undefined : 'Answer yes or no.'),
};

export const params: readonly Param[] = [adminGroups, tenant, grant];
