import { expect, it } from 'vitest';
import { servingLabel } from '../../src/practice/serving-certificates.ts';

const linux = 'AKSUbuntu-2204gen2containerd-202607.20.0';
it.each([
  ['a new image', { nodeImageVersion: linux }, '1.33.5', true],
  ['an image from before', { nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202411.12.0' }, '1.30.9', false],
  ['a Windows image', { nodeImageVersion: 'AKSWindows-2022-containerd-20348.2700.260911' }, '1.33.5', true],
  ['an old Windows image', { nodeImageVersion: 'AKSWindows-2022-containerd-20348.2700.240911' }, '1.33.5', false],
  ['opted out', { nodeImageVersion: linux, tags: { 'aks-disable-kubelet-serving-certificate-rotation': 'true' } }, '1.33.5', false],
  ['an old version', { nodeImageVersion: linux }, '1.26.3', false],
  ['no image', {}, '1.33.5', false],
])('a node with %s', (_what, pool, version, labelled) => {
  expect(Object.keys(servingLabel(pool, `v${version}`))).toHaveLength(labelled ? 1 : 0);
});
