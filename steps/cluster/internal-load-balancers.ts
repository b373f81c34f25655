import { type Assessment, type Evidence, fail, notApplicable, partial, pass, unknown } from '../../src/model/assessment.ts';
import type { Change } from '../../src/model/change.ts';
import { type Facts, knownValue, type ServiceFacts } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type Choice, defineStep, type Guard, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn } from '../shared/docs.ts';
import { isPlain, keeperGuard, keeperName, kubernetesGuard, placeName } from '../shared/kube-objects.ts';
import { plural } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { byHand } from './internal-load-balancers/by-hand.ts';
import { approvalChange, approvalPatch, inPlaceChange, internalPatch, isSent, rangesChange, rangesPatch } from './internal-load-balancers/changes.ts';
import { clientsGuard, rangesGuards, subnetGuard } from './internal-load-balancers/guards.ts';
import { optionIds, options } from './internal-load-balancers/options.ts';
import { params, wantedOf } from './internal-load-balancers/params.ts';
import { secondServiceChanges } from './internal-load-balancers/second-service.ts';
import { balanced, doorOf, doorsOf, isApproved, isAzures, isMoving, isPublic, STEP } from './internal-load-balancers/state.ts';

/** More than these are counted: an assessment is read by people. */
const MOST_SHOWN = 20;

function evidenceOf(services: readonly ServiceFacts[], wanted: string): readonly Evidence[] {
  const shown = services.slice(0, MOST_SHOWN).map((service) => ({
    path: `Service/${placeName(service)}`,
    actual: `${doorOf(service)}${service.keeper === undefined ? '' : `, kept by ${keeperName[service.keeper.tool]}`}`,
    wanted,
  }));
  return services.length > MOST_SHOWN ? [...shown, { path: 'Service', actual: `and ${services.length - MOST_SHOWN} more`, wanted }] : shown;
}

const noneThere = notApplicable('no Service is of type LoadBalancer');

function assessInternal(facts: Facts): Assessment {
  const found = balanced(facts);
  if (found.state === 'unknown') return unknown(clean(found.reason));
  if (found.value.length === 0) return noneThere;
  const wanted = 'internal, or noted as public on purpose';
  const open = found.value.filter((service) => isPublic(service) && !isApproved(service));
  const moving = found.value.filter((service) => isMoving(service) && !isApproved(service));
  if (open.length > 0) return fail(...evidenceOf(open, wanted), ...evidenceOf(moving, 'an address of your own network'));
  if (moving.length === 0) return pass(...evidenceOf(found.value, wanted));
  return partial(
    `${plural(moving.length, 'Service')} told to be internal, at a public address still: Azure follows within minutes, or says why not in the events of the Service`,
    ...evidenceOf(moving, 'an address of your own network'),
  );
}

function assessRanges(facts: Facts): Assessment {
  const found = balanced(facts);
  if (found.state === 'unknown') return unknown(clean(found.reason));
  const open = found.value.filter(isPublic);
  if (open.length === 0) return found.value.length === 0 ? noneThere : notApplicable('no Service has a public address');
  const of = (kind: ReturnType<typeof doorsOf>['kind']): readonly ServiceFacts[] => open.filter((service) => doorsOf(service).kind === kind);
  const mixed = evidenceOf(
    of('mixed'),
    'spec.loadBalancerSourceRanges or the annotations: of both together Azure makes an older rule or another one than you mean',
  );
  const wide = evidenceOf(of('open'), 'spec.loadBalancerSourceRanges, or azure-allowed-ip-ranges or azure-allowed-service-tags');
  const narrow = of('narrow');
  if (wide.length + mixed.length === 0) return pass(...evidenceOf(narrow, 'named networks only'));
  return narrow.length > 0
    ? partial(`${plural(narrow.length, 'public Service')} of ${open.length} answers named networks only`, ...wide, ...mixed)
    : fail(...wide, ...mixed);
}

/** Sends what may be sent and tells the rest. */
function split(services: readonly ServiceFacts[], what: string, change: (service: ServiceFacts) => Change, patchFor: (service: ServiceFacts) => JsonObject) {
  const kept = services.filter((service) => !isSent(service));
  return { changes: [...services.filter(isSent).map(change), ...byHand(kept, what, patchFor)], kept };
}

function approvals(services: readonly ServiceFacts[], word?: string): { readonly changes: readonly Change[]; readonly kept: readonly ServiceFacts[] } {
  const kept = services.filter((service) => !isSent(service));
  const told = byHand(kept, 'Note as public on purpose', () => approvalPatch, word);
  return { changes: [...services.filter(isSent).map(approvalChange), ...told], kept };
}

