import type { KubeDelete, ManualChange } from '../../../src/model/change.ts';
import { clusterRef, type Facts, type RoleFacts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { isOurs as isOurObject, isPlain, keeperName, whereToChange } from '../../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { commandWord, isGuid, listed, plural } from '../../shared/texts.ts';
import { entraOf } from '../entra.ts';
import { type AdminBinding, bindingKey, bindingObject, isEverybody, mustStay, RBAC, STEP, subjectName } from './state.ts';

/** Bindings that this program takes away itself: nobody else keeps them, and a command can carry their names. */
export const isOurs = ({ binding }: AdminBinding): boolean => isOurObject(binding);

/**
 * Takes one binding away; the whole of it is kept for the way back. `onCertificate`: without it the operator has the shared certificate alone, or
 * nothing that is proven. Then the certificate must not go by the same plan.
 */
export function removal({ binding, reach }: AdminBinding, onCertificate: boolean): KubeDelete {
  const { kind, namespace, name } = binding;
  return {
    kind: 'kube.delete',
    id: `${STEP}/remove-${bindingKey(binding)}`,
    step: STEP,
    controls: ['2.5'],
    title: `Take ${clean(bindingKey(binding))} away`,
    object: { apiVersion: `${RBAC}/v1`, kind, name, ...(namespace === undefined ? {} : { namespace }) },
    before: bindingObject(binding),
    impact: {
      kind: 'workload',
      scope: `${listed(binding.subjects.map(subjectName))}: no longer admin ${reach === 'cluster' ? 'of the cluster' : `of ${clean(namespace ?? '')}`}`,
    },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the binding is applied again, with the same role and subjects' },
    after: [],
    ...(onCertificate ? { unsettles: ['properties.disableLocalAccounts'] } : {}),
  };
}

const deleteLine = ({ binding: { kind, namespace, name } }: AdminBinding): string =>
  `kubectl delete ${kind.toLowerCase()} ${name}${namespace === undefined ? '' : ` --namespace ${namespace}`}`;

function lineFor(found: AdminBinding): string {
  const { binding, subjects } = found;
  const who = `${clean(bindingKey(binding))} → ${clean(binding.role.name)} for ${listed(subjects.map(subjectName))}${subjects.some(isEverybody) ? ' (that is everybody)' : ''}`;
  if (binding.keeper !== undefined) return `${who}: kept by ${keeperName[binding.keeper.tool]}. Take it out ${whereToChange(binding)}.`;
  if (mustStay(binding))
    return `${who}: take the subject out and keep the binding, which is break-glass: kubectl edit ${binding.kind.toLowerCase()} ${binding.name}`;
  return isPlain(binding) ? `${who}: ${deleteLine(found)}` : `${who}: no command is made of a name that Kubernetes itself would refuse.`;
}

/** What a person does about bindings: look who uses them, narrow, then delete. */
export function report(found: readonly AdminBinding[], wide: readonly RoleFacts[]): ManualChange {
  return {
    kind: 'manual',
    id: `${STEP}/report`,
    step: STEP,
    controls: ['2.5'],
    title: `Narrow ${plural(found.length, 'admin binding')} and ${plural(wide.length, 'role with every right', 'roles with every right')}`,
    instructions: [
      'For each: who used it in the last weeks? Query kube-audit-admin by user, and give exactly those verbs and resources in a Role of one namespace.',
      'Try the narrow one first: kubectl auth can-i --list --as USER --namespace NAMESPACE. Then delete the wide one.',
      ...found.map(lineFor),
      ...wide.map(
        (role) =>
          `${role.kind} ${clean([role.namespace, role.name].filter((part) => part !== undefined).join('/'))} has * on *${role.keeper ? ` (kept by ${keeperName[role.keeper.tool]}: change it ${whereToChange(role)})` : ''}: name the verbs and resources that its users need.`,
      ),
    ],
    doneWhen: 'the next check finds break-glass and AKS’ own bindings only',
    impact: { kind: 'workload', scope: 'who and what used the rights, when you take them' },
    minutes: [30, 480],
    reversible: { kind: 'yes', how: 'kubectl get BINDING -o yaml before you delete it; kubectl apply brings it back' },
    after: [],
  };
}

/** The same for bindings that were chosen, and that another tool keeps. */
export function keptReport(kept: readonly AdminBinding[]): readonly ManualChange[] {
  return kept.length === 0
    ? []
    : [
        {
          ...report(kept, []),
          id: `${STEP}/kept`,
          title: `Take ${plural(kept.length, 'binding')} out of where they are kept`,
          instructions: kept.map(lineFor),
        },
      ];
}

/** Admin rights for hours in place of for good (Entra docs: PIM for groups). */
export function justInTime(facts: Facts): ManualChange {
  const { name, resourceGroup } = clusterRef(facts);
  const groups = entraOf(facts).adminGroups.filter(isGuid);
  return {
    kind: 'manual',
    id: `${STEP}/just-in-time`,
    step: STEP,
    controls: ['2.5'],
    title: 'Make the admins eligible, not permanent',
    instructions: [
      `Entra admin center, Identity Governance, Privileged Identity Management, Groups: enable ${groups.length > 0 ? groups.join(', ') : 'the admin group'} and give its members eligible in place of active membership, with approval and a time limit.`,
      'Keep two break-glass accounts active, outside of Conditional Access, with an alert on their sign-in.',
      `Or by Azure role: eligible assignments of Azure Kubernetes Service RBAC Cluster Admin on az aks show --resource-group ${commandWord(resourceGroup, 'GROUP')} --name ${commandWord(name, 'CLUSTER')} --query id.`,
      'After activation sign in anew (kubelogin remove-tokens): membership travels in the token, and a group can take minutes.',
    ],
    doneWhen: 'Privileged Identity Management shows the admins as eligible',
    impact: { kind: 'workload', scope: 'admins activate their right before they work; nobody else notices' },
    minutes: [30, 120],
    reversible: { kind: 'yes', how: 'members are made active again' },
    after: [],
  };
}
