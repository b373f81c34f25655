import type { Entrance } from './deps.ts';

/** An entry of the first menu. */
export interface WelcomeItem {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  /** Undefined: quit. */
  readonly entrance?: Entrance;
}

/** What can be done where no sign-in is found. The practice cluster comes first: it needs nothing. */
export const welcomeItems: readonly WelcomeItem[] = [
  {
    id: 'legacy',
    label: 'Practise on a cluster from 2020',
    hint: 'nothing real is touched',
    entrance: { kind: 'practice', scenario: 'legacy' },
  },
  { id: 'browser', label: 'Sign in with the browser', hint: 'opens a page on this machine', entrance: { kind: 'browser' } },
  { id: 'device-code', label: 'Sign in with a device code', hint: 'for machines without a browser', entrance: { kind: 'device-code' } },
  { id: 'again', label: 'Look for a sign-in again', hint: 'after az login in another window', entrance: { kind: 'default' } },
  { id: 'typical', label: 'Practise on what az aks create gives today', hint: 'scenario typical', entrance: { kind: 'practice', scenario: 'typical' } },
  { id: 'private', label: 'Practise on a private cluster', hint: 'scenario private', entrance: { kind: 'practice', scenario: 'private' } },
  { id: 'hardened', label: 'Practise on a hardened cluster', hint: 'scenario hardened', entrance: { kind: 'practice', scenario: 'hardened' } },
  { id: 'quit', label: 'Quit', hint: '' },
];
