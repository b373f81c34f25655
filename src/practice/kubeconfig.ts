import { stringify } from 'yaml';
import type { ArmResource } from '../model/facts.ts';
import { at, path, text } from '../model/json.ts';
import type { World } from './world.ts';

/** The bearer token that means "the person who is signed in". The world is not real, and so is this token. */
export const OPERATOR_TOKEN = 'practice-operator';

/** The token inside an admin kubeconfig; a certificate rotation makes the earlier ones worthless. */
export function adminToken(world: World, cluster: ArmResource): string {
  return `practice-admin-${world.state.certificates[(text(cluster['id']) ?? '').toLowerCase()]?.generation ?? 0}`;
}

type User = { readonly token: string } | { readonly exec: { readonly [key: string]: string | readonly string[] | boolean } };

function kubeconfig(world: World, cluster: ArmResource, origin: string, user: User, userName: string): string {
  const name = text(cluster['name']) ?? '';
  // Over the wire the world itself is the API server; in process nobody connects, and the cluster's own name is shown.
  const server = world.authority === undefined ? `https://${text(at(cluster, path('properties.fqdn'))) ?? name}:443` : origin;
  const authority = world.authority === undefined ? {} : { 'certificate-authority-data': Buffer.from(world.authority).toString('base64') };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...authority } }],
    contexts: [{ name, context: { cluster: name, user: userName } }],
    'current-context': name,
    users: [{ name: userName, user }],
  });
}

const groupOf = (cluster: ArmResource): string => (text(cluster['id']) ?? '').split('/')[4] ?? '';

/** The kubeconfig with a static admin credential. */
export function adminKubeconfig(world: World, cluster: ArmResource, origin: string): string {
  return kubeconfig(world, cluster, origin, { token: adminToken(world, cluster) }, `clusterAdmin_${groupOf(cluster)}_${text(cluster['name']) ?? ''}`);
}

/** The user's kubeconfig: without Entra it is an admin credential too (AKS docs: control-kubeconfig-access), with Entra it asks kubelogin. */
export function userKubeconfig(world: World, cluster: ArmResource, origin: string): string {
  const userName = `clusterUser_${groupOf(cluster)}_${text(cluster['name']) ?? ''}`;
  if (at(cluster, path('properties.aadProfile.managed')) !== true) return kubeconfig(world, cluster, origin, { token: adminToken(world, cluster) }, userName);
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'kubelogin',
    args: ['get-token', '--environment', 'AzurePublicCloud', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630', '--tenant-id', world.state.tenantId],
    interactiveMode: 'IfAvailable',
    provideClusterInfo: false,
  };
  return kubeconfig(world, cluster, origin, { exec }, userName);
}

/** A kubeconfig for whoever is signed in to the practice world: works without kubelogin. */
export function operatorKubeconfig(world: World, cluster: ArmResource, origin: string): string {
  return kubeconfig(world, cluster, origin, { token: OPERATOR_TOKEN }, 'practice-operator');
}
