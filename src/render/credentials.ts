import type { ClusterRef } from '../model/facts.ts';
import type { Command } from '../model/plan.ts';

/** The name of the kubeconfig in the folder where commands work; the variable KUBECONFIG has its whole path. */
export const KUBECONFIG_FILE = 'kubeconfig';

/** Whether kubectl is among the programs of these commands. */
export const usesKubectl = (commands: readonly Command[]): boolean => commands.some(({ argv }) => argv[0] === 'kubectl');

/**
 * Commands that write a kubeconfig of this cluster to `file`, with the sign-in of az: so kubectl talks to no other cluster, whatever the operator's
 * own context is. They are run again after each change in Azure: rotated certificates, Entra sign-in and disabled local accounts end earlier
 * credentials (AKS docs: certificate-rotation, enable-authentication-microsoft-entra-id, manage-local-accounts-managed-azure-ad). kubelogin finds the
 * file through KUBECONFIG, and leaves one alone that needs no Entra sign-in.
 */
export function credentialCommands({ resourceGroup, name, subscriptionId }: ClusterRef, file: string): readonly Command[] {
  const cluster = ['--resource-group', resourceGroup, '--name', name, '--subscription', subscriptionId];
  return [
    { argv: ['az', 'aks', 'get-credentials', ...cluster, '--file', file, '--overwrite-existing', '--only-show-errors'] },
    { argv: ['kubelogin', 'convert-kubeconfig', '-l', 'azurecli'] },
  ];
}
