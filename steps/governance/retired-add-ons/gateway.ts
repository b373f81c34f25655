import type { ManualChange } from '../../../src/model/change.ts';

export const STEP = 'governance.retired-add-ons';

/** Ingress from NGINX to the Gateway API, by hand. */
export const gateway: ManualChange = {
  kind: 'manual',
  id: `${STEP}/gateway-api`,
  step: STEP,
  controls: ['20.8'],
  title: 'Move ingress from NGINX to the Gateway API',
  instructions: [
    'Switch the Gateway API implementation of the application routing add-on on beside NGINX (AKS docs: app-routing-gateway-api).',
    'Write a Gateway and HTTPRoutes for each Ingress: kubectl get ingress -A',
    'Try the new address with the old host name, point DNS to it, and wait until the old one is quiet.',
    'Then stop the default NGINX: az aks approuting update --resource-group GROUP --name CLUSTER --nginx None',
  ],
  doneWhen: 'no Ingress uses webapprouting.kubernetes.azure.com, and ingressProfile.webAppRouting.nginx.defaultIngressControllerType is None',
  impact: { kind: 'none', scope: 'by hand, side by side' },
  minutes: [60, 960],
  reversible: { kind: 'yes', how: 'DNS is pointed back while NGINX still runs' },
  after: [],
};
