import { kubeRefusal, refusalText } from '../model/kube-refusals.ts';
import { ProblemError } from '../model/problem.ts';

/** A kubectl command that ended in failure, by what it printed. */
export function kubectlFailed(output: string, command: string): ProblemError {
  const refusal = kubeRefusal(output);
  if (refusal !== undefined) return new ProblemError(refusal);
  const why = refusalText(output) || `${command} ended without saying why.`;
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
    why: why ?? (refusalText(output) || 'It printed nothing.'),
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
