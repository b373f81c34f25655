import type { Key } from 'ink';
import type { Intent } from '../session/events.ts';

/** Where keys mean something. A screen names all the contexts it is in. */
export type Context =
  | 'anywhere'
  | 'menu'
  | 'list'
  | 'cards'
  | 'scroll'
  | 'pages'
  | 'open'
  | 'go-on'
  | 'pick'
  | 'keep-filter'
  | 'next-value'
  | 'list-value'
  | 'phrase'
  | 'name'
  | 'ask'
  | 'yes'
  | 'back'
  | 'clear'
  | 'filterable'
  | 'text'
  | 'lines'
  | 'suggested'
  | 'tick'
  | 'flip'
  | 'fields'
  | 'step'
  | 'walk'
  | 'viewable'
  | 'commands'
  | 'queue'
  | 'refreshable'
  | 'overlay'
  | 'working';

/** What a key does: something in the session, or scrolling, which is the view's own. */
export type Deed = { readonly intent: Intent } | { readonly scroll: number | 'first' | 'last' | 'page-up' | 'page-down' };

type Named =
  | 'upArrow'
  | 'downArrow'
  | 'leftArrow'
  | 'rightArrow'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'return'
  | 'escape'
  | 'tab'
  | 'backspace'
  | 'delete';
type Match = { readonly named: Named; readonly shift?: boolean } | { readonly char: string } | { readonly ctrl: string };

/** A row of the key table. */
export interface Binding {
  readonly on: readonly Match[];
  readonly deed: Deed;
  readonly contexts: readonly Context[];
  /** The keys for people; `ascii` where the terminal has no arrows. Empty: not in the hints (its twin is). */
  readonly shown: string;
  readonly ascii?: string;
  readonly label: string;
  /** Told in the help only. */
  readonly quiet?: true;
}

const named = (name: Named): readonly Match[] => [{ named: name }];
const char = (...chars: readonly string[]): readonly Match[] => chars.map((each) => ({ char: each }));
const intent = (given: Intent): Deed => ({ intent: given });
const move = (by: number | 'first' | 'last') => intent({ type: 'move', by });

