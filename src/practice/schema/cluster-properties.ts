/**
 * Properties of managed clusters at the stable api-version, one definition a line: `name:type`. Types are `str`, `int`, `num`, `bool`, `any`, an
 * enumeration `a|b`, another definition, a list `T[]` or a map `{}T`; `!` marks what only the service writes.
 * Source: the published ARM template schema of Microsoft.ContainerService and the REST reference for what is read-only.
 */
export const clusterProperties: { readonly [name: string]: string } = {
  ManagedCluster: `
    extendedLocation:ExtendedLocation identity:Identity kind:str location:str name:str properties:Properties sku:SKU tags:{}str
    type:Microsoft.ContainerService/managedClusters id:str! eTag:str! systemData:any!`,
  ExtendedLocation: 'name:str type:EdgeZone',
  Identity: 'delegatedResources:{}DelegatedResource type:SystemAssigned|UserAssigned|None userAssignedIdentities:{}any principalId:str! tenantId:str!',
  DelegatedResource: 'location:str referralResource:str resourceId:str tenantId:str',
  Properties: `
    aadProfile:AADProfile addonProfiles:{}AddonProfile agentPoolProfiles:Pool[] aiToolchainOperatorProfile:AIToolchainOperatorProfile
    apiServerAccessProfile:APIServerAccessProfile autoScalerProfile:AutoScalerProfile autoUpgradeProfile:AutoUpgradeProfile
    azureMonitorProfile:AzureMonitorProfile bootstrapProfile:BootstrapProfile disableLocalAccounts:bool diskEncryptionSetID:str dnsPrefix:str
    enableRBAC:bool fqdnSubdomain:str hostedSystemProfile:HostedSystemProfile httpProxyConfig:HttpProxyConfig identityProfile:{}UserAssignedIdentity
    ingressProfile:IngressProfile kubernetesVersion:str linuxProfile:LinuxProfile metricsProfile:MetricsProfile networkProfile:NetworkProfile
    nodeProvisioningProfile:NodeProvisioningProfile nodeResourceGroup:str nodeResourceGroupProfile:NodeResourceGroupProfile
    oidcIssuerProfile:OidcIssuerProfile podIdentityProfile:PodIdentityProfile privateLinkResources:PrivateLinkResource[]
    publicNetworkAccess:Enabled|Disabled schedulerProfile:SchedulerProfile securityProfile:SecurityProfile serviceMeshProfile:ServiceMeshProfile
    servicePrincipalProfile:ServicePrincipalProfile status:any storageProfile:StorageProfile supportPlan:KubernetesOfficial|AKSLongTermSupport
    upgradeSettings:ClusterUpgradeSettings windowsProfile:WindowsProfile workloadAutoScalerProfile:WorkloadAutoScalerProfile azurePortalFQDN:str!
    currentKubernetesVersion:str! fqdn:str! maxAgentPools:int! powerState:PowerState! privateFQDN:str! provisioningState:str! resourceUID:str!`,
  AADProfile: 'adminGroupObjectIDs:str[] clientAppID:str enableAzureRBAC:bool managed:bool serverAppID:str serverAppSecret:str tenantID:str',
  AddonProfile: 'config:{}str enabled:bool identity:UserAssignedIdentity!',
  AIToolchainOperatorProfile: 'enabled:bool',
  APIServerAccessProfile: `
    authorizedIPRanges:str[] disableRunCommand:bool enablePrivateCluster:bool enablePrivateClusterPublicFQDN:bool enableVnetIntegration:bool
    privateDNSZone:str subnetId:str`,
  AutoScalerProfile: `
    balance-similar-node-groups:str daemonset-eviction-for-empty-nodes:bool daemonset-eviction-for-occupied-nodes:bool
    expander:least-waste|most-pods|priority|random ignore-daemonsets-utilization:bool max-empty-bulk-delete:str max-graceful-termination-sec:str
    max-node-provision-time:str max-total-unready-percentage:str new-pod-scale-up-delay:str ok-total-unready-count:str scale-down-delay-after-add:str
    scale-down-delay-after-delete:str scale-down-delay-after-failure:str scale-down-unneeded-time:str scale-down-unready-time:str
    scale-down-utilization-threshold:str scan-interval:str skip-nodes-with-local-storage:str skip-nodes-with-system-pods:str`,
  AutoUpgradeProfile: 'nodeOSUpgradeChannel:None|Unmanaged|NodeImage|SecurityPatch upgradeChannel:rapid|stable|patch|node-image|none',
  AzureMonitorProfile: 'appMonitoring:AppMonitoring metrics:MonitorMetrics',
  AppMonitoring: 'autoInstrumentation:AutoInstrumentation',
  AutoInstrumentation: 'enabled:bool',
  MonitorMetrics: 'controlPlane:MonitorControlPlane enabled:bool kubeStateMetrics:KubeStateMetrics',
  MonitorControlPlane: 'enabled:bool',
  KubeStateMetrics: 'metricAnnotationsAllowList:str metricLabelsAllowlist:str',
  BootstrapProfile: 'artifactSource:Cache|Direct containerRegistryId:str',
  HostedSystemProfile: 'enabled:bool nodeSubnetID:str systemNodeSubnetID:str',
  HttpProxyConfig: 'enabled:bool httpProxy:str httpsProxy:str noProxy:str[] trustedCa:str effectiveNoProxy:str[]!',
  UserAssignedIdentity: 'clientId:str objectId:str resourceId:str',
  IngressProfile: 'gatewayAPI:IngressProfileGatewayConfiguration webAppRouting:IngressProfileWebAppRouting',
  IngressProfileGatewayConfiguration: 'installation:Disabled|Standard',
  IngressProfileWebAppRouting: `
    dnsZoneResourceIds:str[] enabled:bool gatewayAPIImplementations:WebAppRoutingGatewayAPIImplementations nginx:IngressProfileNginx
    identity:UserAssignedIdentity!`,
  WebAppRoutingGatewayAPIImplementations: 'appRoutingIstio:AppRoutingIstio',
  AppRoutingIstio: 'mode:Enabled|Disabled',
  IngressProfileNginx: 'defaultIngressControllerType:AnnotationControlled|External|Internal|None',
  LinuxProfile: 'adminUsername:str ssh:SshConfiguration',
  SshConfiguration: 'publicKeys:SshPublicKey[]',
  SshPublicKey: 'keyData:str',
  MetricsProfile: 'costAnalysis:CostAnalysis',
  CostAnalysis: 'enabled:bool',
  NetworkProfile: `
    advancedNetworking:AdvancedNetworking dnsServiceIP:str ipFamilies:IPv4|IPv6[] loadBalancerProfile:LoadBalancerProfile
    loadBalancerSku:standard|basic natGatewayProfile:NATGatewayProfile networkDataplane:azure|cilium networkMode:transparent|bridge
    networkPlugin:azure|kubenet|none networkPluginMode:overlay networkPolicy:none|calico|azure|cilium
    outboundType:loadBalancer|userDefinedRouting|managedNATGateway|userAssignedNATGateway|none podCidr:str podCidrs:str[] serviceCidr:str
    serviceCidrs:str[] staticEgressGatewayProfile:StaticEgressGatewayProfile`,
  AdvancedNetworking: `
    enabled:bool observability:AdvancedNetworkingObservability performance:AdvancedNetworkingPerformance security:AdvancedNetworkingSecurity`,
  AdvancedNetworkingObservability: 'enabled:bool',
  AdvancedNetworkingPerformance: 'accelerationMode:BpfVeth|None',
  AdvancedNetworkingSecurity: 'advancedNetworkPolicies:L7|FQDN|None enabled:bool transitEncryption:AdvancedNetworkingSecurityTransitEncryption',
  AdvancedNetworkingSecurityTransitEncryption: 'type:WireGuard|None',
  LoadBalancerProfile: `
    allocatedOutboundPorts:int backendPoolType:NodeIPConfiguration|NodeIP enableMultipleStandardLoadBalancers:bool idleTimeoutInMinutes:int
    managedOutboundIPs:LoadBalancerProfileManagedOutboundIPs outboundIPPrefixes:LoadBalancerProfileOutboundIPPrefixes
    outboundIPs:LoadBalancerProfileOutboundIPs effectiveOutboundIPs:ResourceReference[]!`,
  LoadBalancerProfileManagedOutboundIPs: 'count:int countIPv6:int',
  LoadBalancerProfileOutboundIPPrefixes: 'publicIPPrefixes:ResourceReference[]',
  ResourceReference: 'id:str',
  LoadBalancerProfileOutboundIPs: 'publicIPs:ResourceReference[]',
  NATGatewayProfile: 'idleTimeoutInMinutes:int managedOutboundIPProfile:ManagedOutboundIPProfile effectiveOutboundIPs:ResourceReference[]!',
  ManagedOutboundIPProfile: 'count:int',
  StaticEgressGatewayProfile: 'enabled:bool',
  NodeProvisioningProfile: 'defaultNodePools:None|Auto mode:Manual|Auto',
  NodeResourceGroupProfile: 'restrictionLevel:Unrestricted|ReadOnly',
  OidcIssuerProfile: 'enabled:bool issuerURL:str!',
  PodIdentityProfile: 'allowNetworkPluginKubenet:bool enabled:bool userAssignedIdentities:PodIdentity[] userAssignedIdentityExceptions:PodIdentityException[]',
  PodIdentity: 'bindingSelector:str identity:UserAssignedIdentity name:str namespace:str provisioningState:str! provisioningInfo:any!',
  PodIdentityException: 'name:str namespace:str podLabels:{}str',
  PrivateLinkResource: 'groupId:str id:str name:str requiredMembers:str[] type:str privateLinkServiceID:str!',
  SchedulerProfile: 'upstream:SchedulerInstanceProfile',
  SchedulerInstanceProfile: 'schedulerConfigMode:Default|ManagedByCRD',
  SecurityProfile: `
    azureKeyVaultKms:AzureKeyVaultKms customCATrustCertificates:any[] defender:Defender imageCleaner:ImageCleaner workloadIdentity:WorkloadIdentity`,
  AzureKeyVaultKms: 'enabled:bool keyId:str keyVaultNetworkAccess:Public|Private keyVaultResourceId:str',
  Defender: 'logAnalyticsWorkspaceResourceId:str securityGating:SecurityGating securityMonitoring:SecurityMonitoring',
  SecurityGating: 'allowSecretAccess:bool enabled:bool identities:SecurityGatingIdentity[]',
  SecurityGatingIdentity: 'azureContainerRegistry:str identity:UserAssignedIdentity',
  SecurityMonitoring: 'enabled:bool',
  ImageCleaner: 'enabled:bool intervalHours:int',
  WorkloadIdentity: 'enabled:bool',
  ServiceMeshProfile: 'istio:IstioServiceMesh mode:Istio|Disabled',
  IstioServiceMesh: 'certificateAuthority:IstioCertificateAuthority components:IstioComponents revisions:str[]',
  IstioCertificateAuthority: 'plugin:IstioPluginCertificateAuthority',
  IstioPluginCertificateAuthority: 'certChainObjectName:str certObjectName:str keyObjectName:str keyVaultId:str rootCertObjectName:str',
  IstioComponents: 'egressGateways:IstioEgressGateway[] ingressGateways:IstioIngressGateway[] proxyRedirectionMechanism:InitContainers|CNIChaining',
  IstioEgressGateway: 'enabled:bool gatewayConfigurationName:str name:str namespace:str',
  IstioIngressGateway: 'enabled:bool mode:External|Internal',
  ServicePrincipalProfile: 'clientId:str secret:str',
  StorageProfile: `
    blobCSIDriver:StorageProfileBlobCSIDriver diskCSIDriver:StorageProfileDiskCSIDriver fileCSIDriver:StorageProfileFileCSIDriver
    snapshotController:StorageProfileSnapshotController`,
  StorageProfileBlobCSIDriver: 'enabled:bool',
  StorageProfileDiskCSIDriver: 'enabled:bool',
  StorageProfileFileCSIDriver: 'enabled:bool',
  StorageProfileSnapshotController: 'enabled:bool',
  ClusterUpgradeSettings: 'overrideSettings:UpgradeOverrideSettings',
  UpgradeOverrideSettings: 'forceUpgrade:bool until:str',
  WindowsProfile: 'adminPassword:str adminUsername:str enableCSIProxy:bool gmsaProfile:WindowsGmsaProfile licenseType:None|Windows_Server',
  WindowsGmsaProfile: 'dnsServer:str enabled:bool rootDomainName:str',
  WorkloadAutoScalerProfile: 'keda:WorkloadAutoScalerProfileKeda verticalPodAutoscaler:WorkloadAutoScalerProfileVerticalPodAutoscaler',
  WorkloadAutoScalerProfileKeda: 'enabled:bool',
  WorkloadAutoScalerProfileVerticalPodAutoscaler: 'enabled:bool',
  SKU: 'name:Base|Automatic tier:Premium|Standard|Free',
};
