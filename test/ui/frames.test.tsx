import { afterEach, describe, expect, test } from 'vitest';
import type { Desk } from '../../src/session/deps.ts';
import { cells } from '../../src/ui/text/width.ts';
import { keys, type Stage, type StageOptions, stage } from './harness.tsx';

const sizes = [
  [100, 30],
  [80, 24],
  [59, 20],
] as const;

let open: Stage | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
async function on(options: Partial<StageOptions> & Pick<StageOptions, 'columns' | 'rows'>): Promise<Stage> {
  open = await stage(options);
  return open;
}

/** Keys to every screen, and words that must be on it at any size. */
const screens: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['overview', [], ['Overview', '0 of 2 controls hold', 'IDENTITY', '✗ fail', 'n next open']],
  ['filter', ['/', 'a', 'p', 'i'], ['Filter', 'Who can reach the API server?', 'Enter keep']],
  ['state', [keys.enter], ['Local accounts are certificates', 'Now  ✗ fail', 'wanted:', 'd decline']],
  ['options', [keys.enter, keys.enter], ['Turn them off', 'Recommended.', 'Impact', 'Undo', '2–5 min', 'Only with a new cluster']],
  ['preview', [keys.enter, keys.enter, keys.enter], ['What will change', '~ disableLocalAccounts', 'false → true', 'Way back:', '1 write']],
  ['decision', [keys.enter, keys.enter, keys.enter, keys.enter], ['What shall happen?', '❯ Apply now', 'Queue it', 'Show the commands']],
  ['commands', [keys.enter, keys.enter, keys.enter, keys.enter, 'j', 'j', keys.enter], ['az aks update', '--disable-local-accounts', 'c copy']],
  ['script', [keys.enter, keys.enter, keys.enter, 'v'], ['#!/usr/bin/env bash', 'Esc close', ' of ']],
  ['details', [keys.enter, 'v', keys.end], ['https://learn.microsoft.com/azure/aks/', '5.1.1']],
  ['decline', [keys.enter, 'd'], ['Why?', 'YYYY-MM-DD', 'Tab next field']],
  ['yes or no', [keys.enter, keys.enter, keys.enter, keys.enter, keys.enter], ['Apply this to shop-weu now?', '❯ No, go back', 'y yes']],
  ['queue', [keys.enter, keys.enter, keys.enter, keys.enter, 'j', keys.enter, 'r'], ['1 queued', 'Together', 'In this order', 'x take out']],
  ['values', ['j', keys.enter, keys.enter, keys.enter], ['Address ranges that may reach it', '203.0.113.9/32', 'CIDRs, one a line.']],
  ['help', ['?'], ['Help', 'Moving', 'Esc close']],
  ['quit', ['q'], ['Leave aks-harden?', '❯ Stay', 'Every decision is saved']],
];

