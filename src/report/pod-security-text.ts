import { clean } from '../model/foreign.ts';
import { mark } from './symbols.ts';
import { wrap } from './wrap.ts';

/** One object with a pod in it, and what a Pod Security level says of it. */
export interface PodSecurityResult {
  readonly kind: string;
  /** None where the manifest names none. */
  readonly namespace: string | null;
  readonly name: string;
  readonly file: string;
  readonly allowed: boolean;
  readonly violations: readonly { readonly check: string; readonly field: string; readonly message: string; readonly fix: string }[];
}

/** An object that would be refused, with each field: lines for a person. Ends with a newline. */
export function refusedText({ kind, namespace, name, file, violations }: PodSecurityResult, line: number, options: { readonly ascii: boolean }): string {
  const lines = [`${mark('fail', options.ascii)} ${clean(kind)} ${namespace === null ? '' : `${clean(namespace)}/`}${clean(name)}  (${clean(file)}:${line})`];
  for (const { check, field, message, fix } of violations) {
    lines.push(`    ${field}  [${check}]`);
    for (const text of [...wrap(message, 110), ...wrap(`Fix: ${fix}`, 110)]) lines.push(`        ${text}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The sum at the end. Ends with a newline. */
export function podSecuritySum(level: string, version: string, { allowed, refused }: { readonly allowed: number; readonly refused: number }): string {
  const total = allowed + refused;
  if (total === 0) return 'No object with a pod in it was found.\n';
  return `${total} ${total === 1 ? 'object' : 'objects'} with a pod, by ${level} of Kubernetes ${version}: ${allowed} would be let in, ${refused} refused.\n`;
}
