/**
 * What one landscape has on the shared device: its buffers, its kernels, its commands in the queue, its reads under way.
 * They end together. A run that still waits somewhere when its landscape is disposed of would otherwise come back and
 * command destroyed buffers, and the validation error of that would be the end of every landscape on the device.
 */
import { EdgescopeError } from '../../../experiment/fault';
import { faultOf, type GpuContext } from './device';
import type { Dispatch, Part } from './kernel';
import { Kernels } from './kernels';
import type { PipelineCache } from './pipelines';
import type { Client, CommandQueue, HostArray } from './queue';
import { Waiting } from './waiting';

export class Holding implements Client {
  readonly kernels: Kernels;
  readonly #context: GpuContext;
  readonly #queue: CommandQueue;
  readonly #pipelines: PipelineCache;
  readonly #buffers: GPUBuffer[] = [];
  readonly #reads = new Waiting();
  /** Compilations that the next read starts and waits for. */
  #ahead: (() => Promise<void>)[] = [];
  #released = false;

  constructor(context: GpuContext, queue: CommandQueue, pipelines: PipelineCache) {
    this.kernels = new Kernels(context, pipelines);
    this.#context = context;
    this.#queue = queue;
    this.#pipelines = pipelines;
  }

  /** Throws an `engine` fault once everything is given back. */
  check(): void {
    if (this.#released) throw disposedFault();
  }

  /** A buffer of zeros. Throws a `too-large` fault beyond the device's limits. */
  buffer(label: string, bytes: number): GPUBuffer {
    this.check();
    const buffer = this.#context.buffer(label, bytes);
    this.#buffers.push(buffer);
    return buffer;
  }

  /**
   * Makes buffers or dispatches, or begins to compile, after the set-up. What the GPU refuses of it ends the reads of this
   * landscape, and of no other.
   */
  watched<T>(make: () => T): T {
    this.check();
    return this.#pipelines.watched(make, (error) => this.report(error));
  }

  /** Has `compile` run while somebody waits for a read anyway, instead of in the middle of a step. */
  compileAhead(compile: () => Promise<void>): void {
    this.#ahead.push(compile);
  }

  enqueue(dispatches: readonly Dispatch[]): void {
    this.check();
    this.#queue.enqueue(this, dispatches);
  }

  write(buffer: GPUBuffer, offset: number, data: HostArray): void {
    this.check();
    this.#queue.write(this, buffer, offset, data);
  }

  /** Rejects as soon as everything is given back, or the GPU refuses a command. */
  read(parts: readonly Required<Part>[]): Promise<Float32Array[]> {
    this.check();
    const values = this.#queue.read(this, parts);
    if (this.#ahead.length === 0) return this.#reads.guard(values);
    const ahead = this.#ahead;
    this.#ahead = [];
    const compiled = this.#context.guard(this.watched(() => Promise.all(ahead.map((compile) => compile()))));
    compiled.catch((fault: EdgescopeError) => this.#reads.fail(fault));
    return this.#reads.guard(Promise.all([values, compiled]).then(([read]) => read));
  }

  flush(): void {
    this.check();
    this.#queue.flush();
  }

  /** A command of ours was refused, so our numbers are stale: no read can be trusted any more. */
  report(error: GPUError): void {
    this.#reads.fail(faultOf(error));
  }

  /** Gives everything back. What is submitted already still runs, and the GPU keeps its memory for so long. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#reads.fail(disposedFault());
    this.#queue.drop(this);
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.length = 0;
    this.#ahead = [];
    this.kernels.release();
  }
}

function disposedFault(): EdgescopeError {
  return new EdgescopeError('engine', 'This landscape was disposed of.');
}
