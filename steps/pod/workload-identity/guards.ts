import { type Facts, fact } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Guard } from '../../../src/model/step.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { listed, plural } from '../../shared/texts.ts';
import { BINDING_LABEL, podIdentityUse } from './apps.ts';
import { boundIdentities } from './changes.ts';
import { tokenHolders } from './tokens.ts';

/** Who checks tokens elsewhere cannot be seen. */
export const issuerGuard: Guard = {
  id: 'token-issuer',
  title: 'Nothing outside checks the old token issuer',
  verdict: 'warn',
  detail:
    'Service account tokens get another issuer (iss). Vault, other clouds or gateways that check these tokens against the old one refuse them; which do cannot be seen here.',
  next: ['Where a service outside checks Kubernetes tokens, add the new issuer there in the same hour: az aks show --query oidcIssuerProfile.issuerUrl'],
};

/** Nothing goes while somebody uses it. */
export function bindingsGuard(facts: Facts): Guard {
  const bound = boundIdentities(facts);
  const used = podIdentityUse(facts);
  const apps = used.state === 'known' ? used.value.apps : [];
  const id = 'pod-identity-users';
  const title = 'No application uses pod identity any more';
  if (bound > 0 || apps.length > 0) {
    const who = apps.length > 0 ? `${listed(apps.map(({ workload }) => placeName(workload)))} ${apps.length === 1 ? 'carries' : 'carry'} its label; ` : '';
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `${who}${plural(bound, 'identity is', 'identities are')} still bound to pods: they lose their access to Azure when the add-on goes.`,
      next: ['Move them first (option move-applications, once workload identity is on), and read the cluster again; or choose another option now.'],
      override: 'they are moved before the add-on goes',
    };
  }
  if (used.state === 'known') return { id, title, verdict: 'clear', detail: `The add-on lists no binding, and no pod carries the label ${BINDING_LABEL}.` };
  return {
    id,
    title,
    verdict: 'unknown',
    detail: `The add-on lists no binding; objects made by hand stand in Kubernetes, which was not read: ${clean(used.reason)}.`,
  };
}

/** Whether a pod uses the token that it gets cannot be seen. */
export function holdersGuard(facts: Facts, namespaces: readonly string[]): Guard {
  const id = 'default-token-users';
  const title = 'No pod calls the API server as default';
  const holders = namespaces.flatMap((namespace) => tokenHolders(facts, namespace));
  if (fact(facts, 'workloads').state === 'unknown') return { id, title, verdict: 'unknown', detail: 'Which pods run as default could not be read.' };
  if (holders.length === 0) return { id, title, verdict: 'clear', detail: 'No pod of the chosen namespaces gets the token now.' };
  return {
    id,
    title,
    verdict: 'warn',
    detail: `${listed(holders.map((one) => `${one.kind} ${placeName(one)}`))} ${holders.length === 1 ? 'gets' : 'get'} the token of default; whether it is used stands in the audit log (user system:serviceaccount:NAMESPACE:default).`,
    next: ['Where it is used, give the workload an account of its own with just those rights.'],
  };
}

/** Rights on the identities, which may lie in any group, are not read. */
export const identityRightGuard: Guard = {
  id: 'identity-rights',
  title: 'Credentials may be written, 20 to an identity',
  verdict: 'warn',
  detail:
    'Writing them needs Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write on each identity, and an identity holds 20: neither was read. ARM refuses what does not fit, and nothing else happens then.',
  next: ['Managed Identity Contributor on the identity holds it.'],
};
