import type { ArmResource, KubernetesAccess } from '../model/facts.ts';
import { at, isObject, type Json, list, path, text } from '../model/json.ts';
import { kubeListPath, kubeObjectPath } from '../model/kube-kinds.ts';
import type { Answer } from './answer.ts';
import { answerKube } from './kube.ts';
import { kindByWord, type ServedKind, servedKinds } from './kube-kinds.ts';
import { objectName, objectNamespace, objectsOf } from './kube-objects.ts';
import type { Program, Ran } from './pod-shell.ts';
import type { World } from './world.ts';

const done = (out: string, exitCode = 0, err = ''): Ran => ({ exitCode, out: Buffer.from(out), err });
const failed = (why: string): Ran => done('', 1, `${why}\n`);

/** A command line's words and its options: `-n x`, `--flag=x`, `-A`. */
function read(args: readonly string[]): { readonly words: readonly string[]; readonly option: (...names: readonly string[]) => string | undefined } {
  const withValue = ['-n', '--namespace', '-o', '--output', '-f', '--filename', '-p', '--patch', '--patch-file', '--type', '--raw'];
  const words: string[] = [];
  const options = new Map<string, string>();
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const [, name, value] = /^(--?[\w-]+)=(.*)$/s.exec(arg) ?? [];
    if (name !== undefined) options.set(name, value ?? '');
    else if (withValue.includes(arg)) {
      options.set(arg, args[i + 1] ?? '');
      i += 1;
    } else if (arg.startsWith('-') && arg !== '-') options.set(arg, 'true');
    else words.push(arg);
  }
  return { words, option: (...names) => names.map((name) => options.get(name)).find((value) => value !== undefined) };
}

/** An answer of the API server as kubectl prints it. */
function printed(answer: Answer): Ran {
  if (answer.status >= 400) {
    const reason = text(at(answer.body, ['reason']));
    return failed(`Error from server${reason === undefined || reason === '' ? '' : ` (${reason})`}: ${text(at(answer.body, ['message'])) ?? ''}`);
  }
  const warnings = [...(answer.headers['warning'] ?? '').matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(
    (one) => `Warning: ${(one[1] ?? '').replace(/\\(.)/g, '$1')}\n`,
  );
  return done(answer.text ?? `${JSON.stringify(answer.body, null, 4)}\n`, 0, warnings.join(''));
}

/** kubectl in the pod of a run-command, as far as the practice world has it: get, apply, patch, delete, auth can-i, version. */
export function podKubectl(world: World, cluster: ArmResource, access: KubernetesAccess): Program {
  const kinds = () => servedKinds(world.state.kubernetes);
  const send = (method: string, url: string, body?: Json, contentType = ''): Ran => {
    const { pathname, searchParams } = new URL(url, 'https://practice.invalid');
    return printed(answerKube(world, cluster, access, { method, path: pathname, query: searchParams, contentType, body }));
  };
  const unknownKind = (word: string): Ran => failed(`error: the server doesn't have a resource type "${word}"`);
  const kindOfObject = (object: Json): ServedKind | undefined =>
    kinds().find((kind) => kind.kind === at(object, ['kind']) && `${kind.group === '' ? '' : `${kind.group}/`}${kind.version}` === at(object, ['apiVersion']));

  function get(args: readonly string[]): Ran {
    const { words, option } = read(args);
    const raw = option('--raw');
    if (raw !== undefined) return send('GET', raw);
    const [word = '', name] = words;
    const kind = kindByWord(kinds(), word);
    if (kind === undefined) return unknownKind(word);
    const namespace = option('-A', '--all-namespaces') === undefined ? (option('-n', '--namespace') ?? 'default') : undefined;
    const place = kind.namespaced ? namespace : undefined;
    const isJson = option('-o', '--output') === 'json';
    if (name !== undefined) {
      const one = send('GET', kubeObjectPath(kind, name, place));
      return isJson || one.exitCode !== 0 ? one : done(`NAME\n${name}\n`);
    }
    const asked = send('GET', kubeListPath(kind, place));
    if (asked.exitCode !== 0) return asked;
    const items = objectsOf(world, cluster, kind, place);
    if (isJson) return done(`${JSON.stringify({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items }, null, 4)}\n`);
    const lines = items.map((item) => [objectNamespace(item), objectName(item)].filter(Boolean).join('   '));
    return done(items.length === 0 ? 'No resources found\n' : `${['NAME', ...lines].join('\n')}\n`);
  }

  function apply(args: readonly string[], stdin: Buffer, files: ReadonlyMap<string, Buffer>): Ran {
    const { option } = read(args);
    const file = option('-f', '--filename') ?? '';
    const whole = (file === '-' ? stdin : (files.get(file) ?? Buffer.alloc(0))).toString('utf8');
    let body: Json;
    try {
      body = JSON.parse(whole) as Json;
    } catch {
      return failed(`error: error parsing ${file}: only JSON is read here`);
    }
    const objects = isObject(body) && Array.isArray(body['items']) ? list(body['items']) : [body];
    const dry = option('--dry-run') === 'server' ? '&dryRun=All' : '';
    const ran = objects.map((object) => {
      const kind = kindOfObject(object);
      if (kind === undefined) return failed(`error: no matches for kind "${String(at(object, ['kind']))}" in version "${String(at(object, ['apiVersion']))}"`);
      const url = kubeObjectPath(kind, objectName(object), kind.namespaced ? objectNamespace(object) || 'default' : undefined);
      return send('PATCH', `${url}?fieldManager=${option('--field-manager') ?? 'kubectl'}${dry}`, object, 'application/apply-patch+yaml');
    });
    return {
      exitCode: ran.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
      out: Buffer.concat(ran.map(({ out }) => out)),
      err: ran.map(({ err }) => err).join(''),
    };
  }

  function onOne(verb: 'patch' | 'delete', args: readonly string[], files: ReadonlyMap<string, Buffer>): Ran {
    const { words, option } = read(args);
    const kind = kindByWord(kinds(), words[0] ?? '');
    if (kind === undefined) return unknownKind(words[0] ?? '');
    const dry = option('--dry-run') === 'server' ? '&dryRun=All' : '';
    const place = kubeObjectPath(kind, words[1] ?? '', kind.namespaced ? (option('-n', '--namespace') ?? 'default') : undefined);
    const url = `${place}?fieldManager=${option('--field-manager') ?? `kubectl-${verb}`}${dry}`;
    if (verb === 'delete') {
      const isThere = send('GET', place).exitCode === 0;
      return isThere || option('--ignore-not-found') === undefined ? send('DELETE', url) : done('');
    }
    const patch = option('-p', '--patch') ?? (files.get(option('--patch-file') ?? '') ?? Buffer.alloc(0)).toString('utf8');
    const type = option('--type') === 'merge' ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json';
    try {
      return send('PATCH', url, JSON.parse(patch) as Json, type);
    } catch {
      return failed('error: unable to parse the patch');
    }
  }

  return (args, stdin, files) => {
    const [verb, ...rest] = args;
    switch (verb) {
      case 'get':
        return get(rest);
      case 'apply':
        return apply(rest, stdin, files);
      case 'patch':
      case 'delete':
        return onOne(verb, rest, files);
      case 'auth':
        return done(access.allowed ? 'yes\n' : 'no\n', access.allowed ? 0 : 1);
      case 'version':
        return done(`Server Version: v${text(at(cluster, path('properties.currentKubernetesVersion'))) ?? ''}\n`);
      default:
        return failed(`error: the practice cluster does not run "kubectl ${args.join(' ')}"`);
    }
  };
}
