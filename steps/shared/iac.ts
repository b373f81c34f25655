import { type Facts, fact, type Ownership } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import type { Guard } from '../../src/model/step.ts';

/**
 * What the next `terraform apply` of an unchanged configuration does to an attribute that was changed behind its back
 * (terraform-provider-azurerm, kubernetes_cluster_resource.go): set it back in place, plan a new cluster, or not notice.
 */
export type TerraformEffect = 'reverts' | 'replaces' | 'unnoticed' | 'safe';

/** One attribute that a change touches, with the line that makes code and cluster agree. */
export interface CodeLine {
  readonly terraform: { readonly line: string; readonly effect: TerraformEffect; readonly note?: string };
  /** The same for Bicep, below `properties` of the cluster. */
  readonly bicep?: string;
}

const effects: { readonly [E in TerraformEffect]: string } = {
  reverts: 'the next terraform apply sets it back',
  replaces: 'the next terraform apply plans to REPLACE the cluster',
  unnoticed: 'terraform does not notice the difference',
  safe: 'terraform keeps it when the code does not set it',
};

function terraformNext(lines: readonly CodeLine[]): readonly string[] {
  return lines.map(({ terraform: { line, effect, note } }) => `Terraform: ${line}  (without it ${effects[effect]}${note ? `; ${note}` : ''})`);
}

function bicepNext(lines: readonly CodeLine[]): readonly string[] {
  return lines.flatMap(({ bicep }) => (bicep ? [`Bicep: ${bicep}  (a deployment overwrites what the file declares otherwise)`] : []));
}

function nextFor({ tool }: Ownership, lines: readonly CodeLine[]): readonly string[] {
  switch (tool) {
    case 'terraform':
      return terraformNext(lines);
    case 'bicep':
    case 'azd':
      return bicepNext(lines);
    case 'pulumi':
      return ['Run pulumi refresh and put the same values into the program before the next pulumi up.'];
    case 'crossplane':
    case 'cluster-api':
      return ['Its controller sets declared values back within minutes: change the manifest in the same hour, or pause the reconciliation first.'];
    case 'fleet':
      return ['Fleet Manager starts upgrades on its own schedule: check that no update run is about to begin.'];
    default:
      return tool satisfies never;
  }
}

/**
 * Says which tool owns the cluster's configuration and what it will do next to exactly the attributes at hand.
 * Where it would replace the cluster, the change is refused until somebody types that the code was changed.
 */
export function ownershipGuard(facts: Facts, lines: readonly CodeLine[]): Guard {
  const id = 'iac-ownership';
  const title = 'Infrastructure as code agrees';
  const found = fact(facts, 'ownership');
  if (found.state === 'unknown') {
    return { id, title, verdict: 'unknown', detail: `Whether Terraform or Bicep owns this cluster is not known: ${found.reason}.` };
  }
  const owners = found.value;
  if (owners.length === 0) return { id, title, verdict: 'clear', detail: 'No sign of Terraform, Bicep or another tool that owns the configuration.' };
  const signs = owners.map(({ tool, sign }) => `${tool} (${clean(sign)})`).join(', ');
  const next = [...new Set(owners.flatMap((owner) => nextFor(owner, lines)))];
  const replaces = owners.some(({ tool }) => tool === 'terraform') && lines.some(({ terraform }) => terraform.effect === 'replaces');
  if (replaces) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `${signs} owns this cluster. With unchanged code the next terraform apply plans to destroy and re-create it.`,
      next,
      override: 'the code is changed',
    };
  }
  const lasts =
    owners.every(({ tool }) => tool === 'terraform') && lines.every(({ terraform }) => terraform.effect === 'unnoticed' || terraform.effect === 'safe');
  const detail = lasts
    ? `${signs} owns this cluster. It leaves this change alone, but the code then no longer tells what stands: put it there as well.`
    : `${signs} owns this cluster: put the change into the code as well, or it does not last.`;
  return { id, title, verdict: 'warn', detail, next };
}
