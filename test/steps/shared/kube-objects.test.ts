import { describe, expect, it } from 'vitest';
import type { Keeper } from '../../../src/model/facts.ts';
import { isOurs, keeperGuard, patchLine, whereToChange } from '../../../steps/shared/kube-objects.ts';

const keeper = (tool: Keeper['tool'], sign: string): Keeper => ({ tool, sign });

describe('who writes an object', () => {
  it.each<readonly [object: Parameters<typeof isOurs>[0], ours: boolean]>([
    [{ name: 'shop' }, true],
    [{ name: 'web', namespace: 'shop' }, true],
    [{ name: 'system:node-proxier' }, true],
    [{ name: 'shop', keeper: keeper('helm', 'app.kubernetes.io/managed-by=Helm') }, false],
    [{ name: 'a; rm -rf /' }, false],
    [{ name: 'web', namespace: '$(id)' }, false],
    [{ name: '-n' }, false],
  ])('%j', (object, ours) => {
    expect(isOurs(object)).toBe(ours);
  });

  it.each<readonly [found: Keeper | undefined, where: string]>([
    [undefined, 'by hand'],
    [keeper('flux', 'kustomize.toolkit.fluxcd.io/name=ops'), 'in the source of Flux’s Kustomization ops'],
    [keeper('flux', 'helm.toolkit.fluxcd.io/name=nginx'), 'in Flux’s HelmRelease nginx'],
    [keeper('argo-cd', 'argocd.argoproj.io/tracking-id=shop:apps/Deployment:shop/web'), 'in the source of Argo CD’s Application shop'],
    [keeper('argo-cd', 'argocd.argoproj.io/instance=shop'), 'in the source of Argo CD’s Application shop'],
    [keeper('argo-cd', 'argocd.argoproj.io/installation-id=x'), 'in what Argo CD reads'],
    [keeper('helm', 'meta.helm.sh/release-name=web'), 'in the chart or the values of Helm release web'],
    [keeper('helm', 'app.kubernetes.io/managed-by=Helm'), 'in the Helm chart or its values'],
    [keeper('aks', 'addonmanager.kubernetes.io/mode=Reconcile'), 'through AKS, which writes its own state back'],
    [keeper('flux', 'kustomize.toolkit.fluxcd.io/name=a\u001b[2J\nb'), 'in what Flux reads'],
  ])('%j is changed %s', (found, where) => {
    expect(whereToChange({ keeper: found })).toBe(where);
  });

  it('the guard names the keepers, their sources and the way to the files', () => {
    const [guard] = keeperGuard(
      [
        { name: 'a', keeper: keeper('flux', 'kustomize.toolkit.fluxcd.io/name=ops') },
        { name: 'b', keeper: keeper('helm', 'meta.helm.sh/release-name=web') },
      ],
      'namespace',
    );
    expect(guard?.detail).toContain('Flux (1), Helm (1) keep a and b: 2 namespaces left as they are. Flux writes its own state back within minutes');
    expect(guard?.next?.join(' ')).toContain('in the source of Flux’s Kustomization ops and in the chart or the values of Helm release web');
    expect(guard?.next?.join(' ')).toContain('--out DIR');
    expect(keeperGuard([], 'namespace')).toEqual([]);
  });

  it('a patch line holds no apostrophe that could end its argument', () => {
    expect(patchLine('service', { namespace: 'shop', name: 'web' }, { metadata: { annotations: { a: "it's" } } })).toBe(
      `kubectl patch service web --namespace shop --type merge --patch '{"metadata":{"annotations":{"a":"it\\u0027s"}}}'`,
    );
  });
});
