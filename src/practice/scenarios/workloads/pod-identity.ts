import { text } from '../../../model/json.ts';
import { managedIdentity } from '../registries.ts';
import { deployment } from './controllers.ts';
import { customKind, metadata, type Topic } from './make.ts';

const GROUP = 'aadpodidentity.k8s.io';
const NAME = 'shop-settlement';

/** The managed identity of an application that pod identity gives it to. */
export const settlementIdentity = managedIdentity('shop-rg', NAME, 9);

const { clientId } = settlementIdentity['properties'] as { readonly clientId: string };
const place = { namespace: 'payments', name: 'settlement' };

/** AAD pod identity as its docs had it: the identity, the binding, and pods with its label. */
export const podIdentity: Topic = {
  legacy: [
    customKind(GROUP, 'v1', 'AzureIdentity', 'azureidentities'),
    customKind(GROUP, 'v1', 'AzureIdentityBinding', 'azureidentitybindings'),
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'AzureIdentity',
      metadata: metadata(place),
      spec: { type: 0, resourceID: text(settlementIdentity['id']) ?? '', clientID: clientId },
    },
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'AzureIdentityBinding',
      metadata: metadata(place),
      spec: { azureIdentity: place.name, selector: place.name },
    },
    ...deployment({
      ...place,
      app: place.name,
      podLabels: { aadpodidbinding: place.name },
      replicas: 1,
      pod: { containers: [{ name: place.name, image: 'shoplegacy.azurecr.io/settlement:1.8' }] },
    }),
  ],
  typical: [],
  private: [],
  hardened: [],
};
