import { type Assessment, fail, notApplicable, pass, unknown, verdict } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts } from '../../../src/model/facts.ts';
import { isTrue, text } from '../../../src/model/json.ts';
import { addonConfig, addonOn } from '../../shared/addons.ts';
import { notShown } from '../../shared/pool-verdict.ts';
import { kmsOn } from './kms.ts';
import { otherStores } from './other-stores.ts';

export const ADDON = 'azureKeyvaultSecretsProvider';
export const BASE = `properties.addonProfiles.${ADDON}`;
const KMS = 'properties.securityProfile.azureKeyVaultKms.enabled';
/** Preview: encryption with a key of the platform. No stable api-version shows it. */
const PLATFORM_KEY = 'properties.securityProfile.kubernetesResourceObjectEncryptionProfile.infrastructureEncryption';

/** 18.1: the Key Vault provider, or another store that workloads show: Azure itself does not see that one. */
export function assessStore(facts: Facts): Assessment {
  const hidden = notShown(facts, `${BASE}.enabled`, '2021-03-01');
  if (hidden !== undefined) return hidden;
  const evidence = { path: `${BASE}.enabled`, actual: clusterAt(facts, `${BASE}.enabled`), wanted: 'true, or another store for secrets' };
  if (addonOn(facts, ADDON)) return pass(evidence);
  const others = otherStores(facts);
  if (others.length > 0) {
    return {
      status: 'pass',
      evidence: others,
      note: 'The add-on is off: AKS neither patches nor supports this store. Whether every secret comes from it cannot be seen.',
    };
  }
  return {
    status: 'fail',
    evidence: [evidence],
    note: 'Azure does not see a Vault or External Secrets of your own, and no workload shows one: where one is in use, decline this with that reason.',
  };
}

/** 18.2. */
export function assessRotation(facts: Facts): Assessment {
  if (!addonOn(facts, ADDON)) {
    const store = assessStore(facts);
    return store.status === 'unknown' ? store : notApplicable('the Key Vault provider is off, so there is nothing for it to renew');
  }
  const actual = addonConfig(facts, ADDON, 'enableSecretRotation');
  return verdict(isTrue(actual), { path: `${BASE}.config.enableSecretRotation`, actual, wanted: '"true"' });
}

/** 18.4: a key of one's own, or (preview) a second key of the platform's. */
export function assessKms(facts: Facts): Assessment {
  const hidden = notShown(facts, KMS, '2022-06-01');
  if (hidden !== undefined) return hidden;
  const platform = clusterAt(facts, PLATFORM_KEY);
  const evidence = [
    { path: KMS, actual: clusterAt(facts, KMS), wanted: 'true' },
    ...(platform === undefined ? [] : [{ path: PLATFORM_KEY, actual: platform, wanted: 'Enabled' }]),
  ];
  if (kmsOn(facts) || text(platform)?.toLowerCase() === 'enabled') return pass(...evidence);
  if (platform === undefined && facts.previewProperties.some((name) => name.toLowerCase().includes('kubernetesresourceobjectencryptionprofile'))) {
    return unknown('the preview setting for encryption with the platform’s key is in use, but its value was not read');
  }
  return fail(...evidence);
}
