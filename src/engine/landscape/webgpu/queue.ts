/**
 * The command stream. Dispatches go into one open compute pass; when their estimated time reaches the budget of a
 * submission, the pass is closed and handed over by itself, so that no submission holds the GPU for long while someone
 * watches. Enqueueing is synchronous and cannot wait, so closed passes queue here until fewer than `IN_FLIGHT` are under
 * way, together with the writes that came between them: everything keeps its order. An explicit `flush` hands over all.
 *
 * Landscapes share the stream, but each submission is of one of them: an error in it is theirs alone, and what they have
 * not submitted when they are disposed of can be dropped.
 *
 * The estimate counts floating-point operations and dispatches, scaled by what finished submissions really took.
 */
import type { GpuContext } from './device';
import type { Dispatch, Part } from './kernel';
import { Nudge } from './nudge';
import { Staging } from './staging';

/** Estimated milliseconds of a submission. */
const BUDGET_MS = 12;
const IN_FLIGHT = 2;
/** First guesses, on hardware and on a software adapter. */
const FLOPS_PER_MS = { hardware: 5e8, software: 3e6 };
const DISPATCH_MS = { hardware: 0.008, software: 0.03 };

/** On whose behalf commands are enqueued. */
export interface Client {
  /** The GPU refused one of its commands. */
  report(error: GPUError): void;
}

/** What is written from the host. */
export type HostArray = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

interface ReadBack {
  /** The promise is that of the submission's error scope. */
  submitted(scope: Promise<void>): void;
  dropped(): void;
}
interface Submission {
  readonly client: Client;
  readonly encoder: GPUCommandEncoder;
  /** Milliseconds by the first guesses. */
  readonly estimate: number;
  readonly readBack: ReadBack | null;
}
interface Write {
  readonly client: Client;
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly data: HostArray;
}

export class CommandQueue {
  readonly #context: GpuContext;
  readonly #nudge: Nudge | null;
  readonly #held: (Submission | Write)[] = [];
  readonly #staging: Staging;
  readonly #msPerFlop: number;
  readonly #msPerDispatch: number;
  /** Whose commands are in the open encoder. */
  #client: Client | null = null;
  #encoder: GPUCommandEncoder | null = null;
  #pass: GPUComputePassEncoder | null = null;
  #estimate = 0;
  /** Measured over estimated time. */
  #scale = 1;
  #inFlight = 0;
  #lastDone = 0;

  constructor(context: GpuContext, nudged: boolean) {
    this.#context = context;
    this.#nudge = nudged ? new Nudge(context.gpu) : null;
    this.#staging = new Staging(context.gpu);
    const kind = context.adapter.hardware ? 'hardware' : 'software';
    this.#msPerFlop = 1 / FLOPS_PER_MS[kind];
    this.#msPerDispatch = DISPATCH_MS[kind];
  }

  enqueue(client: Client, dispatches: readonly Dispatch[]): void {
    for (const { pipeline, group, origin, x, y, z, flops } of dispatches) {
      const encoder = this.#encoderFor(client);
      this.#pass ??= encoder.beginComputePass();
      this.#pass.setPipeline(pipeline);
      this.#pass.setBindGroup(0, group);
      if (origin) this.#pass.setBindGroup(1, origin);
      this.#pass.dispatchWorkgroups(x, y, z);
      this.#estimate += flops * this.#msPerFlop + this.#msPerDispatch;
      if (this.#estimate * this.#scale >= BUDGET_MS) {
        this.#close(null);
        this.#pump(IN_FLIGHT);
      }
    }
  }

  flush(): void {
    this.#close(null);
    this.#pump(Infinity);
  }

  /** Host → device, after everything enqueued before it. `data` may be reused at once. */
  write(client: Client, buffer: GPUBuffer, offset: number, data: HostArray): void {
    this.#close(null);
    this.#pump(IN_FLIGHT);
    if (this.#held.length > 0) {
      this.#held.push({ client, buffer, offset, data: data.slice() });
      return;
    }
    this.#openScope();
    this.#context.gpu.queue.writeBuffer(buffer, offset, data);
    void this.#closeScope(client);
  }

