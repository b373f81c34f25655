/** The command line as data: parsing, `--help` and the errors are all made from these tables. */

export const commandNames = ['wizard', 'plan', 'resume', 'check', 'steps', 'practice', 'pod-security'] as const;
export type CommandName = (typeof commandNames)[number];

/** A command. `wizard` is what runs when no command is named. */
export interface CommandSpec {
  readonly name: CommandName;
  readonly usage: string;
  readonly summary: string;
  readonly positional?: { readonly name: string; readonly help: string; readonly multiple?: true };
  readonly examples: readonly (readonly [line: string, meaning: string])[];
}

/** An option. Without `value` it is a switch. `bare` is its value when it is given without one. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  readonly value?: string;
  readonly bare?: string;
  readonly multiple?: boolean;
  readonly allowed?: readonly string[];
  readonly help: string;
  readonly commands: readonly CommandName[];
}

export const commands: readonly CommandSpec[] = [
  {
    name: 'wizard',
    usage: 'aks-harden [-g RG -n NAME] [-s SUB] [options]',
    summary: 'Walks you through hardening one cluster. Without a terminal it prints the assessment and the plan.',
    examples: [
      ['aks-harden', 'sign in, pick a cluster, start'],
      ['aks-harden -g prod -n prod-weu-01', 'start with this cluster'],
      ['aks-harden --practice', 'learn it on a cluster that is not real'],
      ['aks-harden -g prod -n prod-weu-01 --choose platform.control-plane-logs=workspace --yes', 'one decision, no questions'],
    ],
  },
  {
    name: 'plan',
    usage: 'aks-harden plan (-g RG -n NAME | --from FILE | --practice) [options]',
    summary: 'Prints a script with the commands of the plan. Nothing is changed.',
    examples: [
      ['aks-harden plan -g prod -n prod-weu-01 > harden.sh', 'the recommended options, as a bash script'],
      ['az aks show -g prod -n prod-weu-01 -o json | aks-harden plan --from -', 'offline, from what az says'],
      ['aks-harden plan --from cluster.json --undo > undo.sh', 'the way back'],
      ['aks-harden plan -g prod -n prod-weu-01 --choose pod.security=patches --out patches/', 'patches of workloads as files'],
    ],
  },
  {
    name: 'resume',
    usage: 'aks-harden resume [FILE] [options]',
    summary: 'Carries on with an interrupted run: reads everything again and follows what still runs.',
    positional: { name: 'FILE', help: 'a checklist; found by itself in ./aks-hardening when not given' },
    examples: [['aks-harden resume', 'the newest checklist below this folder']],
  },
  {
    name: 'check',
    usage: 'aks-harden check (-g RG -n NAME | --from FILE | --practice) [options]',
    summary: 'Prints the verdict on each control. Nothing is changed.',
    examples: [
      ['aks-harden check -g prod -n prod-weu-01', 'one cluster'],
      ['az aks list -o json | aks-harden check --from - -o json', 'every cluster of a subscription'],
      ['aks-harden check --from cluster.json --kube-from dump/', 'both halves from files, with no way to the cluster'],
      ['aks-harden check --from cluster.json --exit-code', 'exit 3 when something is open'],
    ],
  },
  {
    name: 'steps',
    usage: 'aks-harden steps [ID] [options]',
    summary: 'Lists the steps, their controls, options and parameters.',
    positional: { name: 'ID', help: 'one step' },
    examples: [['aks-harden steps cluster.api-server-exposure', 'all about one step']],
  },
  {
    name: 'practice',
    usage: 'aks-harden practice [SCENARIO] [options]',
    summary: 'Serves a practice cluster for az and kubectl on this machine (loopback only).',
    positional: { name: 'SCENARIO', help: 'legacy (default), typical, private or hardened' },
    examples: [['aks-harden practice legacy', 'prints the lines that point az and kubectl at it']],
  },
  {
    name: 'pod-security',
    usage: 'aks-harden pod-security PATH… [--level LEVEL] [options]',
    summary: 'Tells what in manifests a Pod Security level would refuse, for which field, and what to set. No cluster is needed.',
    positional: {
      name: 'PATH…',
      help: 'files, folders, or - (standard input): manifests, or what kubectl get printed',
      multiple: true,
    },
    examples: [
      ['aks-harden pod-security deploy/ --level restricted', 'every manifest below a folder'],
      ['kubectl get pods,deployments,cronjobs -A -o json | aks-harden pod-security - --level baseline', 'what runs in a cluster'],
      ['helm template shop ./chart | aks-harden pod-security - --level restricted --exit-code', 'in a pipeline: exit 3 when something would be refused'],
      ['aks-harden pod-security deploy/ --level baseline --kube-version 1.34 -o json', 'by the rules of one version, for a program'],
    ],
  },
];

export const scenarios = ['legacy', 'typical', 'private', 'hardened'] as const;
/** The ways into Kubernetes that can be asked for. */
export const kubeWays = ['auto', 'kubectl', 'run-command', 'none'] as const;
const online: readonly CommandName[] = ['wizard', 'plan', 'check'];
const planning: readonly CommandName[] = ['wizard', 'plan'];
const all: readonly CommandName[] = commandNames;

