import type { Command } from '../model/plan.ts';
import { KUBECONFIG_FILE } from './credentials.ts';
import { type Needs, unmet } from './needs.ts';
import { hereDocument, quote, showCommand } from './quote.ts';
import type { Dialect } from './script.ts';

const q = (text: string) => quote(text, 'bash');

/** Files and standard input as here-documents; the files go into the script's own folder, where it runs. */
function command(one: Command): readonly string[] {
  const files = Object.entries(one.files ?? {}).map(([name, text]) => {
    const { start, rest } = hereDocument(text);
    return `cat > ${q(name)} ${start}\n${rest}`;
  });
  const shown = showCommand(one, 'bash');
  if (one.stdin === undefined) return [...files, shown];
  const { start, rest } = hereDocument(one.stdin);
  return [...files, `${shown} ${start}\n${rest}`];
}

const fail = (said: string): readonly string[] => [`  echo ${said} >&2`, '  exit 1'];

/** Stops before anything is run where a program, a version or an extension is missing. */
function checks({ azVersion, extensions, kubernetes }: Needs): readonly string[] {
  const programs = ['az', ...(kubernetes ? ['kubectl', 'kubelogin'] : [])];
  return [
    ...programs.flatMap((name) => [`command -v ${name} > /dev/null || {`, ...fail(q(unmet.program(name))), '}']),
    ...(azVersion === undefined
      ? []
      : [
          `found=$(az version --query '"azure-cli"' --output tsv)`,
          `if [ "$(printf '%s\\n' ${q(azVersion)} "$found" | sort -V | head -n 1)" != ${q(azVersion)} ]; then`,
          ...fail(`"${unmet.version('$found', azVersion)}"`),
          'fi',
        ]),
    ...extensions.flatMap((name) => [`az extension show --name ${q(name)} --output none 2> /dev/null || {`, ...fail(q(unmet.extension(name))), '}']),
  ];
}

/** bash: stops at the first error, keeps its files in a private folder that is gone at the end. */
export const bash: Dialect = {
  start: (header, { cluster }, { tenant }, needs) => [
    '#!/usr/bin/env bash',
    ...header,
    'set -euo pipefail',
    'umask 077',
    '# Git Bash on Windows would take resource ids for file names.',
    'export MSYS_NO_PATHCONV=1',
    '',
    '# Files for the commands: a private folder, removed at the end.',
    'work=$(mktemp -d)',
    `trap 'rm -rf "$work"' EXIT`,
    'cd "$work"',
    '',
    '# Is everything here?',
    ...checks(needs),
    '',
    '# Is az signed in, and does the account see the subscription?',
    `tenant=$(az account show --subscription ${q(cluster.subscriptionId)} --query tenantId --output tsv) || {`,
    ...fail(q(unmet.subscription(cluster.subscriptionId, tenant))),
    '}',
    ...(tenant === undefined
      ? [`echo "Signed in to tenant $tenant" >&2`]
      : [
          `if [ "$tenant" != ${q(tenant)} ]; then`,
          `  echo "az is signed in to tenant $tenant. Sign in to the cluster's: az login --tenant" ${q(tenant)} >&2`,
          '  exit 1',
          'fi',
        ]),
    ...(needs.kubernetes ? ['', '# kubectl talks to this cluster and no other.', `export KUBECONFIG="$work/${KUBECONFIG_FILE}"`] : []),
  ],
  command,
  stop: (reason, consent) => {
    const refuse = [
      `echo ${q(reason)} >&2`,
      ...(consent === undefined ? [] : [`echo ${q(`To go on all the same: AKS_HARDEN_OVERRIDE='${consent}'`)} >&2`]),
      'exit 3',
    ];
    if (consent === undefined) return refuse;
    return [`case "$\{AKS_HARDEN_OVERRIDE:-}" in`, `  *${q(consent)}*) ;;`, '  *)', ...refuse.map((line) => `    ${line}`), '    ;;', 'esac'];
  },
  pause: (work, consent) => [
    `case "$\{AKS_HARDEN_OVERRIDE:-}" in`,
    `  *${q(consent)}*) ;;`,
    '  *)',
    `    echo ${q(work)} >&2`,
    '    if [ ! -t 0 ]; then',
    `      echo ${q(`To go on once it is done: AKS_HARDEN_OVERRIDE='${consent}'`)} >&2`,
    '      exit 3',
    '    fi',
    `    read -r -p 'Type done once it is: ' answer`,
    '    if [ "$answer" != done ]; then exit 3; fi',
    '    ;;',
    'esac',
  ],
  end: [],
};
