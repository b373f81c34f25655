import { type Assessment, type Evidence, fail, partial, pass, preconfigured, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, isAutomatic, knownValue } from '../../../src/model/facts.ts';
import { isFalse, isTrue } from '../../../src/model/json.ts';
import { listed } from '../../shared/texts.ts';
import { entraOf } from '../entra.ts';

const evidence = (facts: Facts, path: string, wanted: string): Evidence => ({ path, actual: clusterAt(facts, path), wanted });

/** 2.1: Kubernetes' own authorization. Cannot be switched on later, so an absent value is not taken for either. */
export function kubernetesRbac(facts: Facts): Assessment {
  const value = clusterAt(facts, 'properties.enableRBAC');
  const found = evidence(facts, 'properties.enableRBAC', 'true');
  if (isTrue(value)) return isAutomatic(facts) ? preconfigured('AKS Automatic has Kubernetes RBAC on from the start') : pass(found);
  if (isFalse(value)) return fail(found);
  return unknown('the facts lack properties.enableRBAC');
}

/** 2.2: AKS-managed Entra integration that names somebody as admin. */
export function entraSignIn(facts: Facts): Assessment {
  const entra = entraOf(facts);
  const managed = evidence(facts, 'properties.aadProfile.managed', 'true');
  const server = evidence(facts, 'properties.aadProfile.serverAppID', 'not set');
  const groups = evidence(facts, 'properties.aadProfile.adminGroupObjectIDs', 'at least one group, or authorization by Azure RBAC');
  switch (entra.kind) {
    case 'none':
      return fail(managed);
    case 'legacy':
      return {
        status: 'fail',
        evidence: [managed, server],
        note: 'This is the old integration with a server and a client application. It is upgraded in place; the applications are not needed afterwards.',
      };
    case 'managed': {
      if (entra.adminGroups.length === 0 && !entra.azureRbac) {
        return partial('people can sign in, but no group is named as admin and Azure RBAC does not decide either', managed, groups);
      }
      const read = knownValue(facts, 'adminGroups') ?? [];
      const gone = read.filter(({ id, exists }) => !exists && entra.adminGroups.includes(id)).map(({ id }) => id);
      if (!entra.azureRbac && gone.length === entra.adminGroups.length) {
        return partial(`the admin group ${listed(gone)} no longer exists in Entra`, groups);
      }
      return isAutomatic(facts) ? preconfigured('AKS Automatic signs in with Entra from the start') : pass(managed, groups, server);
    }
    default:
      return entra.kind satisfies never;
  }
}

/** 2.3: Azure role assignments decide about the Kubernetes API. */
export function azureRbac(facts: Facts): Assessment {
  if (entraOf(facts).azureRbac) {
    return isAutomatic(facts)
      ? preconfigured('AKS Automatic authorizes with Azure RBAC from the start')
      : pass(evidence(facts, 'properties.aadProfile.enableAzureRBAC', 'true'));
  }
  return fail(evidence(facts, 'properties.aadProfile.enableAzureRBAC', 'true'));
}

/** All three, by control. */
export function verdicts(facts: Facts): { readonly [control: string]: Assessment } {
  return { '2.1': kubernetesRbac(facts), '2.2': entraSignIn(facts), '2.3': azureRbac(facts) };
}
