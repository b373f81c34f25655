import type { Status } from '../../src/model/assessment.ts';
import { grounds, type TestGround } from '../az/grounds.ts';
import { oddWorlds } from './odd-worlds.ts';

/** Every world that options are carried out in: those of the az proof, and clusters with less common pools. */
export const worlds: readonly TestGround[] = [...grounds, ...oddWorlds];

/** A control that an option names and does not settle, or that it opens, and why that is right. */
export interface StaysOpen {
  readonly option: string;
  readonly control: string;
  readonly after: Status;
  /** Only in these worlds; in all when not given. */
  readonly in?: readonly string[];
  readonly why: string;
}

const lifecycle = 'Whether a lifecycle rule deletes old logs stands in the storage account, which is not read.';
const npm = 'Azure network policy manager works, and ends in 2028: what lasts is Cilium.';

/** Reviewed one by one: any other control that an option names is settled once it has been carried out, and none that was settled opens. */
export const staysOpen: readonly StaysOpen[] = [
  ...['run-command', 'all'].flatMap((option) =>
    ['2.5', '9.3', '10.1', '10.2', '16.2', '17.3', '19.3', '20.11'].map((control) => ({
      option: `cluster.node-access=${option}`,
      control,
      after: 'unknown' as const,
      in: ['private'],
      why: 'Commands through Azure were the only way into this cluster from here: what runs inside is not seen any more.',
    })),
  ),
  { option: 'platform.control-plane-logs=storage', control: '3.4', after: 'unknown', why: lifecycle },
  { option: 'platform.control-plane-logs=workspace-and-storage', control: '3.4', after: 'unknown', why: lifecycle },
  {
    option: 'platform.registry=private-path',
    control: '6.3',
    after: 'fail',
    why: 'The private path comes first; the public one is closed by another option, once it is proven.',
  },
  {
    option: 'cluster.control-plane-version=control-plane',
    control: '8.1',
    after: 'partial',
    why: 'The control plane goes first; pools follow by a decision of their own.',
  },
  {
    option: 'governance.images=deny',
    control: '20.3',
    after: 'partial',
    why: 'The add-on that carries it out is off in these worlds: another step installs it.',
  },
  { option: 'governance.images=audit', control: '20.3', after: 'partial', why: 'It reports first; what refuses is another option.' },
  { option: 'cluster.network-policy=azure', control: '15.1', after: 'partial', why: npm },
  {
    option: 'cluster.admin-access=run-command',
    control: '12.3',
    after: 'fail',
    why: 'Run command is a way in, or it is closed: not both. The option says so.',
  },
  {
    option: 'cluster.certificates=rotate-now',
    control: '13.1',
    after: 'unknown',
    in: ['private'],
    why: 'The API server cannot be seen from here, before or after.',
  },
  ...['cluster.node-access=run-command', 'cluster.node-access=all'].map((option) => ({
    option,
    control: '13.2',
    after: 'unknown' as const,
    in: ['private'],
    why: 'Run command was how the nodes were asked from here: whether they renew their certificates is not known any more.',
  })),
  {
    option: 'identity.local-accounts=disable',
    control: '13.1',
    after: 'partial',
    in: ['typical with Entra sign-in', 'private with a way in'],
    why: 'Admin certificates that were handed out before open the cluster until they are rotated.',
  },
  {
    option: 'identity.cluster-roles=remove',
    control: '2.5',
    after: 'partial',
    in: ['legacy'],
    why: 'A role with every right is still there, though nobody holds it.',
  },
  {
    option: 'cluster.internal-load-balancers=approve',
    control: '10.1',
    after: 'fail',
    why: 'Only Services that somebody names are approved; the others stay a finding.',
  },
  {
    option: 'pod.workload-identity=no-default-tokens',
    control: '16.4',
    after: 'partial',
    why: 'Namespaces where a pod gets the token now are not chosen beforehand: whether it is used cannot be seen.',
  },
  {
    option: 'cluster.api-server-exposure=private-cluster',
    control: '11.3',
    after: 'fail',
    why: 'Whether the public name still leads to the private address is a question that only a private cluster has.',
  },
];

/** Options that do their work each time they are asked to. */
export const eachTime: { readonly [option: string]: string } = {
  'cluster.certificates=rotate-now': 'Certificates are rotated whenever a person wants to.',
};

/** Options that mend nothing in any world, by their nature. */
export const mendsNothing: { readonly [option: string]: string } = {
  'governance.ingress-tls=audit': 'Azure Policy at audit reports; certificates are brought by people.',
  'governance.node-trust=fips': 'Nobody needs FIPS images but those whose rules say so: without them nothing is amiss.',
};

/** Options that no world lets anybody choose. */
export const neverOpen: { readonly [option: string]: string } = {};
