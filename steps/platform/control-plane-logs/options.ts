import { clusterRef, type Facts, fact, nodeCount } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import type { Option } from '../../../src/model/step.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { listed, plural, shortName } from '../../shared/texts.ts';
import { proposedWorkspace } from '../workspaces.ts';
import { settingsNow, sinkNow } from './params.ts';

/** What happens to the logs today, in a sentence. */
export function today(facts: Facts): string {
  const found = fact(facts, 'diagnosticSettings');
  if (found.state === 'unknown') return 'Whether logs are collected today is not known.';
  const settings = settingsNow(facts);
  const name = clean(clusterRef(facts).name);
  if (settings.length === 0) return `No log of ${name}'s control plane is kept anywhere today: what happened last week cannot be found out.`;
  return `Today ${listed(settings.map((setting) => `${clean(setting.name)} sends ${plural(setting.enabled.size, 'log')} to ${listed(Object.values(setting.sinks).map(shortName))}`))}.`;
}

type Reasons = { readonly [option: string]: string };

/** One reason for one option, from what is there. */
function recommendation(facts: Facts): Reasons {
  const workspace = sinkNow(facts, 'workspace');
  const storage = sinkNow(facts, 'storage');
  if (workspace && storage)
    return { 'workspace-and-storage': 'Both destinations are in use already: the workspace gets what is searched, the account the full record.' };
  if (!workspace && storage && proposedWorkspace(facts) === undefined)
    return { storage: `Account ${shortName(storage)} receives logs already, and no workspace is known.` };
  if (!workspace && sinkNow(facts, 'eventHub'))
    return { 'event-hub': 'An event hub receives logs already, so that the search happens in the system behind it.' };
  const proposed = proposedWorkspace(facts, [workspace]);
  return {
    workspace: proposed
      ? `Workspace "${shortName(proposed)}" is there: logs that can be searched at once are the ones that get read.`
      : 'Logs that can be searched at once are the ones that get read. No workspace is known here, so name one.',
  };
}

/** Three destinations, and the pair that most rules ask for. */
export function options(facts: Facts): readonly Option[] {
  const reason = recommendation(facts);
  const size = `${plural(nodeCount(facts), 'node')}`;
  const { location } = clusterRef(facts);
  const region = location ? `in ${clean(location)}` : "in the cluster's region";
  const common = {
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'The setting is deleted or written back as it was; what was collected stays.' },
  } as const;
  const impact = (where: string) => ({ kind: 'billing', scope: `${where} is paid; neither nodes nor the API server notice` }) as const;
  const found: readonly Option[] = [
    {
      id: 'workspace',
      title: 'Log Analytics workspace',
      tradeOff: `A workspace is where logs are searched and alerts are raised. kube-audit-admin leaves out reads, which are most of what the controllers on ${size} do all day; resource-specific tables (AKSAudit, AKSAuditAdmin, AKSControlPlane) are cheaper to search than AzureDiagnostics and can be put on the Basic plan, which limits alerts and queries.`,
      impact: impact('ingestion'),
      cost: 'Log Analytics ingestion, per GB, and retention beyond the free period. Measure after a day: the audit log is most of it.',
      notWhen: 'Another system does the searching: then feed that one.',
      params: ['workspace', 'categories', 'audit'],
      ...common,
    },
    {
      id: 'storage',
      title: 'Storage account',
      tradeOff: `The cheapest place to keep everything, full audit log included, and the slowest to ask: JSON files by the hour. The account must be ${region}. Old files only go away by a lifecycle rule on the account: the setting's own retention has deleted nothing since 2025-09-30.`,
      impact: impact('storage'),
      cost: 'Blob storage, per GB kept, and write operations.',
      notWhen: 'Somebody has to find out quickly what happened, or be alerted.',
      params: ['storageAccount', 'categories', 'archiveAudit'],
      ...common,
    },
    {
      id: 'event-hub',
      title: 'Event hub, for a SIEM elsewhere',
      tradeOff: `Events stream to whatever reads the hub (Splunk, QRadar, Elastic). The namespace must be ${region}, and what the reader misses beyond the hub's retention is lost.`,
      impact: impact('throughput'),
      cost: 'Event Hubs throughput or processing units, and what the reader charges.',
      notWhen: 'Nobody reads the hub: it keeps events for days only.',
      params: ['eventHubRule', 'eventHubName', 'categories', 'audit'],
      ...common,
    },
    {
      id: 'workspace-and-storage',
      title: 'Workspace to search, storage to keep',
      tradeOff: `Two settings, because one sends the same to all its destinations: kube-audit-admin to the workspace, the full kube-audit to the account, where reads of Secrets can be proven years later. Takes two of the five settings a cluster can have.`,
      impact: impact('ingestion and storage'),
      cost: 'Log Analytics ingestion, per GB, and blob storage, per GB kept.',
      notWhen: 'No rule asks for a long or complete record.',
      params: ['workspace', 'storageAccount', 'categories', 'audit', 'archiveAudit'],
      ...common,
    },
  ];
  return found.map((option) => {
    const why = reason[option.id];
    return why ? { ...option, recommended: why } : option;
  });
}
