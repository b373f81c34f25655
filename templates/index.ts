import { isObject, type Json, type JsonObject } from '../src/model/json.ts';
import { documents } from './texts.ts';

/** What stands for a placeholder. A placeholder that is a whole value takes any JSON, one inside of a text takes a text or a number. */
export interface TemplateValues {
  readonly [placeholder: string]: Json;
}

const placeholder = /\{\{([A-Za-z]+)\}\}/g;

function fillText(text: string, values: TemplateValues, used: Set<string>): Json {
  const value = (name: string): Json => {
    const found = values[name];
    if (found === undefined) throw new Error(`The template's {{${name}}} was given no value.`);
    used.add(name);
    return found;
  };
  const whole = /^\{\{([A-Za-z]+)\}\}$/.exec(text)?.[1];
  if (whole !== undefined) return value(whole);
  return text.replace(placeholder, (_all, name: string) => String(value(name)));
}

function fill(part: unknown, values: TemplateValues, used: Set<string>): Json {
  if (typeof part === 'string') return fillText(part, values, used);
  if (Array.isArray(part)) return part.map((entry: unknown) => fill(entry, values, used));
  if (isObject(part)) return Object.fromEntries(Object.entries(part).map(([key, value]) => [String(fillText(key, values, used)), fill(value, values, used)]));
  return (part ?? null) as Json;
}

/**
 * The Kubernetes objects of `templates/kubernetes/NAME.yaml` with its `{{placeholders}}` filled. Values go into parsed YAML, not into text:
 * whatever a name holds, it stays one value. Throws an Error when the template does not exist, or when a placeholder or a value is left over.
 */
export function fromTemplate(name: string, values: TemplateValues): readonly JsonObject[] {
  const found = documents[name];
  if (!found) throw new Error(`There is no template ${name}.`);
  const used = new Set<string>();
  const filled = found.map((document) => fill(document, values, used)).filter(isObject);
  const left = Object.keys(values).filter((key) => !used.has(key));
  if (left.length > 0) throw new Error(`The template ${name} has no {{${left.join('}}, {{')}}}.`);
  return filled;
}
