import { type Assessment, type Evidence, fail, notApplicable, partial, pass, unknown } from '../../src/model/assessment.ts';
import { clusterRef, type Facts, fact } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { type Json, text } from '../../src/model/json.ts';
import { type Choice, defineStep, type Guard, type Option, type Param, type StepPlan } from '../../src/model/step.ts';
import { addonOn } from '../shared/addons.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { commonGuards } from '../shared/guards.ts';
import { keepersOf, placeName } from '../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../shared/minutes.ts';
import { listed, plural } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assigned, auditChange, HTTPS_ONLY, redirectChange, type Source, tlsChange } from './ingress-tls/changes.ts';
import { ALLOW_HTTP, entrances, laxEntrances, openEntrances, plainBeside, STEP, usedIssuer } from './ingress-tls/state.ts';
import { assignmentGuard } from './policy/guards.ts';

/** More than these are counted: an assessment is read by people. */
const MOST_SHOWN = 20;

function assess(facts: Facts): Assessment {
  const found = entrances(facts);
  if (found.state === 'unknown') return unknown(clean(found.reason));
  if (found.value.length === 0) return notApplicable('there is no Ingress and no Gateway of your own');
  const open = openEntrances(facts);
  const shown = open.slice(0, MOST_SHOWN).map(
    ({ entrance, hosts }): Evidence => ({
      path: `${entrance.kind}/${placeName(entrance)}`,
      actual: `${listed(hosts.map((host) => (host === '*' ? 'every host' : host)))} over plain HTTP`,
      wanted: 'a certificate for each host',
    }),
  );
  const all =
    open.length > MOST_SHOWN ? [...shown, { path: 'Ingress', actual: `and ${open.length - MOST_SHOWN} more`, wanted: 'a certificate for each host' }] : shown;
  const lax = laxEntrances(facts);
  if (open.length === 0 && lax.length > 0)
    return partial(
      `${plural(lax.length, 'entrance')} of ${found.value.length} may answer over plain HTTP beside the certificate`,
      ...lax.slice(0, MOST_SHOWN).map(
        (entrance): Evidence => ({
          path: `${entrance.kind}/${placeName(entrance)}`,
          actual: plainBeside(entrance),
          wanted: entrance.kind === 'Gateway' ? 'a plain listener that redirects, or none' : 'a redirect to HTTPS',
        }),
      ),
    );
  if (open.length === 0)
    return pass({ path: 'Ingress', actual: `${plural(found.value.length, 'entrance')} with certificates`, wanted: 'a certificate for each host' });
  return open.length < found.value.length ? partial(`${open.length} of ${found.value.length} answer a host without a certificate`, ...all) : fail(...all);
}

const issuer: Param = {
  name: 'issuer',
  prompt: 'Which ClusterIssuer of cert-manager?',
  help: 'Its name, as kubectl get clusterissuer shows it. It goes into an annotation of each Ingress.',
  kind: 'text',
  defaultValue: usedIssuer,
  validate: (value: Json) =>
    typeof value === 'string' && /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(value)
      ? undefined
      : 'Give the name of a ClusterIssuer: lower-case letters, digits, hyphens and dots.',
};

/** Why the report cannot be assigned now. */
function auditRefusal(facts: Facts): string | undefined {
  const found = fact(facts, 'policyAssignments');
  if (found.state === 'unknown') return `Whether the policy is assigned already is not known (${clean(found.reason)}).`;
  return addonOn(facts, 'azurepolicy') ? undefined : 'It needs the Azure Policy add-on: carry out governance.policy first.';
}

