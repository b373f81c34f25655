import { moved } from './cursor.ts';
import type { Entrance } from './deps.ts';
import type { Intent } from './events.ts';
import { type Next, stay, to } from './next.ts';
import { reduceFilter } from './reduce-filter.ts';
import type { ListScreen, Screen, SessionState } from './state.ts';
import { welcomeItems } from './welcome.ts';

/** Through an entrance, whatever was waited for before. */
function enter(state: SessionState, entrance: Entrance): Next {
  const attempt = state.attempt + 1;
  return to({ ...state, attempt }, { kind: 'connecting', entrance, attempt, told: [] }, { type: 'enter', entrance, attempt });
}

export function reduceWelcome(state: SessionState, event: Intent): Next {
  if (event.type !== 'pick') return stay(state);
  const item = welcomeItems.find(({ id }) => id === event.id);
  if (!item) return stay(state);
  return item.entrance ? enter(state, item.entrance) : stay({ ...state, overlay: { kind: 'quit', cursor: 1 } });
}

export function reduceConnecting(state: SessionState, event: Intent): Next {
  if (event.type !== 'back') return stay(state);
  // The number moves on, so that an answer that is already under way is nobody's.
  return to({ ...state, attempt: state.attempt + 1 }, { kind: 'welcome' }, { type: 'leave-entrance' });
}

/** Items of a list that hold every word of its filter, in any case. */
export function matching<Item>({ items, filter }: ListScreen<Item>, textOf: (item: Item) => string): readonly Item[] {
  const words = filter.field.text.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((item) => words.every((word) => textOf(item).toLowerCase().includes(word)));
}

type PickScreen<K> = Extract<Screen, { kind: K }>;
export const subscriptionText = (item: { readonly id: string; readonly name: string }) => `${item.name} ${item.id}`;
export const clusterText = (item: { readonly name: string; readonly resourceGroup: string; readonly location: string }) =>
  `${item.name} ${item.resourceGroup} ${item.location}`;

export function reducePickSubscription(state: SessionState, screen: PickScreen<'pick-subscription'>, event: Intent): Next {
  const filter = reduceFilter(screen.filter, event);
  if (filter) return to(state, { ...screen, filter, cursor: filter.field.text === screen.filter.field.text ? screen.cursor : 0 });
  const items = matching(screen, subscriptionText);
  if (event.type === 'move') return to(state, { ...screen, cursor: moved(screen.cursor, event.by, items.length) });
  const picked = items[screen.cursor];
  if (event.type === 'back') return to({ ...state, attempt: state.attempt + 1 }, { kind: 'welcome' }, { type: 'leave-entrance' });
  if (event.type !== 'choose' || !picked || !state.place) return stay(state);
  return to(
    { ...state, place: { ...state.place, subscription: picked } },
    { kind: 'reading', what: 'the clusters of the subscription' },
    { type: 'list-clusters', subscription: picked.id },
  );
}

export function reducePickCluster(state: SessionState, screen: PickScreen<'pick-cluster'>, event: Intent): Next {
  const filter = reduceFilter(screen.filter, event);
  if (filter) return to(state, { ...screen, filter, cursor: filter.field.text === screen.filter.field.text ? screen.cursor : 0 });
  const items = matching(screen, clusterText);
  if (event.type === 'move') return to(state, { ...screen, cursor: moved(screen.cursor, event.by, items.length) });
  if (event.type === 'back') return to(state, { kind: 'reading', what: 'the subscriptions' }, { type: 'list-subscriptions' });
  const picked = items[screen.cursor];
  if (event.type !== 'choose' || !picked) return stay(state);
  return to(state, { kind: 'reading', what: 'the cluster' }, { type: 'open', clusterId: picked.id });
}
