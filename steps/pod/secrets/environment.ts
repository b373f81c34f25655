import { type Assessment, type Evidence, notApplicable, unknown } from '../../../src/model/assessment.ts';
import { type Fact, type Facts, knownValue, type Workload } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, isObject, list, path, text } from '../../../src/model/json.ts';
import { fieldPrefix } from '../../../src/model/pod-security/index.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { containersOf, ownWorkloads, type PlacedContainer, perController } from '../../shared/own-workloads.ts';
import { plural } from '../../shared/texts.ts';

/** A Secret that a container takes as environment variables: one key of it, or all that it holds. Names alone; values are never read. */
export type SecretVariable = { readonly at: PlacedContainer; readonly entry: number; readonly secret: string } & (
  | { readonly from: 'env'; readonly variable: string; readonly key: string }
  | { readonly from: 'envFrom' }
);

/** A workload with the Secrets that it takes as environment variables. */
export interface SecretUse {
  readonly workload: Workload;
  readonly variables: readonly SecretVariable[];
}

function variablesOf(container: PlacedContainer): readonly SecretVariable[] {
  const single = list(container.container['env']).flatMap((entry, index): readonly SecretVariable[] => {
    const found = at(entry, path('valueFrom.secretKeyRef'));
    if (!isObject(found)) return [];
    const variable = text(at(entry, ['name'])) ?? '';
    return [{ at: container, entry: index, from: 'env', variable, secret: text(found['name']) ?? '', key: text(found['key']) ?? '' }];
  });
  const whole = list(container.container['envFrom']).flatMap((entry, index): readonly SecretVariable[] => {
    const found = at(entry, ['secretRef']);
    return isObject(found) ? [{ at: container, entry: index, from: 'envFrom', secret: text(found['name']) ?? '' }] : [];
  });
  return [...single, ...whole];
}

/** Workloads of one's own that take Secrets as environment variables. */
export function secretUses(facts: Facts): Fact<readonly SecretUse[]> {
  const found = ownWorkloads(facts);
  if (found.state === 'unknown') return found;
  const using = found.value.filter(({ spec }) => containersOf(spec).some((container) => variablesOf(container).length > 0));
  return { state: 'known', value: perController(using).map((workload) => ({ workload, variables: containersOf(workload.spec).flatMap(variablesOf) })) };
}

/** The same where it is known; none where it is not. */
export function knownUses(facts: Facts): readonly SecretUse[] {
  const found = secretUses(facts);
  return found.state === 'known' ? found.value : [];
}

/** What a variable takes, for a sentence. */
export function variableText(variable: SecretVariable): string {
  const secret = clean(variable.secret);
  return variable.from === 'env' ? `${clean(variable.variable)} from Secret ${secret} (key ${clean(variable.key)})` : `every key of Secret ${secret}`;
}

/** More than these are counted: an assessment is read by people. */
const MOST_SHOWN = 20;

function evidenceOf({ workload, variables: [first, ...rest] }: SecretUse): readonly Evidence[] {
  if (first === undefined) return [];
  const field = first.from === 'env' ? `env[${first.entry}].valueFrom.secretKeyRef` : `envFrom[${first.entry}].secretRef`;
  return [
    {
      path: `${clean(workload.kind)}/${placeName(workload)} ${fieldPrefix(workload.kind)}spec.${first.at.list}[${first.at.index}].${field}`,
      actual: `${variableText(first)}${rest.length > 0 ? `, and ${rest.length} more` : ''}`,
      wanted: 'a file, mounted from the store',
    },
  ];
}

/** What SecretProviderClasses that make Kubernetes Secrets leave behind, in a sentence; undefined where there is none. */
export function syncNote(facts: Facts): string | undefined {
  const syncing = (knownValue(facts, 'secretProviderClasses') ?? []).filter(({ syncs }) => syncs);
  return syncing.length === 0
    ? undefined
    : `${plural(syncing.length, 'SecretProviderClass', 'SecretProviderClasses')} also ${syncing.length === 1 ? 'makes' : 'make'} Kubernetes Secrets: a copy of what is in the vault stands in etcd.`;
}

/** 18.3: no workload of one's own takes a Secret as environment variables. */
export function assessEnvironment(facts: Facts): Assessment {
  const work = ownWorkloads(facts);
  if (work.state === 'unknown') return unknown(clean(work.reason));
  if (work.value.length === 0) return notApplicable('nothing runs but what belongs to Kubernetes and AKS');
  const uses = knownUses(facts);
  const note = syncNote(facts);
  const noted = note === undefined ? {} : { note };
  if (uses.length === 0) {
    const actual = `${plural(perController(work.value).length, 'workload')}, none with a Secret in its environment`;
    return { status: 'pass', evidence: [{ path: 'workloads', actual, wanted: 'none' }], ...noted };
  }
  const rest = uses.length - MOST_SHOWN;
  const more = rest > 0 ? [{ path: 'workloads', actual: `and ${plural(rest, 'more workload')}`, wanted: 'files' }] : [];
  return { status: 'fail', evidence: [...uses.slice(0, MOST_SHOWN).flatMap(evidenceOf), ...more], ...noted };
}
