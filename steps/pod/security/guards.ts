import { type Facts, fact } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Level } from '../../../src/model/pod-security/index.ts';
import type { Guard } from '../../../src/model/step.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { listed, plural } from '../../shared/texts.ts';
import type { Labelling } from './changes.ts';
import { answerOf, disagreements, type Judged, label, refusedBy } from './state.ts';

/** Workloads that a labelling would keep from getting new pods, with the level that would refuse them. */
interface Refusal {
  readonly judged: Judged;
  readonly level: Level;
}

/** The level that a labelling begins to enforce; undefined where it only warns. */
function newLevel({ target, labels }: Labelling): Level | undefined {
  return labels[label.enforce] === undefined || target.enforce === 'privileged' ? undefined : target.enforce;
}

function refusals(labellings: readonly Labelling[]): readonly Refusal[] {
  return labellings.flatMap((one) => {
    const level = newLevel(one);
    return level === undefined ? [] : refusedBy(one.judgement.workloads, level).map((judged) => ({ judged, level }));
  });
}

/** What the API server alone would refuse: its dry run says so, and our rules do not. */
function serverRefusals(facts: Facts, labellings: readonly Labelling[]): readonly string[] {
  return labellings.flatMap((one) => {
    const level = newLevel(one);
    const { name } = one.judgement.namespace;
    const said = level === undefined ? [] : (answerOf(facts, name, level)?.warnings ?? []);
    if (level === undefined || said.length === 0 || refusedBy(one.judgement.workloads, level, true).length > 0) return [];
    return [`pods in ${clean(name)} at ${level}, as the API server says (${listed(said, 3)})`];
  });
}

function why({ judged, level }: Refusal): string {
  const [first] = judged[level];
  const more = judged[level].length - 1;
  return `${clean(judged.workload.kind)} ${placeName(judged.workload)} (${first === undefined ? '' : `${first.check}: ${first.field}`}${more > 0 ? `, and ${more} more` : ''})`;
}

function serverText(facts: Facts, labellings: readonly Labelling[]): string {
  const asked = fact(facts, 'podSecurityAnswers');
  if (asked.state === 'unknown') return `The API server's own dry run was not asked: ${clean(asked.reason)}.`;
  const names = new Set(asked.value.filter(({ exempt }) => exempt !== true).map(({ namespace }) => namespace));
  const known = labellings.filter(({ judgement }) => names.has(judgement.namespace.name));
  return known.length === labellings.length
    ? "The API server's own dry run says so too."
    : `The API server's own dry run was asked for ${known.length} of ${labellings.length} namespaces.`;
}

/** Names what would be refused before a level is enforced. What runs goes on; what is replaced, rescheduled or scaled up is refused. */
export function refusedGuard(facts: Facts, labellings: readonly Labelling[]): Guard {
  const id = 'refused-pods';
  const title = 'No pod is refused';
  const found = refusals(labellings);
  const server = serverRefusals(facts, labellings);
  if (found.length + server.length > 0) {
    const pods = found.reduce((sum, { judged }) => sum + judged.workload.pods, 0);
    const ours =
      found.length === 0 ? '' : `${plural(found.length, 'workload')} with ${plural(pods, 'pod')} would get no new pods: ${listed(found.map(why), 8)}. `;
    const theirs = server.length === 0 ? '' : `Refused would be ${listed(server, 5)}. `;
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `${ours}${theirs}What runs goes on until it is replaced: by a rollout, a node image, a drain.`,
      next: ['Patch them first (option "Write me the patches"), or choose the level that fits each namespace today.'],
      override: 'these pods may be refused',
    };
  }
  const count = labellings.reduce((sum, { judgement }) => sum + judgement.workloads.length, 0);
  return {
    id,
    title,
    verdict: 'clear',
    detail: `${plural(count, 'workload')} in ${plural(labellings.length, 'namespace')} keep to it, those without a pod now among them. ${serverText(facts, labellings)} Pods that only come up later (kubectl debug, jobs of an operator) were not seen.`,
  };
}

/** Namespaces that the API server leaves alone whatever they are labelled with: there a label is a promise that nobody keeps. */
export function exemptGuard(facts: Facts, labellings: readonly Labelling[]): readonly Guard[] {
  const exempt = labellings.map(({ judgement }) => judgement.namespace.name).filter((name) => answerOf(facts, name, 'restricted')?.exempt);
  if (exempt.length === 0) return [];
  return [
    {
      id: 'exempt-namespaces',
      title: 'The level takes effect',
      verdict: 'warn',
      detail: `The API server exempts ${listed(exempt, 8)} from Pod Security Admission: it keeps the labels and refuses nothing. Azure Policy or deployment safeguards check those pods; this does not.`,
      next: ['Leave these namespaces out, or take the exemption out of the admission configuration where you run the API server yourself.'],
    },
  ];
}

/** Where the API server sees it otherwise, its answer counts when it is the stricter, and ours when that is. */
export function disagreementGuard(facts: Facts): readonly Guard[] {
  const found = disagreements(facts);
  if (found.length === 0) return [];
  const line = ({ namespace, level, server, ours }: (typeof found)[number]): string =>
    server.length > 0
      ? `${clean(namespace)} at ${level}: the API server refuses what this program lets in (${listed(server.slice(0, 3))})`
      : `${clean(namespace)} at ${level}: the API server lets in what this program refuses (${listed(
          ours.map(({ workload }) => placeName(workload)),
          3,
        )})`;
  return [
    {
      id: 'server-disagrees',
      title: 'The API server says the same',
      verdict: 'warn',
      detail: `${found.slice(0, 5).map(line).join('; ')}${found.length > 5 ? `; and ${found.length - 5} more` : ''}. The stricter of the two answers counts here. Pods may have changed in between, or the plug-in has exemptions.`,
      next: ['Ask again: kubectl label --dry-run=server --overwrite namespace NAME pod-security.kubernetes.io/enforce=LEVEL'],
    },
  ];
}
