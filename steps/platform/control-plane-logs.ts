import { defineStep } from '../../src/model/step.ts';
import { aksDoc, learn, psruleDoc } from '../shared/docs.ts';
import { options, today } from './control-plane-logs/options.ts';
import { params } from './control-plane-logs/params.ts';
import { plan } from './control-plane-logs/plan.ts';
import { verdicts } from './control-plane-logs/verdicts.ts';

const monitoring = aksDoc('Monitor AKS: control plane and resource logs', 'monitor-aks');
const reference = aksDoc('AKS monitoring data reference', 'monitor-aks-reference');
const settings = learn('Diagnostic settings in Azure Monitor', 'azure/azure-monitor/platform/diagnostic-settings');

/** Where the API server's audit log and the control plane's own logs go. */
export const controlPlaneLogs = defineStep({
  id: 'platform.control-plane-logs',
  pillar: 'platform',
  title: 'Where do the audit log and the control-plane logs go?',
  controls: [
    {
      id: '3.1',
      title: 'Audit logs leave the cluster',
      severity: 'high',
      references: {
        cis: ['2.1.1'],
        policy: ['245fc9df-fa96-4414-9a0b-3738c2f7341c'],
        psrule: ['AZR-000022'],
        docs: [monitoring, psruleDoc('Azure.AKS.AuditLogs')],
      },
    },
    {
      id: '3.2',
      title: 'Control-plane platform logs collected',
      severity: 'medium',
      references: {
        policy: ['6c66c325-74c8-42fd-a286-a74b0e2939d8'],
        psrule: ['AZR-000023'],
        docs: [reference, psruleDoc('Azure.AKS.PlatformLogs')],
      },
    },
    {
      id: '3.3',
      title: 'Cost-aware collection: audit events once, resource-specific tables',
      severity: 'low',
      references: { psrule: ['AZR-000445'], docs: [monitoring, psruleDoc('Azure.AKS.AuditAdmin')] },
    },
    {
      id: '3.4',
      title: 'Destinations are explicit, with retention that still works',
      severity: 'low',
      references: {
        policy: ['245fc9df-fa96-4414-9a0b-3738c2f7341c'],
        docs: [settings, learn('Migrate from diagnostic settings storage retention', 'azure/azure-monitor/platform/migrate-to-azure-storage-lifecycle-policy')],
      },
    },
  ],
  needs: ['diagnosticSettings'],
  needsToPlan: ['availableWorkspaces', 'workspaces', 'permissions', 'locks', 'ownership'],
  explain: (facts) => ({
    what: `AKS runs the API server for you and keeps its logs to itself until a diagnostic setting sends them somewhere: a workspace to search, a storage account to keep, an event hub to feed another system. ${today(facts)}`,
    why: 'The audit log is the only record of who changed what in the cluster, and who read which Secret. It cannot be fetched afterwards: what was not sent is gone.',
    today:
      'Retention days in the setting no longer work for storage: they were switched off on 2025-09-30, a lifecycle rule on the account replaces them. kube-audit-admin and resource-specific tables, both younger than most advice on this, take out most of the cost.',
  }),
  assess: verdicts,
  options,
  params,
  plan,
  after: [],
});
