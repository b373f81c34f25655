import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A program call as a stand-in saw it: arguments, standard input, and the files around it. */
export interface Call {
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly files: { readonly [name: string]: string };
}

/** What the scripts and the stand-ins use of the system: nothing else is in PATH, so that a program can be missing. */
const tools = ['bash', 'basename', 'cat', 'cp', 'head', 'ls', 'mkdir', 'mktemp', 'rm', 'sort', 'wc'];

const toolPaths = (): readonly string[] =>
  execFileSync('bash', ['-c', `for tool in ${tools.join(' ')}; do type -P "$tool"; done`], { encoding: 'utf8' })
    .trim()
    .split('\n');

/** Stands in for az, kubectl and kubelogin: notes what it was given, and says its version and the tenant when it is asked. */
const standIn = `#!/usr/bin/env bash
n=$(ls "$RECORD" | wc -l)
call="$RECORD/$(printf '%04d' "$n")"
mkdir "$call" "$call/files"
printf '%s\\0' "$(basename "$0")" "$@" > "$call/argv"
if [ "$(basename "$0")" = kubectl ]; then cat > "$call/stdin"; else : > "$call/stdin"; fi
cp ./* "$call/files/" 2>/dev/null
if [ "$1 $2" = 'account show' ]; then echo "\${TENANT:-tenant-1}"; fi
if [ "$1 $2" = 'version --query' ]; then echo "\${VERSION:-2.91.0}"; fi
if [ -n "\${FAIL:-}" ] && [ "$1 $2" = "$FAIL" ]; then exit 7; fi
exit 0
`;

/** Runs a bash script with stand-ins for the programs it calls (all but `missing`), and gives what they saw. */
export function runScript(
  text: string,
  env: { readonly [name: string]: string } = {},
  missing?: string,
): { readonly status: number | null; readonly stderr: string; readonly calls: readonly Call[] } {
  const folder = mkdtempSync(join(tmpdir(), 'aks-harden-test-'));
  try {
    const record = join(folder, 'record');
    mkdirSync(record);
    for (const path of toolPaths()) symlinkSync(path, join(folder, basename(path)));
    for (const name of ['az', 'kubectl', 'kubelogin'].filter((one) => one !== missing)) {
      writeFileSync(join(folder, name), standIn);
      chmodSync(join(folder, name), 0o755);
    }
    const file = join(folder, 'script.sh');
    writeFileSync(file, text);
    execFileSync('bash', ['-n', file]);
    const run = spawnSync('bash', [file], { encoding: 'utf8', env: { PATH: folder, RECORD: record, TMPDIR: folder, ...env } });
    const calls = readdirSync(record)
      .sort()
      .map((name): Call => {
        const files = readdirSync(join(record, name, 'files')).map((one) => [one, readFileSync(join(record, name, 'files', one), 'utf8')] as const);
        return {
          argv: readFileSync(join(record, name, 'argv'), 'utf8')
            .split('\0')
            .slice(0, -1),
          stdin: readFileSync(join(record, name, 'stdin'), 'utf8'),
          files: Object.fromEntries(files),
        };
      });
    const left = readdirSync(folder).filter((name) => name.startsWith('tmp.'));
    if (left.length > 0) throw new Error(`the script left its folder behind: ${left.join(', ')}`);
    return { status: run.status, stderr: run.stderr, calls };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
