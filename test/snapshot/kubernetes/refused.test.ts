import { describe, expect, it } from 'vitest';
import { kubectlFailed } from '../../../src/kubernetes/kube-problems.ts';
import type { KubernetesGateway } from '../../../src/model/gateway.ts';
import { kubernetesKeys } from '../../../src/snapshot/kubernetes/sources.ts';
import { emptyKubernetes, read } from '../fake-arm.ts';

/** A cluster that says this, as kubectl prints it, to who lists some kinds; of the others it has none. */
const saying = (words: (plural: string) => string | undefined): KubernetesGateway => ({
  ...emptyKubernetes,
  list: async function* ({ plural }) {
    const said = words(plural);
    if (said !== undefined) throw kubectlFailed(said, 'kubectl get');
    yield [];
  },
});
const known = async (words: (plural: string) => string | undefined) => (await read(undefined, { keys: kubernetesKeys, kubernetes: saying(words) })).known;
const forbidden = (plural: string, group: string) =>
  `Error from server (Forbidden): ${plural}.${group} is forbidden: User "ada" cannot list resource "${plural}" in API group "${group}" at the cluster scope`;

describe('a cluster that does not tell everything', () => {
  it('has none of a kind that it does not know', async () => {
    const facts = await known((plural) => (plural.startsWith('azureidentit') ? "error: the server doesn't have a resource type" : undefined));
    expect(facts.podIdentities).toEqual({ state: 'known', value: [] });
  });

  it('leaves just the facts unknown whose kinds are kept from the person, with the right that is missing', async () => {
    const facts = await known((plural) => (plural === 'ingresses' ? forbidden(plural, 'networking.k8s.io') : undefined));
    expect(facts.ingresses).toEqual({
      state: 'unknown',
      reason: 'Kubernetes does not let the signed-in person do this: list ingresses.networking.k8s.io.',
      permission: 'list ingresses.networking.k8s.io',
    });
    const others = kubernetesKeys.filter((key) => key !== 'ingresses').map((key) => facts[key]?.state);
    expect(new Set(others)).toEqual(new Set(['known']));
  });

  it('names a kind of the core without a group, and says what it can where no right is named', async () => {
    const facts = await known((plural) =>
      plural === 'pods' ? forbidden(plural, '') : plural === 'services' ? 'Error from server (Forbidden): no' : undefined,
    );
    expect(facts.workloads).toMatchObject({ permission: 'list pods' });
    expect(facts.services).toEqual({ state: 'unknown', reason: 'Kubernetes does not let the signed-in person do this.' });
  });
});
