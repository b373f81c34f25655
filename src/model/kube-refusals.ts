import { clean } from './foreign.ts';
import type { Problem } from './problem.ts';

interface Meaning {
  readonly text: RegExp;
  readonly code: string;
  readonly what: string;
  readonly next: readonly string[];
}

/** Refusals of the API server, and of whom it asks: admission. The first that fits. */
const serverMeanings: readonly Meaning[] = [
  {
    text: /the server doesn't have a resource type|could not find the requested resource|no matches for kind|404 page not found/i,
    code: 'kind-missing',
    what: 'The cluster does not know this kind of object.',
    next: ['Nothing needs to be done where nothing uses it.'],
  },
  {
    text: /Apply failed with \d+ conflicts?: /,
    code: 'field-conflict',
    what: 'Somebody else set these fields of the object, and another value would take them over.',
    next: [
      'Change it where the one named keeps it (a chart, a repository), or ask whoever runs that.',
      'To take the fields over all the same, run the printed command with --force-conflicts: who keeps them may set them back.',
    ],
  },
  {
    text: /admission webhook "[^"]*" does not support dry run/i,
    code: 'dry-run-refused',
    what: 'A webhook of the cluster lets no dry run pass, so that this cannot be tried before it is done. Nothing was changed.',
    next: [
      'Whoever keeps the webhook can declare that it has no side effects: sideEffects: None or NoneOnDryRun.',
      'Or run the printed command without its dry run, when you have looked at it.',
    ],
  },
  {
    text: /failed calling webhook|failed to call webhook/i,
    code: 'webhook-unavailable',
    what: 'A webhook that the API server must ask before this change does not answer.',
    next: [
      'See whether its pods run; its Service is named in: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o yaml',
      'Try again when it answers.',
    ],
  },
  {
    text: /admission webhook "[^"]*" denied|ValidatingAdmissionPolicy .{0,300}denied request|\(Forbidden\).{0,400}(violates PodSecurity|denied request)/is,
    code: 'admission-denied',
    what: 'A rule of the cluster refuses this object.',
    next: ['Change the object as the rule asks, or ask whoever keeps the rule for an exemption.', 'Then carry on: aks-harden resume'],
  },
  {
    text: /exceeded quota: /i,
    code: 'quota-exceeded',
    what: 'The namespace has a quota, and this goes beyond it.',
    next: ['See what is used: kubectl describe resourcequota --namespace NAMESPACE', 'Make room, or ask whoever set the quota.'],
  },
  {
    text: /because it is being terminated/i,
    code: 'namespace-ending',
    what: 'The namespace is being deleted: nothing new is taken into it.',
    next: ['Leave it out, or wait until it is gone and has been made anew.'],
  },
  {
    text: /attempting to grant RBAC permissions not currently held/i,
    code: 'grants-more',
    what: 'Kubernetes lets nobody give rights away that they do not have.',
    next: ['Let somebody do it who has all of these rights: a cluster admin.'],
  },
  {
    text: /the object has been modified|uid mismatch/i,
    code: 'object-changed',
    what: 'The object was changed or made anew by somebody else meanwhile.',
    next: ['Run the command again: it reads the object afresh.'],
  },
  {
    text: /\(NotFound\)/,
    code: 'not-found',
    what: 'There is no such object.',
    next: ['Look whether it was taken away meanwhile.'],
  },
  {
    text: /\(Expired\)|\(Gone\)|continue parameter is too old/i,
    code: 'list-expired',
    what: 'A long list changed while it was read.',
    next: ['Run the command again.'],
  },
  {
    text: /\(Invalid\)|^The [\w ]+ "[^"]*" is invalid|request is invalid:/im,
    code: 'object-invalid',
    what: 'The API server does not take these values.',
    next: ['Check whether this Kubernetes version knows the field and the value.'],
  },
];

/** What keeps kubectl from the API server, or the person from what was asked. */
const wayMeanings: readonly Meaning[] = [
  {
    text: /kubelogin.{0,40}not found|executable kubelogin/i,
    code: 'kubelogin-missing',
    what: 'kubectl needs kubelogin to sign in with Entra, and it is not installed.',
    next: ['Install it: az aks install-cli', 'Then: kubelogin convert-kubeconfig -l azurecli'],
  },
  {
    text: /forbidden/i,
    code: 'kubernetes-forbidden',
    what: 'Kubernetes does not let the signed-in person do this.',
    next: ['Ask for the role "Azure Kubernetes Service RBAC Cluster Admin", or to be added to an admin group of the cluster.'],
  },
  {
    text: /unauthorized|must be logged in|provide credentials/i,
    code: 'kubernetes-signed-out',
    what: 'Kubernetes does not accept the sign-in.',
    next: ['Fetch the kubeconfig again: az aks get-credentials -g GROUP -n NAME', 'Then sign in: az login'],
  },
  {
    text: /no such host|i\/o timeout|connection refused|was refused|tls handshake timeout|network is unreachable|deadline exceeded|unable to connect/i,
    code: 'api-server-unreachable',
    what: 'The API server cannot be reached from here.',
    next: [
      'Check that your address is among the authorized IP ranges, or that you are on the network of a private cluster.',
      'Commands can also be sent through Azure: az aks command invoke',
    ],
  },
  {
    text: /x509|certificate/i,
    code: 'kubeconfig-old',
    what: "The kubeconfig does not fit the cluster's certificates.",
    next: ['Fetch it again: az aks get-credentials -g GROUP -n NAME --overwrite-existing'],
  },
];

/** Where kubectl begins to advise instead of telling what happened. */
const advice = /^Please review the fields above/;

/** The first lines of what a command printed, cleaned and cut; without the advice that kubectl adds to a conflict. */
export function refusalText(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => clean(line).trim())
    .filter((line) => line !== '');
  const end = lines.findIndex((line) => advice.test(line));
  const one = lines.slice(0, end < 0 ? 3 : Math.min(end, 8)).join(' · ');
  return one.length > 400 ? `${one.slice(0, 399)}…` : one;
}

/**
 * What a failure of kubectl, or the API server's own refusal worded as kubectl does, comes to; undefined where its words say nothing that is known.
 */
export function kubeRefusal(output: string): Problem | undefined {
  const meaning = [...serverMeanings, ...wayMeanings].find(({ text }) => text.test(output));
  return meaning === undefined ? undefined : { code: meaning.code, what: meaning.what, why: refusalText(output), next: meaning.next };
}
