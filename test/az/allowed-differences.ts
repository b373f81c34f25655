import type { KubePatch } from '../../src/model/change.ts';
import { at, isObject, type Json, list, same, text } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { explicitAbsence } from '../../src/plan/explicit.ts';
import { roleDefinitions } from '../../src/practice/cluster-access.ts';
import type { Difference } from './compare.ts';

/** A difference that is no divergence, and why. Reviewed one by one: whatever is not here fails the proof. */
interface Allowed {
  readonly where: RegExp;
  readonly when: (difference: Difference) => boolean;
  readonly why: string;
}

const both = ({ left, right }: Difference) => left !== undefined && right !== undefined;
const onlyRight = (value: unknown) => (difference: Difference) => difference.left === undefined && same(difference.right, value as never);

const withoutTimes = (managers: Json | undefined): readonly Json[] =>
  list(managers).map((entry) => (isObject(entry) ? Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'time')) : entry));

/** Between the world that the SDK path left and the one that the printed script left. */
export const betweenWorlds: readonly Allowed[] = [
  { where: /(^|\.| )eTag$/, when: both, why: 'A new eTag is made up by every write, and az may need two writes where the SDK path needs one.' },
  {
    where: /roleassignments\/\S+: properties\.(createdOn|updatedOn)$/i,
    when: both,
    why: 'The service notes when a role was assigned, and the worlds do not run at the same time.',
  },
  {
    where: /pricings\/\S+: properties\.enablementTime$/i,
    when: both,
    why: 'The service notes when a plan was switched on, and the worlds do not run at the same time.',
  },
  {
    where: /^certificates\/\S+: (issuedAt|handedOutAt)$/,
    when: both,
    why: 'Certificates are as old as their world, and the worlds do not begin at the same instant.',
  },
  {
    where: /maintenanceconfigurations\/\S+: properties\.maintenanceWindow\.startDate$/i,
    when: both,
    why: 'A window without a start date begins on the day of the write, and the worlds do not run on the same day.',
  },
  {
    where: /managedclusters\/[^/]+\/providers\/microsoft\.authorization\/roleassignments\/made-by-the-service: $/i,
    when: ({ left, right }) =>
      left === undefined && text(at(right, ['properties', 'roleDefinitionId']))?.endsWith(roleDefinitions['Monitoring Metrics Publisher'] ?? '?') === true,
    why: 'At every update az grants the identity of container insights, where that still signs in the old way, the right to publish metrics: whatever the command is for, and nothing can tell it not to.',
  },
  {
    where: /managedclusters\/[^/]+: properties\.securityProfile\.azureKeyVaultKms\.keyVaultResourceId$/i,
    when: onlyRight(''),
    why: 'For a vault that is reached over the internet the field stays empty, says its description; az sends an empty text, the SDK path nothing.',
  },
  {
    where: /^kubernetes\/\S+: metadata\.managedFields$/,
    when: ({ left, right }) => same(withoutTimes(left), withoutTimes(right)),
    why: 'The API server notes when fields were written, and the worlds do not run at the same time.',
  },
];

const saidAloud = ({ place, left, right }: Difference): boolean =>
  left === undefined && same(right, explicitAbsence(place.slice(place.indexOf(': ') + 2).split('.')));

/** Between the start and the end of doing and undoing: what a write cannot make absent again. */
export const afterUndo: readonly Allowed[] = [
  ...betweenWorlds,
  {
    where: /^kubernetes\/\S+: metadata\.(uid|creationTimestamp|managedFields)$/,
    when: () => true,
    why: 'An object that was taken away and comes back is a new one; and whoever wrote a field last owns it.',
  },
  {
    where: /(managedclusters|registries)\/[^/]+: /i,
    when: saidAloud,
    why: 'A write cannot make a property absent; what absent means is said in its place, and the service reads both alike.',
  },
  {
    where: /managedclusters\/[^/]+: properties\.apiServerAccessProfile\.privateDNSZone$/i,
    when: onlyRight('system'),
    why: 'The service names the zone of a private cluster by itself; on a public cluster the name means nothing.',
  },
  {
    where: /managedclusters\/[^/]+: properties\.addonProfiles\.[^.]+\.config$/i,
    when: onlyRight(null),
    why: 'An add-on that is off again is shown with empty settings, where one that was never on is not shown.',
  },
  {
    where: /managedclusters\/[^/]+: properties\.securityProfile\.imageCleaner\.intervalHours$/i,
    when: ({ left, right }) => left === undefined && typeof right === 'number',
    why: 'The image cleaner is off again; how often it would run means nothing then.',
  },
  {
    where: /managedclusters\/[^/]+: properties\.agentPoolProfiles\.[^.]+\.nodeTaints$/i,
    when: ({ left, right }) => left === undefined && Array.isArray(right) && list(right).length === 0,
    why: 'A pool without taints is shown with none or with an empty list.',
  },
  {
    where: /resourcegroups\/mc_[^/]+\/providers\/microsoft\.network\/publicipaddresses\/[^/]+: $/i,
    when: ({ left, right }) => left === undefined || right === undefined,
    why: 'The service makes the addresses that a cluster leaves by, and gives them back: nobody gets the same one twice.',
  },
  {
    where: /managedclusters\/[^/]+: properties\.agentPoolProfiles\.[^.]+\.upgradeSettings\.maxSurge$/i,
    when: onlyRight('10%'),
    why: 'A pool that says nothing surges by 10 %; a write cannot make it silent again.',
  },
  {
    where: /pricings\/\S+: properties\.freeTrialRemainingTime$/i,
    when: both,
    why: 'The service counts the free trial of a Defender plan, which begins when the plan is first switched on.',
  },
];

