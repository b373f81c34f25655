import { at, isObject, type JsonObject, text } from '../model/json.ts';
import { type Answer, ok, serviceError } from './answer.ts';
import { type Context, notFound, objectBody } from './context.ts';
import { resourceOf, storeResource } from './world.ts';

const TYPE = 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations';
const names: readonly string[] = ['default', 'aksManagedAutoUpgradeSchedule', 'aksManagedNodeOSUpgradeSchedule'];

/** What is wrong with a configuration (AKS docs: planned-maintenance). */
function problem(name: string, body: JsonObject): string | undefined {
  if (!names.some((known) => known.toLowerCase() === name.toLowerCase())) return `the name ${name} is not one of ${names.join(', ')}`;
  if (name.toLowerCase() === 'default') return undefined;
  const window = at(body, ['properties', 'maintenanceWindow']);
  if (!isObject(window)) return 'maintenanceWindow is required';
  const hours = window['durationHours'];
  if (typeof hours !== 'number' || hours < 4 || hours > 24) return 'durationHours must be between 4 and 24';
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text(window['startTime']) ?? '')) return 'startTime must be HH:mm';
  if (window['utcOffset'] !== undefined && window['utcOffset'] !== null && !/^[+-]\d{2}:\d{2}$/.test(text(window['utcOffset']) ?? ''))
    return 'utcOffset must be +HH:mm or -HH:mm';
  const schedule = window['schedule'];
  const kinds = isObject(schedule) ? Object.values(schedule).filter((one) => isObject(one)) : [];
  return kinds.length === 1 ? undefined : 'exactly one of daily, weekly, absoluteMonthly and relativeMonthly is required';
}

/** PUT: synchronous, 201 for a new one. */
export function putMaintenanceConfiguration(context: Context): Answer {
  const { world, path } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  if (resourceOf(world, path.id.replace(/\/maintenanceConfigurations\/.*$/i, '')) === undefined) return notFound(context);
  const name = path.name ?? '';
  const wrong = problem(name, read.body);
  if (wrong !== undefined) {
    const target = 'properties.maintenanceWindow';
    return serviceError({ status: 400, code: 'InvalidParameter', target, message: `The value of parameter ${target} is invalid. Error details: ${wrong}.` });
  }
  const isNew = resourceOf(world, path.id) === undefined;
  const sent = isObject(read.body['properties']) ? read.body['properties'] : {};
  const window = isObject(sent['maintenanceWindow'])
    ? {
        maintenanceWindow: {
          startDate: new Date(world.clock.now()).toISOString().slice(0, 10),
          utcOffset: '+00:00',
          ...withoutNulls(sent['maintenanceWindow']),
        },
      }
    : {};
  const resource = { id: path.id, name, type: TYPE, properties: { ...sent, ...window } };
  storeResource(world, resource);
  world.changed();
  return isNew ? { ...ok(resource), status: 201 } : ok(resource);
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
