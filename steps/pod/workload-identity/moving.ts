import type { ArmPut, Change, KubeApply, KubePatch, ManualChange } from '../../../src/model/change.ts';
import { clusterAt, clusterRef, type Facts, knownValue, type ServiceAccountFacts, type Workload } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { text } from '../../../src/model/json.ts';
import { patchManifest } from '../../../src/model/kube-manifest.ts';
import { templatePlace } from '../../../src/model/pod-security/index.ts';
import { fromTemplate } from '../../../templates/index.ts';
import { isOurs, isPlain, keeperName, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { plural } from '../../shared/texts.ts';
import { type App, accountOf, appsOf, BINDING_LABEL, CLIENT_ID, ownAccount, PROXY, USE } from './apps.ts';
import { STEP } from './changes.ts';

/** The audience of a token that Entra takes in exchange (AKS docs: workload-identity-overview). */
const AUDIENCE = 'api://AzureADTokenExchange';
const MOST_TOLD = 20;

/** The address of the token issuer; undefined while the issuer is off. */
export const issuerUrl = (facts: Facts): string | undefined => text(clusterAt(facts, 'properties.oidcIssuerProfile.issuerURL')) || undefined;

/** An application that can be moved: its identity is known, and a command can carry its names. */
interface Move extends App {
  readonly identity: NonNullable<App['identity']>;
  /** The account that it runs as afterwards: its own, or a new one where that is `default` or shared. */
  readonly account: string;
  /** The account as it stands; absent for a new one. */
  readonly standing?: ServiceAccountFacts;
}

/** A name for a new account that no account of the namespace has. */
function newAccount({ namespace, name }: Workload, accounts: readonly ServiceAccountFacts[]): string {
  const taken = accounts.filter((one) => one.namespace === namespace).map((one) => one.name);
  const start = name.slice(0, 200);
  return [start, `${start}-identity`, `${start}-workload-identity`].find((one) => !taken.includes(one)) ?? `${start}-of-its-own`;
}

/** Applications that can be moved, and those that cannot. */
export function moves(facts: Facts): { readonly able: readonly Move[]; readonly rest: readonly App[] } {
  const apps = appsOf(facts);
  const accounts = knownValue(facts, 'serviceAccounts') ?? [];
  const able = apps.flatMap((app): readonly Move[] => {
    const { identity, workload } = app;
    if (identity === undefined || !isPlain(workload) || templatePlace(workload.kind) === undefined) return [];
    const standing =
      ownAccount(app, accounts, apps) ?? accounts.find((one) => one.namespace === workload.namespace && one.annotations[CLIENT_ID] === identity.clientId);
    return [{ ...app, identity, account: standing?.name ?? newAccount(workload, accounts), ...(standing === undefined ? {} : { standing }) }];
  });
  return { able, rest: apps.filter((app) => !able.some(({ workload }) => workload === app.workload)) };
}

/** The account's place, once for all who share it. */
const accountKey = ({ workload, account }: Move): string => `${workload.namespace}/${account}`;
const eachAccount = (all: readonly Move[]): readonly Move[] => [...new Map(all.map((one) => [accountKey(one), one])).values()];

/** Letters, digits, hyphens and underscores, 120 at most (ARM: federatedIdentityCredentials). */
function credentialName(facts: Facts, { workload, account }: Move): string {
  return `${clusterRef(facts).name}-${workload.namespace}-${account}`.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 120);
}

/** Entra takes the account's token for the identity. */
function credential(facts: Facts, move: Move, issuer: string): ArmPut {
  const { workload, account, identity } = move;
  return {
    kind: 'arm.put',
    id: `${STEP}/credential-${accountKey(move)}`,
    step: STEP,
    controls: [],
    title: `Let ${placeName({ namespace: workload.namespace, name: account })} sign in as ${clean(identity.resourceId.split('/').at(-1) ?? '')}`,
    target: {
      id: `${identity.resourceId}/federatedIdentityCredentials/${credentialName(facts, move)}`,
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
      apiVersion: '2023-01-31',
    },
    body: { properties: { issuer, subject: `system:serviceaccount:${workload.namespace}:${account}`, audiences: [AUDIENCE] } },
    before: undefined,
    mayExist: true,
    impact: { kind: 'none', scope: 'one more way to sign in as this identity; pod identity goes on' },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the credential is deleted' },
    after: [],
  };
}

/** The account says which identity it stands for: annotated, or made. */
function accountChange(move: Move): KubePatch | KubeApply {
  const { workload, account, identity, standing } = move;
  const { namespace } = workload;
  const common = {
    id: `${STEP}/account-${accountKey(move)}`,
    step: STEP,
    controls: [],
    impact: { kind: 'none', scope: 'new pods with the label alone look at it' },
    minutes: SIDE_WRITE_MINUTES,
    after: [],
  } as const;
  const annotations = { [CLIENT_ID]: identity.clientId };
  if (standing !== undefined) {
    const had = standing.annotations[CLIENT_ID];
    return {
      ...common,
      kind: 'kube.patch',
      title: `Name the identity on service account ${placeName({ namespace, name: account })}`,
      object: { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: account },
      patch: { metadata: { annotations } },
      before: { metadata: { annotations: had === undefined ? {} : { [CLIENT_ID]: had } } },
      reversible: { kind: 'yes', how: 'the annotation is taken off again' },
    };
  }
  return {
    ...common,
    kind: 'kube.apply',
    title: `Make service account ${placeName({ namespace, name: account })} for its identity`,
    objects: fromTemplate('workload-identity-account', { name: account, namespace, clientId: identity.clientId }),
    before: [],
    reversible: { kind: 'yes', how: 'the account is taken away again' },
  };
}