/** What a second Service can be made for: pods are chosen by labels, and Azure's own load balancer is not AKS' to steer. */
const canHaveSecond = (service: ServiceFacts): boolean =>
  isPlain(service) && isAzures(service) && service.keeper?.tool !== 'aks' && Object.keys(service.selector).length > 0;

function plan(facts: Facts, choice: Choice): StepPlan {
  const id = optionIds.find((option) => option === choice.option);
  const option = options(facts).find((candidate) => candidate.id === id);
  if (id === undefined || option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  const wanted = wantedOf(facts, choice);
  const approved = approvals(wanted.approve, 'kept-approvals');
  const made = (changes: readonly Change[], kept: readonly ServiceFacts[], guards: readonly Guard[]): StepPlan =>
    changes.length === 0 && kept.length === 0
      ? { changes: [], guards: [] }
      : { changes, guards: [kubernetesGuard(facts), ...keeperGuard(kept, 'Service'), ...guards] };
  switch (id) {
    case 'in-place': {
      const { changes, kept } = split(
        wanted.services,
        'Make internal',
        (service) => inPlaceChange(service, wanted.subnet),
        (service) => internalPatch(service, wanted.subnet),
      );
      const own = wanted.services.filter(isSent);
      const guards = own.length === 0 ? clientsGuard(wanted.services) : [subnetGuard(facts, wanted.subnet), ...clientsGuard(own)];
      return made([...approved.changes, ...changes], [...approved.kept, ...kept], wanted.services.length === 0 ? [] : guards);
    }
    case 'second-service': {
      const able = wanted.services.filter(canHaveSecond);
      const rest = wanted.services.filter((service) => !canHaveSecond(service));
      const changes = secondServiceChanges(able, wanted.subnet, knownValue(facts, 'services') ?? []);
      const kept = [...able.filter((service) => !isSent(service)), ...rest];
      const guards = able.length > 0 ? [subnetGuard(facts, wanted.subnet)] : [];
      return made([...approved.changes, ...changes, ...byHand(rest, 'Make internal', () => undefined)], [...approved.kept, ...kept], guards);
    }
    case 'source-ranges': {
      const { changes, kept } = split(
        wanted.restrict,
        'Name the networks',
        (service) => rangesChange(service, wanted.ranges),
        (service) => rangesPatch(service, wanted.ranges),
      );
      return made(changes, kept, wanted.restrict.length > 0 ? rangesGuards(facts, wanted.restrict, wanted.ranges) : []);
    }
    case 'approve': {
      const { changes, kept } = approvals(wanted.approve);
      return made(changes, kept, []);
    }
    default:
      return id satisfies never;
  }
}

/** Which Services stand on the internet, and for whom. */
export const internalLoadBalancers = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'Which Services stand on the internet?',
  controls: [
    {
      id: '10.1',
      title: 'Load balancers are internal, or public on purpose',
      severity: 'medium',
      references: {
        policy: ['3fc4dc25-5baf-40d8-9b05-7fe74c1bc64e'],
        docs: [aksDoc('Internal load balancer', 'internal-lb')],
      },
    },
    {
      id: '10.2',
      title: 'Public load balancers answer named networks only',
      severity: 'low',
      references: {
        docs: [
          aksDoc('Restrict inbound traffic', 'configure-load-balancer-standard'),
          { title: 'Annotations of Azure’s cloud provider', url: 'https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/' },
          learn('Service tags', 'azure/virtual-network/service-tags-overview'),
        ],
      },
    },
  ],
  needs: ['services'],
  needsToPlan: ['kubernetesAccess', 'identityRoleAssignments', 'subnets', 'operator'],
  explain: () => ({
    what: 'A Service of type LoadBalancer gets a public address of its own unless an annotation says that it is internal. Whoever may create a Service may put it on the internet.',
    why: 'Databases, dashboards and internal interfaces are found within minutes of getting a public address; none of the firewalls in front of the ingress sees that traffic.',
    today:
      'In 2020 the address was pinned with spec.loadBalancerIP and the load balancer was Basic. The field is deprecated in favour of annotations, and Basic ended on 2025-09-30. The built-in policy for internal load balancers keeps new ones from appearing: start it in audit.',
  }),
  assess: (facts) => ({ '10.1': assessInternal(facts), '10.2': assessRanges(facts) }),
  options,
  params,
  plan,
  after: [],
});
