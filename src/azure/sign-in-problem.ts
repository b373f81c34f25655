import { clean } from '../model/foreign.ts';
import type { Problem } from '../model/problem.ts';
import { armProblem } from './arm-problem.ts';

/** The first line of what a credential threw, cleaned and cut: below it stand stack traces and repeated advice. */
export function reasonOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const [line = ''] = message.split('\n').filter((part) => part.trim() !== '');
  const one = clean(line).trim();
  return one.length > 300 ? `${one.slice(0, 299)}…` : one;
}

/** What a credential that gave no token means: an Entra code where there is one, else that nobody is signed in. */
export function signInProblem(thrown: unknown): Problem {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/AADSTS\d+/.test(message)) {
    return armProblem({
      status: 401,
      headers: {},
      body: { error: { code: /AADSTS\d+/.exec(message)?.[0] ?? '', message: reasonOf(thrown) } },
      request: { method: 'GET', url: '' },
    });
  }
  return noSignIn([reasonOf(thrown)]);
}

/** Nobody is signed in; `reasons` says what each way of signing in answered. */
export function noSignIn(reasons: readonly string[]): Problem {
  return {
    code: 'no-sign-in',
    what: 'No Azure sign-in was found.',
    why: reasons.filter((reason) => reason !== '').join(' · ') || 'No way of signing in gave a token.',
    next: [
      'Sign in: az login (with --use-device-code where no browser opens).',
      'Or look around on the practice cluster, which needs no sign-in: aks-harden --practice',
    ],
    links: [{ title: 'Sign in with the Azure CLI', url: 'https://learn.microsoft.com/cli/azure/authenticate-azure-cli' }],
    exitCode: 1,
  };
}
