import { type Assessment, fail, notApplicable, partial, pass, unknown } from '../../../src/model/assessment.ts';
import type { KubePatch, ManualChange } from '../../../src/model/change.ts';
import { type Fact, type Facts, fact, type ServiceAccountFacts, type Workload } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { patchManifest } from '../../../src/model/kube-manifest.ts';
import { isSystemNamespace } from '../../../src/model/system-namespaces.ts';
import { isOurs, isPlain, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { ownWorkloads } from '../../shared/own-workloads.ts';
import { plural } from '../../shared/texts.ts';
import { accountOf } from './apps.ts';
import { STEP } from './changes.ts';

const MOST_SHOWN = 20;
const WANTED = 'false';
const withoutToken: JsonObject = { automountServiceAccountToken: false };

/** The `default` accounts of the operator's own namespaces, in the order of their names. */
export function defaultAccounts(facts: Facts): Fact<readonly ServiceAccountFacts[]> {
  const accounts = fact(facts, 'serviceAccounts');
  const namespaces = fact(facts, 'namespaces');
  if (accounts.state === 'unknown') return accounts;
  const system = new Set(namespaces.state === 'known' ? namespaces.value.filter((one) => one.system).map(({ name }) => name) : []);
  const own = accounts.value.filter(({ name, namespace }) => name === 'default' && !system.has(namespace) && !isSystemNamespace(namespace));
  return { state: 'known', value: own.toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1)) };
}

/** Those that still hand their token to every pod that names no account. */
export function openAccounts(facts: Facts): readonly ServiceAccountFacts[] {
  const found = defaultAccounts(facts);
  return found.state === 'known' ? found.value.filter(({ automountToken }) => automountToken !== false) : [];
}

/** Workloads of a namespace that get the token of its `default` account now: whether they use it cannot be seen. */
export function tokenHolders(facts: Facts, namespace: string): readonly Workload[] {
  const found = ownWorkloads(facts);
  if (found.state === 'unknown') return [];
  return found.value.filter((one) => one.namespace === namespace && accountOf(one) === 'default' && one.spec['automountServiceAccountToken'] === undefined);
}

/** 16.4: default accounts hand out no token. */
export function assessTokens(facts: Facts): Assessment {
  const found = defaultAccounts(facts);
  if (found.state === 'unknown') return unknown(clean(found.reason));
  if (found.value.length === 0) return notApplicable('there is no namespace of your own');
  const open = openAccounts(facts);
  if (open.length === 0) return pass({ path: 'ServiceAccount', actual: `${found.value.length} default accounts without a token`, wanted: WANTED });
  const shown = open.slice(0, MOST_SHOWN).map(({ namespace, automountToken }) => ({
    path: `ServiceAccount/${clean(namespace)}/default automountServiceAccountToken`,
    actual: automountToken,
    wanted: WANTED,
  }));
  const all = open.length > MOST_SHOWN ? [...shown, { path: 'ServiceAccount', actual: `and ${open.length - MOST_SHOWN} more`, wanted: WANTED }] : shown;
  return open.length < found.value.length ? partial(`${open.length} of ${found.value.length} default accounts hand out their token`, ...all) : fail(...all);
}

/** Takes the token away from pods that name no account. Only new pods feel it. */
export function tokenChange({ namespace, name, automountToken }: ServiceAccountFacts): KubePatch {
  const place = placeName({ namespace, name });
  return {
    kind: 'kube.patch',
    id: `${STEP}/token-${namespace}`,
    step: STEP,
    controls: ['16.4'],
    title: `No token for pods of ${place}`,
    object: { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name },
    patch: withoutToken,
    before: automountToken === undefined ? {} : { automountServiceAccountToken: automountToken },
    impact: { kind: 'workload', scope: `new pods of ${clean(namespace)} that name no account get no token of Kubernetes; running ones keep theirs` },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the setting is taken off again' },
    after: [],
  };
}

/** The same for accounts that another tool keeps: the setting for its source, nothing sent. */
export function keptAccounts(kept: readonly ServiceAccountFacts[]): readonly ManualChange[] {
  if (kept.length === 0) return [];
  return [
    {
      kind: 'manual',
      id: `${STEP}/kept-accounts`,
      step: STEP,
      controls: ['16.4'],
      title: `Take the token from ${plural(kept.length, 'account')} where ${kept.length === 1 ? 'it is' : 'they are'} kept`,
      instructions: kept.map((one) => `ServiceAccount ${placeName(one)}: automountServiceAccountToken: false, ${whereToChange(one)}.`),
      manifests: kept.filter(isPlain).map(({ namespace, name }) => patchManifest({ apiVersion: 'v1', kind: 'ServiceAccount', namespace, name }, withoutToken)),
      doneWhen: 'aks-harden check shows 16.4 as passed',
      impact: { kind: 'workload', scope: 'new pods of these namespaces that name no account' },
      minutes: [5, 60],
      reversible: { kind: 'yes', how: 'the setting is taken out of the source again' },
      after: [],
    },
  ];
}

/** Accounts that this program may write. */
export const ownAccounts = (accounts: readonly ServiceAccountFacts[]): readonly ServiceAccountFacts[] => accounts.filter(isOurs);
