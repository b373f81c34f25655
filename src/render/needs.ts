import type { Command } from '../model/plan.ts';
import { laterVersion } from './az.ts';

/** What printed commands need on the machine that they run on. */
export interface Needs {
  /** The lowest az version that knows every command and flag; undefined where any will do. */
  readonly azVersion: string | undefined;
  readonly extensions: readonly string[];
  /** Whether kubectl, with kubelogin, is among the programs. */
  readonly kubernetes: boolean;
}

/** The needs of all these commands together. */
export function needsOf(commands: readonly Command[]): Needs {
  return {
    azVersion: commands.map(({ azVersion }) => azVersion).reduce(laterVersion, undefined),
    extensions: [...new Set(commands.flatMap(({ extension }) => (extension === undefined ? [] : [extension])))],
    kubernetes: commands.some(({ argv }) => argv[0] === 'kubectl'),
  };
}

/** The same in a few words: `az 2.76.0 or later, kubectl, kubelogin, a way to the API server` (a private or fenced cluster has few). */
export function needsInWords({ azVersion, extensions, kubernetes }: Needs): string {
  return [
    `az${azVersion === undefined ? '' : ` ${azVersion} or later`}${extensions.length > 0 ? ` with the extension ${extensions.join(', ')}` : ''}`,
    ...(kubernetes ? ['kubectl', 'kubelogin', 'a way to the API server'] : []),
  ].join(', ');
}

/** What a script says when a need is not met, the same in every shell. `found` is az's own version, as the shell writes it. */
export const unmet = {
  program: (name: string): string =>
    name === 'az' ? 'az is not installed: https://learn.microsoft.com/cli/azure/install-azure-cli' : `${name} is not installed: az aks install-cli`,
  version: (found: string, needed: string): string => `az ${found} is too old: this needs ${needed} or later. Bring it up to date: az upgrade`,
  extension: (name: string): string => `az lacks the extension ${name}: az extension add --upgrade --name ${name}`,
  subscription: (subscription: string, tenant: string | undefined): string =>
    `az is not signed in, or not to subscription ${subscription}. Sign in: az login${tenant === undefined ? '' : ` --tenant ${tenant}`}`,
};
