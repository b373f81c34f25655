import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Problem, problemOf } from '../../src/model/problem.ts';
import { factsFromText, mostBytes, readFactsFile } from '../../src/snapshot/file.ts';
import { cluster } from './fake-arm.ts';

const folder = mkdtempSync(join(tmpdir(), 'facts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problemIn(text: string): Problem {
  try {
    factsFromText(text, 'c.json');
  } catch (thrown) {
    return problemOf(thrown);
  }
  throw new Error('it was read');
}

const whole = JSON.stringify(cluster, undefined, 2);
const manifest = 'apiVersion: v1\nkind: Service\n';

describe('what a file may not be: exit code 2, and why', () => {
  it.each<readonly [name: string, text: string, code: string, says: string]>([
    ['empty', '', 'file-empty', 'c.json is empty'],
    ['blank', ' \n\t ', 'file-empty', 'c.json is empty'],
    ['truncated', whole.slice(0, 300), 'file-truncated', 'breaks off at line'],
    ['truncated in a text', '{"a":"b', 'file-truncated', 'line 1, column'],
    ['not JSON', '{"a":1,\n"b" 2}', 'file-not-json', 'line 2, column 5'],
    ['a table', 'Name    Location\nlegacy  westeurope', 'file-not-json', 'line 1, column 1'],
    ['YAML of az', 'id: /subscriptions/x\nname: y\n', 'file-not-json', '-o json'],
    ['a manifest in YAML', manifest, 'file-wrong-kind', 'Kubernetes manifest'],
    ['a manifest in JSON', '{"apiVersion":"v1","kind":"Pod"}', 'file-wrong-kind', 'Kubernetes Pod'],
    ['another resource', '{"type":"Microsoft.Compute/virtualMachines","properties":{}}', 'file-wrong-kind', 'Microsoft.Compute/virtualMachines'],
    ['a node pool', '{"type":"Microsoft.ContainerService/managedClusters/agentPools","properties":{}}', 'file-wrong-kind', 'node pool'],
    ['a cluster without anything in it', '{"type":"Microsoft.ContainerService/managedClusters"}', 'file-wrong-kind', 'another resource'],
    ['an error of Azure', '{"error":{"code":"AuthorizationFailed"}}', 'file-wrong-kind', 'AuthorizationFailed'],
    ['some object', '{"hello":1,"world":2}', 'file-wrong-kind', 'hello, world'],
    ['a number', '42', 'file-wrong-kind', '42'],
    ['null', 'null', 'file-wrong-kind', 'does not hold a cluster'],
    ['an empty list', '[]', 'file-no-clusters', 'empty'],
    ['an empty value list', '{"value":[]}', 'file-no-clusters', 'empty'],
    ['a list with a stranger', JSON.stringify([cluster, { type: 'Microsoft.Web/sites' }]), 'file-wrong-kind', 'entry 2'],
    ['a snapshot of tomorrow', JSON.stringify({ schemaVersion: 2, cluster }), 'file-newer', 'newer version'],
    ['a snapshot without its cluster', JSON.stringify({ schemaVersion: 1, cluster: {} }), 'file-wrong-kind', 'does not hold a cluster'],
    ['too deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'file-wrong-kind', 'nested too deeply'],
  ])('%s', (_name, text, code, says) => {
    const problem = problemIn(text);
    expect(problem).toMatchObject({ code, exitCode: 2 });
    expect(`${problem.what} ${problem.why} ${problem.next.join(' ')}`).toContain(says);
    expect(problem.next.length).toBeGreaterThan(0);
  });

  it('missing, a folder, too large', async () => {
    const failing = async (file: string) => problemOf(await readFactsFile(file).catch((thrown: unknown) => thrown));
    expect(await failing(join(folder, 'absent.json'))).toMatchObject({ code: 'file-missing', exitCode: 2 });
    expect(await failing(folder)).toMatchObject({ code: 'file-unreadable', exitCode: 2 });
    const huge = join(folder, 'huge.json');
    writeFileSync(huge, '');
    truncateSync(huge, mostBytes + 1);
    expect(await failing(huge)).toMatchObject({ code: 'file-too-large', exitCode: 2 });
  });

  it('a file cannot write to the terminal', () => {
    const problem = problemIn('{"\u001b]0;owned\u0007":1,"type":"\u001b[2J\u202eevil"}');
    expect(JSON.stringify(problem)).not.toMatch(/\\u001b|\u202e|owned/);
  });

  it('whatever the bytes, a Problem or facts', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.nat(whole.length).map((end) => whole.slice(0, end)),
        ),
        (text) => {
          try {
            return factsFromText(text, 'c.json').length > 0;
          } catch (thrown) {
            return problemOf(thrown).exitCode === 2;
          }
        },
      ),
    );
  });
});
