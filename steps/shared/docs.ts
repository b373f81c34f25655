import type { Link } from '../../src/model/problem.ts';

/** A page on learn.microsoft.com, below the host: `learn('…', 'azure/azure-monitor/essentials/diagnostic-settings')`. */
export function learn(title: string, path: string): Link {
  return { title, url: `https://learn.microsoft.com/${path}` };
}

/** A page of the AKS documentation by its file name: `aksDoc('Manage local accounts', 'local-accounts')`. */
export function aksDoc(title: string, page: string): Link {
  return learn(title, `azure/aks/${page}`);
}

/** A rule of PSRule for Azure by its page name: `Azure.AKS.LocalAccounts`. */
export function psruleDoc(rule: string): Link {
  return { title: `PSRule ${rule}`, url: `https://azure.github.io/PSRule.Rules.Azure/en/rules/${rule}/` };
}
