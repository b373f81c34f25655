import type { Step } from '../src/model/step.ts';
import { apiServerExposure } from './cluster/api-server-exposure.ts';
import { certificates } from './cluster/certificates.ts';
import { networkPolicy } from './cluster/network-policy.ts';
import { nodeOsUpdates } from './cluster/node-os-updates.ts';
import { entraSignIn } from './identity/entra-sign-in.ts';
import { localAccounts } from './identity/local-accounts.ts';
import { controlPlaneLogs } from './platform/control-plane-logs.ts';
import { defender } from './platform/defender.ts';

/** Every step, in walking order: identity, platform, cluster. A new step is one file and one line here. */
export const steps: readonly Step[] = [entraSignIn, localAccounts, controlPlaneLogs, defender, nodeOsUpdates, apiServerExposure, certificates, networkPolicy];
