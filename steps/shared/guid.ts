/** FNV-1a over 32 bits, from a seed. */
function hash(text: string, seed: number): number {
  let value = seed >>> 0;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  // A last stir, because the low bits of FNV-1a follow the last letter.
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b) >>> 0;
  return (value ^ (value >>> 13)) >>> 0;
}

/**
 * The same GUID for the same words, whatever their case: the name of a resource that must be made only once however often the
 * plan is carried out. Version 8 of RFC 9562 (a form of one's own); it is a name, not a secret.
 */
export function guidOf(...words: readonly string[]): string {
  const text = words.join('\n').toLowerCase();
  const hex = [0x811c9dc5, 0x2f0b4a27, 0x9e3779b9, 0x5bd1e995].map((seed) => hash(text, seed).toString(16).padStart(8, '0')).join('');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
