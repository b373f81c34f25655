import type { JsonObject } from '../model/json.ts';
import { type Answer, armError, ok } from './answer.ts';
import type { Context } from './context.ts';
import type { World } from './world.ts';

/** How long the log keeps events (Azure Monitor: activity-log). */
const KEPT_MS = 90 * 86_400_000;

const event = (resourceId: string, action: string, when: number): JsonObject => ({
  eventTimestamp: new Date(when).toISOString(),
  operationName: { value: `Microsoft.ContainerService/managedClusters/${action}/action`, localizedValue: action },
  status: { value: 'Succeeded', localizedValue: 'Succeeded' },
  resourceId,
  category: { value: 'Administrative', localizedValue: 'Administrative' },
});

/** What the world remembers of actions on clusters: rotations, and admin credentials that were handed out. */
function eventsOf(world: World): readonly JsonObject[] {
  return Object.entries(world.state.certificates).flatMap(([cluster, { generation, issuedAt, handedOutAt }]) => [
    ...(generation > 0 ? [event(cluster, 'rotateClusterCertificates', issuedAt)] : []),
    ...(handedOutAt === undefined ? [] : [event(cluster, 'listClusterAdminCredential', handedOutAt)]),
  ]);
}

/** GET events of the activity log, by their time and resource (REST reference: Activity Logs - List). */
export function listActivity({ world, query }: Context): Answer {
  const filter = query.get('$filter') ?? '';
  const from = Date.parse(/eventTimestamp ge '([^']+)'/.exec(filter)?.[1] ?? '');
  const until = Date.parse(/eventTimestamp le '([^']+)'/.exec(filter)?.[1] ?? '');
  const resource = /resourceUri eq '([^']+)'/.exec(filter)?.[1]?.toLowerCase();
  if (!Number.isFinite(from)) return armError({ status: 400, code: 'BadRequest', message: 'The filter must hold a start: eventTimestamp ge.' });
  if (from < world.clock.now() - KEPT_MS) {
    return armError({ status: 400, code: 'BadRequest', message: 'The start time cannot be more than 90 days in the past.' });
  }
  const inTime = ({ eventTimestamp }: JsonObject): boolean => {
    const when = Date.parse(String(eventTimestamp));
    return when >= from && !(when > until);
  };
  return ok({ value: eventsOf(world).filter((one) => inTime(one) && (resource === undefined || one['resourceId'] === resource)) });
}
