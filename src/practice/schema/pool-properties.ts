/**
 * Properties of node pools at the stable api-version, one definition a line: `name:type`. Types are `str`, `int`, `num`, `bool`, `any`, an
 * enumeration `a|b`, another definition, a list `T[]` or a map `{}T`; `!` marks what only the service writes.
 * Source: the published ARM template schema of Microsoft.ContainerService and the REST reference for what is read-only.
 */
export const poolProperties: { readonly [name: string]: string } = {
  AgentPool: 'name:str properties:Pool type:Microsoft.ContainerService/managedClusters/agentPools id:str!',
  Pool: `
    artifactStreamingProfile:AgentPoolArtifactStreamingProfile availabilityZones:str[] capacityReservationGroupID:str count:int
    creationData:CreationData enableAutoScaling:bool enableEncryptionAtHost:bool enableFIPS:bool enableNodePublicIP:bool enableUltraSSD:bool
    gatewayProfile:AgentPoolGatewayProfile gpuInstanceProfile:MIG1g|MIG2g|MIG3g|MIG4g|MIG7g gpuProfile:GPUProfile hostGroupID:str
    kubeletConfig:KubeletConfig kubeletDiskType:OS|Temporary linuxOSConfig:LinuxOSConfig localDNSProfile:LocalDNSProfile maxCount:int maxPods:int
    messageOfTheDay:str minCount:int mode:System|User|Gateway name:str networkProfile:AgentPoolNetworkProfile nodeImageVersion:str nodeLabels:{}str
    nodePublicIPPrefixID:str nodeTaints:str[] orchestratorVersion:str osDiskSizeGB:int osDiskType:Managed|Ephemeral
    osSKU:Ubuntu|AzureLinux|AzureLinux3|CBLMariner|Windows2019|Windows2022|Ubuntu2204|Windows2025|Ubuntu2404|AzureContainerLinux osType:Linux|Windows
    podIPAllocationMode:DynamicIndividual|StaticBlock podSubnetID:str powerState:PowerState proximityPlacementGroupID:str
    scaleDownMode:Delete|Deallocate scaleSetEvictionPolicy:Delete|Deallocate scaleSetPriority:Spot|Regular securityProfile:AgentPoolSecurityProfile
    spotMaxPrice:num status:any tags:{}str type:VirtualMachineScaleSets|AvailabilitySet|VirtualMachines upgradeSettings:AgentPoolUpgradeSettings
    virtualMachineNodesStatus:VirtualMachineNodes[] virtualMachinesProfile:VirtualMachinesProfile vmSize:str vnetSubnetID:str
    windowsProfile:AgentPoolWindowsProfile workloadRuntime:OCIContainer|WasmWasi|KataVmIsolation currentOrchestratorVersion:str! eTag:str!
    provisioningState:str!`,
  AgentPoolArtifactStreamingProfile: 'enabled:bool',
  AgentPoolGatewayProfile: 'publicIPPrefixSize:int',
  AgentPoolNetworkProfile: 'allowedHostPorts:PortRange[] applicationSecurityGroups:str[] nodePublicIPTags:IPTag[]',
  AgentPoolSecurityProfile: 'enableSecureBoot:bool enableVTPM:bool sshAccess:LocalUser|Disabled',
  AgentPoolUpgradeSettings: 'drainTimeoutInMinutes:int maxSurge:str maxUnavailable:str nodeSoakDurationInMinutes:int undrainableNodeBehavior:Cordon|Schedule',
  AgentPoolWindowsProfile: 'disableOutboundNat:bool',
  CreationData: 'sourceResourceId:str',
  GPUProfile: 'driver:Install|None',
  KubeletConfig: `
    allowedUnsafeSysctls:str[] containerLogMaxFiles:int containerLogMaxSizeMB:int cpuCfsQuota:bool cpuCfsQuotaPeriod:str cpuManagerPolicy:str
    failSwapOn:bool imageGcHighThreshold:int imageGcLowThreshold:int podMaxPids:int topologyManagerPolicy:str`,
  LinuxOSConfig: 'swapFileSizeMB:int sysctls:SysctlConfig transparentHugePageDefrag:str transparentHugePageEnabled:str',
  SysctlConfig: `
    fsAioMaxNr:int fsFileMax:int fsInotifyMaxUserWatches:int fsNrOpen:int kernelThreadsMax:int netCoreNetdevMaxBacklog:int netCoreOptmemMax:int
    netCoreRmemDefault:int netCoreRmemMax:int netCoreSomaxconn:int netCoreWmemDefault:int netCoreWmemMax:int netIpv4IpLocalPortRange:str
    netIpv4NeighDefaultGcThresh1:int netIpv4NeighDefaultGcThresh2:int netIpv4NeighDefaultGcThresh3:int netIpv4TcpFinTimeout:int
    netIpv4TcpKeepaliveProbes:int netIpv4TcpKeepaliveTime:int netIpv4TcpMaxSynBacklog:int netIpv4TcpMaxTwBuckets:int netIpv4TcpTwReuse:bool
    netIpv4TcpkeepaliveIntvl:int netNetfilterNfConntrackBuckets:int netNetfilterNfConntrackMax:int vmMaxMapCount:int vmSwappiness:int
    vmVfsCachePressure:int`,
  LocalDNSProfile: 'kubeDNSOverrides:{}LocalDNSOverride mode:Preferred|Required|Disabled vnetDNSOverrides:{}LocalDNSOverride state:str!',
  LocalDNSOverride: `
    cacheDurationInSeconds:int forwardDestination:ClusterCoreDNS|VnetDNS forwardPolicy:Sequential|RoundRobin|Random maxConcurrent:int
    protocol:PreferUDP|ForceTCP queryLogging:Error|Log serveStale:Verify|Immediate|Disable serveStaleDurationInSeconds:int`,
  PortRange: 'portEnd:int portStart:int protocol:TCP|UDP',
  IPTag: 'ipTagType:str tag:str',
  PowerState: 'code:Running|Stopped',
  VirtualMachineNodes: 'count:int size:str',
  VirtualMachinesProfile: 'scale:ScaleProfile',
  ScaleProfile: 'autoscale:AutoScaleProfile[] manual:ManualScaleProfile[]',
  AutoScaleProfile: 'maxCount:int minCount:int size:str',
  ManualScaleProfile: 'count:int size:str',
};
