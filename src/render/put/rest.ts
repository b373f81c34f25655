import type { JsonObject } from '../../model/json.ts';
import type { Command } from '../../model/plan.ts';
import { az, fileFlag, flag, jsonFile } from '../az.ts';

/** One request as `az rest`. A relative `url` goes to Azure Resource Manager, of whichever cloud az is signed in to. */
export function restCommand(method: 'put' | 'patch' | 'post' | 'delete', url: string, subscription: string, body?: JsonObject): Command {
  const file = body === undefined ? undefined : jsonFile('body.json', body);
  return az(
    'rest',
    subscription,
    [flag('--method', method), flag('--url', url), ...(file ? [fileFlag('--body', file), ['--headers', 'Content-Type=application/json']] : [])],
    file ? { files: [file] } : {},
  );
}