/** THE key table: what is pressed, what it means, where, and how it is told. Hints and help are made from it. */
export const bindings: readonly Binding[] = [
  { on: [], deed: move(0), contexts: ['list', 'menu'], shown: '↑↓', ascii: 'Up/Down', label: 'move' },
  { on: [], deed: move(0), contexts: ['cards'], shown: '←→ ↑↓', ascii: 'arrows', label: 'compare' },
  { on: [], deed: { scroll: 0 }, contexts: ['scroll'], shown: '↑↓', ascii: 'Up/Down', label: 'scroll' },
  { on: [...named('upArrow'), ...char('k')], deed: move(-1), contexts: ['list', 'cards'], shown: '', label: 'up' },
  { on: [...named('downArrow'), ...char('j')], deed: move(1), contexts: ['list', 'cards'], shown: '', label: 'down' },
  { on: [...named('leftArrow'), ...char('h')], deed: intent({ type: 'across', by: -1 }), contexts: ['cards'], shown: '', label: 'left' },
  { on: [...named('rightArrow'), ...char('l')], deed: intent({ type: 'across', by: 1 }), contexts: ['cards'], shown: '', label: 'right' },
  { on: named('pageUp'), deed: move(-10), contexts: ['list'], shown: '', label: 'ten up' },
  { on: named('pageDown'), deed: move(10), contexts: ['list'], shown: '', label: 'ten down' },
  { on: named('home'), deed: move('first'), contexts: ['list', 'cards'], shown: '', label: 'first' },
  { on: named('end'), deed: move('last'), contexts: ['list', 'cards'], shown: '', label: 'last' },
  { on: [...named('upArrow'), ...char('k')], deed: { scroll: -1 }, contexts: ['scroll'], shown: '', label: 'up' },
  { on: [...named('downArrow'), ...char('j')], deed: { scroll: 1 }, contexts: ['scroll'], shown: '', label: 'down' },
  { on: named('pageUp'), deed: { scroll: 'page-up' }, contexts: ['scroll', 'pages', 'cards'], shown: '', label: 'page up' },
  { on: named('pageDown'), deed: { scroll: 'page-down' }, contexts: ['scroll', 'pages', 'cards'], shown: 'PgUp PgDn', label: 'page' },
  { on: named('home'), deed: { scroll: 'first' }, contexts: ['scroll'], shown: '', label: 'top' },
  { on: named('end'), deed: { scroll: 'last' }, contexts: ['scroll'], shown: '', label: 'end' },

  // A field: letters are text while one has the focus.
  { on: named('leftArrow'), deed: intent({ type: 'across', by: -1 }), contexts: ['text', 'lines'], shown: '', label: 'left' },
  { on: named('rightArrow'), deed: intent({ type: 'across', by: 1 }), contexts: ['text', 'lines'], shown: '', label: 'right' },
  { on: named('home'), deed: move('first'), contexts: ['text', 'lines'], shown: '', label: 'begin' },
  { on: named('end'), deed: move('last'), contexts: ['text', 'lines'], shown: '', label: 'end' },
  { on: named('upArrow'), deed: move(-1), contexts: ['lines'], shown: '', label: 'line up' },
  { on: named('downArrow'), deed: move(1), contexts: ['lines'], shown: '', label: 'line down' },
  { on: named('backspace'), deed: intent({ type: 'erase', what: 'before' }), contexts: ['text', 'lines'], shown: '', label: 'erase' },
  { on: named('delete'), deed: intent({ type: 'erase', what: 'after' }), contexts: ['text', 'lines'], shown: '', label: 'erase' },
  { on: [{ ctrl: 'u' }], deed: intent({ type: 'erase', what: 'line' }), contexts: ['text', 'lines'], shown: 'Ctrl-U', label: 'clear line', quiet: true },

  { on: [{ ctrl: 'o' }], deed: intent({ type: 'suggest' }), contexts: ['suggested'], shown: 'Ctrl-O', label: 'put in' },

  { on: [], deed: intent({ type: 'choose' }), contexts: ['menu'], shown: 'Enter', label: 'choose' },
  { on: named('return'), deed: intent({ type: 'choose' }), contexts: ['open'], shown: 'Enter', label: 'open' },
  { on: named('return'), deed: intent({ type: 'choose' }), contexts: ['go-on'], shown: 'Enter', label: 'go on' },
  { on: named('return'), deed: intent({ type: 'choose' }), contexts: ['pick'], shown: 'Enter', label: 'choose' },
  { on: named('return'), deed: intent({ type: 'choose' }), contexts: ['keep-filter'], shown: 'Enter', label: 'keep' },
  { on: named('return'), deed: intent({ type: 'choose' }), contexts: ['next-value'], shown: 'Enter', label: 'next' },
  { on: named('return'), deed: intent({ type: 'choose' }), contexts: ['list-value'], shown: 'Enter', label: 'new line' },
  { on: named('return'), deed: intent({ type: 'choose' }), contexts: ['phrase'], shown: 'Enter', label: 'lift the guard' },
  { on: named('return'), deed: intent({ type: 'confirm' }), contexts: ['name'], shown: 'Enter', label: 'apply' },
  { on: named('return'), deed: intent({ type: 'confirm' }), contexts: ['yes'], shown: 'Enter', label: 'apply' },
  { on: char('y', 'Y'), deed: intent({ type: 'confirm' }), contexts: ['ask'], shown: 'y', label: 'yes' },
  { on: char('n', 'N'), deed: intent({ type: 'refuse' }), contexts: ['ask'], shown: 'n', label: 'no' },
  { on: char(' '), deed: intent({ type: 'toggle' }), contexts: ['tick', 'flip'], shown: 'Space', label: 'tick' },
  { on: named('leftArrow'), deed: intent({ type: 'across', by: -1 }), contexts: ['flip'], shown: '', label: 'switch' },
  { on: named('rightArrow'), deed: intent({ type: 'across', by: 1 }), contexts: ['flip'], shown: '', label: 'switch' },
  { on: named('tab'), deed: intent({ type: 'next-field' }), contexts: ['fields'], shown: 'Tab', label: 'next field' },
  { on: [{ named: 'tab', shift: true }], deed: intent({ type: 'previous-field' }), contexts: ['fields'], shown: '', label: 'previous field' },

  { on: [...named('escape'), ...char('b')], deed: intent({ type: 'back' }), contexts: ['back'], shown: 'Esc', label: 'back' },
  { on: named('escape'), deed: intent({ type: 'back' }), contexts: ['clear'], shown: 'Esc', label: 'clear' },
  {
    on: [...named('escape'), ...named('return'), ...char('b', 'q', '?', 'v')],
    deed: intent({ type: 'back' }),
    contexts: ['overlay'],
    shown: 'Esc',
    label: 'close',
  },

  { on: char('s'), deed: intent({ type: 'skip' }), contexts: ['step'], shown: 's', label: 'skip' },
  { on: char('d'), deed: intent({ type: 'decline' }), contexts: ['step'], shown: 'd', label: 'decline' },
  { on: char('x'), deed: intent({ type: 'remove' }), contexts: ['queue'], shown: 'x', label: 'take out' },
  { on: char('c'), deed: intent({ type: 'copy' }), contexts: ['commands'], shown: 'c', label: 'copy' },
  { on: char('w'), deed: intent({ type: 'script' }), contexts: ['commands'], shown: 'w', label: 'write script' },
  { on: char('t'), deed: intent({ type: 'shell' }), contexts: ['commands'], shown: 't', label: 'bash/PowerShell' },
  { on: char('v'), deed: intent({ type: 'view' }), contexts: ['viewable'], shown: 'v', label: 'full view' },
  { on: char('/'), deed: intent({ type: 'filter' }), contexts: ['filterable'], shown: '/', label: 'filter' },
  { on: char('n'), deed: intent({ type: 'next-open' }), contexts: ['walk'], shown: 'n', label: 'next open' },
  { on: char('r'), deed: intent({ type: 'review' }), contexts: ['walk'], shown: 'r', label: 'queue' },
  { on: char('u'), deed: intent({ type: 'refresh' }), contexts: ['refreshable'], shown: 'u', label: 'read again' },
  { on: char('?'), deed: intent({ type: 'help' }), contexts: ['anywhere'], shown: '?', label: 'help' },
  { on: char('q'), deed: intent({ type: 'quit' }), contexts: ['anywhere'], shown: 'q', label: 'quit' },
  { on: char('q'), deed: intent({ type: 'interrupt' }), contexts: ['working'], shown: 'q', label: 'stop' },
];

