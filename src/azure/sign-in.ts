import type { TokenCredential } from '@azure/identity';
import { clean } from '../model/foreign.ts';
import { ProblemError } from '../model/problem.ts';
import { operatorOf } from './claims.ts';
import { type Cloud, cloudOf, publicCloud } from './clouds.ts';
import { noSignIn, reasonOf } from './sign-in-problem.ts';

/** Ways of signing in. `default` is the SDK's whole chain; it also asks the machine for a managed identity. */
export const signInKinds = ['az', 'environment', 'workload-identity', 'default', 'browser', 'device-code'] as const;
export type SignInKind = (typeof signInKinds)[number];

export interface SignInOptions {
  /** This way and no other. Not given: what is found without asking anybody. */
  readonly kind?: SignInKind;
  readonly tenantId?: string;
  /** Where one signs in; AZURE_AUTHORITY_HOST when not given. */
  readonly authority?: string;
  /** ARM's and Graph's addresses, for clouds that the authority does not tell. */
  readonly endpoint?: string;
  readonly graphEndpoint?: string;
  readonly env?: { readonly [name: string]: string | undefined };
  /** Tells the user what to do: the device code, or that a browser opens. This module never prints. */
  readonly tell?: (message: string) => void;
  /** Milliseconds for all silent ways together. */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
  /** Ways to try instead of those the environment offers. */
  readonly candidates?: readonly Candidate[];
}

/** A way of signing in, not yet tried. */
export interface Candidate {
  readonly name: string;
  readonly make: () => Promise<TokenCredential>;
}

/** A sign-in that has given a token. */
export interface SignIn {
  readonly credential: TokenCredential;
  /** For people: `ada@example.org through az`. */
  readonly label: string;
  readonly endpoint: string;
  readonly graphEndpoint: string;
}

/** What a quiet look for a sign-in found. */
export type SilentSignIn = { readonly signedIn: true; readonly signIn: SignIn } | { readonly signedIn: false; readonly error: ProblemError };

const silentPatience = 10_000;
/** A person needs to find the browser, the password and the telephone. */
const personPatience = 15 * 60_000;

interface Setting {
  readonly cloud: Cloud;
  readonly authority: string;
  readonly tenant: { readonly tenantId?: string };
  readonly env: { readonly [name: string]: string | undefined };
}

function settingOf(options: SignInOptions): Setting {
  const env = options.env ?? process.env;
  const authority = options.authority ?? env['AZURE_AUTHORITY_HOST'];
  const known = cloudOf(authority);
  const cloud = {
    authority: authority ?? publicCloud.authority,
    arm: options.endpoint ?? known?.arm,
    graph: options.graphEndpoint ?? known?.graph,
  };
  if (!cloud.arm || !cloud.graph) {
    throw new ProblemError({
      code: 'unknown-cloud',
      what: `No Azure cloud is known that signs in at ${clean(cloud.authority)}.`,
      why: 'The addresses of its Resource Manager and Graph cannot be told from that.',
      next: ['Unset AZURE_AUTHORITY_HOST for the public cloud.'],
      exitCode: 2,
    });
  }
  return {
    cloud: { ...cloud, arm: cloud.arm, graph: cloud.graph },
    authority: cloud.authority,
    tenant: options.tenantId ? { tenantId: options.tenantId } : {},
    env,
  };
}

/** The silent ways that this environment offers, in order. None of them asks the machine's metadata address (169.254.169.254). */
function silentCandidates({ env, authority, tenant }: Setting, patienceMs: number): readonly Candidate[] {
  const identity = () => import('@azure/identity');
  const ways: Candidate[] = [];
  if (env['AZURE_CLIENT_ID'] && env['AZURE_TENANT_ID'] && (env['AZURE_CLIENT_SECRET'] || env['AZURE_CLIENT_CERTIFICATE_PATH'])) {
    ways.push({ name: 'environment', make: async () => new (await identity()).EnvironmentCredential({ authorityHost: authority }) });
  }
  if (env['AZURE_FEDERATED_TOKEN_FILE']) {
    ways.push({ name: 'workload identity', make: async () => new (await identity()).WorkloadIdentityCredential({ authorityHost: authority, ...tenant }) });
  }
  ways.push({ name: 'az', make: async () => new (await identity()).AzureCliCredential({ ...tenant, processTimeoutInMs: patienceMs }) });
  return ways;
}

