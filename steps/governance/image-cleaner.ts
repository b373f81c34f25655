import { type Assessment, preconfigured, verdict } from '../../src/model/assessment.ts';
import type { ArmUpdate } from '../../src/model/change.ts';
import { clusterAt, type Facts, isAutomatic } from '../../src/model/facts.ts';
import { isTrue, type Json } from '../../src/model/json.ts';
import { defineStep, type Option, type Param, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { size, windowsPools } from '../shared/pool-sizes.ts';
import { notShown } from '../shared/pool-verdict.ts';
import { listed } from '../shared/texts.ts';

const STEP = 'governance.image-cleaner';
const ENABLED = 'properties.securityProfile.imageCleaner.enabled';
const INTERVAL = 'properties.securityProfile.imageCleaner.intervalHours';
/** AKS docs, image-cleaner: a day at least, three months at most; az's own default is a week. */
const [SHORTEST, LONGEST, WEEK] = [24, 2160, 168];

function assess(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic runs Image Cleaner by itself.');
  return (
    notShown(facts, ENABLED, '2023-01-01') ?? verdict(isTrue(clusterAt(facts, ENABLED)), { path: ENABLED, actual: clusterAt(facts, ENABLED), wanted: 'true' })
  );
}

/** Hours as typed or as read; NaN for anything that is no whole number. */
const hoursOf = (value: Json | undefined): number => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : Number.NaN;
};

const interval: Param = {
  name: 'interval-hours',
  prompt: 'Hours between two rounds',
  help: `From ${SHORTEST} (a day) to ${LONGEST} (three months); ${WEEK} is a week. A round puts one short-lived pod on every Linux node.`,
  kind: 'text',
  defaultValue: (facts) => {
    const current = clusterAt(facts, INTERVAL);
    return typeof current === 'number' && current >= SHORTEST && current <= LONGEST ? String(current) : String(WEEK);
  },
  validate: (value) => {
    const hours = hoursOf(value);
    return Number.isInteger(hours) && hours >= SHORTEST && hours <= LONGEST
      ? undefined
      : `Give a whole number of hours from ${SHORTEST} to ${LONGEST}, such as ${WEEK} for a week.`;
  },
};

function options(facts: Facts): readonly Option[] {
  const windows = windowsPools(facts);
  const linuxOnly = windows.length > 0 ? ` It does nothing on pool ${listed(windows)}, which runs Windows.` : '';
  return [
    {
      id: 'on',
      title: 'Remove unused images with known holes',
      tradeOff: `A scanner looks at the images that no container on ${size(facts)} uses any more and deletes those with known vulnerabilities. Disk space comes back as well; an image that is needed again is pulled again.${linuxOnly}`,
      impact: { kind: 'none', scope: 'no node and no running container; a scan pod on every Linux node once a round' },
      minutes: CLUSTER_WRITE_MINUTES,
      cost: 'None but the pull traffic of images that come back',
      reversible: { kind: 'yes', how: 'switched off again; removed images are pulled when they are needed' },
      notWhen: 'nodes hold images that cannot be pulled again, e.g. side-loaded ones',
      ...(isAutomatic(facts)
        ? { unavailable: 'AKS Automatic runs it already; it cannot be changed there.' }
        : { recommended: 'It is free, touches no node and no running container, and Microsoft’s own AKS baseline has it on.' }),
      params: [interval.name],
    },
  ];
}

function plan(facts: Facts, { values }: { readonly values: { readonly [param: string]: Json } }): StepPlan {
  const hours = hoursOf(values[interval.name] ?? WEEK);
  const edits = clusterEdits(facts, [
    [ENABLED, true],
    [INTERVAL, hours],
  ]);
  if (isAutomatic(facts) || edits.length === 0) return { changes: [], guards: [] };
  const update: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/on`,
    step: STEP,
    controls: ['20.2'],
    title: `Have Image Cleaner remove vulnerable unused images every ${hours} hours`,
    target: clusterTarget(facts),
    edits,
    impact: { kind: 'none', scope: 'no node and no running container' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the setting is put back' },
    after: [],
  };
  return {
    changes: [update],
    guards: commonGuards(facts, {
      impact: 'none',
      code: [
        {
          terraform: { line: `image_cleaner_enabled = true, image_cleaner_interval_hours = ${hours}`, effect: 'reverts' },
          bicep: `securityProfile: { imageCleaner: { enabled: true, intervalHours: ${hours} } }`,
        },
      ],
    }),
  };
}

/** Whether stale images with known holes stay on the nodes. */
export const imageCleaner = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'Do old images stay on the nodes?',
  controls: [
    {
      id: '20.2',
      title: 'Image Cleaner is on',
      severity: 'low',
      references: {
        policy: ['af3c26b2-6fad-493e-9236-9c68928516ab', '7e49285c-4bed-4564-b26a-5225ccc311f3'],
        docs: [aksDoc('Image Cleaner', 'image-cleaner')],
      },
    },
  ],
  needs: [],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools'],
  explain: (facts) => ({
    what: `Every image that ever ran on a node stays on its disk until the disk is nearly full. On ${size(facts)} that is where versions with known holes wait.`,
    why: 'An image that is already on the node starts without asking the registry: whoever may create pods can bring an old, vulnerable version back.',
    today: 'In 2020 people ran scripts on the nodes. Today AKS brings Image Cleaner (built on Eraser and Trivy) as a setting; AKS Automatic has it always on.',
  }),
  assess: (facts) => ({ '20.2': assess(facts) }),
  options,
  params: [interval],
  plan,
  after: [],
});