describe.each(sizes)('at %dx%d', (columns, rows) => {
  test.each(screens)('%s', async (_name, pressed, words) => {
    const shown = await on({ columns, rows });
    await shown.see('Overview');
    await shown.press(...pressed);
    const text = shown.text();
    for (const word of words) expect(text).toContain(word);
    // Where we are is always on the screen, and the frame never outgrows the terminal.
    expect(text).toContain('shop-weu');
    expect(text).toContain('PRACTICE');
    expect(shown.frame().length).toBeLessThanOrEqual(rows - 1);
    for (const row of shown.frame()) expect(cells(row)).toBeLessThanOrEqual(columns);
  });

  test('reading', async () => {
    const read: Desk['read'] = (tell) => {
      tell?.({ kind: 'pods', objects: 4500 });
      return new Promise(() => {});
    };
    const shown = await on({ columns, rows, desk: { read } });
    const text = await shown.see('4,500 pods so far.');
    expect(text).toContain('Reading the cluster');
    expect(shown.frame().length).toBeLessThanOrEqual(rows - 1);
  });

  test('welcome', async () => {
    const shown = await on({ columns, rows, noEntrance: 'default', start: { kind: 'default' } });
    const text = await shown.see('How do you want to start?');
    for (const word of ['❯ Practise on a cluster from 2020', 'Sign in with the browser', 'Sign in with a device code', 'Quit']) expect(text).toContain(word);
    expect(shown.frame().length).toBeLessThanOrEqual(rows - 1);
    await shown.press(keys.enter);
    await shown.see('Overview');
  });

  test('applying and its summary', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const shown = await on({
      columns,
      rows,
      apply: async function* (plan) {
        const change = plan.changes[0]?.change.id ?? '';
        yield { type: 'started', change, at: '' };
        yield { type: 'waiting', change, at: '', elapsedMs: 60_000, detail: 'Updating' };
        await promise;
        yield { type: 'done', change, at: '', verified: { '2.4': { status: 'pass', evidence: [] } }, besides: [] };
        yield { type: 'finished', at: '', outcome: 'applied' };
      },
    });
    await shown.see('Overview');
    await shown.press(keys.enter, keys.enter, keys.enter, keys.enter, keys.enter, 'y');
    // The executor's minute, and seven seconds since it spoke.
    const running = await shown.see('1:07');
    expect(running).toContain('Turn local accounts off');
    expect(running).toContain('usually 2–5 min');
    await shown.press(keys.ctrlC);
    expect(await shown.see('Stop here?')).toContain('❯ Leave it running');
    await shown.press(keys.down, keys.enter);
    resolve();
    const summary = await shown.see('Enter goes on.');
    expect(summary).toContain('✓ pass     2.4 Local accounts are off');
    expect(shown.applied).toEqual(['identity.light/set']);
  });

  test('a problem says what, why and what to do', async () => {
    const shown = await on({ columns, rows, reach: { open: () => Promise.reject(new Error('the cluster is gone')) } });
    const text = await shown.see('ERROR:');
    for (const word of ['the cluster is gone', 'What to do', '❯ Try again', 'Quit']) expect(text).toContain(word);
  });
});

describe('frames as they are', () => {
  test('options side by side at 100 columns', async () => {
    const shown = await on({ columns: 100, rows: 24 });
    await shown.see('Overview');
    await shown.press(keys.enter, keys.enter);
    expect(shown.text()).toMatchInlineSnapshot(`
      " aks-harden  shop-weu · 00000000-0000-0000-0000-000000000001 · rg-shop · legacy           PRACTICE
       ──────────────────────────────────────────────────────────────────────────────────────────────────
       Identity › Do shared admin certificates still open the cluster? › Options              step 1 of 2

       ┏━ Turn them off ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓ ╭─ Only with a new cluster ────────────────────╮
       ┃ ★ Recommended. Nobody has used them for a    ┃ │ Not now: there is no second cluster          │
       ┃   month.                                     ┃ │                                              │
       ┃                                              ┃ │ Nothing is gained before then.               │
       ┃ Everybody signs in with Entra from then on.  ┃ │                                              │
       ┃ Pipelines that use the admin kubeconfig stop ┃ │ Impact   recreate: a new cluster             │
       ┃ working.                                     ┃ │ Time     8–16 h                              │
       ┃                                              ┃ │ Cost     A second cluster for a while.       │
       ┃ Impact   no disruption: no node is touched   ┃ │ Undo     yes: Nothing is done.               │
       ┃ Time     2–5 min                             ┃ │                                              │
       ┃ Cost     None.                               ┃ │                                              │
       ┃ Undo     yes: They can be turned on again.   ┃ │                                              │
       ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛ ╰──────────────────────────────────────────────╯




       ──────────────────────────────────────────────────────────────────────────────────────────────────
       ←→ ↑↓ compare  Enter choose  Esc back  s skip  d decline  n next open  r queue  ? help  q quit"
    `);
  });

  test('the same as cards at 59', async () => {
    const shown = await on({ columns: 59, rows: 20 });
    await shown.see('Overview');
    await shown.press(keys.enter, keys.enter);
    expect(shown.text()).toMatchInlineSnapshot(`
      " shop-weu · 00000000-0000-0000-0000-000000000…   PRACTICE
       ─────────────────────────────────────────────────────────
       Do shared admin certificates still open the…  step 1 of 2
       ❯ Turn them off ★ recommended
         ┃ ★ Recommended. Nobody has used them for a month.
         ┃
         ┃ Everybody signs in with Entra from then on. Pipelines
         ┃ that use the admin kubeconfig stop working.
         ┃
         ┃ Impact   no disruption: no node is touched
         ┃ Time     2–5 min
         ┃ Cost     None.
         ┃ Undo     yes: They can be turned on again.

         Only with a new cluster (not now)
           recreate · 8–16 h
       ─────────────────────────────────────────── 1–13 of 14 ──
       ←→ ↑↓ compare  PgUp PgDn page  Enter choose  Esc back
       s skip  d decline  n next open  r queue  ? help  q quit"
    `);
  });

  test('the overview in ASCII at 80', async () => {
    const shown = await on({ columns: 80, rows: 24, ascii: true });
    await shown.see('Overview');
    expect(shown.text()).toMatchInlineSnapshot(`
      " aks-harden  shop-weu - 00000000-0000-0000-0000-000000000001          PRACTICE
       ------------------------------------------------------------------------------
       Overview                                                                2 open

       ------------------------------  0 of 2 controls hold

       IDENTITY  1 fail
       > x fail        Do shared admin certificates still open the cluster?    - open

       CLUSTER  1 fail
         x fail        Who can reach the API server?                           - open









       ------------------------------------------------------------------------------
       Up/Down move  Enter open  / filter  n next open  r queue  u read again  ? help
       q quit"
    `);
  });
});

