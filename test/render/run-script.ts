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

/** True for what a script calls before its first command: is everything here, who is signed in, which cluster does kubectl talk to. */
export const isSetup = ([program, word, verb]: readonly string[]): boolean =>
  program === 'kubelogin' || word === 'account' || word === 'version' || word === 'extension' || verb === 'get-credentials';

/** What the scripts and the stand-ins use of the system: nothing else is in PATH, so that a program can be missing. */
const tools = ['bash', 'cat', 'head', 'mktemp', 'rm', 'sort'];

const toolPaths: readonly string[] = execFileSync('bash', ['-c', `for tool in ${tools.join(' ')}; do type -P "$tool"; done`], { encoding: 'utf8' })
  .trim()
  .split('\n');

/** Stands in for az, kubectl and kubelogin: notes what it was given, and says its version and the tenant when it is asked. */
const standIn = `#!/usr/bin/env bash
# Nothing but bash itself: a matrix of scripts calls this thousands of times.
shopt -s nullglob
calls=("$RECORD"/*.argv)
printf -v call '%s/%04d' "$RECORD" "\${#calls[@]}"
name=\${0##*/}
printf '%s\\0' "$name" "$@" > "$call.argv"
stdin=
if [ "$name" = kubectl ]; then IFS= read -r -d '' stdin || true; fi
printf '%s' "$stdin" > "$call.stdin"
for file in *; do
  IFS= read -r -d '' text < "$file" || true
  printf '%s\\0%s\\0' "$file" "$text"
done > "$call.files"
if [ "$1 $2" = 'account show' ]; then echo "\${TENANT:-tenant-1}"; fi
if [ "$1 $2" = 'version --query' ]; then echo "\${VERSION:-2.91.0}"; fi
if [ -n "\${FAIL:-}" ] && [ "$1 $2" = "$FAIL" ]; then exit 7; fi
exit 0
`;

/** Texts between NUL characters. */
const parts = (path: string): readonly string[] => readFileSync(path, 'utf8').split('\0').slice(0, -1);

function callAt(path: string): Call {
  const files = parts(`${path}.files`);
  return {
    argv: parts(`${path}.argv`),
    stdin: readFileSync(`${path}.stdin`, 'utf8'),
    files: Object.fromEntries(files.flatMap((name, i) => (i % 2 === 0 ? [[name, files[i + 1] ?? '']] : []))),
  };
}

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
    for (const path of toolPaths) symlinkSync(path, join(folder, basename(path)));
    for (const name of ['az', 'kubectl', 'kubelogin'].filter((one) => one !== missing)) {
      writeFileSync(join(folder, name), standIn);
      chmodSync(join(folder, name), 0o755);
    }
    const file = join(folder, 'script.sh');
    writeFileSync(file, text);
    execFileSync('bash', ['-n', file]);
    const run = spawnSync('bash', [file], { encoding: 'utf8', env: { PATH: folder, RECORD: record, TMPDIR: folder, ...env } });
    const names = readdirSync(record).flatMap((name) => (name.endsWith('.argv') ? [name.slice(0, -'.argv'.length)] : []));
    const calls = names.sort().map((name) => callAt(join(record, name)));
    const left = readdirSync(folder).filter((name) => name.startsWith('tmp.'));
    if (left.length > 0) throw new Error(`the script left its folder behind: ${left.join(', ')}`);
    return { status: run.status, stderr: run.stderr, calls };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
