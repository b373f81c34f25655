import { clusterRef, type Facts, fact, isAutomatic } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { texts } from '../../../src/model/json.ts';
import type { Option, Param } from '../../../src/model/step.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { CLUSTER_WRITE_MINUTES, SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { podIdentityUse } from './apps.ts';
import { boundIdentities, issuerImpact, issuerOn, none, oneWay, podIdentityOn, webhookOn } from './changes.ts';
import { issuerUrl, moves } from './moving.ts';
import { openAccounts, ownAccounts, tokenHolders } from './tokens.ts';

/** Why there is no leaving. */
export const NO_ADD_ON = 'The pod identity add-on is not on: there is nothing to move away from.';

/** The ways to decide, told with the applications that use pod identity. */
export function options(facts: Facts): readonly Option[] {
  const name = listed([clusterRef(facts).name]);
  const opens = !issuerOn(facts) && !isAutomatic(facts);
  const cost = 'None';
  const issuerText = opens
    ? `The API server of ${name} restarts once for its token issuer, and the issuer stays for good.`
    : 'The issuer is on already, so nothing restarts.';
  const migrates = podIdentityOn(facts);
  const refusal = movingRefusal(facts);
  const moving = refusal === undefined;
  const { able } = moves(facts);
  const accounts = fact(facts, 'serviceAccounts');
  const open = openAccounts(facts);
  return [
    {
      id: 'on',
      title: 'Give pods an identity without a secret',
      tradeOff: `Pods exchange their Kubernetes token for an Entra token of their own managed identity: no secret to store, none to rotate. ${issuerText} Applications use it one by one, with a federated credential each (20 to an identity), a label and a current Azure SDK; what uses pod identity now goes on.`,
      impact: opens ? issuerImpact : none,
      minutes: CLUSTER_WRITE_MINUTES,
      cost,
      reversible: opens ? oneWay : { kind: 'yes', how: 'the webhook is switched off again' },
      notWhen: 'a service outside checks the issuer of your service account tokens and cannot be changed yet',
      ...(migrates || (issuerOn(facts) && webhookOn(facts))
        ? {}
        : { recommended: 'It costs nothing, breaks no running pod, and Key Vault access without secrets (18.1) builds on it.' }),
      params: [],
    },
    {
      id: 'migrate',
      title: 'The same, and leave AAD pod identity',
      tradeOff: `As above; then every application on pod identity is moved (${plural(boundIdentities(facts), 'identity', 'identities')} bound now), and the add-on is switched off. Both run side by side until then. ${issuerText}`,
      impact: opens ? issuerImpact : { kind: 'workload', scope: 'pods that still use pod identity lose their access to Azure when the add-on goes' },
      minutes: [CLUSTER_WRITE_MINUTES[0] * 2 + 60, CLUSTER_WRITE_MINUTES[1] * 2 + 960],
      cost,
      reversible: opens ? oneWay : { kind: 'no', how: 'support for pod identity ended in September 2025, and AKS need not take it back' },
      notWhen: 'applications cannot be moved now: then turn workload identity on first, and come back',
      ...(migrates ? (moving ? {} : { recommended: 'Pod identity is on, and nobody has supported it since September 2025.' }) : { unavailable: NO_ADD_ON }),
      params: [],
    },
    {
      id: 'move-applications',
      title: 'An identity of the new kind for each application',
      tradeOff: moving
        ? `For ${listed(able.map(({ workload }) => placeName(workload)))}: a federated credential on the managed identity that pod identity gives today, and a service account that names it; then a patch for each workload, which you roll out. Both kinds work side by side, so applications move one by one.`
        : (refusal ?? ''),
      impact: { kind: 'workload', scope: 'each application restarts when you roll its patch out; until then nothing changes' },
      minutes: SIDE_WRITE_MINUTES,
      cost,
      reversible: { kind: 'yes', how: 'credentials and accounts are taken away again' },
      notWhen: 'an application uses an SDK from before 2022 on Windows: there is no proxy for it',
      ...(moving ? { recommended: 'The issuer is on, so applications can move now; pod identity goes when the last one has.' } : {}),
      ...(refusal === undefined ? {} : { unavailable: refusal }),
      params: [proxy.name],
    },
    {
      id: 'no-default-tokens',
      title: 'No Kubernetes token for pods that name no account',
      tradeOff:
        open.length === 0
          ? 'No default account of your namespaces hands out a token.'
          : `The default account of ${listed(open.map(({ namespace }) => clean(namespace)))} stops handing its token to every new pod: what breaks into one can no longer speak to the API server with it. A pod that does need it names an account of its own.`,
      impact: { kind: 'workload', scope: 'new pods of the chosen namespaces that name no account; running ones keep their token' },
      minutes: SIDE_WRITE_MINUTES,
      cost,
      reversible: { kind: 'yes', how: 'the setting is taken off again' },
      notWhen: 'pods call the API server as default, which cannot be seen from here: give them an account first',
      ...(accounts.state === 'unknown' ? { unavailable: `Service accounts could not be read: ${clean(accounts.reason)}.` } : {}),
      params: [tokenNamespaces.name],
    },
  ];
}

/** Why applications cannot be moved now; undefined when some can. */
export function movingRefusal(facts: Facts): string | undefined {
  const used = podIdentityUse(facts);
  if (used.state === 'unknown') return `Who uses pod identity could not be read: ${clean(used.reason)}.`;
  if (used.value.apps.length === 0) return 'No workload carries the label of pod identity: there is nothing to move.';
  if (!webhookOn(facts) || issuerUrl(facts) === undefined)
    return 'Turn workload identity on first, and read again: a credential names the address of the issuer, which is not there yet.';
  return moves(facts).able.length === 0 ? 'None of the labels leads to an identity that is known here.' : undefined;
}

/** For applications that know nothing of workload identity. */
export const proxy: Param = {
  name: 'proxy-sidecar',
  prompt: 'Put a proxy beside each application?',
  help: 'For Linux applications whose Azure SDK is too old: it answers them as the instance metadata does, and costs a container. Take it out when the SDK is new.',
  kind: 'yes-no',
  defaultValue: () => false,
  validate: (value) => (typeof value === 'boolean' ? undefined : 'Answer yes or no.'),
};

/** Namespaces whose default account can go without harm, as far as pods tell. */
const quiet = (facts: Facts): readonly string[] =>
  ownAccounts(openAccounts(facts))
    .map(({ namespace }) => namespace)
    .filter((namespace) => tokenHolders(facts, namespace).length === 0);

/** Where the default account gives its token up. */
export const tokenNamespaces: Param = {
  name: 'token-namespaces',
  prompt: 'In which namespaces?',
  help: 'Chosen beforehand are those where no pod runs as default with its token. In the others, look first whether a pod calls the API server.',
  kind: 'choices',
  choices: (facts) =>
    openAccounts(facts).map(({ namespace }) => {
      const holders = tokenHolders(facts, namespace).length;
      return {
        value: namespace,
        label: `${clean(namespace)}: ${holders === 0 ? 'no pod gets it now' : `${plural(holders, 'workload')} ${holders === 1 ? 'gets' : 'get'} it`}`,
      };
    }),
  defaultValue: quiet,
  validate: (value, facts) => {
    if (!Array.isArray(value)) return 'Give a list of namespaces.';
    const there = openAccounts(facts).map(({ namespace }) => namespace);
    const odd = texts(value).filter((name) => !there.includes(name));
    return odd.length > 0 ? `${listed(odd)}: no namespace of yours whose default account hands out a token. There are: ${listed(there)}.` : undefined;
  },
};