describe('the terminal', () => {
  test('too small: one line says so, and growing brings the screen back', async () => {
    const shown = await on({ columns: 39, rows: 11 });
    expect(await shown.see('Too small')).toContain('Too small (39x11). Enlarge to 40x12.');
    await shown.resize(80, 24);
    await shown.see('Overview');
  });

  test('the smallest that is served shows a frame', async () => {
    const shown = await on({ columns: 40, rows: 12 });
    await shown.see('Overview');
    expect(shown.frame().length).toBeLessThanOrEqual(11);
  });

  test('resizing keeps the cursor in sight', async () => {
    const shown = await on({ columns: 100, rows: 30 });
    await shown.see('Overview');
    await shown.press('j');
    await shown.resize(59, 14);
    expect(shown.text()).toContain('❯ Who can reach the API server?');
    await shown.resize(100, 30);
    expect(shown.text()).toMatch(/❯ ✗ fail +Who can reach/);
  });

  test('Ctrl-C once only warns', async () => {
    const shown = await on({ columns: 80, rows: 24 });
    await shown.see('Overview');
    await shown.press(keys.ctrlC);
    expect(shown.text()).toContain('Press Ctrl-C again to quit');
    await shown.press(keys.ctrlC);
    expect(await shown.session.finished).toBe(130);
  });

  test('a pasted list lands in the field, and is no heap of keys elsewhere', async () => {
    const shown = await on({ columns: 80, rows: 24 });
    await shown.see('Overview');
    await shown.paste('q\ry\r');
    expect(shown.text()).toContain('Overview');
    await shown.press('j', keys.enter, keys.enter, keys.enter, keys.ctrlU);
    await shown.paste('198.51.100.0/24\n192.0.2.0/24');
    expect(shown.text()).toContain('198.51.100.0/24');
    expect(shown.text()).toContain('192.0.2.0/24');
  });

  test('Escape goes back and nothing typed is lost', async () => {
    const shown = await on({ columns: 80, rows: 24 });
    await shown.see('Overview');
    await shown.press('j', keys.enter, keys.enter, keys.enter, keys.tab, 'X', keys.escape);
    await shown.see('recommended');
    await shown.press(keys.enter);
    expect(shown.text()).toContain('officeX');
  });

  test('without colour the cursor of a field is still seen, and badges are in brackets', async () => {
    const shown = await on({ columns: 80, rows: 24, colour: false });
    await shown.see('Overview');
    expect(shown.text()).toContain('[PRACTICE]');
    await shown.press(keys.enter, 'd', 'n', 'o');
    expect(shown.text()).toContain('no▏');
  });
});

describe('for screen readers', () => {
  test('lists have roles and states, nothing is drawn to be looked at', async () => {
    const shown = await on({ columns: 80, rows: 24, screenReader: true });
    const text = await shown.see('Overview');
    expect(text).toContain('option: (selected) ');
    expect(text).toContain('Keys:');
    expect(text).not.toMatch(/[─━│┃╭┏]/);
    await shown.press(keys.enter, keys.enter);
    const options = shown.text();
    expect(options).not.toMatch(/[─━│┃╭┏]/);
    expect(options).toContain('(disabled)');
    // Every option in full: nobody can see that there is more further down.
    for (const word of ['Everybody signs in with Entra', 'Nothing is gained before then']) expect(options).toContain(word);
  });
});
