import type { JsonObject } from '../model/json.ts';

/** What kubectl puts before an object in protobuf (Kubernetes docs: API concepts, protobuf encoding). */
const MAGIC = 'k8s\u0000';

/** Fields of a protobuf message that hold text, bytes or another message, by number; the last of each counts. Undefined for anything else. */
function fieldsIn(bytes: Buffer): ReadonlyMap<number, Buffer> | undefined {
  const fields = new Map<number, Buffer>();
  let place = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; place < bytes.length; shift += 7) {
      const byte = bytes[place] ?? 0;
      place += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (place < bytes.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === 0) varint();
    else if (type === 2) {
      const length = varint();
      if (place + length > bytes.length) return undefined;
      fields.set(Math.floor(tag / 8), bytes.subarray(place, place + length));
      place += length;
    } else return undefined;
  }
  return fields;
}

const message = (bytes: Buffer | undefined): ReadonlyMap<number, Buffer> => fieldsIn(bytes ?? Buffer.alloc(0)) ?? new Map();
const word = (fields: ReadonlyMap<number, Buffer>, number: number): string => fields.get(number)?.toString('utf8') ?? '';

/**
 * A review that kubectl sends in protobuf, as JSON: the kinds that `kubectl auth` asks with (authorization/v1 and authentication/v1,
 * generated.proto). `body` is binary text, one character a byte. Undefined for any other kind: those are not read here.
 */
export function reviewFromProtobuf(body: string): JsonObject | undefined {
  if (!body.startsWith(MAGIC)) return undefined;
  const envelope = message(Buffer.from(body.slice(MAGIC.length), 'latin1'));
  const type = message(envelope.get(1));
  const [apiVersion, kind] = [word(type, 1), word(type, 2)];
  const spec = message(message(envelope.get(2)).get(2));
  switch (kind) {
    case 'SelfSubjectReview':
      return { apiVersion, kind };
    case 'SelfSubjectRulesReview':
      return { apiVersion, kind, spec: { namespace: word(spec, 1) } };
    case 'SelfSubjectAccessReview': {
      const asked = message(spec.get(1));
      const attributes = { namespace: word(asked, 1), verb: word(asked, 2), group: word(asked, 3), resource: word(asked, 5), name: word(asked, 7) };
      return { apiVersion, kind, spec: { resourceAttributes: attributes } };
    }
    default:
      return undefined;
  }
}
