import { type Assessment, type Evidence, fail, partial, pass, unknown } from '../../src/model/assessment.ts';
import type { ArmUpdate, Change, ManualChange } from '../../src/model/change.ts';
import { clusterAt, type Facts } from '../../src/model/facts.ts';
import { isObject, isTrue, text } from '../../src/model/json.ts';
import { type Choice, defineStep, type Option, type StepPlan } from '../../src/model/step.ts';
import { addonOn } from '../shared/addons.ts';
import { aksDoc, psruleDoc } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { CLUSTER_WRITE_MINUTES } from '../shared/minutes.ts';
import { listed } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { gateway, STEP } from './retired-add-ons/gateway.ts';
import { type Retired, retired } from './retired-add-ons/list.ts';

const NGINX = 'properties.ingressProfile.webAppRouting';
/** Microsoft patches the NGINX of the application routing add-on until then (AKS docs, ingress-nginx-retirement). */
const NGINX_ENDS = '2026-11-30';

const inUse = (facts: Facts): readonly Retired[] => retired.filter(({ key }) => addonOn(facts, key));

/** The application routing add-on is on and its NGINX is not switched off in favour of the Gateway API. */
function nginxInUse(facts: Facts): boolean {
  return isTrue(clusterAt(facts, `${NGINX}.enabled`)) && text(clusterAt(facts, `${NGINX}.nginx.defaultIngressControllerType`))?.toLowerCase() !== 'none';
}

function assess(facts: Facts): Assessment {
  if (!isObject(facts.cluster['properties'])) return unknown('the facts hold no properties of the cluster');
  const found = inUse(facts);
  const evidence: readonly Evidence[] = retired.map(({ key }) => ({
    path: `properties.addonProfiles.${key}.enabled`,
    actual: clusterAt(facts, `properties.addonProfiles.${key}.enabled`),
    wanted: 'absent or false',
  }));
  const nginx: Evidence = { path: `${NGINX}.enabled`, actual: clusterAt(facts, `${NGINX}.enabled`), wanted: 'a Gateway API implementation instead of NGINX' };
  if (found.length > 0) return fail(...evidence, ...(nginxInUse(facts) ? [nginx] : []));
  if (!nginxInUse(facts)) return pass(...evidence);
  if (facts.source.readAt.slice(0, 10) > NGINX_ENDS) return fail(nginx);
  return partial(`the NGINX of the application routing add-on gets security patches until ${NGINX_ENDS} only`, ...evidence, nginx);
}

function options(facts: Facts): readonly Option[] {
  const found = inUse(facts);
  const names = listed(found.map(({ name }) => name));
  const carrying = found.filter(({ carriesTraffic }) => carriesTraffic);
  const doors = found.some(({ back }) => back.kind === 'no');
  return [
    {
      id: 'remove',
      title: 'Remove what is retired',
      tradeOff:
        found.length === 0
          ? 'None of the retired add-ons is on: there is nothing to remove.'
          : `Takes ${names} off: ${found.map(({ name, ended }) => `${name} is ${ended}`).join('; ')}. ${
              carrying.length > 0
                ? `Requests still run through ${listed(carrying.map(({ name }) => name))}: they are moved by hand first, to ${listed(carrying.map(({ replacement }) => replacement))}.`
                : 'No request of your applications runs through it.'
            }`,
      impact:
        carrying.length > 0
          ? { kind: 'network', scope: `requests through ${listed(carrying.map(({ name }) => name))} end` }
          : { kind: 'none', scope: 'no node and no request of an application' },
      minutes: carrying.length > 0 ? [CLUSTER_WRITE_MINUTES[0] + 60, CLUSTER_WRITE_MINUTES[1] + 480] : CLUSTER_WRITE_MINUTES,
      cost: 'None; a replacement may bring a load balancer of its own',
      reversible: doors
        ? { kind: 'no', how: 'a retired add-on cannot be switched on again' }
        : { kind: 'partly', how: 'Open Service Mesh can be switched on again until its end of support' },
      notWhen: 'applications still depend on it and no replacement runs beside it',
      ...(found.length > 0 ? { recommended: `Nobody fixes holes in ${names} for long, or any more.` } : {}),
      params: [],
    },
    {
      id: 'gateway-api',
      title: 'Move ingress from NGINX to the Gateway API',
      tradeOff: `The NGINX of the application routing add-on runs on, unpatched after ${NGINX_ENDS}. The Gateway API takes over route by route, side by side, with an address of its own; DNS moves last.`,
      impact: { kind: 'none', scope: 'by hand, side by side; clients change the address with DNS' },
      minutes: [60, 960],
      cost: 'A second load balancer address while both run',
      reversible: { kind: 'yes', how: 'DNS is pointed back while NGINX still runs' },
      notWhen: 'routes use NGINX annotations that the Gateway API has no word for; rewrite those first',
      ...(nginxInUse(facts)
        ? found.length === 0
          ? { recommended: `The add-on’s NGINX gets no patches after ${NGINX_ENDS}.` }
          : {}
        : { unavailable: 'The NGINX of the application routing add-on is not on.' }),
      params: [],
    },
  ];
}