function matches(match: Match, input: string, key: Key): boolean {
  if ('named' in match) return key[match.named] && key.shift === (match.shift ?? false);
  if ('ctrl' in match) return key.ctrl && input === match.ctrl;
  return input === match.char && !key.ctrl && !key.meta;
}

const isField = (contexts: readonly Context[]) => contexts.includes('text') || contexts.includes('lines');

function isActive(binding: Binding, contexts: readonly Context[]): boolean {
  return binding.contexts.some((context) => contexts.includes(context));
}

/** The deeds that an input stands for: mostly one, none where it means nothing. */
export function deedsOf(input: string, key: Key, contexts: readonly Context[]): readonly Deed[] {
  if (key.ctrl && input === 'c') return [intent({ type: 'interrupt' })];
  const field = isField(contexts);
  for (const binding of bindings) {
    if (!isActive(binding, contexts)) continue;
    const match = binding.on.find((each) => matches(each, input, key));
    if (match && !(field && 'char' in match)) return [binding.deed];
  }
  if (key.ctrl || key.meta || input === '') return [];
  if (field) return [intent({ type: 'text', text: input })];
  const here = contexts.some((context) => context === 'list' || context === 'cards');
  if (here && /^[1-9]$/.test(input)) return [move('first'), move(Number(input) - 1)];
  // A held key may arrive as several letters at once. Nothing but moving is taken from such a heap.
  return here && /^(j+|k+)$/.test(input) ? [move(input.startsWith('j') ? input.length : -input.length)] : [];
}

/** A hint of the footer. */
export interface Hint {
  readonly keys: string;
  readonly label: string;
}

/** Whether a binding is worth telling of: no scrolling where all is in sight, no letters where they are text. */
function isTold(binding: Binding, field: boolean, about: 'help' | 'long' | 'short'): boolean {
  if (binding.shown === '' || (binding.quiet && about !== 'help') || ('scroll' in binding.deed && about === 'short')) return false;
  const letters = binding.on.some((match) => 'char' in match) && !binding.on.some((match) => 'named' in match);
  return !(field && letters);
}

/** What can be pressed now, in the table's order. `long`: there is more of the page than is in sight. */
export function hintsOf(contexts: readonly Context[], inAscii: boolean, about: 'help' | 'long' | 'short'): readonly Hint[] {
  const field = isField(contexts) && about !== 'help';
  return bindings
    .filter((binding) => isActive(binding, contexts) && isTold(binding, field, about))
    .map(({ shown, ascii, label }) => ({ keys: inAscii ? (ascii ?? shown) : shown, label }));
}
