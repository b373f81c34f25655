import type { ArmUpdate } from '../../../src/model/change.ts';

/** An add-on that has reached its end. */
export interface Retired {
  readonly key: string;
  readonly name: string;
  readonly ended: string;
  /** Whether requests run through it, so that something else must carry them first. */
  readonly carriesTraffic: boolean;
  readonly replacement: string;
  readonly back: ArmUpdate['reversible'];
}

/** Dates: AKS release notes and the retirement notices of the AKS docs. */
export const retired: readonly Retired[] = [
  {
    key: 'httpApplicationRouting',
    name: 'HTTP application routing',
    ended: 'retired on 2025-03-03',
    carriesTraffic: true,
    replacement: 'the application routing add-on with the Gateway API',
    back: { kind: 'no', how: 'a retired add-on cannot be switched on again' },
  },
  {
    key: 'kubeDashboard',
    name: 'the Kubernetes dashboard',
    ended: 'not offered since Kubernetes 1.19',
    carriesTraffic: false,
    replacement: 'the resource view of the Azure portal',
    back: { kind: 'no', how: 'a retired add-on cannot be switched on again' },
  },
  {
    key: 'openServiceMesh',
    name: 'Open Service Mesh',
    ended: 'without support from 2027-09-30, and its project is retired already',
    carriesTraffic: true,
    replacement: 'the Istio-based service mesh add-on',
    back: { kind: 'partly', how: 'it can be switched on again until its end of support; its own settings come back as defaults' },
  },
];
