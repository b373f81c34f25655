import { clean, cleanValue } from '../model/foreign.ts';
import { kubeRefusal } from '../model/kube-refusals.ts';
import type { Command } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { showCommand } from '../render/quote.ts';
import type { CommandEnd } from './az-run.ts';

/** An error as az prints ARM's: `(Code) Message`, then `Code: …` and `Message: …` once more (azure-cli-core, azure.core.exceptions.ODataV4Error). */
export interface ArmErrorText {
  readonly code: string;
  readonly message: string;
}

/** ARM's error in what az wrote to standard error; undefined when there is none in it. */
export function armErrorIn(lines: readonly string[]): ArmErrorText | undefined {
  const texts = lines.map((line) => line.replace(/^(ERROR: |cli\.azure\.cli\.core\.azclierror: )/, ''));
  for (const line of texts) {
    const found = /^\(([A-Za-z][\w.]*)\)\s*(.*)$/.exec(line) ?? /\(([A-Z][A-Za-z]+[\w.]*)\)\s+(\S.*)$/.exec(line);
    const [, code, message] = found ?? [];
    if (code !== undefined && message !== undefined) return { code, message };
  }
  const code = texts.map((line) => /^Code:\s*(\w[\w.]*)$/.exec(line)?.[1]).find((found) => found !== undefined);
  const message = texts.map((line) => /^Message:\s*(.+)$/.exec(line)?.[1]).find((found) => found !== undefined);
  return code === undefined ? undefined : { code, message: message ?? '' };
}

/** What az says when something of its own is wrong, and what to do then. The first that fits. */
const ownErrors: readonly { readonly text: RegExp; readonly code: string; readonly what: string; readonly next: readonly string[] }[] = [
  {
    text: /az login|AADSTS\d+|No subscription found|refresh token has expired/i,
    code: 'az-signed-out',
    what: 'az is not signed in.',
    next: ['Sign in: az login', 'Then carry on: aks-harden resume'],
  },
  {
    text: /unrecognized arguments|misspelled or not recognized|is not in the '.*' command group|invalid choice/i,
    code: 'az-too-old',
    what: 'This az does not know the command or one of its flags.',
    next: ['Bring it up to date: az upgrade', 'A preview flag needs its extension: az extension add --upgrade -n aks-preview'],
  },
  {
    text: /requires the extension|extension .* (is )?(not installed|required)/i,
    code: 'az-extension-missing',
    what: 'az lacks an extension that the command needs.',
    next: ['Add it: az extension add --upgrade -n NAME'],
  },
  {
    text: /CERTIFICATE_VERIFY_FAILED|ProxyError|Cannot connect to proxy|certificate verify failed/i,
    code: 'az-proxy',
    what: 'az could not reach Azure through the network as it is set up.',
    next: ['Check HTTPS_PROXY and NO_PROXY.', 'Behind an inspecting proxy, name its certificate in REQUESTS_CA_BUNDLE.'],
  },
  {
    text: /Connection aborted|ConnectionError|Max retries exceeded|Temporary failure in name resolution/i,
    code: 'azure-unreachable',
    what: 'az could not reach Azure.',
    next: ['Check the network, then carry on: aks-harden resume'],
  },
];

/** Why a command did not end well, as a Problem: ARM's own error where az passes one on, az's own otherwise. */
export function commandProblem(command: Command, end: CommandEnd): Problem {
  const [program = ''] = command.argv;
  const line = showCommand(command, 'bash', Number.POSITIVE_INFINITY);
  if (end.missing) {
    return {
      code: `${clean(program)}-missing`,
      what: `${clean(program)} is not installed, or not in PATH.`,
      why: `This runs the printed commands with it: ${line}`,
      next: [
        program === 'az' ? 'Install it: https://learn.microsoft.com/cli/azure/install-azure-cli' : 'Install it: az aks install-cli',
        'Or apply through the SDK: --via sdk',
      ],
    };
  }
  const ended = end.exitCode === undefined ? 'was ended by a signal' : `ended with exit code ${end.exitCode}`;
  const said = end.errors.filter((text) => text.trim() !== '');
  const errors = said.filter((entry) => !/^(WARNING|Warning)/.test(entry));
  const refusal = program === 'kubectl' ? kubeRefusal(errors.join('\n')) : undefined;
  if (refusal !== undefined) return { ...refusal, next: [...refusal.next, `The command was: ${line}`] };
  const arm = program === 'kubectl' ? undefined : armErrorIn(said);
  if (arm !== undefined) {
    return {
      code: 'command-refused',
      what: `Azure refused it: ${arm.code}.`,
      why: cleanValue(arm.message, 2000),
      next: ['Mend what it names, then carry on: aks-harden resume', `The command was: ${line}`],
      // az does not pass the status on.
      cloud: { status: 0, code: arm.code, message: arm.message },
    };
  }
  const own = program === 'kubectl' ? undefined : ownErrors.find(({ text }) => said.some((entry) => text.test(entry)));
  return {
    code: own?.code ?? 'command-failed',
    what: own?.what ?? `${clean(program)} ${ended}.`,
    why: errors.length > 0 ? cleanValue(errors.slice(-5).join(' '), 2000) : `It ${ended} and wrote nothing that says why.`,
    next: [...(own?.next ?? ['Read what it wrote above, then carry on: aks-harden resume']), `The command was: ${line}`],
  };
}