/** The patch of a workload: the new label and account come, the old label goes. */
function workloadPatch({ workload, account }: Move, proxy: boolean): JsonObject | undefined {
  const place = templatePlace(workload.kind);
  const { apiVersion, kind, namespace, name } = workload;
  if (place === undefined || place.length === 0) return undefined;
  const annotations = proxy ? { annotations: { [PROXY]: 'true' } } : {};
  const template: Json = { metadata: { labels: { [USE]: 'true', [BINDING_LABEL]: null }, ...annotations }, spec: { serviceAccountName: account } };
  const spec = place.slice(1).reduceRight<Json>((value, key) => ({ [key]: value }), template);
  return fromTemplate('workload-patch', { apiVersion, kind, name, namespace, spec })[0];
}

function lineFor(move: Move): string {
  const { workload, account } = move;
  const kept = workload.keeper === undefined ? '' : ` (${keeperName[workload.keeper.tool]} keeps it: change it ${whereToChange(workload)})`;
  const anew = templatePlace(workload.kind)?.length === 0 ? ', made anew with the label, for a pod cannot change its account' : '';
  return `${clean(workload.kind)} ${placeName(workload)}${kept}: runs as ${clean(account)}${accountOf(workload) === account ? '' : ' (new)'}${anew}`;
}

/** Applications on pod identity, each with an identity of the new kind beside the old one; the rollout is a person's. */
export function movingChanges(facts: Facts, proxy: boolean): readonly Change[] {
  const issuer = issuerUrl(facts);
  const { able, rest } = moves(facts);
  if (issuer === undefined || able.length === 0) return [];
  const mine = eachAccount(able);
  // An account that another tool keeps gets its annotation there.
  const ours = mine.filter(({ standing }) => standing === undefined || isOurs(standing));
  const theirs = mine.filter((move) => !ours.includes(move));
  const sent: readonly Change[] = [...mine.map((move) => credential(facts, move, issuer)), ...ours.map(accountChange)];
  const manual: ManualChange = {
    kind: 'manual',
    id: `${STEP}/roll-out`,
    step: STEP,
    controls: ['16.2'],
    title: `Roll ${plural(able.length, 'application')} out with workload identity`,
    instructions: [
      ...able.slice(0, MOST_TOLD).map(lineFor),
      ...(able.length > MOST_TOLD ? [`and ${plural(able.length - MOST_TOLD, 'more application')}, each with its patch`] : []),
      ...theirs.map(
        ({ standing, identity }) =>
          `ServiceAccount ${standing === undefined ? '' : placeName(standing)}: annotation ${CLIENT_ID}: ${clean(identity.clientId)}, ${standing === undefined ? '' : whereToChange(standing)}`,
      ),
      ...rest.map(
        ({ workload, selector }) =>
          `${clean(workload.kind)} ${placeName(workload)}: label ${clean(selector)} leads to no identity that is known here; find it by hand`,
      ),
      ...(able.some(({ standing }) => standing === undefined)
        ? ['A new account has none of the Kubernetes rights of the old one: where the application calls the API server, bind its roles to the new one first.']
        : []),
      `Where ${BINDING_LABEL} stands in the selector of a workload too, the workload is made anew: selectors cannot be changed.`,
      'Patches as files: aks-harden plan with this choice and --out DIR. Apply each with kubectl patch KIND NAME --namespace NAMESPACE --patch-file FILE.',
      'The application needs an Azure SDK that knows workload identity (DefaultAzureCredential of 2022-10 or later). Older ones on Linux: choose the proxy sidecar, which answers them as the instance metadata does.',
      'When all run, read the cluster again: the last option then takes pod identity away.',
    ],
    manifests: [
      ...theirs.map(({ workload: { namespace }, account, identity }) =>
        patchManifest(
          { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: account },
          { metadata: { annotations: { [CLIENT_ID]: identity.clientId } } },
        ),
      ),
      ...able.map((move) => workloadPatch(move, proxy)).filter((patch) => patch !== undefined),
    ],
    doneWhen: `no pod carries the label ${BINDING_LABEL}`,
    impact: { kind: 'workload', scope: `rolling restarts of ${plural(able.length, 'application')}, when you roll them out` },
    minutes: [30, 960],
    reversible: { kind: 'yes', how: 'the old label: pod identity still runs beside it' },
    after: sent.map(({ id }) => id),
  };
  return [...sent, manual];
}
