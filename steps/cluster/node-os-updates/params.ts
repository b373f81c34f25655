import type { Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { type Json, text } from '../../../src/model/json.ts';
import type { Choice, Param } from '../../../src/model/step.ts';
import { days, SHORTEST_WINDOW_HOURS, sensibleHours, type WindowTimes, weekly } from './windows.ts';

const dayChoices = days.map((day) => ({ value: day, label: day }));

function dayFault(value: Json): string | undefined {
  return typeof value === 'string' && days.some((day) => day === value) ? undefined : `Name a day in English, from ${days[0]} to ${days[6]}.`;
}

const hourChoices = (facts: Facts): readonly string[] => {
  const standing = weekly(facts, 'nodeOs', 'durationHours');
  const all = [4, 6, 8, 12, 24, sensibleHours(facts), ...(typeof standing === 'number' ? [standing] : [])];
  return [...new Set(all)].sort((a, b) => a - b).map(String);
};

/** The window's parameters: one window for node images, another day for Kubernetes versions, so that the two never compete for the same hours. */
export const params: readonly Param[] = [
  {
    name: 'day',
    prompt: 'On which day may node images be updated?',
    help: 'Nodes are replaced one after the other on this day of every week. Choose a quiet day on which somebody can look.',
    kind: 'choice',
    choices: () => dayChoices,
    defaultValue: (facts) => text(weekly(facts, 'nodeOs', 'dayOfWeek')) ?? 'Sunday',
    validate: dayFault,
  },
  {
    name: 'upgradeDay',
    prompt: 'On which day may Kubernetes itself be upgraded automatically?',
    help: 'A day of its own, so that an image update and a version upgrade never compete for the same hours. It matters as soon as an upgrade channel is on.',
    kind: 'choice',
    choices: () => dayChoices,
    defaultValue: (facts) => text(weekly(facts, 'cluster', 'dayOfWeek')) ?? 'Saturday',
    validate: dayFault,
  },
  {
    name: 'startTime',
    prompt: 'At what time do the windows open?',
    help: 'Hours and minutes on the 24-hour clock, e.g. 01:00, in the zone of the next question.',
    kind: 'text',
    defaultValue: (facts) => text(weekly(facts, 'nodeOs', 'startTime')) ?? '01:00',
    validate: (value) =>
      typeof value === 'string' && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(value)
        ? undefined
        : `"${clean(String(value))}" is no time of day: write hours and minutes with two digits each, e.g. 01:00.`,
  },
  {
    name: 'utcOffset',
    prompt: 'In which time zone (offset from UTC)?',
    help: 'AKS knows no zone names and no summer time: the window moves by an hour against local time twice a year. E.g. +01:00, -08:00.',
    kind: 'text',
    defaultValue: (facts) => text(weekly(facts, 'nodeOs', 'utcOffset')) ?? '+00:00',
    validate: (value) =>
      typeof value === 'string' && /^[+-](?:0\d|1[0-3]):[0-5]\d$|^\+14:00$/.test(value)
        ? undefined
        : `"${clean(String(value))}" is no offset from UTC: write a sign, hours and minutes, e.g. +01:00 or -08:00.`,
  },
  {
    name: 'hours',
    prompt: 'For how many hours?',
    help: `At least ${SHORTEST_WINDOW_HOURS}, or automatic upgrades do not work properly. What has begun inside the window runs on to its end.`,
    kind: 'choice',
    choices: (facts) => hourChoices(facts).map((hours) => ({ value: hours, label: `${hours} hours` })),
    defaultValue: (facts) => String(weekly(facts, 'nodeOs', 'durationHours') ?? sensibleHours(facts)),
    validate: (value) => {
      const hours = Number(value);
      return Number.isInteger(hours) && hours >= SHORTEST_WINDOW_HOURS && hours <= 24
        ? undefined
        : `A window lasts from ${SHORTEST_WINDOW_HOURS} to 24 whole hours: write a number between the two.`;
    },
  },
];

/**
 * The times of both windows from a valid choice. A window for Kubernetes upgrades that is there already keeps its own hours
 * and only moves to another day; a new one takes the hours of the other.
 */
export function timesOf(facts: Facts, choice: Choice): { readonly nodeOs: WindowTimes; readonly cluster: WindowTimes } {
  const said = (name: string): string => String(choice.values[name] ?? '');
  const common = { start: said('startTime'), offset: said('utcOffset'), hours: Number(choice.values['hours']) };
  const standing = weekly(facts, 'cluster', 'durationHours');
  const own = typeof standing === 'number' && standing >= SHORTEST_WINDOW_HOURS;
  return {
    nodeOs: { day: said('day'), ...common },
    cluster: own
      ? {
          day: said('upgradeDay'),
          start: text(weekly(facts, 'cluster', 'startTime')) ?? common.start,
          offset: text(weekly(facts, 'cluster', 'utcOffset')) ?? '+00:00',
          hours: standing,
        }
      : { day: said('upgradeDay'), ...common },
  };
}
