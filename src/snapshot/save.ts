import type { Facts } from '../model/facts.ts';
import { isObject, type Json } from '../model/json.ts';

/** Names of properties that hold a secret as text. Azure does not send these in a GET; a file made by hand may have them. */
const secretName = /(password|passphrase|secret|token|connectionstring|sharedkey|accountkey|accesskey|privatekey|kubeconfig|credentials?)$/i;

/** A user and password inside an address, as in a proxy's. */
const userInfo = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]*@/gi;

/** JSON without what a secret could be: texts under a name that says secret go, user and password in addresses go. */
export function withoutSecrets(value: Json): Json {
  if (typeof value === 'string') return value.replace(userInfo, '$1');
  if (Array.isArray(value)) return value.map((entry: Json) => withoutSecrets(entry));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => {
      if (entry === undefined || (typeof entry === 'string' && secretName.test(key))) return [];
      return [[key, withoutSecrets(entry)]];
    }),
  );
}

/** Facts as a file's text, which `factsFromText` reads again. Holds no secret. */
export function snapshotText(facts: Facts): string {
  return `${JSON.stringify(withoutSecrets(facts as unknown as Json), undefined, 2)}\n`;
}
