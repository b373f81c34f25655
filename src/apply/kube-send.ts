import type { ApplyEvent } from '../model/events.ts';
import { clean } from '../model/foreign.ts';
import type { KubernetesGateway } from '../model/gateway.ts';
import { type Problem, ProblemError, problemOf } from '../model/problem.ts';
import { type KubeChange, knownRef, lookAtObjects } from './kube-look.ts';
import type { Tools } from './run.ts';

/** What the API server, or whoever it asks, says no with. */
const answers: ReadonlySet<string> = new Set([
  'admission-denied',
  'dry-run-refused',
  'field-conflict',
  'grants-more',
  'kind-missing',
  'kubernetes-forbidden',
  'namespace-ending',
  'not-found',
  'object-changed',
  'object-invalid',
  'quota-exceeded',
  'webhook-unavailable',
]);

/** What keeps a request from being sent at all. */
const obstacles: ReadonlySet<string> = new Set([
  'kubeconfig-old',
  'kubeconfig-other-cluster',
  'kubectl-missing',
  'kubectl-old',
  'kubelogin-missing',
  'kubernetes-signed-out',
  'no-way-in',
  'no-way-into-cluster',
]);

/** Whether a Problem is the API server's own no: nothing was done, and nothing will be by another way. */
export const isAnswer = ({ code }: Problem): boolean => answers.has(code);

/** Sends the objects of a change, one request after the other; what the API server says beside its answers comes as lines. */
async function* sendAll(kubernetes: KubernetesGateway, change: KubeChange): AsyncGenerator<string, void> {
  switch (change.kind) {
    case 'kube.apply': {
      let done = 0;
      for (const object of change.objects) {
        try {
          for (const { warnings } of await kubernetes.apply([object], { dryRun: false })) yield* warnings;
          done += 1;
        } catch (thrown) {
          throw done === 0 ? thrown : new ProblemError(halfApplied(problemOf(thrown), done, change.objects.length), { cause: thrown });
        }
      }
      return;
    }
    case 'kube.patch':
      yield* (await kubernetes.patch(knownRef(change), change.patch, { dryRun: false })).warnings;
      return;
    case 'kube.delete':
      await kubernetes.remove(knownRef(change), { dryRun: false });
      return;
    default:
      change satisfies never;
  }
}

function halfApplied(problem: Problem, done: number, all: number): Problem {
  return {
    ...problem,
    why: `${done} of ${all} objects had been applied, although the dry run of all of them had passed. ${problem.why}`,
    next: [...problem.next, 'What was applied stays, and is found in place the next time; the undo takes all of it back.'],
  };
}

/**
 * Sends a change that was looked at. Where the answer is lost it is not sent again: the cluster is read, and tells. Throws the refusal; code
 * `outcome-unknown` where nothing can be read either.
 */
export async function* sendObjects(run: Pick<Tools, 'now'>, kubernetes: KubernetesGateway, change: KubeChange): AsyncGenerator<ApplyEvent, void> {
  try {
    for await (const line of sendAll(kubernetes, change)) {
      yield { type: 'output', change: change.id, at: run.now(), stream: 'stderr', line: clean(line) };
    }
  } catch (thrown) {
    const problem = problemOf(thrown);
    if (isAnswer(problem) || obstacles.has(problem.code)) throw thrown;
    let stands: boolean;
    try {
      stands = (await lookAtObjects(kubernetes, change)).kind === 'noop';
    } catch (again) {
      throw new ProblemError(unknownOutcome(change, problem), { cause: again });
    }
    if (!stands) throw thrown;
  }
}

function unknownOutcome(change: KubeChange, problem: Problem): Problem {
  return {
    ...problem,
    code: 'outcome-unknown',
    what: `It is not known whether the API server carried out "${change.title}".`,
    why: `${problem.what} ${problem.why}`,
    next: ['It was not sent again. Read the cluster once more when it is reached: aks-harden resume', ...problem.next],
  };
}
