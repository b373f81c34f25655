import type { Key } from 'ink';
import { describe, expect, test } from 'vitest';
import { bindings, type Context, deedsOf, hintsOf } from '../../src/ui/keys.ts';

const none: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};
const contexts: readonly Context[] = [...new Set(bindings.flatMap((binding) => binding.contexts))];
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

describe('the key table', () => {
  test('letters are text while a field has the focus', () => {
    for (const letter of printable) {
      for (const field of ['text', 'lines'] as const) {
        expect(deedsOf(letter, none, [field, 'back', 'anywhere', 'walk', 'step', 'name', 'fields'])).toEqual([{ intent: { type: 'text', text: letter } }]);
      }
    }
  });

  test('only y confirms a question, Enter a typed name or a chosen Yes', () => {
    const confirms = (input: string, key: Key, here: Context) => deedsOf(input, key, [here]).some((deed) => 'intent' in deed && deed.intent.type === 'confirm');
    const byLetter = contexts.flatMap((context) => printable.filter((letter) => confirms(letter, none, context)).map((letter) => `${context} ${letter}`));
    expect(byLetter).toEqual(['ask Y', 'ask y']);
    expect(contexts.filter((context) => confirms('', { ...none, return: true }, context)).sort()).toEqual(['name', 'yes']);
  });

  test('digits only move', () => {
    for (const context of contexts.filter((each) => each !== 'text' && each !== 'lines')) {
      const deeds = deedsOf('3', none, [context]);
      expect(deeds.every((deed) => 'intent' in deed && deed.intent.type === 'move')).toBe(true);
    }
    expect(deedsOf('3', none, ['list'])).toEqual([{ intent: { type: 'move', by: 'first' } }, { intent: { type: 'move', by: 2 } }]);
  });

  test('a heap of letters is nothing but text, or moving', () => {
    expect(deedsOf('yy', none, ['ask', 'list'])).toEqual([]);
    expect(deedsOf('d\r', none, ['step', 'list'])).toEqual([]);
    expect(deedsOf('jjj', none, ['list'])).toEqual([{ intent: { type: 'move', by: 3 } }]);
    expect(deedsOf('10.0.0.0/8', none, ['lines'])).toEqual([{ intent: { type: 'text', text: '10.0.0.0/8' } }]);
  });

  test('Ctrl-C interrupts everywhere', () => {
    for (const context of contexts) expect(deedsOf('c', { ...none, ctrl: true }, [context])).toEqual([{ intent: { type: 'interrupt' } }]);
  });

  test('every context that can be told of has a hint, and every key has a label', () => {
    for (const context of contexts) expect(hintsOf([context], false, 'help').length).toBeGreaterThan(0);
    for (const binding of bindings) expect(binding.label).not.toBe('');
  });

  test('no two keys of one context mean different things', () => {
    for (const context of contexts) {
      const taken = bindings.filter((binding) => binding.contexts.includes(context)).flatMap((binding) => binding.on.map((match) => JSON.stringify(match)));
      expect(new Set(taken).size).toBe(taken.length);
    }
  });

  test('hints in ASCII are ASCII', () => {
    for (const { keys, label } of hintsOf(contexts, true, 'help')) expect(`${keys}${label}`).toMatch(/^[\x20-\x7e]+$/);
  });
});
