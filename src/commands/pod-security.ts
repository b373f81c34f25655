import { type Manifest, readManifests } from '../kubernetes/manifests.ts';
import { clean } from '../model/foreign.ts';
import { type JsonObject, text } from '../model/json.ts';
import { earliestMinor, evaluatePod, type Level, latestMinor, minorOf, podTemplateOf } from '../model/pod-security/index.ts';
import { type PodSecurityResult, podSecuritySum, refusedText } from '../report/pod-security-text.ts';
import { problemText } from '../report/problem-text.ts';
import type { Io } from './io.ts';
import { tellBroken } from './kube-way.ts';
import { type Invocation, usageProblem } from './parse.ts';

/** The version whose rules count, as `1.NN`. */
function versionOf(invocation: Invocation, io: Io): string {
  const given = invocation.text('kube-version') ?? 'latest';
  const minor = minorOf(given);
  if (minor === undefined) {
    throw usageProblem(`--kube-version does not take "${clean(given)}".`, `It takes 1.${earliestMinor} to 1.${latestMinor}, or latest.`, [
      'Give the version of the cluster: kubectl version',
    ]);
  }
  const asked = Number(/^v?1\.(\d+)/.exec(given)?.[1] ?? minor);
  if (asked > minor) io.err(`The rules of Kubernetes 1.${minor} are the latest known here; they stand for ${clean(given)}.\n`);
  return `1.${minor}`;
}

function nameOf(object: JsonObject): { readonly namespace: string | null; readonly name: string } {
  const metadata = object['metadata'];
  const at = (key: string) => (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? text((metadata as JsonObject)[key]) : undefined);
  const namespace = at('namespace');
  return { namespace: namespace === undefined ? null : clean(namespace), name: clean(at('name') ?? at('generateName') ?? '') };
}

/** What a level says of an object; undefined for one without a pod. */
function resultOf({ object, file }: Extract<Manifest, { found: 'object' }>, level: Level, version: string): PodSecurityResult | undefined {
  const found = podTemplateOf(object);
  if (!found) return undefined;
  const violations = evaluatePod(found.pod, level, version).map(({ check, field, message, fix }) => ({
    check,
    field: `${found.prefix}${field}`,
    message,
    fix,
  }));
  return { kind: clean(text(object['kind']) ?? ''), ...nameOf(object), file, allowed: violations.length === 0, violations };
}

/**
 * `aks-harden pod-security PATH…`: which pods and controllers a Pod Security level would refuse, from manifests alone. Exit 1 when something
 * could not be read (the rest is told all the same), 3 with --exit-code when something would be refused.
 */
export async function podSecurity(invocation: Invocation, io: Io): Promise<number> {
  if (invocation.positionals.length === 0) {
    throw usageProblem('No manifest is named.', 'pod-security reads files, folders, or - for standard input.', [
      'aks-harden pod-security deploy/ --level baseline',
    ]);
  }
  const level: Level = invocation.text('level') === 'restricted' ? 'restricted' : 'baseline';
  const version = versionOf(invocation, io);
  const json = invocation.text('output') === 'json';
  const ascii = invocation.flag('ascii');
  const count = { allowed: 0, refused: 0, broken: 0, other: 0 };
  if (json) io.out('[');
  for await (const manifest of readManifests(invocation.positionals, io.stdin)) {
    if (io.signal.aborted) break;
    if (manifest.found === 'problem') {
      count.broken += 1;
      io.err(problemText(manifest.problem));
      continue;
    }
    if (manifest.found === 'other') {
      count.other += 1;
      continue;
    }
    const result = resultOf(manifest, level, version);
    if (!result) continue;
    if (json) io.out(`${count.allowed + count.refused > 0 ? ',' : ''}\n${JSON.stringify(result)}`);
    else if (!result.allowed) io.out(refusedText(result, manifest.line, { ascii }));
    count[result.allowed ? 'allowed' : 'refused'] += 1;
  }
  if (json) io.out('\n]\n');
  else io.out(podSecuritySum(level, version, count));
  if (count.other > 0)
    io.err(`${count.other} ${count.other === 1 ? 'document is' : 'documents are'} no Kubernetes ${count.other === 1 ? 'object' : 'objects'} and left out.\n`);
  if (count.broken > 0) {
    return tellBroken(count.broken, io);
  }
  return count.refused > 0 && invocation.flag('exit-code') ? 3 : 0;
}
