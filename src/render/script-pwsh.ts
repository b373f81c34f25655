import type { Command } from '../model/plan.ts';
import { KUBECONFIG_FILE } from './credentials.ts';
import { type Needs, unmet } from './needs.ts';
import { pwshText, quote, showCommand } from './quote.ts';
import type { Dialect } from './script.ts';

/** A word of a command. */
const q = (text: string) => quote(text, 'pwsh');
/** A text inside an expression: there a bare word would be the name of a command. */
const literal = pwshText;

/** Files written as they are, without a byte order mark; standard input through the pipeline. */
function command(one: Command): readonly string[] {
  const files = Object.entries(one.files ?? {}).map(([name, text]) => `Set-Content -LiteralPath ${q(name)} -Encoding utf8NoBOM -Value ${pwshText(text)}`);
  const shown = showCommand(one, 'pwsh');
  return [...files, one.stdin === undefined ? shown : `${pwshText(one.stdin)} | ${shown}`];
}

/** Stops before anything is run where a program, a version or an extension is missing. */
function checks({ azVersion, extensions, kubernetes }: Needs): readonly string[] {
  const programs = ['az', ...(kubernetes ? ['kubectl', 'kubelogin'] : [])];
  return [
    ...programs.map((name) => `if (-not (Get-Command ${name} -ErrorAction SilentlyContinue)) { throw ${literal(unmet.program(name))} }`),
    ...(azVersion === undefined && extensions.length === 0 ? [] : ['$azHere = az version --output json | ConvertFrom-Json -AsHashtable']),
    ...(azVersion === undefined
      ? []
      : [`if ([version]$azHere['azure-cli'] -lt [version]${literal(azVersion)}) { throw "${unmet.version("$($azHere['azure-cli'])", azVersion)}" }`]),
    ...extensions.map((name) => `if (-not $azHere['extensions'].ContainsKey(${literal(name)})) { throw ${literal(unmet.extension(name))} }`),
  ];
}

/**
 * PowerShell 7.4: stops at the first error of a program too, and hands arguments on unchanged.
 * On Windows az is a batch file, and cmd.exe would read & | < > ^ % and brackets in its arguments: az's own Python is called instead.
 */
export const pwsh: Dialect = {
  start: (header, { cluster }, { tenant }, needs) => [
    '#!/usr/bin/env pwsh',
    '#Requires -Version 7.4',
    ...header,
    "$ErrorActionPreference = 'Stop'",
    '$PSNativeCommandUseErrorActionPreference = $true',
    "$PSNativeCommandArgumentPassing = 'Standard'",
    '$OutputEncoding = [System.Text.UTF8Encoding]::new($false)',
    'if ($IsWindows) {',
    '  $azPython = Join-Path (Split-Path (Split-Path (Get-Command az -CommandType Application | Select-Object -First 1).Source)) python.exe',
    '  if (Test-Path $azPython) { function az { & $azPython -IBm azure.cli @args } }',
    '}',
    '',
    '# Files for the commands: a private folder, removed at the end.',
    '$work = Join-Path ([System.IO.Path]::GetTempPath()) ([System.IO.Path]::GetRandomFileName())',
    'New-Item -ItemType Directory -Path $work | Out-Null',
    'Push-Location $work',
    'try {',
    '',
    '# Is everything here?',
    ...checks(needs),
    '',
    '# Is az signed in, and does the account see the subscription?',
    'try {',
    `  $tenant = az account show --subscription ${q(cluster.subscriptionId)} --query tenantId --output tsv`,
    `} catch { throw ${literal(unmet.subscription(cluster.subscriptionId, tenant))} }`,
    ...(tenant === undefined
      ? ['Write-Host "Signed in to tenant $tenant"']
      : [
          `if ($tenant -ne ${literal(tenant)}) { throw "az is signed in to tenant $tenant. Sign in to the cluster's: az login --tenant " + ${literal(tenant)} }`,
        ]),
    ...(needs.kubernetes ? ['', '# kubectl talks to this cluster and no other.', `$env:KUBECONFIG = Join-Path $work ${KUBECONFIG_FILE}`] : []),
  ],
  command,
  stop: (reason, consent) => [
    consent === undefined
      ? `throw ${literal(reason)}`
      : `if (-not "$env:AKS_HARDEN_OVERRIDE".Contains(${literal(consent)})) { throw ${literal(`${reason} To go on all the same: $env:AKS_HARDEN_OVERRIDE = '${consent}'`)} }`,
  ],
  pause: (work, consent) => [
    `if (-not "$env:AKS_HARDEN_OVERRIDE".Contains(${literal(consent)})) {`,
    `  Write-Host ${q(work)}`,
    `  if ([Console]::IsInputRedirected) { throw ${literal(`To go on once it is done: $env:AKS_HARDEN_OVERRIDE = '${consent}'`)} }`,
    "  if ((Read-Host 'Type done once it is') -cne 'done') { throw 'It is not done.' }",
    '}',
  ],
  end: ['', '} finally {', '  Pop-Location', '  Remove-Item -Recurse -Force $work', '}'],
};
