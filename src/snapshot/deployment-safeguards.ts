import type { ArmResource } from '../model/facts.ts';
import { getResource, isNotFound, type Reading } from './reading.ts';

/** The one version that az asks (azure-cli 2.91, aks safeguards show). */
const API_VERSION = '2025-07-01';

/** The cluster's deployment safeguards; null where it has none. */
export async function readDeploymentSafeguards(reading: Reading): Promise<ArmResource | null> {
  try {
    return await getResource(reading, `${reading.clusterId}/providers/Microsoft.ContainerService/deploymentSafeguards/default?api-version=${API_VERSION}`);
  } catch (thrown) {
    if (isNotFound(thrown)) return null;
    throw thrown;
  }
}
