import type { Facts } from '../../src/model/facts.ts';
import { type JsonObject, text } from '../../src/model/json.ts';
import { minorNumber } from './versions.ts';

/** An operating system of nodes, and until when AKS patches it. */
export interface NodeSystem {
  readonly name: string;
  /** The last day of support; undefined where none is announced. */
  readonly ends?: string;
  /** When images go, so that pools can no longer scale or be repaired. */
  readonly imagesGo?: string;
}

interface Row extends NodeSystem {
  /** In an image's name, e.g. `AKSUbuntu-2204gen2containerd-202605.12.0`. */
  readonly image: RegExp;
}

/** AKS docs: the retirement notes of upgrade-os-version (articles/aks/includes), August 2026. */
const systems: readonly Row[] = [
  // Not on the page any more: the end of Ubuntu's own standard support (ubuntu.com/about/release-cycle).
  { name: 'Ubuntu 16.04', image: /Ubuntu-1604/i, ends: '2021-04-30' },
  { name: 'Ubuntu 18.04', image: /Ubuntu-1804/i, ends: '2023-05-31' },
  { name: 'Ubuntu 20.04', image: /Ubuntu-2004/i, ends: '2027-03-17', imagesGo: '2027-03-17' },
  { name: 'Ubuntu 22.04', image: /Ubuntu-2204/i, ends: '2027-06-30', imagesGo: '2028-04-30' },
  { name: 'Ubuntu 24.04', image: /Ubuntu-2404/i },
  { name: 'CBL-Mariner 2 (Azure Linux 2)', image: /CBLMariner-V2|AzureLinux-V2/i, ends: '2025-11-30', imagesGo: '2026-03-31' },
  { name: 'Azure Linux 3', image: /AzureLinux-V3/i },
  { name: 'Flatcar', image: /Flatcar/i, ends: '2026-06-08', imagesGo: '2026-09-08' },
  { name: 'Windows Server 2019', image: /Windows-2019/i, ends: '2026-03-01', imagesGo: '2027-04-01' },
  { name: 'Windows Server 2022', image: /Windows-2022/i, ends: '2028-06-30', imagesGo: '2029-06-30' },
  { name: 'Windows Server 2025', image: /Windows-2025/i },
  { name: 'Windows Server, annual channel', image: /Windows-23H2|WindowsAnnual/i, ends: '2026-05-15', imagesGo: '2027-05-15' },
];

/** Systems by the pool's OS SKU, where its image does not tell. */
const bySku: { readonly [sku: string]: string } = {
  ubuntu2204: 'Ubuntu 22.04',
  ubuntu2404: 'Ubuntu 24.04',
  azurelinux3: 'Azure Linux 3',
  cblmariner: 'CBL-Mariner 2 (Azure Linux 2)',
  flatcar: 'Flatcar',
  windows2019: 'Windows Server 2019',
  windows2022: 'Windows Server 2022',
  windows2025: 'Windows Server 2025',
  windowsannual: 'Windows Server, annual channel',
};

/** The pool's operating system, by the image that its nodes have, else by its SKU; undefined where neither tells. */
export function systemOf(pool: JsonObject): NodeSystem | undefined {
  const image = text(pool['nodeImageVersion']) ?? '';
  const named = bySku[(text(pool['osSKU']) ?? '').toLowerCase()];
  return systems.find((row) => row.image.test(image)) ?? (named === undefined ? undefined : systems.find(({ name }) => name === named));
}

/** Days of support that a system has left on the day the facts were read; undefined where no end is announced. Negative after the end. */
export function daysLeft(facts: Facts, system: NodeSystem): number | undefined {
  if (system.ends === undefined) return undefined;
  const left = Math.ceil((Date.parse(`${system.ends}T23:59:59Z`) - Date.parse(facts.source.readAt)) / 86_400_000);
  return Number.isFinite(left) ? left : undefined;
}

/** The last minor that a versioned SKU exists in (AKS docs: upgrade-os-version, "Supported OS versions"). */
const lastMinor: { readonly [sku: string]: number } = { ubuntu2204: 36, ubuntu2404: 38, azurelinux3: 36, windows2019: 32, windows2022: 36 };

/** Whether a pool's OS SKU stands in the way of a Kubernetes version: the SKU's last minor, or undefined. */
export function skuBlocks(pool: JsonObject, version: string): number | undefined {
  const last = lastMinor[(text(pool['osSKU']) ?? '').toLowerCase()];
  return last !== undefined && minorNumber(version) > last ? last : undefined;
}
