import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const folder = new URL('./kubernetes/', import.meta.url);

/**
 * The documents of each template, by its file's name without the ending. The build puts them into the program: what is shipped reads no file
 * and parses no YAML here.
 */
export const documents: { readonly [name: string]: readonly unknown[] } = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => [file.replace(/\.yaml$/, ''), parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')).map((document) => document.toJS() as unknown)]),
);