function namedCandidate(kind: SignInKind, setting: Setting, tell: (message: string) => void, patienceMs: number): Candidate {
  const identity = () => import('@azure/identity');
  const shared = { authorityHost: setting.authority, ...setting.tenant };
  switch (kind) {
    case 'az':
      return { name: 'az', make: async () => new (await identity()).AzureCliCredential({ ...setting.tenant, processTimeoutInMs: patienceMs }) };
    case 'environment':
      return { name: 'environment', make: async () => new (await identity()).EnvironmentCredential({ authorityHost: setting.authority }) };
    case 'workload-identity':
      return { name: 'workload identity', make: async () => new (await identity()).WorkloadIdentityCredential(shared) };
    case 'default':
      return { name: 'default', make: async () => new (await identity()).DefaultAzureCredential(shared) };
    case 'browser':
      return {
        name: 'browser',
        make: async () => {
          const { InteractiveBrowserCredential } = await identity();
          tell('A browser window opens for the sign-in. Come back here afterwards.');
          return new InteractiveBrowserCredential(shared);
        },
      };
    case 'device-code':
      return {
        name: 'device code',
        make: async () => new (await identity()).DeviceCodeCredential({ ...shared, userPromptCallback: ({ message }) => tell(clean(message)) }),
      };
    default:
      return kind satisfies never;
  }
}

/** Tries one way: it counts when it gives a token for ARM within the time. */
async function attempt(candidate: Candidate, setting: Setting, limit: AbortSignal): Promise<SignIn> {
  const credential = await candidate.make();
  const late = new Promise<never>((_resolve, reject) => {
    const stop = () => reject(new Error('it did not answer in time'));
    if (limit.aborted) stop();
    else limit.addEventListener('abort', stop, { once: true });
  });
  const token = await Promise.race([credential.getToken(`${setting.cloud.arm}/.default`, { abortSignal: limit }), late]);
  if (!token) throw new Error('it gave no token');
  const { name } = operatorOf(token.token);
  return { credential, label: `${name} through ${candidate.name}`, endpoint: setting.cloud.arm, graphEndpoint: setting.cloud.graph };
}

/**
 * Looks whether anybody is signed in, without asking anybody and within `patienceMs` (10 s): the environment's service principal, a workload
 * identity, the az sign-in, in this order. Does not throw for a missing sign-in: the error names az login and what each way said.
 */
export async function trySilent(options: SignInOptions = {}): Promise<SilentSignIn> {
  let setting: Setting;
  try {
    setting = settingOf(options);
  } catch (thrown) {
    if (thrown instanceof ProblemError) return { signedIn: false, error: thrown };
    throw thrown;
  }
  const patienceMs = options.patienceMs ?? silentPatience;
  const timer = AbortSignal.timeout(patienceMs);
  const limit = options.signal ? AbortSignal.any([options.signal, timer]) : timer;
  const reasons: string[] = [];
  for (const candidate of options.candidates ?? silentCandidates(setting, patienceMs)) {
    try {
      return { signedIn: true, signIn: await attempt(candidate, setting, limit) };
    } catch (thrown) {
      options.signal?.throwIfAborted();
      reasons.push(`${candidate.name}: ${reasonOf(thrown)}`);
    }
  }
  return { signedIn: false, error: new ProblemError(noSignIn(reasons)) };
}

/**
 * Signs in: the kind that is asked for, or what is found silently. Gives a credential that has already given a token for ARM.
 * Throws a ProblemError (`no-sign-in`, or what Entra answered). Interactive kinds wait for the person, 15 minutes at most.
 */
export async function signIn(options: SignInOptions = {}): Promise<SignIn> {
  if (options.kind === undefined) {
    const found = await trySilent(options);
    if (found.signedIn) return found.signIn;
    throw found.error;
  }
  const setting = settingOf(options);
  const interactive = options.kind === 'browser' || options.kind === 'device-code';
  const patienceMs = options.patienceMs ?? (interactive ? personPatience : silentPatience);
  const timer = AbortSignal.timeout(patienceMs);
  const limit = options.signal ? AbortSignal.any([options.signal, timer]) : timer;
  const candidate = options.candidates?.[0] ?? namedCandidate(options.kind, setting, options.tell ?? (() => {}), patienceMs);
  try {
    return await attempt(candidate, setting, limit);
  } catch (thrown) {
    options.signal?.throwIfAborted();
    throw new ProblemError(noSignIn([`${candidate.name}: ${reasonOf(thrown)}`]), { cause: thrown });
  }
}
