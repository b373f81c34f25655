import type { ManualChange } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { keeperName, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { listed, plural } from '../../shared/texts.ts';
import { type SecretUse, variableText } from './environment.ts';
import { ANY_KEY, CLIENT_ID, className, classOf, clientIdOf, objectsOf, syncedName } from './objects.ts';
import { injectorPatch, patchable, renamedSecrets, vaultPatch, withoutVariables } from './patches.ts';

const STEP = 'pod.secrets';
/** More workloads than these are counted in the instructions; their manifests are written all the same. */
const MOST_TOLD = 20;

/** How a workload's Secrets become files: in what place, and by which manifests. */
interface Move {
  readonly use: SecretUse;
  /** The folder the files appear in. */
  readonly folder?: string;
  /** None where no patch can say it. */
  readonly manifests: readonly JsonObject[];
}

/** Key Vault's driver, with the variables gone (`synced` false) or taken from Secrets that the driver makes. */
export function vaultMoves(facts: Facts, uses: readonly SecretUse[], wanted: { readonly vault: string; readonly synced: boolean }): readonly Move[] {
  return uses.map((use): Move => {
    const patch = vaultPatch(use, className(use.workload), wanted.synced ? renamedSecrets(syncedName) : withoutVariables);
    const provider = patch && classOf(facts, use, wanted);
    return patch === undefined || provider === undefined ? { use, manifests: [] } : { use, folder: patch.folder, manifests: [provider, patch.manifest] };
  });
}

/** HashiCorp Vault's injector, with the variables gone. */
export function injectorMoves(uses: readonly SecretUse[]): readonly Move[] {
  return uses.map((use): Move => {
    const manifest = injectorPatch(use, objectsOf(use));
    return manifest === undefined ? { use, manifests: [] } : { use, folder: '/vault/secrets', manifests: [manifest] };
  });
}

function filesText({ use, folder }: Move): string {
  const files = objectsOf(use);
  const shown = files
    .slice(0, 4)
    .map(({ name, secret, key }) => `${clean(secret)} (${key === undefined ? 'every key' : clean(key)}) as ${folder ?? ''}/${name}`);
  return `${shown.join(', ')}${files.length > shown.length ? ` and ${files.length - shown.length} more` : ''}`;
}

function moveLine(move: Move): string {
  const { workload, variables } = move.use;
  const name = `${clean(workload.kind)} ${placeName(workload)}`;
  const where = workload.keeper === undefined ? '' : `, ${keeperName[workload.keeper.tool]} keeps it: ${whereToChange(workload)}`;
  const anew = workload.kind === 'Pod' || workload.kind === 'Job' ? ' (made anew with it: Kubernetes does not change a running one)' : '';
  if (move.manifests.length === 0) {
    const first = variables.slice(0, 3).map(variableText).join(', ');
    return `${name}${where}: no patch can say it (an injected or ephemeral container, or a kind that is not known): ${first}`;
  }
  return `${name}${where}: ${filesText(move)}${anew}`;
}

function told(moves: readonly Move[]): readonly string[] {
  const rest = moves.length - MOST_TOLD;
  return [...moves.slice(0, MOST_TOLD).map(moveLine), ...(rest > 0 ? [`and ${plural(rest, 'more workload')}, each with its files`] : [])];
}

/** What the operator still has to put into the manifests. */
function blanks(facts: Facts, uses: readonly SecretUse[]): readonly string[] {
  const unbound = uses.filter(({ workload }) => clientIdOf(facts, workload) === undefined);
  const whole = uses.some((use) => objectsOf(use).some(({ key }) => key === undefined));
  const accounts = [...new Set(unbound.map(({ workload }) => `${workload.namespace}/${String(workload.spec['serviceAccountName'] ?? 'default')}`))];
  return [
    ...(unbound.length > 0
      ? [
          `Service account ${listed(accounts)} has no identity yet: bind one (step pod.workload-identity) and put its client id where the class says ${CLIENT_ID}.`,
        ]
      : []),
    ...(whole
      ? [
          `envFrom takes whatever a Secret holds, and its keys are not read here. Their names: kubectl get secret NAME --namespace NAMESPACE --output go-template='{{range $key, $value := .data}}{{$key}} {{end}}'. Each becomes an entry where the class says ${ANY_KEY}.`,
        ]
      : []),
  ];
}

const asFiles = (what: string): string =>
  `Files of the manifests: aks-harden plan with this choice and --out DIR. ${what} See what a patch comes to before it is done: kubectl patch KIND NAME --namespace NAMESPACE --patch-file FILE --dry-run=server --output yaml.`;

const common = { kind: 'manual', step: STEP, minutes: [60, 2880], after: [] } as const;
const restarts = (uses: readonly SecretUse[]) =>
  ({ kind: 'workload', scope: `rolling restarts of ${plural(uses.length, 'workload')}, when you roll the patches out` }) as const;

/** Files instead of variables: a class and a patch for each workload, text and manifests, never sent. */
export function filesChange(facts: Facts, uses: readonly SecretUse[], vault: string): readonly ManualChange[] {
  if (uses.length === 0) return [];
  const moves = vaultMoves(facts, uses, { vault, synced: false });
  return [
    {
      ...common,
      id: `${STEP}/files`,
      controls: ['18.3'],
      title: `Give ${plural(uses.length, 'workload')} files instead of environment variables`,
      instructions: [
        'First the application: it must read the file, and look again when it changes. A patch without that takes its password away. Where an image reads NAME_FILE instead of NAME (many databases do), that variable with the file’s path is enough.',
        ...told(moves),
        `Each secret into vault ${clean(vault)} under the name of its file: az keyvault secret set --vault-name ${clean(vault)} --name FILE_NAME --file PATH, and the role Key Vault Secrets User on it for the application’s identity.`,
        ...blanks(facts, uses),
        asFiles(
          'SecretProviderClasses are applied first; each patch then merges into the workload it names. For a first rollout leave its env lines out, so that both ways are there.',
        ),
        'Mount the folder, never single files by subPath: those are copied once and do not renew. When the last pod reads the file, delete the Secret: kubectl delete secret NAME --namespace NAMESPACE.',
      ],
      manifests: moves.flatMap(({ manifests }) => manifests),
      doneWhen: 'aks-harden check shows 18.3 as passed',
      impact: restarts(uses),
      reversible: { kind: 'yes', how: 'the old manifests, or kubectl rollout undo, as long as the Secrets are there' },
    },
  ];
}

/** Variables as before, from Secrets that the driver makes of the vault. */
export function syncedChange(facts: Facts, uses: readonly SecretUse[], vault: string): readonly ManualChange[] {
  if (uses.length === 0) return [];
  const moves = vaultMoves(facts, uses, { vault, synced: true });
  return [
    {
      ...common,
      id: `${STEP}/synced`,
      controls: [],
      title: `Have the Secrets of ${plural(uses.length, 'workload')} made from the vault`,
      instructions: [
        'The applications stay as they are: each variable comes from a Secret of a new name that the driver makes while a pod mounts the class. It goes when the last such pod goes.',
        ...told(moves),
        `Each secret into vault ${clean(vault)} under the name of its file: az keyvault secret set --vault-name ${clean(vault)} --name FILE_NAME --file PATH, and the role Key Vault Secrets User on it for the application’s identity.`,
        ...blanks(facts, uses),
        asFiles('SecretProviderClasses are applied first; each patch then merges into the workload it names.'),
        'A new version in the vault reaches the Secret by itself, the variable only with a restart: kubectl rollout restart. Control 18.3 stays open with this.',
      ],
      manifests: moves.flatMap(({ manifests }) => manifests),
      doneWhen: 'the Secrets that somebody wrote by hand are deleted, and the pods come up without them',
      impact: restarts(uses),
      reversible: { kind: 'yes', how: 'the old manifests, as long as the old Secrets are there' },
    },
  ];
}

/** A store of one's own; where variables are taken from Secrets today, the patches for Vault's injector come along. */
export function otherStoreChange(uses: readonly SecretUse[], openStore: boolean): readonly ManualChange[] {
  const moves = injectorMoves(uses);
  if (uses.length === 0 && !openStore) return [];
  const controls = [...(openStore ? ['18.1'] : []), ...(uses.length > 0 ? ['18.3'] : [])];
  return [
    {
      ...common,
      id: `${STEP}/other-store`,
      controls,
      title: 'Use a store of your own for secrets',
      instructions: [
        'Install HashiCorp Vault’s agent injector or CSI provider, or External Secrets, with an identity of its own (workload identity) towards its back end.',
        ...(uses.length > 0
          ? [
              'The patches are for Vault’s injector: a container beside each application writes /vault/secrets/FILE and renews it, so nothing lies in etcd. External Secrets makes Kubernetes Secrets instead: in etcd, and 18.3 stays open unless they are mounted as files.',
              'First the application: it must read the file. A patch without that takes its password away.',
              ...told(moves),
              'In each patch, role and paths are guesses: role is the service account, paths are secret/data/NAMESPACE/SECRET of the key-value engine, version 2.',
              asFiles('Each patch merges into the workload it names.'),
            ]
          : ['Move applications one by one.']),
        'Delete the Secrets they used before. Where this program does not see the store, decline this step with its name as the reason, so that the checklist remembers it.',
      ],
      ...(uses.length > 0 ? { manifests: moves.flatMap(({ manifests }) => manifests) } : {}),
      doneWhen: uses.length > 0 ? 'aks-harden check shows 18.3 as passed' : 'no application reads a Secret that somebody wrote by hand',
      impact: uses.length > 0 ? restarts(uses) : { kind: 'none', scope: 'by hand' },
      reversible: { kind: 'yes', how: 'applications are pointed back' },
      minutes: [120, 2880],
    },
  ];
}

/** Says before the plan is carried out that files are the applications' work too. */
export function readsFilesGuard(uses: readonly SecretUse[]) {
  const able = uses.filter((use) => patchable(use).length > 0).map(({ workload }) => placeName(workload));
  return {
    id: 'reads-files',
    title: 'Applications read files',
    verdict: 'warn',
    detail: `Whether ${listed(able)} can read a secret from a file cannot be seen from here: turning a variable into a file is a change of the application.`,
    next: ['Ask each team, and try one replica first.'],
  } as const;
}
