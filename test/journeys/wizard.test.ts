import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Checklist } from '../../src/model/checklist.ts';
import { openTerminal, type Terminal } from './terminal.ts';

let terminal: Terminal | undefined;
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

async function open(columns = 100, rows = 30): Promise<Terminal> {
  terminal = await openTerminal(columns, rows);
  return terminal;
}

/** The one checklist below the folder. */
async function checklistOf({ folder }: Terminal): Promise<Checklist> {
  const home = join(folder, 'aks-hardening');
  const [name] = (await readdir(home)).filter((file) => file.endsWith('.json') && !file.endsWith('.world.json'));
  return JSON.parse(await readFile(join(home, name ?? ''), 'utf8')) as Checklist;
}

/** Moves the cursor of the overview down to a step, one row at a time. */
async function goTo({ keys, see }: Terminal, title: string): Promise<void> {
  const rowOf = (screen: string) => /❯ .*/.exec(screen)?.[0] ?? '';
  let row = rowOf(await see('❯ '));
  while (!row.includes(title)) {
    const before = row;
    await keys('Down');
    row = rowOf(await see((screen) => rowOf(screen) !== '' && rowOf(screen) !== before));
  }
}

/** From the overview to the decision of the step, with every default taken. */
async function decideLogs(terminal: Terminal): Promise<void> {
  const { keys, see } = terminal;
  await goTo(terminal, 'Where do the audit log');
  await keys('Enter');
  await see(/step \d+ of \d+/);
  await keys('Enter');
  await see('› Options');
  await keys('Enter');
  await see('value 1 of 3');
  await keys('Tab');
  await see('value 2 of 3');
  await keys('Tab');
  await see('value 3 of 3');
  await keys('Tab');
  await see('› Preview');
  await keys('Enter');
  await see('What shall happen?');
}

/** The long operation while it runs, with the time it has taken. */
const underWay = /Applying +Have AKS update the nodes.* \d:\d\d/;

/** From the overview to the confirmation of the step that replaces every node: a long operation. */
async function confirmNodeUpdates(terminal: Terminal): Promise<void> {
  const { keys, type, see } = terminal;
  await goTo(terminal, 'Who patches the nodes');
  await keys('Enter');
  await see(/step \d+ of \d+/);
  await keys('Enter');
  await see('› Options');
  await keys('Enter');
  let screen = await see(/value 1 of (\d)/);
  const values = Number(/value 1 of (\d)/.exec(screen)?.[1]);
  for (let value = 2; value <= values; value += 1) {
    await keys('Tab');
    await see(`value ${value} of ${values}`);
  }
  await keys('Tab');
  await see('› Preview');
  await keys('Enter');
  await see('What shall happen?');
  await keys('Enter');
  screen = await see('type the name of the cluster');
  expect(screen).toContain('shop-legacy');
  await type('shop-legacy');
  await keys('Enter');
}

describe('the wizard in a real terminal', () => {
  it('guided: welcome, practice, a step with its defaults, applied, verified, remembered', async () => {
    const t = await open();
    await t.start();
    await t.see('No Azure sign-in was found');
    await t.keys('Enter');
    await t.see('controls hold');
    await decideLogs(t);
    await t.keys('Enter');
    await t.see('Apply this to shop-legacy now?');
    // Enter on the default is No.
    await t.keys('Enter');
    await t.see('What shall happen?');
    expect((await checklistOf(t)).operations).toEqual([]);
    await t.keys('Enter');
    await t.see('Apply this to shop-legacy now?');
    await t.keys('y');
    const summary = await t.see('Applied, and read again to make sure');
    expect(summary).toMatch(/pass +3\.1/);
    expect(summary).toContain('PRACTICE');
    await t.keys('q');
    await t.see(/leave|quit/i);
    await t.keys('y');
    const left = await t.see('exit=0');
    expect(left).toContain('aks-harden resume');
    const checklist = await checklistOf(t);
    expect(checklist.steps['platform.control-plane-logs']?.status).toBe('verified');
    expect(checklist.practice?.scenario).toBe('legacy');
  });

  it('resume after kill -9 in the middle of an operation: it is followed, not sent again', async () => {
    const t = await open();
    await t.start('--practice', '--speed', '20');
    await t.see('controls hold');
    await confirmNodeUpdates(t);
    await t.see(underWay, 60);
    await t.kill();
    await t.see('exit=137');
    const before = await checklistOf(t);
    const running = before.operations.filter(({ status }) => status === 'running');
    expect(running).toHaveLength(1);
    expect(running[0]?.poller).toBeTruthy();
    await t.start('resume', '--speed', '600');
    expect(await t.see('Still under way')).toContain('What changed since');
    await t.keys('Enter');
    await t.see(/Following what still runs|What came of it/, 60);
    await t.see('read again to make sure', 90);
    const after = await checklistOf(t);
    expect(after.operations.filter(({ id }) => id === running[0]?.id).map(({ status }) => status)).toEqual(['succeeded']);
    expect(after.operations.length).toBe(before.operations.length);
  });

  it('Ctrl-C during an operation asks; leaving it running ends with 130 and a way back', async () => {
    const t = await open();
    await t.start('--practice', '--speed', '20');
    await t.see('controls hold');
    await confirmNodeUpdates(t);
    await t.see(underWay, 60);
    await t.keys('C-c');
    await t.see(/leave/i);
    await t.keys('Enter');
    const left = await t.see(/exit=\d+/, 60);
    expect(left).toContain('exit=130');
    expect(left).toContain('aks-harden resume');
    expect((await checklistOf(t)).operations.some(({ status }) => status === 'left-running')).toBe(true);
  });

  it('asks for a larger terminal at 39×11, works at 59×20, and shows itself again after a resize', async () => {
    const t = await open(59, 20);
    await t.start('--practice');
    await t.see('PRACTICE');
    await t.resize(39, 11);
    await t.see(/larger|enlarge/i);
    await t.resize(100, 30);
    await t.see('controls hold');
    // A key that means nothing changes nothing.
    await t.keys('x');
    await goTo(t, 'Do shared admin certificates');
    await t.keys('Enter');
    await t.see(/step \d+ of \d+/);
    await t.keys('C-c');
    await t.see(/again/);
    await t.keys('C-c');
    await t.see('exit=130');
  });
});
