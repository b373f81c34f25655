import { describe, expect, it } from 'vitest';
import { kubeRefusal, refusalText } from '../../src/model/kube-refusals.ts';

describe('what a refusal means', () => {
  it.each<readonly [says: string, code: string | undefined]>([
    [`error: the server doesn't have a resource type "widgets"`, 'kind-missing'],
    ['Error from server (NotFound): namespaces "none" not found', 'not-found'],
    ['Error from server (Expired): The provided continue parameter is too old to display a consistent list result.', 'list-expired'],
    ['error: Apply failed with 1 conflict: conflict with "helm" using apps/v1 at 2026-07-01T08:00:00Z: .spec.replicas', 'field-conflict'],
    ['Error from server (BadRequest): admission webhook "w.example.org" does not support dry run', 'dry-run-refused'],
    [
      'Error from server (InternalError): Internal error occurred: failed calling webhook "validation.gatekeeper.sh": failed to call webhook: Post "https://gatekeeper-webhook-service.gatekeeper-system.svc:443/v1/admit?timeout=3s": context deadline exceeded',
      'webhook-unavailable',
    ],
    ['Error from server (Forbidden): admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy-x] not allowed', 'admission-denied'],
    ['Error from server: admission webhook "w" denied the request without explanation', 'admission-denied'],
    [`The deployments "web" is invalid: : ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression: false`, 'admission-denied'],
    ['Error from server (Forbidden): pods "x" is forbidden: violates PodSecurity "restricted:latest": host namespaces', 'admission-denied'],
    [
      'Error from server (Conflict): Operation cannot be fulfilled on configmaps "x": the object has been modified; please apply your changes',
      'object-changed',
    ],
    ['The Namespace "shop" is invalid: metadata.labels: Invalid value: "strict"', 'object-invalid'],
    ['Error from server (Forbidden): namespaces "shop" is forbidden: User "ada" cannot patch resource "namespaces"', 'kubernetes-forbidden'],
    ['error: You must be logged in to the server (Unauthorized)', 'kubernetes-signed-out'],
    ['Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout', 'api-server-unreachable'],
    ['Unable to connect to the server: x509: certificate signed by unknown authority', 'api-server-unreachable'],
    ['tls: failed to verify certificate: x509: certificate has expired', 'kubeconfig-old'],
    [
      'Error from server (Forbidden): services "x" is forbidden: exceeded quota: doors, requested: services.loadbalancers=1, used: 2, limited: 2',
      'quota-exceeded',
    ],
    [
      'Error from server (Forbidden): services "x" is forbidden: unable to create new content in namespace a because it is being terminated',
      'namespace-ending',
    ],
    [
      'Error from server (Forbidden): clusterrolebindings "x" is forbidden: user "ada" (groups=["a"]) is attempting to grant RBAC permissions not currently held:',
      'grants-more',
    ],
    ['boom', undefined],
    ['', undefined],
  ])('%s', (says, code) => {
    const found = kubeRefusal(says);
    expect(found?.code).toBe(code);
    if (found !== undefined) expect([found.what, found.why, ...found.next].every((text) => text.length > 0)).toBe(true);
  });

  it('tells the conflicts and leaves kubectl’s own advice out', () => {
    const said = [
      'error: Apply failed with 2 conflicts: conflicts with "flux":',
      '- .data.a',
      '- .data.b',
      'Please review the fields above--they currently have other managers. Here',
      'are the ways you can resolve this warning:',
    ].join('\n');
    expect(refusalText(said)).toBe('error: Apply failed with 2 conflicts: conflicts with "flux": · - .data.a · - .data.b');
  });

  it('is cut, and cannot move the cursor', () => {
    expect(refusalText(`a\u001b[2J\u202e\n${'x'.repeat(1000)}`)).toMatch(/^a · x{395}…$/);
  });
});
