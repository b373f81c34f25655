import type { ManualChange } from '../../../src/model/change.ts';
import type { ServiceFacts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { patchManifest } from '../../../src/model/kube-manifest.ts';
import { isPlain, patchLine, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { listed, plural } from '../../shared/texts.ts';
import { controls } from './changes.ts';
import { INTERNAL, STEP } from './state.ts';

/** What AKS' own ingress Services are steered by: AKS would write a patch of theirs back. */
function aksInstruction(service: ServiceFacts): string {
  const place = placeName(service);
  switch (service.namespace) {
    case 'app-routing-system':
      return `${place}: of the application routing add-on. Clients that may be cut at once: az aks approuting update --resource-group GROUP --name CLUSTER --nginx Internal. Else a NginxIngressController with spec.loadBalancerAnnotations { "${INTERNAL}": "true" } of its own class (AKS docs: create-nginx-ingress-private-controller), then ingresses move to that class.`;
    case 'aks-istio-ingress':
      return `${place}: az aks mesh enable-ingress-gateway --resource-group GROUP --name CLUSTER --ingress-gateway-type Internal, then gateways move to it, then az aks mesh disable-ingress-gateway --resource-group GROUP --name CLUSTER --ingress-gateway-type External.`;
    default:
      return `${place}: through the add-on that made it; AKS sets a change of the Service itself back.`;
  }
}

/** How a Service that is not changed from here is changed: by AKS, by its class, by whoever keeps it, or only by looking closer. */
function line(service: ServiceFacts, patch: JsonObject | undefined): string {
  const place = placeName(service);
  if (!isPlain(service)) return `${place}: no command is made of a name that Kubernetes itself would refuse.`;
  if (service.keeper?.tool === 'aks') return aksInstruction(service);
  if (service.loadBalancerClass !== undefined)
    return `${place}: its load balancer is of class ${clean(service.loadBalancerClass)}, not Azure’s own. Its controller has settings of its own for this.`;
  if (patch === undefined) return `${place} has no selector: who writes its EndpointSlices makes them for a second, internal Service as well.`;
  return `${place}, ${whereToChange(service)}. The same as a command: ${patchLine('service', service, patch)}`;
}

/** A patch by itself would last: not AKS' own, not of another class. */
const isPatched = (service: ServiceFacts): boolean => isPlain(service) && service.keeper?.tool !== 'aks' && service.loadBalancerClass === undefined;

/**
 * Services that this program does not change itself: the patch for their source, nothing sent. `patchFor` gives none where a patch is not the way.
 * `word` keeps two such changes of a plan apart.
 */
export function byHand(
  services: readonly ServiceFacts[],
  what: string,
  patchFor: (service: ServiceFacts) => JsonObject | undefined,
  word = 'kept',
): readonly ManualChange[] {
  if (services.length === 0) return [];
  return [
    {
      kind: 'manual',
      id: `${STEP}/${word}`,
      step: STEP,
      controls,
      title: `${what}: ${plural(services.length, 'Service')} that ${services.every(({ keeper }) => keeper !== undefined) ? 'another tool keeps' : 'no command from here changes'}`,
      instructions: services.map((service) => line(service, patchFor(service))),
      manifests: services.filter(isPatched).flatMap((service) => {
        const patch = patchFor(service);
        const { namespace, name } = service;
        return patch === undefined ? [] : [patchManifest({ apiVersion: 'v1', kind: 'Service', namespace, name }, patch)];
      }),
      doneWhen: 'the next check no longer lists them',
      impact: { kind: 'network', scope: `clients of ${listed(services.map(placeName))}, when you roll it out` },
      minutes: [10, 120],
      reversible: { kind: 'yes', how: 'the same place is set back' },
      after: [],
    },
  ];
}
