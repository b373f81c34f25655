import { clean } from '../../model/foreign.ts';
import { clusterText, matching, subscriptionText } from '../../session/reduce-entry.ts';
import type { Filter, Screen } from '../../session/state.ts';
import type { Context } from '../keys.ts';
import { menu, paragraph } from '../parts/blocks.ts';
import { fieldBlock } from '../parts/field.ts';
import { type Block, blank, line, span } from '../text/line.ts';
import type { Scene, View } from '../view.ts';

/** The filter above a list: a field while it is edited, a reminder while it is only set. */
export function filterBlocks(scene: Scene, filter: Filter, shown: number, all: number): readonly Block[] {
  if (filter.editing) return [{ ...fieldBlock(scene, line(span('Filter', 'muted')), filter.field, true), focused: false }, blank];
  return filter.field.text === '' ? [] : [{ lines: [line(span(`Filter "${clean(filter.field.text)}": ${shown} of ${all}`, 'accent'))] }, blank];
}

/** The contexts of a list with a filter. */
export function listContexts(filter: Filter, ...more: readonly Context[]): readonly Context[] {
  if (filter.editing) return ['text', 'keep-filter', 'clear'];
  return ['list', 'filterable', ...(filter.field.text === '' ? (['back'] as const) : (['clear'] as const)), ...more, 'anywhere'];
}

const nothing = (scene: Scene) => paragraph(scene, 'Nothing matches. Esc clears the filter.', 'muted', 2);

export function pickSubscriptionView(scene: Scene, screen: Extract<Screen, { kind: 'pick-subscription' }>): View {
  const items = matching(screen, subscriptionText);
  return {
    key: 'pick-subscription',
    crumbs: ['Subscription'],
    aside: `${screen.items.length} subscriptions`,
    blocks: [
      paragraph(scene, 'Which subscription is the cluster in?', 'strong'),
      blank,
      ...filterBlocks(scene, screen.filter, items.length, screen.items.length),
      ...(items.length === 0
        ? [nothing(scene)]
        : menu(
            scene,
            items.map(({ name, id }) => ({ label: name, hint: id })),
            screen.cursor,
          )),
    ],
    contexts: listContexts(screen.filter, 'open'),
  };
}

export function pickClusterView(scene: Scene, screen: Extract<Screen, { kind: 'pick-cluster' }>): View {
  const items = matching(screen, clusterText);
  const hint = (item: (typeof items)[number]) =>
    [item.resourceGroup, item.location, item.version && `Kubernetes ${item.version}`, item.state].filter(Boolean).join(` ${scene.symbols.dot} `);
  return {
    key: 'pick-cluster',
    crumbs: ['Cluster'],
    aside: `${screen.items.length} clusters`,
    blocks: [
      paragraph(scene, 'Which cluster?', 'strong'),
      blank,
      ...filterBlocks(scene, screen.filter, items.length, screen.items.length),
      ...(items.length === 0
        ? [nothing(scene)]
        : menu(
            scene,
            items.map((item) => ({ label: item.name, hint: hint(item) })),
            screen.cursor,
          )),
    ],
    contexts: listContexts(screen.filter, 'open'),
  };
}
