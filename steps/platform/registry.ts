import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import { type Choice, defineStep, type StepPlan } from '../../src/model/step.ts';
import { aksDoc, learn, psruleDoc } from '../shared/docs.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assess } from './registry/assess.ts';
import { signing } from './registry/by-hand.ts';
import { close, onlyFrom, premium, pullRights, quarantineOn, withoutPasswords } from './registry/changes.ts';
import { guardsFor } from './registry/guards.ts';
import { type OptionId, optionIds, options, today } from './registry/options.ts';
import { params, type Wanted, wantedOf } from './registry/params.ts';
import { privatePath } from './registry/private-path.ts';
import { STEP, TRUST_CLOSED, TRUST_END } from './registry/state.ts';

const acr = (title: string, page: string) => learn(title, `azure/container-registry/${page}`);

/** Rights first, then the network, then what breaks those who still come the old way. */
function changesOf(facts: Facts, option: OptionId, { registries, subnet, ranges, quarantine }: Wanted): readonly Change[] {
  const rights = new Map(registries.map((registry) => [registry.id, pullRights(facts, registry)]));
  const passwords = registries.flatMap((registry) => [...(rights.get(registry.id) ?? []), ...withoutPasswords(registry, rights.get(registry.id) ?? [])]);
  const blocked = quarantine ? registries.flatMap(quarantineOn) : [];
  switch (option) {
    case 'private-path':
      return [...passwords, ...privatePath(facts, registries, subnet).changes, ...blocked];
    case 'private': {
      const way = privatePath(facts, registries, subnet);
      return [...passwords, ...way.changes, ...registries.flatMap((registry) => close(registry, way.last.get(registry.id) ?? [])), ...blocked];
    }
    case 'selected-networks':
      return [
        ...passwords,
        ...registries.flatMap((registry) => {
          const tier = premium(registry);
          return [...tier, ...onlyFrom(registry, ranges, tier)];
        }),
        ...blocked,
      ];
    case 'credentials':
      return [...passwords, ...blocked];
    case 'signing':
      return registries.length === 0 ? [] : [signing(registries)];
    default:
      return option satisfies never;
  }
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const id = optionIds.find((option) => option === choice.option);
  const option = options(facts).find((candidate) => candidate.id === id);
  if (id === undefined || option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  const wanted = wantedOf(facts, choice);
  const changes = changesOf(facts, id, wanted);
  if (changes.length === 0 || id === 'signing') return { changes, guards: [] };
  return { changes, guards: guardsFor(facts, id, wanted, changes) };
}

/** Where the images come from, and who else can get at them. */
export const registry = defineStep({
  id: STEP,
  pillar: 'platform',
  title: 'Who can get at the images that the cluster runs?',
  controls: [
    {
      id: '6.1',
      title: 'New images wait in quarantine until they are scanned (opt-in)',
      severity: 'advice',
      references: {
        psrule: ['AZR-000008'],
        checkov: ['CKV_AZURE_166'],
        docs: [{ title: 'Quarantine pattern (preview)', url: 'https://github.com/Azure/acr/tree/main/docs/preview/quarantine' }],
      },
    },
    {
      id: '6.2',
      title: 'Images are signed, and the cluster looks at it',
      severity: 'advice',
      references: {
        policy: ['cf426bb8-b320-4321-8545-1b784a5df3a4'],
        psrule: ['AZR-000009'],
        checkov: ['CKV_AZURE_164'],
        docs: [
          acr('Docker Content Trust: deprecation', 'container-registry-content-trust-deprecation'),
          aksDoc('Image Integrity (preview)', 'image-integrity'),
        ],
      },
    },
    {
      id: '6.3',
      title: 'Registries answer known networks only',
      severity: 'medium',
      references: {
        policy: ['d0793b48-0edc-4296-a390-4c75d1bdfd71', '0fdf0491-d080-4575-b627-ad0e843cba0f', 'e8eef0a8-67cf-4eb4-9386-14b0e78733d4'],
        psrule: ['AZR-000402'],
        checkov: ['CKV_AZURE_139'],
        docs: [
          acr('Private link for a registry', 'container-registry-private-endpoints'),
          acr('Selected networks', 'container-registry-access-selected-networks'),
        ],
      },
    },
    {
      id: '6.4',
      title: 'No admin password, no anonymous pull',
      severity: 'high',
      references: {
        policy: ['dc921057-6b28-4fbe-9b83-f7bec05db6c2', '9f2dea28-e834-476c-99c5-3507b4728395'],
        psrule: ['AZR-000005', 'AZR-000401'],
        checkov: ['CKV_AZURE_137', 'CKV_AZURE_138'],
        docs: [
          acr('Sign in to a registry', 'container-registry-authentication'),
          acr('Anonymous pull', 'anonymous-pull-access'),
          psruleDoc('Azure.ACR.AdminUser'),
        ],
      },
    },
    {
      id: '6.5',
      title: 'Nodes may pull, and nothing more',
      severity: 'medium',
      references: {
        cis: ['5.1.2', '5.1.3'],
        docs: [
          aksDoc('Container Registry with AKS', 'cluster-container-registry-integration'),
          acr('RBAC and ABAC repository permissions', 'container-registry-rbac-abac-repository-permissions'),
        ],
      },
    },
    {
      id: '6.6',
      title: 'Images are scanned, and healthy',
      severity: 'low',
      references: {
        cis: ['5.1.1'],
        policy: ['090c7b07-b4ed-4561-ad20-e9075f3ccaff'],
        psrule: ['AZR-000002', 'AZR-000003'],
        docs: [
          learn('Image vulnerabilities in Defender', 'azure/defender-for-cloud/agentless-vulnerability-assessment-azure'),
          psruleDoc('Azure.ACR.ContainerScan'),
        ],
      },
    },
  ],
  needs: ['registries', 'identityRoleAssignments', 'registryScanners', 'registryAssessments', 'policyAssignments', 'defenderPlan'],
  needsToPlan: ['registryPrivateLink', 'subnets', 'outboundAddresses', 'subscriptionPermissions', 'ownership'],
  explain: (facts) => ({
    what: `Whoever can write to the registry decides what the cluster runs; whoever can read it has the code. ${today(facts)} Closing the network, ending shared passwords and signing images are three different fences. Whether images are scanned is a matter of the Defender plan.`,
    why: 'A password that many share ends up in a pipeline’s log, and a registry on the internet can be tried with it from anywhere. Nodes that may push let anybody on a node replace an image for all others.',
    today: `In 2020 the advice was Docker Content Trust and quarantine. Content trust was deprecated on 2025-03-31, cannot be turned on since ${TRUST_CLOSED}, and ends on ${TRUST_END}; scanners that still ask for it ask for the impossible: Notary Project signatures have taken its place. Quarantine is still a preview, and without a scanner that releases images it stops every deployment. Service endpoints gave way to private endpoints, and registries that decide by repository (ABAC) no longer honour AcrPull.`,
  }),
  assess,
  options,
  params,
  plan,
  after: ['identity.cluster-identity', 'platform.defender'],
});
