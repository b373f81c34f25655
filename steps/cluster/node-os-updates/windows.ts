import { type ArmPut, CLUSTER_API_VERSION } from '../../../src/model/change.ts';
import { type ArmResource, clusterRef, type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { at, isObject, type Json, type JsonObject, path, same, text } from '../../../src/model/json.ts';
import { reimageMinutes, SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';

export const STEP = 'cluster.node-os-updates';
export const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** The two windows that steer automatic upgrades; `default` is for AKS's own weekly releases (AKS docs, planned-maintenance). */
export const schedules = {
  nodeOs: { name: 'aksManagedNodeOSUpgradeSchedule', what: 'node image and security patches' },
  cluster: { name: 'aksManagedAutoUpgradeSchedule', what: 'Kubernetes version upgrades' },
} as const;
export type ScheduleKey = keyof typeof schedules;

/** Shorter windows do not work with automatic upgrades (AKS docs, planned-maintenance: "four hours or more"). */
export const SHORTEST_WINDOW_HOURS = 4;

/** The maintenance configuration of a schedule, or undefined when there is none or it could not be read. */
export function existing(facts: Facts, key: ScheduleKey): ArmResource | undefined {
  const wanted = schedules[key].name.toLowerCase();
  return knownValue(facts, 'maintenanceConfigurations')?.find((resource) => text(resource['name'])?.toLowerCase() === wanted);
}

const windowOf = (resource: ArmResource | undefined): Json | undefined => at(resource, path('properties.maintenanceWindow'));

/** Hours of a maintenance configuration's window; undefined when it has none. */
export function hoursOf(resource: ArmResource | undefined): number | undefined {
  const hours = at(windowOf(resource), ['durationHours']);
  return typeof hours === 'number' ? hours : undefined;
}

/** One property of a weekly window, as it stands. */
export function weekly(facts: Facts, key: ScheduleKey, property: 'dayOfWeek' | 'startTime' | 'utcOffset' | 'durationHours'): Json | undefined {
  const window = windowOf(existing(facts, key));
  return property === 'dayOfWeek' ? at(window, path('schedule.weekly.dayOfWeek')) : at(window, [property]);
}

/** Long enough to reimage all nodes once by the estimate, between 4 and 12 hours. */
export function sensibleHours(facts: Facts): number {
  const [, high] = reimageMinutes(facts);
  return Math.min(12, Math.max(SHORTEST_WINDOW_HOURS, Math.ceil(high / 60)));
}

/** When a window opens, and for how long. */
export interface WindowTimes {
  readonly day: string;
  readonly start: string;
  readonly offset: string;
  readonly hours: number;
}

/**
 * The window as ARM wants it. What stood there and was not asked about stays: the interval, the start date, dates that are not allowed.
 * A daily or monthly window that is long enough is somebody's decision: it is kept (undefined: nothing to write).
 */
function bodyFor(before: ArmResource | undefined, times: WindowTimes): JsonObject | undefined {
  const found = windowOf(before);
  const kept: JsonObject = isObject(found) ? found : {};
  const isWeekly = at(kept, path('schedule.weekly')) !== undefined;
  if (isObject(kept['schedule']) && !isWeekly && (hoursOf(before) ?? 0) >= SHORTEST_WINDOW_HOURS) return undefined;
  const intervalWeeks = at(kept, path('schedule.weekly.intervalWeeks')) ?? 1;
  const maintenanceWindow: JsonObject = {
    ...kept,
    schedule: { weekly: { intervalWeeks, dayOfWeek: times.day } },
    durationHours: times.hours,
    utcOffset: times.offset,
    startTime: times.start,
  };
  // Not set is +00:00 to AKS: writing that out is no change.
  const same_ = same({ ...kept, utcOffset: kept['utcOffset'] ?? '+00:00' }, maintenanceWindow);
  return same_ ? undefined : { properties: { maintenanceWindow } };
}

/** The write of one window, or nothing when it stands as wanted. Unknown windows are written: the printed body says all there is to it. */
export function windowChange(facts: Facts, key: ScheduleKey, times: WindowTimes): readonly ArmPut[] {
  const before = existing(facts, key);
  const body = bodyFor(before, times);
  if (body === undefined) return [];
  const { name, what } = schedules[key];
  return [
    {
      kind: 'arm.put',
      id: `${STEP}/window-${key === 'nodeOs' ? 'node-os' : 'cluster'}`,
      step: STEP,
      controls: ['9.4'],
      title: `${before ? 'Change' : 'Add'} the maintenance window for ${what}`,
      impact: { kind: 'none', scope: `when ${what} start; nothing starts now` },
      minutes: SIDE_WRITE_MINUTES,
      reversible: { kind: 'yes', how: before ? 'the window is written back as it was' : 'the window is deleted again' },
      after: [],
      target: {
        id: `${clusterRef(facts).id}/maintenanceConfigurations/${name}`,
        type: 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations',
        apiVersion: CLUSTER_API_VERSION,
      },
      body,
      before: before ? { properties: before['properties'] } : undefined,
    },
  ];
}

/** Whether the windows were read at all. */
export function windowsKnown(facts: Facts): boolean {
  return fact(facts, 'maintenanceConfigurations').state === 'known';
}