/** The differences that nothing on the list allows. */
export function divergences(found: readonly Difference[], allowed: readonly Allowed[]): readonly Difference[] {
  return found.filter((difference) => !allowed.some(({ where, when }) => where.test(difference.place) && when(difference)));
}

/** What the service itself changes along with a property of a one-way change. */
const companions: readonly { readonly edit: RegExp; readonly where: RegExp }[] = [
  { edit: /^properties\.oidcissuerprofile\.enabled$/, where: /: properties\.oidcIssuerProfile\.issuerURL$/i },
  { edit: /^properties\.kubernetesversion$/, where: /: properties\.currentKubernetesVersion$/i },
  { edit: /^properties\.networkprofile\.loadbalancersku$/, where: /: properties\.networkProfile\.loadBalancerProfile\./i },
  {
    edit: /^properties\.networkprofile\.loadbalancerprofile\.(managed)?outboundips$/,
    where: /: properties\.networkProfile\.loadBalancerProfile\.effectiveOutboundIPs$/i,
  },
  { edit: /^properties\.networkprofile\.natgatewayprofile\./, where: /: properties\.networkProfile\.natGatewayProfile\./i },
  { edit: /^identity(\.|$)/, where: /: (identity|properties\.(servicePrincipalProfile|identityProfile|addonProfiles\.[^.]+\.identity))(\.|$)/i },
];

const kubePlace = ({ object: { kind, namespace, name } }: KubePatch): string => `${kind}/${namespace ?? ''}/${name}`;

/** What a plan itself declares to have no full way back: a property or resource of a one-way change, certificates that were rotated, images of replaced nodes. */
export function isDeclared(plan: Plan, { place }: Difference): boolean {
  return plan.changes.some(({ change }) => {
    const replaced = change.impact.kind === 'reimage' || change.impact.kind === 'recreate';
    if (replaced && /agentPoolProfiles\.[^.]+\.(nodeImageVersion|currentOrchestratorVersion)$/.test(place)) return true;
    if (change.reversible.kind === 'yes') return false;
    if (change.kind === 'arm.action') return change.action === 'rotateClusterCertificates' && place.startsWith('certificates/');
    if (change.kind === 'arm.put') return place.startsWith(`resources/${change.target.id.toLowerCase()}: `);
    // A public address that Azure made is gone with the front end, and another one comes.
    if (change.kind === 'kube.patch') return place.startsWith(`kubernetes/${kubePlace(change)}: status.loadBalancer`);
    if (change.kind !== 'arm.update') return false;
    const here = place.slice(place.indexOf(': ') + 2).toLowerCase();
    return change.edits.some(({ path }) => {
      const pool = /\/agentPools\/([^/]+)$/i.exec(change.target.id)?.[1];
      // A pool that is written by itself shows in the cluster's list as well.
      const shown = pool === undefined ? path : ['properties', 'agentPoolProfiles', pool, ...path.slice(1)];
      const edited = shown
        .map((segment) => segment.replace(/^\[|\]$/g, ''))
        .join('.')
        .toLowerCase();
      // Switching an add-on takes its settings and its identity along.
      const addon = /^properties\.addonprofiles\.[^.]+\.(?=enabled$)/.exec(edited)?.[0];
      if (addon !== undefined && here.startsWith(addon)) return true;
      return `${here}.`.startsWith(`${edited}.`) || companions.some(({ edit, where }) => edit.test(edited) && where.test(place));
    });
  });
}
