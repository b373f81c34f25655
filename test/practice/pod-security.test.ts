import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { podSecurityVerdict } from '../../src/practice/pod-security.ts';

const P = 'pod-security.kubernetes.io/';
const namespace = (labels: JsonObject = {}): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
const pod = (name: string, spec: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec });
const plain = { containers: [{ name: 'c' }] };
const onNode = { ...plain, hostNetwork: true };

describe('Pod Security Admission of the practice cluster', () => {
  const running = [pod('b', plain), pod('a', onNode)];
  it.each<readonly [why: string, before: JsonObject, after: JsonObject, warnings: number]>([
    ['a stricter level looks at pods', namespace(), namespace({ [`${P}enforce`]: 'baseline' }), 2],
    ['the same level does not', namespace({ [`${P}enforce`]: 'baseline' }), namespace({ [`${P}enforce`]: 'baseline', team: 'x' }), 0],
    ['nor a looser one', namespace({ [`${P}enforce`]: 'restricted' }), namespace({ [`${P}enforce`]: 'baseline' }), 0],
    ['another version does', namespace({ [`${P}enforce`]: 'baseline' }), namespace({ [`${P}enforce`]: 'baseline', [`${P}enforce-version`]: 'v1.30' }), 2],
    ['warnings alone do not', namespace(), namespace({ [`${P}warn`]: 'restricted' }), 0],
  ])('%s', (_why, before, after, warnings) => {
    expect(podSecurityVerdict([before, ...running], before, after, { kubernetes: '1.33' }).warnings).toHaveLength(warnings);
  });

  it('refuses a word that is no level', () => {
    expect(podSecurityVerdict([], namespace(), namespace({ [`${P}enforce`]: 'strict' }), { kubernetes: '1.33' }).refusal).toContain(
      'must be one of privileged, baseline, restricted',
    );
  });

  it('refuses pods, and warns of their controllers', () => {
    const enforced = namespace({ [`${P}enforce`]: 'baseline', [`${P}warn`]: 'baseline' });
    expect(podSecurityVerdict([enforced], undefined, pod('x', onNode), { kubernetes: '1.33' }).refusal).toMatch(
      /^pods "x" is forbidden: violates PodSecurity "baseline:latest": host namespaces \(/,
    );
    const controller = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'd', namespace: 'shop' }, spec: { template: { spec: onNode } } };
    expect(podSecurityVerdict([enforced], undefined, controller, { kubernetes: '1.33' })).toEqual({
      warnings: [expect.stringMatching(/^would violate PodSecurity "baseline:latest"/)],
    });
    expect(podSecurityVerdict([enforced], undefined, pod('y', plain), { kubernetes: '1.33' })).toEqual({ warnings: [] });
    expect(podSecurityVerdict([namespace()], undefined, pod('x', onNode), { kubernetes: '1.33' })).toEqual({ warnings: [] });
  });

  it('leaves exempt namespaces alone, and says so', () => {
    const server = { kubernetes: '1.33', exempt: ['shop'] };
    const labelled = namespace({ [`${P}enforce`]: 'restricted', [`${P}warn`]: 'restricted', [`${P}warn-version`]: 'v1.30' });
    const said = ['namespace "shop" is exempt from Pod Security, and the policy (enforce=restricted:latest, warn=restricted:v1.30) will be ignored'];
    expect(podSecurityVerdict([namespace(), ...running], namespace(), labelled, server)).toEqual({ warnings: said });
    expect(podSecurityVerdict([], undefined, labelled, server)).toEqual({ warnings: said });
    expect(podSecurityVerdict([labelled], undefined, pod('x', onNode), server)).toEqual({ warnings: [] });
  });
});
