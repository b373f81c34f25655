import { type JsonObject, text } from '../model/json.ts';
import { minorNumber, resolved } from './kubernetes-versions.ts';
import type { World } from './world.ts';

/** The part of an image's name that says the system, by the pool's OS SKU and its Kubernetes minor (AKS docs: upgrade-os-version). */
function system(osSku: string, minor: number): { readonly is: RegExp; readonly shall: string } | undefined {
  switch (osSku.toLowerCase()) {
    case 'ubuntu':
      return { is: /^AKSUbuntu-\d{4}/, shall: minor >= 35 ? 'AKSUbuntu-2404' : 'AKSUbuntu-2204' };
    case 'ubuntu2204':
      return { is: /^AKSUbuntu-\d{4}/, shall: 'AKSUbuntu-2204' };
    case 'ubuntu2404':
      return { is: /^AKSUbuntu-\d{4}/, shall: 'AKSUbuntu-2404' };
    case 'azurelinux':
      return { is: /^AKSAzureLinux-V\d/, shall: minor >= 32 ? 'AKSAzureLinux-V3' : 'AKSAzureLinux-V2' };
    case 'azurelinux3':
      return { is: /^AKSAzureLinux-V\d/, shall: 'AKSAzureLinux-V3' };
    default:
      return undefined;
  }
}

/** The image that a pool's nodes get when they are replaced: its OS SKU's system for its version, the world's latest release. */
export function latestImage(world: World, pool: JsonObject): string {
  const family = (text(pool['nodeImageVersion']) ?? 'AKSUbuntu-2204gen2containerd-').replace(/-[0-9.]+$/, '');
  const version = resolved(text(pool['orchestratorVersion']) ?? text(pool['currentOrchestratorVersion']) ?? '');
  const wanted = system(text(pool['osSKU']) ?? '', minorNumber(version));
  const other = wanted !== undefined && !wanted.is.test(family);
  const named = wanted === undefined ? family : other ? `${wanted.shall}gen2containerd` : family.replace(wanted.is, wanted.shall);
  return `${named}-${world.state.settings.latestNodeImage}`;
}
