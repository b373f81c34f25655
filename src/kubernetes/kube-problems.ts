import { clean } from '../model/foreign.ts';
import { ProblemError } from '../model/problem.ts';

/** What a kubectl failure's words mean. The first that fits. */
const meanings: readonly {
  readonly text: RegExp;
  readonly code: string;
  readonly what: string;
  readonly next: readonly string[];
}[] = [
  {
    text: /the server doesn't have a resource type|could not find the requested resource|no matches for kind|404 page not found/i,
    code: 'kind-missing',
    what: 'The cluster does not know this kind of object.',
    next: ['Nothing needs to be done where nothing uses it.'],
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
    text: /admission webhook "[^"]*" denied|\(Forbidden\).*(violates PodSecurity|ValidatingAdmissionPolicy|denied request)/i,
    code: 'admission-denied',
    what: 'A rule of the cluster refuses this object.',
    next: ['Change the object as the rule asks, or ask whoever keeps the rule.'],
  },
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

/** The first lines of what a command printed, cleaned and cut. */
function excerpt(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => clean(line).trim())
    .filter((line) => line !== '');
  const one = lines.slice(0, 3).join(' · ');
  return one.length > 400 ? `${one.slice(0, 399)}…` : one;
}

/** A kubectl command that ended in failure, by what it printed. */
export function kubectlFailed(output: string, command: string): ProblemError {
  const meaning = meanings.find(({ text }) => text.test(output));
  const why = excerpt(output) || `${command} ended without saying why.`;
  if (meaning) return new ProblemError({ code: meaning.code, what: meaning.what, why, next: meaning.next });
  return new ProblemError({ code: 'kubectl-failed', what: `${command} failed.`, why, next: ['Run it yourself to see all of what it prints.'] });
}

/** More came than the way holds; whoever asked can ask for less. */
export function outputTooLarge(command: string, why?: string): ProblemError {
  return new ProblemError({
    code: 'output-too-large',
    what: `${command} printed more than can be taken in.`,
    why: why ?? 'It is too large for one answer.',
    next: ['Use kubectl from a place that reaches the cluster.'],
  });
}

/** Output that should have been JSON and is not. */
export function notJsonOutput(command: string, output: string, why?: string): ProblemError {
  return new ProblemError({
    code: 'kubectl-output-unreadable',
    what: `What ${command} printed cannot be read.`,
    why: why ?? (excerpt(output) || 'It printed nothing.'),
    next: ['Run it yourself to see what it prints.'],
  });
}

/** Without Entra, being let in proves nothing about Entra. */
export function notEntra(why: string): ProblemError {
  return new ProblemError({
    code: 'not-entra',
    what: 'Whether the Entra sign-in reaches Kubernetes is not proven.',
    why,
    next: ['Turn Entra sign-in on first, then fetch the kubeconfig again: az aks get-credentials -g GROUP -n NAME --overwrite-existing'],
  });
}
