import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the whole run one temporary folder, and takes it away at the end: no test leaves anything on the machine. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'aks-harden-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
