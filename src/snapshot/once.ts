import type { ArmGateway, Response } from '../model/gateway.ts';
import type { Request } from '../model/plan.ts';

/** Answers a GET that was asked before with the same answer, a failed one with the same error. */
function once<Options>(ask: (request: Request, options?: Options) => Promise<Response>): (request: Request, options?: Options) => Promise<Response> {
  const asked = new Map<string, Promise<Response>>();
  return (request, options) => {
    if (request.method !== 'GET') return ask(request, options);
    const earlier = asked.get(request.url);
    if (earlier) return earlier;
    const answer = ask(request, options);
    asked.set(request.url, answer);
    return answer;
  };
}

/** A gateway for one reading: several facts rest on the same list, and it is asked for once. */
export function readingOnce(arm: ArmGateway): ArmGateway {
  return { ...arm, send: once(arm.send), graph: once(arm.graph) };
}
