import type { ArmPut, ManualChange } from '../../../src/model/change.ts';
import { type Facts, type IngressFacts, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, type JsonObject, path, text } from '../../../src/model/json.ts';
import { fromTemplate } from '../../../templates/index.ts';
import { isPlain, keeperName, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { assignmentTarget } from '../../shared/policy-assignment.ts';
import { listed, plural } from '../../shared/texts.ts';
import { ALLOW_HTTP, type OpenEntrance, plainBeside, SSL_REDIRECT, STEP } from './state.ts';

/** "Kubernetes clusters should be accessible only over HTTPS" (Azure Policy built-in definitions: Kubernetes). */
export const HTTPS_ONLY = '1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d';

/** More than these are counted in the instructions; their manifests are written all the same. */
const MOST_TOLD = 20;

/** Where certificates come from. */
export type Source = { readonly kind: 'own' } | { readonly kind: 'cert-manager'; readonly issuer: string };

/** The class of the application routing add-on, which brings certificates from a Key Vault (AKS docs: app-routing-dns-ssl). */
const isAppRouting = ({ className }: IngressFacts): boolean => className === 'webapprouting.kubernetes.azure.com';
const VAULT_CERTIFICATE = 'kubernetes.azure.com/tls-cert-keyvault-uri';

/**
 * The Secret of the new certificate: a name of its own, so that no other certificate is written over. The application routing add-on fills one of
 * the name that it gives.
 */
const secretFor = (entrance: IngressFacts, source: Source): string => {
  const { name, tls } = entrance;
  const taken = tls.map(({ secretName }) => secretName);
  if (source.kind === 'own' && isAppRouting(entrance) && !taken.includes(`keyvault-${name}`)) return `keyvault-${name}`;
  const names = [`${name}-tls`, ...Array.from({ length: taken.length }, (_, i) => `${name}-tls-${i + 2}`)];
  return names.find((one) => !taken.includes(one)) ?? `${name}-tls`;
};

/** Named hosts go into the certificate; for every host it is the controller's default that answers. */
const namedHosts = (hosts: readonly string[]): readonly string[] => hosts.filter((host) => host !== '*');

/** The patch of an Ingress: what it has of certificates, and one more. The list is replaced as a whole. Undefined where none can be made. */
export function tlsPatch({ entrance, hosts }: OpenEntrance, source: Source): JsonObject | undefined {
  if (entrance.kind !== 'Ingress' || !isPlain(entrance)) return undefined;
  const named = namedHosts(hosts);
  const tls = [
    ...entrance.tls.map((entry) => ({
      ...(entry.hosts.length > 0 ? { hosts: entry.hosts } : {}),
      ...(entry.secretName ? { secretName: entry.secretName } : {}),
    })),
    { ...(named.length === hosts.length ? { hosts: named } : {}), secretName: secretFor(entrance, source) },
  ];
  const { namespace, name } = entrance;
  const [manifest] = fromTemplate('workload-patch', { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name, namespace, spec: { tls } });
  if (manifest === undefined) return undefined;
  const issuer = source.kind === 'own' ? {} : { 'cert-manager.io/cluster-issuer': source.issuer };
  return { ...manifest, metadata: { name, namespace, annotations: { [ALLOW_HTTP]: 'false', ...issuer } } };
}

function lineFor(open: OpenEntrance, source: Source): string {
  const { entrance, hosts } = open;
  const shown = listed(hosts.map((host) => (host === '*' ? 'every host' : host)));
  const kept = entrance.keeper === undefined ? '' : ` (${keeperName[entrance.keeper.tool]} keeps it: change it ${whereToChange(entrance)})`;
  const vault =
    source.kind === 'own' && isAppRouting(entrance) && entrance.annotations[VAULT_CERTIFICATE] === undefined
      ? `, which the add-on fills from a Key Vault: annotation ${VAULT_CERTIFICATE} with the certificate’s URI, without its version`
      : '';
  const what =
    entrance.kind === 'Gateway'
      ? 'add a listener of protocol HTTPS for it, with a certificate in tls.certificateRefs'
      : tlsPatch(open, source) === undefined
        ? 'no manifest is made of a name that Kubernetes itself would refuse'
        : `its certificate in Secret ${clean(secretFor(entrance, source))} of the same namespace${vault}`;
  return `${entrance.kind} ${placeName(entrance)}, ${shown}${kept}: ${what}`;
}

const certificates: { readonly [K in Source['kind']]: readonly string[] } = {
  own: [
    'Put each certificate there first: kubectl create secret tls NAME --namespace NAMESPACE --cert FILE --key FILE. From a Key Vault, the Secrets Store CSI driver makes such a Secret and renews it (secretObjects of type kubernetes.io/tls).',
    'Without the Secret most controllers answer with a certificate of their own, which browsers refuse: the certificate first, then the patch.',
  ],
  'cert-manager': [
    'cert-manager sees the annotation, orders the certificate and writes the Secret, then renews it. The name must lead to this cluster for an HTTP-01 challenge; behind a private address use DNS-01.',
    'See how it goes: kubectl get certificate --all-namespaces.',
  ],
};

const attachVault =
  'With the application routing add-on the vault is attached first: az aks approuting update --resource-group GROUP --name CLUSTER --enable-kv --attach-kv VAULT-ID. The URI: az keyvault certificate show --vault-name VAULT --name NAME --query id.';

/** TLS for each entrance that lacks it: text and patches, never sent. */
export function tlsChange(open: readonly OpenEntrance[], source: Source): readonly ManualChange[] {
  if (open.length === 0) return [];
  const rest = open.length - MOST_TOLD;
  return [
    {
      kind: 'manual',
      id: `${STEP}/${source.kind}`,
      step: STEP,
      controls: ['20.11'],
      title: `Give ${plural(open.length, 'entrance')} a certificate`,
      instructions: [
        ...open.slice(0, MOST_TOLD).map((one) => lineFor(one, source)),
        ...(rest > 0 ? [`and ${plural(rest, 'more entrance')}, each with its patch`] : []),
        ...certificates[source.kind],
        ...(source.kind === 'own' && open.some(({ entrance }) => isAppRouting(entrance)) ? [attachVault] : []),
        'Patches as files: aks-harden plan with this choice and --out DIR. Try each: kubectl patch ingress NAME --namespace NAMESPACE --patch-file FILE --dry-run=server --output yaml.',
        `Annotation ${ALLOW_HTTP}: "false" in the patches is what Azure Policy asks for beside the certificate; NGINX does not read it.`,
        'Then turn plain HTTP away: most controllers redirect once there is a certificate, some want an annotation of their own. Clients that do not follow a redirect (POST, webhooks) need the new address first.',
      ],
      manifests: open.map((one) => tlsPatch(one, source)).filter((patch) => patch !== undefined),
      doneWhen: 'aks-harden check shows 20.11 as passed',
      impact: { kind: 'workload', scope: `who calls ${listed(open.map(({ entrance }) => placeName(entrance)))} over plain HTTP, when you roll it out` },
      minutes: [30, 480],
      reversible: { kind: 'yes', how: 'the old list of certificates is written back' },
      after: [],
    },
  ];
}

/** Entrances with certificates that answer plain HTTP as well: the patch where an annotation lets it in, words for Gateways. Never sent. */
export function redirectChange(lax: readonly IngressFacts[]): readonly ManualChange[] {
  if (lax.length === 0) return [];
  const patched = lax.filter((entrance) => entrance.kind === 'Ingress' && isPlain(entrance));
  const line = (entrance: IngressFacts): string =>
    `${entrance.kind} ${placeName(entrance)}${entrance.keeper === undefined ? '' : `, ${whereToChange(entrance)}`}: ${plainBeside(entrance) ?? ''}`;
  return [
    {
      kind: 'manual',
      id: `${STEP}/redirect`,
      step: STEP,
      controls: ['20.11'],
      title: `Turn plain HTTP away at ${plural(lax.length, 'entrance')}`,
      instructions: [
        ...lax.slice(0, MOST_TOLD).map(line),
        ...(lax.length > MOST_TOLD ? [`and ${lax.length - MOST_TOLD} more`] : []),
        'Where something in front ends TLS and calls on over plain HTTP, change that first: a redirect would send it round in a circle.',
        'For a Gateway: an HTTPRoute on the plain listener with nothing but a RequestRedirect to https, or no plain listener.',
      ],
      manifests: patched.map(({ namespace, name }) => ({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name, namespace, annotations: { [SSL_REDIRECT]: 'true', [ALLOW_HTTP]: 'false' } },
      })),
      doneWhen: 'aks-harden check shows 20.11 as passed; a plain listener of a Gateway stays told for as long as it is there',
      impact: { kind: 'workload', scope: `who calls ${listed(lax.map(placeName))} over plain HTTP, when you roll it out` },
      minutes: [15, 240],
      reversible: { kind: 'yes', how: 'the annotation is set back' },
      after: [],
    },
  ];
}

