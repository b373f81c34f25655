import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { type Answer, armError, type Refusal } from './answer.ts';
import type { ArmPath } from './arm-path.ts';
import type { World } from './world.ts';

/** A request in a handler's hands. */
export interface Context {
  readonly world: World;
  readonly method: string;
  readonly path: ArmPath;
  readonly apiVersion: string;
  readonly query: URLSearchParams;
  readonly headers: { readonly [name: string]: string };
  readonly body: Json | undefined;
  /** `https://host:port`: what addresses in the answer start with. */
  readonly origin: string;
  /** True when the caller waits in real time; in process it passes the world's time. */
  readonly wire: boolean;
}

export type Handler = (context: Context) => Answer;

/** Whole seconds for a Retry-After header: the caller's seconds, not necessarily the world's. */
export function retryAfter(context: Pick<Context, 'world' | 'wire'>, ms: number): string {
  return String(Math.max(1, Math.ceil((context.wire ? ms / context.world.clock.speed : ms) / 1000)));
}

/** True where the service checks properties strictly: stable api-versions since 2024 (AKS release notes). */
export function isStrict(apiVersion: string): boolean {
  return apiVersion >= '2024-01-01' && !apiVersion.endsWith('-preview');
}

/** The body as an object, or ARM's refusal. */
export function objectBody(context: Context): { readonly body: JsonObject } | { readonly refusal: Answer } {
  if (isObject(context.body)) return { body: context.body };
  return {
    refusal: armError({
      status: 400,
      code: 'InvalidRequestContent',
      message: 'The request content was invalid and could not be deserialized: the body is not a JSON object.',
    }),
  };
}

/** ARM's answer for a resource that is not there. */
export function notFound(context: Context): Answer {
  const { path } = context;
  const where = path.resourceGroup === undefined ? `subscription '${path.subscriptionId ?? ''}'` : `resource group '${path.resourceGroup}'`;
  return armError({
    status: 404,
    code: 'ResourceNotFound',
    message: `The Resource '${path.type}/${path.name ?? ''}' under ${where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  });
}

/** The refusal of a write whose If-Match or If-None-Match does not hold (AKS docs: use-etags). */
export function preconditionFailed(headers: Context['headers'], eTag: string | undefined): Refusal | undefined {
  const match = headers['if-match']?.replaceAll('"', '');
  const noneMatch = headers['if-none-match'];
  if (match !== undefined && noneMatch !== undefined) {
    return { status: 400, code: 'BadRequest', message: 'Only one of If-Match and If-None-Match can be given.' };
  }
  if (match !== undefined && match !== '*' && match !== eTag) {
    return { status: 412, code: 'PreconditionFailed', message: `The eTag ${match} given in If-Match does not match the resource's eTag ${eTag ?? '(none)'}.` };
  }
  if (noneMatch !== undefined && noneMatch !== '*') return { status: 400, code: 'BadRequest', message: 'If-None-Match can only be *.' };
  if (noneMatch === '*' && eTag !== undefined) return { status: 412, code: 'PreconditionFailed', message: 'The resource exists already.' };
  return undefined;
}
