import { at, isObject, type JsonObject, path } from '../model/json.ts';

type Labels = JsonObject;

/** One requirement of a label selector; undefined when it is none (Kubernetes docs: labels and selectors). */
function requirement(part: string): ((labels: Labels) => boolean) | undefined {
  const equal = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(part);
  if (equal !== null) {
    const [, key = '', sign, value] = equal;
    return (labels) => (labels[key] === value) === (sign !== '!=');
  }
  const set = /^([\w./-]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set !== null) {
    const [, key = '', word, values = ''] = set;
    const wanted = values.split(',').map((value) => value.trim());
    return (labels) => wanted.some((value) => labels[key] === value) === (word === 'in');
  }
  const there = /^(!?)\s*([\w./-]+)$/.exec(part);
  if (there === null) return undefined;
  const [, not, key = ''] = there;
  return (labels) => (labels[key] !== undefined) === (not === '');
}

/** Whether an object has the labels that a selector asks for: `app=web,tier!=x`, `app in (a,b)`, `!app`. Undefined for a selector that is none. */
export function selects(selector: string): ((object: JsonObject) => boolean) | undefined {
  const parts = selector.split(/,(?![^(]*\))/).map((part) => requirement(part.trim()));
  const tests = parts.filter((part) => part !== undefined);
  if (tests.length < parts.length) return undefined;
  return (object) => {
    const metadata = object['metadata'];
    const labels = isObject(metadata) && isObject(metadata['labels']) ? metadata['labels'] : {};
    return tests.every((test) => test(labels));
  };
}

/** Fields that every kind can be selected by, and what pods can be selected by beside them (Kubernetes docs: field selectors). */
const fields: readonly string[] = ['metadata.name', 'metadata.namespace', 'status.phase', 'spec.nodeName'];

/** Whether an object has the fields that a selector asks for: `metadata.name=web,status.phase!=Running`. Undefined for a selector that is none. */
export function selectsFields(selector: string): ((object: JsonObject) => boolean) | undefined {
  const parts = selector.split(',').map((part) => /^([\w.]+)(==|=|!=)(.*)$/.exec(part.trim()));
  const tests = parts.flatMap((part) =>
    part === null || !fields.includes(part[1] ?? '') ? [] : [{ place: path(part[1] ?? ''), isNot: part[2] === '!=', value: part[3] }],
  );
  if (tests.length < parts.length) return undefined;
  return (object) => tests.every(({ place, isNot, value }) => ((at(object, place) ?? '') === value) !== isNot);
}
