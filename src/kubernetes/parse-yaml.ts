import { parseDocument, type Tags } from 'yaml';
import { clean } from '../model/foreign.ts';
import type { Json } from '../model/json.ts';
import { plainYaml } from './plain-yaml.ts';

/** Tags of YAML 1.1 that Kubernetes' own reader does not know: it leaves dates, and numbers with colons, as they are written. */
const unknownTags = /:(?:timestamp|binary|omap|pairs|set)$/;

const options = {
  // Kubernetes reads YAML 1.1: `yes` and `on` are true there, and a manifest that says `privileged: yes` means it.
  version: '1.1' as const,
  // A duplicate key is refused by the API server as well; an unknown tag is a warning.
  logLevel: 'silent' as const,
  prettyErrors: true,
  // `{{ .Values.name }}` is YAML, with an object for a key; Kubernetes takes texts alone.
  stringKeys: true,
  customTags: (tags: Tags) => tags.filter((tag) => typeof tag === 'string' || !(unknownTags.test(tag.tag) || ('format' in tag && tag.format === 'TIME'))),
};

/** One YAML document as JSON, or the line (counted in the file) and the reason why it is none. `line` is the file's line that the text begins at. */
export function wholeYaml({
  text,
  line,
}: {
  readonly text: string;
  readonly line: number;
}): { readonly value: Json } | { readonly line: number; readonly why: string } {
  try {
    const document = parseDocument(text, options);
    const [error] = document.errors;
    if (error)
      return { line: line + (error.linePos?.[0].line ?? 1) - 1, why: clean(error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '.') };
    // Through JSON, so that nothing comes out that JSON does not have: a repeated alias is repeated, a number that is none is null.
    return { value: (document.toJS({ maxAliasCount: 100 }) ?? null) as Json };
  } catch (thrown) {
    return { line, why: clean(thrown instanceof Error ? thrown.message : String(thrown)) };
  }
}

/** The same, in a shorter way for the plain form in which most manifests are written. */
export function parseYaml(piece: { readonly text: string; readonly line: number }): ReturnType<typeof wholeYaml> {
  const plain = plainYaml(piece.text);
  return plain === undefined ? wholeYaml(piece) : { value: plain };
}
