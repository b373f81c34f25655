import type { ArmResource, Reachability } from '../../src/model/facts.ts';
import type { ArmGateway, Operation, Response } from '../../src/model/gateway.ts';
import { at, isObject, type Json, type JsonObject, list, text, withAt } from '../../src/model/json.ts';
import type { Request } from '../../src/model/plan.ts';
import { ProblemError } from '../../src/model/problem.ts';

/** How the next write is answered instead: refused outright, or carried out and the answer lost. */
export interface Fault {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly retryAfterMs?: number;
  /** True: the write is carried out all the same. */
  readonly carriedOut?: boolean;
}

interface Running {
  readonly target: string;
  readonly endsAt: number;
  readonly fails: Fault | undefined;
  readonly atEnd: () => void;
}

export interface Write {
  readonly method: string;
  readonly id: string;
  readonly action?: string;
  readonly ifMatch?: string;
  readonly body?: JsonObject;
}

/** An ARM in memory, on a clock that stands still until somebody sleeps: asynchronous clusters, eTags, 409, 412, and faults on demand. */
export class FakeArm {
  now = 0;
  readonly resources = new Map<string, ArmResource>();
  /** Writes that took effect, in order. */
  readonly writes: Write[] = [];
  /** Requests of any kind that arrived, as `METHOD id`. */
  readonly log: string[] = [];
  readonly faults: Fault[] = [];
  /** How the next operations end. */
  readonly operationFaults: Fault[] = [];
  /** Polls that are not answered. */
  blindPolls = 0;
  /** Reads that are not answered. */
  blindReads = 0;
  operationMs = 95_000;
  /** Called before each read, with the resource's id: a chance to change the world between two reads. */
  onRead: (id: string) => void = () => undefined;
  onSleep: (now: number) => void = () => undefined;
  reach: (cluster: ArmResource, now: number) => Reachability = () => ({ reachable: true, detail: 'readyz answered' });
  /** Passed before and after each effect: a test can stop the process here. */
  gate: (place: string) => Promise<void> = async () => undefined;
  readonly #operations = new Map<string, Running>();
  #tags = 0;

  store(resource: ArmResource): void {
    this.resources.set((text(resource['id']) ?? '').toLowerCase(), resource);
  }

  get(id: string): ArmResource | undefined {
    return this.resources.get(id.toLowerCase());
  }

  /** Changes a resource as somebody else would, with new eTags. */
  change(id: string, path: readonly string[], value: Json | undefined): void {
    const resource = this.get(id);
    if (resource !== undefined) this.store(this.#tagged(withAt(resource, path, value) as JsonObject));
  }

  /** Starts an operation of somebody else's. */
  occupy(id: string, ms: number, state = 'Upgrading'): void {
    this.#start(id, ms, state, () => undefined);
  }

  gateway(): ArmGateway {
    return {
      kind: 'practice',
      label: 'fake',
      send: async (request, options) => {
        await this.gate(`before ${request.method} ${request.url}`);
        const { response } = this.#handle(request, options?.ifMatch);
        await this.gate(`after ${request.method} ${request.url}`);
        return response;
      },
      begin: async (request, options) => {
        await this.gate(`before ${request.method} ${request.url}`);
        const { response, operation } = this.#handle(request, options?.ifMatch);
        await this.gate(`after ${request.method} ${request.url}`);
        return operation === undefined ? { response } : { response, operation: this.#operation(operation) };
      },
      restore: (state) => this.#operation(state),
      graph: () => Promise.reject(new Error('no graph here')),
      operator: () => Promise.reject(new Error('nobody here')),
      subscriptions: async () => [],
      clusters: async () => [],
      probe: async (host) => {
        const cluster = [...this.resources.values()].find((resource) =>
          [at(resource, ['properties', 'fqdn']), at(resource, ['properties', 'privateFQDN'])].includes(host),
        );
        return cluster === undefined ? { reachable: false, detail: `no such host ${host}` } : this.reach(cluster, this.now);
      },
      sleep: async (ms, signal) => {
        await this.gate('sleep');
        signal?.throwIfAborted();
        this.now += ms;
        this.#complete();
        this.onSleep(this.now);
        signal?.throwIfAborted();
      },
    };
  }

  #operation(state: string): Operation {
    return {
      state,
      url: `https://arm/operations/${state}`,
      poll: async () => {
        await this.gate('poll');
        if (this.blindPolls > 0) {
          this.blindPolls -= 1;
          throw new ProblemError({
            code: 'operation-unreadable',
            what: 'It cannot be followed.',
            why: '',
            next: [],
            cloud: { status: 404, code: '', message: '' },
          });
        }
        const found = this.#operations.get(state);
        const done = found === undefined || found.endsAt <= this.now;
        if (done && found?.fails !== undefined) throw problem({ ...found.fails, status: 200 });
        return { done, status: done ? 'Succeeded' : 'InProgress', retryAfterMs: 7_000 };
      },
    };
  }

  #handle(request: Request, ifMatch: string | undefined): { readonly response: Response; readonly operation?: string } {
    const path = request.url.split('?')[0] ?? '';
    this.log.push(`${request.method} ${path}`);
    if (request.method === 'GET') {
      if (this.blindReads > 0) {
        this.blindReads -= 1;
        throw problem({ status: 503, code: 'ServerBusy' }, 'azure-unavailable');
      }
      this.onRead(path);
      const found = this.#read(path);
      if (found === undefined) throw problem({ status: 404, code: 'ResourceNotFound' });
      return { response: { status: 200, headers: {}, body: found } };
    }
    const fault = this.faults.shift();
    if (fault !== undefined && fault.carriedOut !== true) throw problem(fault);
    const done = this.#write(request, path, ifMatch);
    if (fault !== undefined) throw problem(fault);
    return done;
  }