export const options: readonly OptionSpec[] = [
  { name: 'resource-group', short: 'g', value: 'RG', help: "the cluster's resource group", commands: online },
  { name: 'name', short: 'n', value: 'NAME', help: "the cluster's name", commands: online },
  { name: 'subscription', short: 's', value: 'SUB', help: 'subscription id or name', commands: online },
  {
    name: 'practice',
    value: 'SCENARIO',
    bare: 'legacy',
    allowed: scenarios,
    help: 'a cluster that is not real: legacy, typical, private or hardened',
    commands: online,
  },
  {
    name: 'from',
    value: 'FILE',
    help: 'facts from a file or - (standard input): `az aks show -o json`, an ARM body, an array of them, a saved snapshot',
    commands: ['plan', 'check'],
  },
  {
    name: 'kube',
    value: 'WAY',
    allowed: kubeWays,
    help: 'how to look inside the cluster: auto (default: kubectl, else commands through Azure), kubectl, run-command, or none',
    commands: ['wizard', 'plan', 'check', 'resume'],
  },
  {
    name: 'kube-from',
    value: 'FILE|DIR',
    multiple: true,
    help: 'what runs inside the cluster from files or folders of manifests, or - (standard input): `kubectl get … -A -o json` (may be repeated)',
    commands: ['plan', 'check'],
  },
  { name: 'save-facts', value: 'FILE', help: 'keep what was read as a snapshot for --from', commands: ['plan', 'check'] },
  { name: 'step', value: 'ID', multiple: true, help: 'only this step (may be repeated)', commands: ['wizard', 'plan', 'check'] },
  { name: 'pillar', value: 'PILLAR', multiple: true, help: 'only this pillar (may be repeated)', commands: ['wizard', 'plan', 'check', 'steps'] },
  { name: 'choose', value: 'STEP=OPTION', multiple: true, help: 'decide a step; without any, plan takes the recommended options', commands: planning },
  { name: 'set', value: 'STEP.PARAM=VALUE', multiple: true, help: "a parameter's value; lists with commas", commands: planning },
  { name: 'undo', help: 'print the way back instead', commands: ['plan'] },
  {
    name: 'out',
    value: 'DIR',
    help: 'also write the Kubernetes manifests and patches of the plan to a folder, for teams that apply by GitOps',
    commands: ['plan'],
  },
  { name: 'shell', value: 'SHELL', allowed: ['bash', 'pwsh'], help: 'bash (default) or pwsh', commands: planning },
  {
    name: 'output',
    short: 'o',
    value: 'FORMAT',
    allowed: ['text', 'json'],
    help: 'text (default) or json',
    commands: ['plan', 'check', 'steps', 'pod-security'],
  },
  { name: 'level', value: 'LEVEL', allowed: ['baseline', 'restricted'], help: 'baseline (default) or restricted', commands: ['pod-security'] },
  { name: 'kube-version', value: 'VERSION', help: 'the Kubernetes version whose rules count, 1.22 to 1.37 (default: the latest)', commands: ['pod-security'] },
  { name: 'exit-code', help: 'exit 3 when findings remain', commands: ['plan', 'check', 'pod-security'] },
  {
    name: 'via',
    value: 'WAY',
    allowed: ['sdk', 'az'],
    help: 'apply through the ARM SDK (default) or by running the printed az commands',
    commands: ['wizard', 'resume'],
  },
  { name: 'read-only', help: 'look at everything, change nothing', commands: ['wizard', 'resume'] },
  { name: 'checklist', value: 'FILE', help: 'where the checklist is kept (default ./aks-hardening/…json)', commands: ['wizard'] },
  { name: 'yes', short: 'y', help: 'do not ask (never for what cannot be undone or takes nodes away)', commands: ['wizard', 'resume'] },
  {
    name: 'confirm',
    value: 'NAME',
    help: "without a terminal: the cluster's name, for changes that cannot be undone or take nodes away",
    commands: ['wizard', 'resume'],
  },
  { name: 'override', value: 'GUARD=PHRASE', multiple: true, help: 'lift a guard by its phrase; it is recorded', commands: ['wizard', 'resume'] },
  { name: 'speed', value: 'FACTOR', help: 'how much faster than real time the practice cluster runs', commands: ['wizard', 'resume', 'practice'] },
  { name: 'port', value: 'PORT', help: 'port to serve on (default: a free one)', commands: ['practice'] },
  { name: 'no-color', help: 'no colours (NO_COLOR does the same)', commands: all },
  { name: 'ascii', help: 'plain ASCII symbols', commands: ['wizard', 'resume', 'check', 'steps', 'pod-security'] },
  { name: 'screen-reader', help: 'one column, no borders, no animation', commands: ['wizard', 'resume'] },
  { name: 'help', short: 'h', help: 'this help', commands: all },
  { name: 'version', help: 'the version', commands: all },
];

/** What the exit codes mean, for `--help`. */
export const exitCodes: readonly (readonly [number, string])[] = [
  [0, 'done, or compliant'],
  [1, 'failure'],
  [2, 'usage, or something is missing'],
  [3, 'findings remain (with --exit-code)'],
  [4, 'the cluster changed since the plan; nothing was applied'],
  [5, 'partly applied'],
  [130, 'interrupted (143 when terminated)'],
];