  /** The parts' floats after everything enqueued before: one submission, one map. */
  read(client: Client, parts: readonly Required<Part>[]): Promise<Float32Array[]> {
    const bytes = parts.reduce((sum, { size }) => sum + size, 0);
    if (bytes === 0) return this.#context.guard(Promise.resolve(parts.map(() => new Float32Array(0))));
    const staging = this.#staging.take(bytes);
    this.#endPass();
    const encoder = this.#encoderFor(client);
    let at = 0;
    for (const { buffer, offset, size } of parts) {
      encoder.copyBufferToBuffer(buffer, offset, staging, at, size);
      at += size;
    }
    const mapped = new Promise<void>((resolve, reject) => {
      this.#close({
        submitted(scope) {
          Promise.all([staging.mapAsync(GPUMapMode.READ, 0, bytes), scope]).then(() => resolve(), reject);
        },
        dropped: () => {
          this.#staging.giveBack(staging);
          reject(new Error('the read was dropped'));
        },
      });
    });
    const work = mapped.then(() => {
      let from = 0;
      const range = staging.getMappedRange(0, bytes);
      const result = parts.map(({ size }) => {
        const values = new Float32Array(range.slice(from, from + size));
        from += size;
        return values;
      });
      staging.unmap();
      this.#staging.giveBack(staging);
      return result;
    });
    this.#pump(IN_FLIGHT);
    return this.#context.guard(work);
  }

  /** Forgets what the client has not submitted yet; its reads among that reject. */
  drop(client: Client): void {
    if (this.#client === client) this.#startAfresh();
    const held = this.#held.splice(0);
    for (const item of held) {
      if (item.client !== client) this.#held.push(item);
      else if ('encoder' in item) item.readBack?.dropped();
    }
  }

  #encoderFor(client: Client): GPUCommandEncoder {
    if (this.#client !== client) {
      this.#close(null);
      this.#pump(IN_FLIGHT);
      this.#client = client;
    }
    return (this.#encoder ??= this.#context.gpu.createCommandEncoder());
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = null;
  }

  #close(readBack: ReadBack | null): void {
    if (!this.#encoder || !this.#client) return;
    this.#endPass();
    this.#held.push({ client: this.#client, encoder: this.#encoder, estimate: this.#estimate, readBack });
    this.#startAfresh();
  }

  #startAfresh(): void {
    this.#client = null;
    this.#encoder = null;
    this.#pass = null;
    this.#estimate = 0;
  }

  /** Hands over what is held, in order, while fewer than `most` submissions are under way. */
  #pump(most: number): void {
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      if ('encoder' in next) {
        if (this.#inFlight >= most) return;
        this.#submit(next);
        this.#held.shift();
      } else this.#writeHeld(next.client);
    }
  }

  /** Hands over the client's writes at the front, in one error scope: each scope is a promise and a message to the GPU. */
  #writeHeld(client: Client): void {
    this.#openScope();
    for (let next = this.#held[0]; next?.client === client && 'data' in next; next = this.#held[0]) {
      this.#context.gpu.queue.writeBuffer(next.buffer, next.offset, next.data);
      this.#held.shift();
    }
    void this.#closeScope(client);
  }

  #openScope(): void {
    this.#context.gpu.pushErrorScope('validation');
  }

  /** What the GPU refused since `#openScope` is told to the client. Rejects on a lost device only. */
  #closeScope(client: Client): Promise<void> {
    const scope = this.#context.gpu.popErrorScope().then((error) => {
      if (error) client.report(error);
    });
    scope.catch(() => undefined); // the context reports the loss
    return scope;
  }

  #submit({ client, encoder, estimate, readBack }: Submission): void {
    const { gpu } = this.#context;
    this.#openScope();
    gpu.queue.submit([encoder.finish()]);
    const scope = this.#closeScope(client);
    const begun = performance.now();
    this.#inFlight++;
    const done = (): void => {
      this.#inFlight--;
      const now = performance.now();
      this.#calibrate(estimate, now - Math.max(begun, this.#lastDone));
      this.#lastDone = now;
      if (this.#inFlight === 0) this.#nudge?.stop();
      this.#pump(IN_FLIGHT);
    };
    // A lost device rejects; the context tells the readers, and nothing may stay held.
    gpu.queue.onSubmittedWorkDone().then(done, done);
    this.#nudge?.start();
    readBack?.submitted(scope);
  }

  #calibrate(estimate: number, took: number): void {
    if (estimate * this.#scale < BUDGET_MS / 8) return; // too short to time
    const measured = Math.min(Math.max(took / estimate, 1e-3), 1e3);
    this.#scale += 0.3 * (measured - this.#scale);
  }
}