/** The name of an assignment of the built-in definition in reach; undefined where there is none, or where that is not known. */
export function assigned(facts: Facts): string | undefined {
  const found = knownValue(facts, 'policyAssignments')?.find((one) =>
    (text(at(one, path('properties.policyDefinitionId'))) ?? '').toLowerCase().endsWith(`/${HTTPS_ONLY}`),
  );
  return found && (text(found['name']) ?? '?');
}

/** The report: Azure Policy at audit on the resource group. */
export function auditChange(facts: Facts): readonly ArmPut[] {
  if (assigned(facts) !== undefined) return [];
  return [
    {
      kind: 'arm.put',
      id: `${STEP}/audit`,
      step: STEP,
      controls: [],
      title: 'Report every Ingress without TLS',
      target: assignmentTarget(facts, 'aks-ingress-https-only'),
      body: {
        properties: {
          displayName: 'Kubernetes ingress over HTTPS only (audit)',
          policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${HTTPS_ONLY}`,
          enforcementMode: 'Default',
          parameters: { effect: { value: 'audit' } },
        },
      },
      before: undefined,
      impact: { kind: 'none', scope: 'reports only; nothing is refused' },
      minutes: SIDE_WRITE_MINUTES,
      reversible: { kind: 'yes', how: 'the assignment is deleted' },
      after: [],
    },
  ];
}
