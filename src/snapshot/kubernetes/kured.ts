import { isObject, type Json, list } from '../../model/json.ts';
import { plain } from './listed.ts';

/** Options of kured that say when it may restart nodes (kured docs: configuration). None of them can hold a secret. */
const harmless = /^--(reboot-days|start-time|end-time|time-zone|period|lock-ttl|drain-grace-period|reboot-sentinel|concurrency)(=|$)/;

/** `--option=value` of kured's own schedule, from the container of that name; empty for every other program. */
export function kuredOptions(name: string, spec: Json | undefined): readonly string[] {
  if (!/\bkured\b/.test(name) || !isObject(spec)) return [];
  return list(spec['containers']).flatMap((container) => {
    if (!isObject(container)) return [];
    const words = [...list(container['command']), ...list(container['args'])].filter((word): word is string => typeof word === 'string');
    return words.flatMap((word, i) => {
      if (!harmless.test(word)) return [];
      const next = words[i + 1];
      return [plain(word.includes('=') || next === undefined || next.startsWith('--') ? word : `${word}=${next}`)];
    });
  });
}