function moved(facts: Facts): ManualChange | undefined {
  const carrying = inUse(facts).filter(({ carriesTraffic }) => carriesTraffic);
  if (carrying.length === 0) return undefined;
  return {
    kind: 'manual',
    id: `${STEP}/move-traffic`,
    step: STEP,
    controls: ['20.8'],
    title: `Move what runs through ${listed(carrying.map(({ name }) => name))}`,
    instructions: [
      ...carrying.map(({ name, replacement }) => `Set up ${replacement} beside ${name}, and move one application after the other.`),
      ...(addonOn(facts, 'httpApplicationRouting')
        ? ['Routes that still use it: kubectl get ingress -A -o wide  (class addon-http-application-routing). Point DNS to the new address.']
        : []),
    ],
    doneWhen: `no Ingress, route or sidecar refers to ${listed(carrying.map(({ name }) => name))} any more`,
    impact: { kind: 'none', scope: 'by hand, side by side' },
    minutes: [60, 480],
    reversible: { kind: 'yes', how: 'the old path still runs' },
    after: [],
  };
}

function removal(facts: Facts, one: Retired, after: readonly string[]): ArmUpdate {
  const base = `properties.addonProfiles.${one.key}`;
  return {
    kind: 'arm.update',
    id: `${STEP}/remove-${one.key}`,
    step: STEP,
    controls: ['20.8'],
    title: `Take off ${one.name}`,
    target: clusterTarget(facts),
    // az disable-addons forgets the settings as well.
    edits: clusterEdits(facts, [
      [`${base}.enabled`, false],
      [`${base}.config`, undefined],
    ]),
    impact: one.carriesTraffic ? { kind: 'network', scope: `requests through ${one.name} end` } : { kind: 'none', scope: 'no node and no request' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: one.back,
    after,
  };
}

function plan(facts: Facts, { option }: Choice): StepPlan {
  if (option === 'gateway-api') {
    if (!nginxInUse(facts)) return { changes: [], guards: [unavailableGuard('The NGINX of the application routing add-on is not on.')] };
    return { changes: [gateway], guards: [] };
  }
  const found = inUse(facts);
  if (found.length === 0) return { changes: [], guards: [] };
  const first = moved(facts);
  const changes: readonly Change[] = [...(first ? [first] : []), ...found.map((one) => removal(facts, one, first && one.carriesTraffic ? [first.id] : []))];
  const code = found.map(({ key, name }) => ({
    terraform: { line: `no block or flag for ${name}`, effect: 'reverts' as const, note: 'a retired add-on in the code makes the next apply fail' },
    bicep: `addonProfiles without ${key}`,
  }));
  return { changes, guards: commonGuards(facts, { impact: first ? 'network' : 'none', code }) };
}

/** Whether add-ons run that nobody mends any more. */
export const retiredAddOns = defineStep({
  id: STEP,
  pillar: 'governance',
  title: 'Do add-ons run that nobody mends any more?',
  controls: [
    {
      id: '20.8',
      title: 'No retired add-on is on',
      severity: 'medium',
      references: {
        psrule: ['AZR-000035'],
        checkov: ['CKV_AZURE_8'],
        docs: [
          aksDoc('Application routing with the Gateway API', 'app-routing-gateway-api'),
          aksDoc('From Open Service Mesh to Istio', 'open-service-mesh-istio-migration-guidance'),
          psruleDoc('Azure.AKS.HttpAppRouting'),
        ],
      },
    },
  ],
  needs: [],
  needsToPlan: ['permissions', 'locks', 'ownership', 'agentPools'],
  explain: () => ({
    what: 'Add-ons are parts that AKS installs and updates for you. Some have reached their end: HTTP application routing, the Kubernetes dashboard, Open Service Mesh, and soon the NGINX of application routing.',
    why: 'An add-on that gets no fixes keeps its holes, and it sits where requests come in or where the cluster is administered.',
    today: `HTTP application routing ended on 2025-03-03, ingress-nginx upstream in March 2026, its patches from Microsoft end in November 2026, Open Service Mesh ends on 2027-09-30. Their place takes the Gateway API and the Istio add-on. A cluster without them is right: an absent entry is not a finding.`,
  }),
  assess: (facts) => ({ '20.8': assess(facts) }),
  options,
  params: [],
  plan,
  after: [],
});
