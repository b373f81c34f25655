import type { ArmResource, Ownership } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { at, isObject, type Json, list, path, text } from '../model/json.ts';
import { apiVersions } from './api-versions.ts';
import { get, getResource, groupOf, isNotFound, type Reading } from './reading.ts';

type Tool = Ownership['tool'];

/** Tags that a tool writes by itself, by the beginning of their name (documentation of azd, Crossplane's Azure provider, CAPZ, Pulumi). */
const ownTags: readonly (readonly [name: RegExp, tool: Tool])[] = [
  [/^azd-(env|service)-name$/i, 'azd'],
  [/^crossplane-(kind|name|providerconfig)$/i, 'crossplane'],
  [/^sigs\.k8s\.io_cluster-api-provider-azure_/i, 'cluster-api'],
  [/^pulumi(:|-|$)/i, 'pulumi'],
  [/^(hidden-)?terraform(:|-|_|$)/i, 'terraform'],
];

/** Names that people give to a tag that says which tool owns a resource. */
const ownerTag =
  /^(managed|created|deployed|provisioned|owned|maintained)[-_ :.]?(by|with|via|using)$|^(iac|provisioner|deployment[-_ ]?(tool|method)|infrastructure|source|tool)$|^aks-managed/i;
const ownerWords: readonly (readonly [word: RegExp, tool: Tool])[] = [
  [/terraform|opentofu|terragrunt/i, 'terraform'],
  [/bicep/i, 'bicep'],
  [/pulumi/i, 'pulumi'],
  [/crossplane/i, 'crossplane'],
  [/cluster[-_ ]?api|capz/i, 'cluster-api'],
  [/\bazd\b|azure developer cli/i, 'azd'],
  [/\bfleet\b/i, 'fleet'],
];

/** Signs of an owner in tags. */
export function ownersInTags(tags: Json | undefined, where: string): readonly Ownership[] {
  if (!isObject(tags)) return [];
  return Object.entries(tags).flatMap(([name, value]) => {
    const sign = clean(`tag ${name}=${text(value) ?? ''} ${where}`);
    const own = ownTags.find(([pattern]) => pattern.test(name))?.[1];
    if (own) return [{ tool: own, sign }];
    const said = ownerTag.test(name) ? ownerWords.find(([word]) => word.test(text(value) ?? ''))?.[1] : undefined;
    return said ? [{ tool: said, sign }] : [];
  });
}

/** The portal deploys a cluster once under such a name and never again. */
const portalDeployment = /^microsoft\.(aks|template|web|automation)/i;

/** ARM deployments (Bicep compiles to them) that put the cluster out. */
export function ownersInDeployments(deployments: readonly Json[], clusterId: string): readonly Ownership[] {
  return deployments.flatMap((deployment) => {
    const name = text(at(deployment, ['name'])) ?? '';
    const outputs = list(at(deployment, path('properties.outputResources')));
    const ours = outputs.some((output) => text(at(output, ['id']))?.toLowerCase() === clusterId.toLowerCase());
    return ours && !portalDeployment.test(name) ? [{ tool: 'bicep' as const, sign: clean(`deployment ${name} of the resource group`) }] : [];
  });
}

/** What the cluster itself tells: its own tags, and the resource group that a fleet's hub cluster lives in. */
export function ownersInCluster(cluster: ArmResource, clusterId: string): readonly Ownership[] {
  const group = groupOf(clusterId).split('/').at(-1) ?? '';
  const fleet: readonly Ownership[] = /^FL_/.test(group) ? [{ tool: 'fleet', sign: clean(`resource group ${group}`) }] : [];
  return [...ownersInTags(cluster['tags'], 'on the cluster'), ...fleet];
}

/**
 * Signs that something else owns the cluster's configuration: tags of the cluster and its resource group, deployments of the group. Where a
 * read fails a sign that was found still counts; without one the fact is unknown.
 */
export async function readOwnership(reading: Reading): Promise<readonly Ownership[]> {
  const group = groupOf(reading.clusterId);
  const [groupBody, deployments] = await Promise.allSettled([
    getResource(reading, `${group}?api-version=${apiVersions.resourceGroups}`),
    // One page: ARM keeps 800 deployments of a group and lists the newest first.
    get(reading, `${group}/providers/Microsoft.Resources/deployments?api-version=${apiVersions.deployments}&$top=100`),
  ]);
  const cluster = await reading.cluster;
  const signs = [
    ...ownersInCluster(cluster, reading.clusterId),
    ...(groupBody.status === 'fulfilled' ? ownersInTags(groupBody.value['tags'], 'on the resource group') : []),
    ...(deployments.status === 'fulfilled' ? ownersInDeployments(list(at(deployments.value, ['value'])), reading.clusterId) : []),
  ];
  const failed = [groupBody, deployments].find((one) => one.status === 'rejected' && !isNotFound(one.reason));
  if (signs.length === 0 && failed?.status === 'rejected') throw failed.reason;
  return signs;
}
