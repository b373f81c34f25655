import { clean } from '../model/foreign.ts';
import type { Problem } from '../model/problem.ts';

/** What the `{{` and `{%` of a template come to in YAML. */
const templated = /\{\{|all keys must be strings|reserved character %|"\{" stands where/i;

/** A manifest, or a document of one, that is neither YAML nor JSON. `line` counts from 1. */
export function brokenManifest(file: string, line: number | undefined, why: string): Problem {
  const shown = clean(file);
  return {
    code: 'manifest-broken',
    what: line === undefined ? `${shown} cannot be read.` : `${shown}, line ${line}: this is not a manifest that can be read.`,
    why: clean(why),
    next: templated.test(why)
      ? ['It looks like a template. Render it first: helm template NAME CHART, or kubectl kustomize FOLDER']
      : ['Mend it; everything else was read.'],
  };
}

/** A path that leads nowhere, or to what nobody may read. */
export function unreadable(file: string, why: string): Problem {
  return { code: 'manifest-unreadable', what: `${clean(file)} cannot be read.`, why: clean(why), next: ['Check the path and its permissions.'] };
}

/** A folder without a manifest in it. */
export function emptyFolder(folder: string): Problem {
  return {
    code: 'manifest-none',
    what: `There is no manifest in ${clean(folder)}.`,
    why: 'Files that end in .yaml, .yml or .json are read, also from the folders below.',
    next: ['Name a folder that has some, or a file.'],
  };
}

/** A document that was named and is no Kubernetes object. */
export function notKubernetes(file: string, line: number): Problem {
  return {
    code: 'manifest-not-kubernetes',
    what: `${clean(file)}, line ${line}: this is not a Kubernetes object.`,
    why: 'It has no apiVersion and kind.',
    next: ['Name manifests, or what `kubectl get -o yaml` or `-o json` printed.'],
  };
}