function options(facts: Facts): readonly Option[] {
  const found = entrances(facts);
  const open = openEntrances(facts);
  const unread = found.state === 'unknown' ? { unavailable: `Ingresses could not be read: ${clean(found.reason)}.` } : {};
  const names = listed(
    open.map(({ entrance, hosts }) => `${placeName(entrance)} (${listed(hosts.map((host) => (host === '*' ? 'every host' : host)))})`),
    3,
  );
  const kept = keepersOf(open.map(({ entrance }) => entrance));
  const lax = laxEntrances(facts);
  const plain = lax.length === 0 ? '' : ` ${listed(lax.map(placeName), 3)} may answer plain HTTP beside the certificate: how to turn it away is told as well.`;
  const none = lax.length === 0 ? 'Every host has a certificate: there is nothing to write.' : `Every host has a certificate.${plain}`;
  const unmarked = (found.state === 'known' ? found.value : []).filter(({ kind, annotations }) => kind === 'Ingress' && annotations[ALLOW_HTTP] !== 'false');
  const uses = usedIssuer(facts);
  const byHand = {
    impact: { kind: 'none', scope: 'nothing until you roll the patches out; then who calls over plain HTTP' },
    minutes: [0, 1],
    cost: 'A certificate a host, and somebody who renews what renews itself not',
    reversible: { kind: 'yes', how: 'the old list of certificates is written back' },
    ...unread,
  } as const;
  const what = `${names} ${open.length === 1 ? 'answers' : 'answer'} without a certificate.${kept === '' ? '' : ` ${kept} keeps some: their patches belong there.`}${plain}`;
  const group = clean(clusterRef(facts).resourceGroup);
  const refusal = auditRefusal(facts);
  const there = assigned(facts);
  return [
    {
      id: 'own-certificates',
      title: 'Certificates that you bring',
      tradeOff:
        open.length === 0
          ? none
          : `${what} A patch for each, which names a Secret that you fill: from your own authority, or from a Key Vault through the CSI driver.`,
      ...byHand,
      ...(open.length > 0 && uses === undefined && found.state === 'known'
        ? { recommended: 'No Ingress here uses cert-manager; certificates that your company has already need nothing new in the cluster.' }
        : {}),
      notWhen: 'nobody remembers to renew them',
      params: [],
    },
    {
      id: 'cert-manager',
      title: 'Certificates that cert-manager orders and renews',
      tradeOff:
        open.length === 0
          ? none
          : `${what} A patch for each, with the annotation that makes cert-manager order the certificate.${uses === undefined ? ' No Ingress names an issuer now: cert-manager must be installed first.' : ` Others here use issuer ${clean(uses)}.`}`,
      ...byHand,
      cost: 'cert-manager runs in the cluster, and you keep it up to date',
      ...(open.length > 0 && uses !== undefined && found.state === 'known'
        ? { recommended: `cert-manager is at work here already, with issuer ${clean(uses)}.` }
        : {}),
      notWhen: 'names cannot be proven to a public authority and there is no private one',
      params: [issuer.name],
    },
    {
      id: 'audit',
      title: 'Have Azure Policy report every Ingress without TLS',
      tradeOff: there
        ? `The policy is assigned already (${clean(there)}).`
        : `The built-in policy at audit on resource group ${group}: new and old Ingresses without TLS show in Azure, on all clusters of the group with the add-on. It refuses nothing, and closes nothing that is open now. It also wants annotation ${ALLOW_HTTP}: "false", certificate or not${unmarked.length === 0 ? '' : `: ${plural(unmarked.length, 'Ingress', 'Ingresses')} here would be listed`}.`,
      impact: { kind: 'none', scope: 'reports only; nothing is refused' },
      minutes: SIDE_WRITE_MINUTES,
      cost: 'None',
      reversible: { kind: 'yes', how: 'the assignment is deleted' },
      notWhen: 'the Gateway API is all you use: the policy looks at Ingresses alone',
      ...(refusal === undefined ? {} : { unavailable: refusal }),
      params: [],
    },
  ];
}

/** Who calls over plain HTTP cannot be seen. */
const callersGuard: Guard = {
  id: 'plain-callers',
  title: 'Nobody is left who calls over plain HTTP',
  verdict: 'warn',
  detail: 'Who calls over plain HTTP stands in the controller’s access log, which is not read here: redirects change answers for them.',
  next: ['Look into the log of the ingress controller for requests on port 80.'],
};

function plan(facts: Facts, { option, values }: Choice): StepPlan {
  const chosen = options(facts).find(({ id }) => id === option);
  if (chosen?.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(chosen.unavailable)] };
  if (option === 'audit') {
    const changes = auditChange(facts);
    if (changes.length === 0) return { changes, guards: [] };
    return { changes, guards: [...commonGuards(facts, { impact: 'none', writesCluster: false, actions: [], code: [] }), assignmentGuard(facts)] };
  }
  const source: Source = option === 'cert-manager' ? { kind: 'cert-manager', issuer: text(values[issuer.name]) ?? '' } : { kind: 'own' };
  const changes = [...tlsChange(openEntrances(facts), source), ...redirectChange(laxEntrances(facts))];
  return { changes, guards: changes.length > 0 ? [callersGuard] : [] };
}

/** Whether what comes in from outside comes in encrypted. */
export const ingressTls = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'Does anybody come in unencrypted?',
  controls: [
    {
      id: '20.11',
      title: 'Every host of an Ingress has a certificate',
      severity: 'medium',
      references: {
        cis: ['5.4.5'],
        policy: [HTTPS_ONLY],
        docs: [
          { title: 'Ingress: TLS', url: 'https://kubernetes.io/docs/concepts/services-networking/ingress/' },
          aksDoc('Ingress in AKS', 'concepts-network-ingress'),
          learn('Azure Policy built-in definitions for AKS', 'azure/aks/policy-reference'),
        ],
      },
    },
  ],
  needs: ['ingresses', 'namespaces'],
  needsToPlan: ['policyAssignments', 'permissions', 'subscriptionPermissions', 'locks', 'ownership', 'agentPools'],
  explain: () => ({
    what: 'An Ingress (or a Gateway) lets hosts in from outside. Without a certificate for a host, its traffic is readable and changeable on every network that it crosses, cookies and passwords included.',
    why: 'One forgotten test host over plain HTTP is enough to take a session that holds for the whole domain.',
    today:
      'The community’s Ingress NGINX controller ended in March 2026, and Microsoft’s patches for the NGINX of the application routing add-on end in November 2026: new entrances are built on the Gateway API or another controller. Certificates are bound there by listener.',
  }),
  assess: (facts) => ({ '20.11': assess(facts) }),
  options,
  params: [issuer],
  plan,
  after: ['governance.policy'],
});
