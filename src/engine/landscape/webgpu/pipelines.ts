/**
 * The compiled pipelines of one device, by source text. Those that a landscape uses are kept; of those that none uses any
 * more the latest are kept too, since a restart and the next problem often want them again, and compiling is what takes
 * the time of a set-up.
 */
import type { GpuContext } from './device';
import { sourceOf, type Kernel } from './kernel';

/** Pipelines that no landscape uses: about three problems of three layers. */
const MOST_IDLE = 96;

export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

interface Entry {
  users: number;
  compiled: Compiled | null;
  pending: Promise<void> | null;
}

export class PipelineCache {
  /** The layout of the bind group that says where a piece of a cut kernel begins. */
  readonly originLayout: GPUBindGroupLayout;
  readonly #context: GpuContext;
  readonly #entries = new Map<string, Entry>();
  /** Sources that no one uses, the longest unused first. */
  readonly #idle = new Set<string>();
  /** What `get` compiles while something is watched. */
  #suspects: Entry[] | null = null;

  constructor(context: GpuContext) {
    this.#context = context;
    this.originLayout = context.gpu.createBindGroupLayout({
      label: 'origin',
      entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } }],
    });
  }

  /** One user more. */
  retain(source: string): void {
    const entry = this.#entries.get(source);
    if (!entry) this.#entries.set(source, { users: 1, compiled: null, pending: null });
    else {
      entry.users++;
      this.#idle.delete(source);
    }
  }

  /** One user less. */
  release(source: string): void {
    const entry = this.#entries.get(source);
    if (!entry || --entry.users > 0) return;
    this.#idle.add(source);
    for (const oldest of this.#idle) {
      if (this.#idle.size <= MOST_IDLE) break;
      this.#idle.delete(oldest);
      this.#entries.delete(oldest);
    }
  }

  /**
   * Makes something after the set-up. What the GPU refuses of it is told later, to `report` alone, and what `get` compiled
   * for it is forgotten then: the cache is everybody's, and a refused pipeline would be the end of whoever asks next.
   */
  watched<T>(make: () => T, report: (error: GPUError) => void): T {
    const outer = this.#suspects;
    const suspects: Entry[] = [];
    this.#suspects = suspects;
    try {
      return this.#context.watched(make, (error) => {
        for (const entry of suspects) entry.compiled = null;
        report(error);
      });
    } finally {
      this.#suspects = outer;
    }
  }

  /** Compiles ahead what is retained; rejects with what the compiler says. */
  prepare(kernel: Kernel, cut: boolean): Promise<void> {
    const source = sourceOf(kernel, cut);
    const entry = this.#entry(source);
    if (entry.compiled) return Promise.resolve();
    entry.pending ??= this.#compile(entry, kernel, source, cut).finally(() => (entry.pending = null));
    return entry.pending;
  }

  /** The pipeline of a source that is retained, compiled on the spot if need be. */
  get(kernel: Kernel, cut: boolean): Compiled {
    const source = sourceOf(kernel, cut);
    const entry = this.#entry(source);
    if (!entry.compiled) {
      const { layout, descriptor } = this.#describe(kernel, source, cut);
      entry.compiled = { pipeline: this.#context.gpu.createComputePipeline(descriptor), layout };
      this.#suspects?.push(entry);
    }
    return entry.compiled;
  }

  #entry(source: string): Entry {
    const entry = this.#entries.get(source);
    if (!entry) throw new Error('a pipeline is asked for that no one has retained');
    return entry;
  }

  async #compile(entry: Entry, kernel: Kernel, source: string, cut: boolean): Promise<void> {
    const { layout, descriptor } = this.#describe(kernel, source, cut);
    const pipeline = await this.#context.gpu.createComputePipelineAsync(descriptor);
    entry.compiled ??= { pipeline, layout };
  }

  #describe(
    kernel: Kernel,
    code: string,
    cut: boolean,
  ): { layout: GPUBindGroupLayout; descriptor: GPUComputePipelineDescriptor } {
    const { gpu } = this.#context;
    const { label } = kernel;
    const layout = gpu.createBindGroupLayout({
      label,
      entries: kernel.bindings.map(({ writes: rw }, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: rw ? 'storage' : 'read-only-storage' },
      })),
    });
    const bindGroupLayouts = cut ? [layout, this.originLayout] : [layout];
    const descriptor: GPUComputePipelineDescriptor = {
      label,
      layout: gpu.createPipelineLayout({ label, bindGroupLayouts }),
      compute: { module: gpu.createShaderModule({ label, code }), entryPoint: 'main' },
    };
    return { layout, descriptor };
  }
}