  /** A resource, or a pool out of its cluster. */
  #read(path: string): ArmResource | undefined {
    return this.get(path);
  }

  #write(request: Request, path: string, ifMatch: string | undefined): { readonly response: Response; readonly operation?: string } {
    const [, id = path, action] = /^(.*\/managedClusters\/[^/]+)\/(stop|start|rotateClusterCertificates)$/i.exec(path) ?? [];
    const before = this.get(id);
    const isCluster = /\/managedClusters\/[^/]+$/i.test(id);
    if (isCluster) {
      if (this.#busy(id))
        throw problem({
          status: 409,
          code: 'OperationNotAllowed',
          message: 'Another operation (Updating) is in progress, see https://aka.ms/aks-pending-operation',
        });
      if (ifMatch !== undefined && ifMatch !== text(at(before, ['eTag']))) throw problem({ status: 412, code: 'PreconditionFailed' });
    }
    const body = isObject(request.body) ? request.body : undefined;
    this.writes.push({
      method: request.method,
      id,
      ...(action === undefined ? {} : { action }),
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(body === undefined ? {} : { body }),
    });
    if (request.method === 'DELETE') {
      this.resources.delete(id.toLowerCase());
      return { response: { status: 200, headers: {}, body: undefined } };
    }
    if (action !== undefined) {
      const operation = this.#start(id, this.operationMs, 'Updating', () => {
        if (action !== 'rotateClusterCertificates') this.change(id, ['properties', 'powerState', 'code'], action === 'stop' ? 'Stopped' : 'Running');
      });
      return { response: { status: 202, headers: {}, body: undefined }, operation };
    }
    const stood = isObject(before?.['properties']) ? before['properties'] : {};
    const sent = isObject(body?.['properties']) ? body['properties'] : {};
    const kept = request.method === 'PATCH' ? { ...before, ...body } : { ...before, ...body, id };
    this.store(this.#tagged({ ...kept, properties: isCluster || request.method === 'PATCH' ? { ...stood, ...sent } : sent }));
    if (!isCluster) return { response: { status: 200, headers: {}, body: this.get(id) } };
    const operation = this.#start(id, this.operationMs, 'Updating', () => undefined);
    return { response: { status: 200, headers: {}, body: this.get(id) }, operation };
  }

  #tagged(resource: ArmResource): ArmResource {
    this.#tags += 1;
    return { ...resource, eTag: `tag-${this.#tags}` };
  }

  #busy(id: string): boolean {
    return [...this.#operations.values()].some((running) => running.target === id.toLowerCase() && running.endsAt > this.now);
  }

  #start(id: string, ms: number, state: string, atEnd: () => void): string {
    const key = `op-${this.#operations.size + 1}`;
    this.#operations.set(key, { target: id.toLowerCase(), endsAt: this.now + ms, fails: this.operationFaults.shift(), atEnd });
    const resource = this.get(id);
    if (resource !== undefined) this.store(withAt(resource, ['properties', 'provisioningState'], state) as JsonObject);
    return key;
  }

  #complete(): void {
    for (const [key, running] of this.#operations) {
      if (running.endsAt > this.now || running.target === '') continue;
      running.atEnd();
      const resource = this.get(running.target);
      if (resource !== undefined)
        this.store(withAt(resource, ['properties', 'provisioningState'], running.fails === undefined ? 'Succeeded' : 'Failed') as JsonObject);
      this.#operations.set(key, { ...running, target: '' });
    }
  }
}

/** The Problem of an answer, shaped as the real gateway shapes it. */
function problem({ status, code = 'Error', message = 'a message', retryAfterMs }: Fault, name?: string): ProblemError {
  const unknown = status === 0 || status >= 500;
  return new ProblemError({
    code: name ?? (unknown ? 'outcome-unknown' : 'request-refused'),
    what: `Azure answered ${status}.`,
    why: message,
    next: [],
    cloud: { status, code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  });
}

/** Pools of a cluster body. */
export const poolsOf = (cluster: ArmResource | undefined): readonly Json[] => list(at(cluster, ['properties', 'agentPoolProfiles']));
