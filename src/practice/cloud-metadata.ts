import type { Json } from '../model/json.ts';

/** What `az cloud update --endpoint-resource-manager` asks an ARM for: every other address of its cloud, all of them the practice world's own. */
export function cloudMetadata(origin: string, tenantId: string): Json {
  return {
    // The name stays that of the public cloud: some commands of az refuse clouds they do not know.
    name: 'AzureCloud',
    resourceManager: origin,
    portal: origin,
    authentication: { loginEndpoint: origin, audiences: [origin], tenant: tenantId, identityProvider: 'AAD' },
    graph: `${origin}/graph`,
    graphAudience: `${origin}/graph`,
    microsoftGraphResourceId: `${origin}/graph`,
    batch: origin,
    gallery: origin,
    media: origin,
    sqlManagement: origin,
    vmImageAliasDoc: `${origin}/aliases.json`,
    activeDirectoryDataLake: origin,
    appInsightsResourceId: origin,
    appInsightsTelemetryChannelResourceId: origin,
    logAnalyticsResourceId: origin,
    suffixes: {
      acrLoginServer: 'azurecr.io',
      keyVaultDns: 'vault.azure.net',
      storage: 'core.windows.net',
      sqlServerHostname: 'database.windows.net',
      azureDataLakeAnalyticsCatalogAndJob: 'azuredatalakeanalytics.net',
      azureDataLakeStoreFileSystem: 'azuredatalakestore.net',
      synapseAnalytics: 'dev.azuresynapse.net',
    },
  };
}
