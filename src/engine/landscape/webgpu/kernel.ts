/**
 * A kernel is WGSL with a list of storage bindings. Pipelines are made once per source text and kept by the device; a
 * dispatch is a pipeline with its buffers bound and its size, made once per set of operands and replayed ever after.
 */
import type { GpuContext } from './device';

export interface Binding {
  readonly name: string;
  readonly type: 'f32' | 'vec4f' | 'u32';
  readonly writes: boolean;
  /** Elements, where the code is made for so many: a compiler then has an easier time proving indices in bounds. */
  readonly count?: number;
}

export interface Kernel {
  readonly label: string;
  readonly bindings: readonly Binding[];
  /** Everything but the declarations of the bindings; the entry point is `main`. */
  readonly code: string;
}

export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Floating-point operations, for the estimate of its time. */
  readonly flops: number;
}

/** Part of a buffer; the whole of it where offset and size are left out. */
export interface Part {
  readonly buffer: GPUBuffer;
  readonly offset?: number;
  readonly size?: number;
}

export const reads = (name: string, type: Binding['type'] = 'vec4f'): Binding => ({ name, type, writes: false });
export const writes = (name: string, type: Binding['type'] = 'vec4f'): Binding => ({ name, type, writes: true });

function sourceOf({ bindings, code }: Kernel): string {
  const declarations = bindings.map(
    ({ name, type, writes: rw, count }, i) =>
      `@group(0) @binding(${i}) var<storage, ${rw ? 'read_write' : 'read'}> ${name}: array<${type}${count === undefined ? '' : `, ${count}`}>;`,
  );
  return `${declarations.join('\n')}\n${code}`;
}

interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** The pipelines of one device, by source text. */
export class KernelCache {
  readonly #context: GpuContext;
  readonly #compiled = new Map<string, Compiled>();

  constructor(context: GpuContext) {
    this.#context = context;
  }

  /** Compiles ahead and in parallel; rejects with what the compiler says. */
  async prepare(kernels: readonly Kernel[]): Promise<void> {
    await Promise.all(
      kernels.map(async (kernel) => {
        const source = sourceOf(kernel);
        if (this.#compiled.has(source)) return;
        const { layout, descriptor } = this.#describe(kernel, source);
        const pipeline = await this.#context.gpu.createComputePipelineAsync(descriptor);
        this.#compiled.set(source, { pipeline, layout });
      }),
    );
  }

  /** A dispatch of `kernel` on `parts`, one for each binding, over x · y · z workgroups. */
  dispatch(kernel: Kernel, parts: readonly Part[], size: readonly [number, number, number], flops: number): Dispatch {
    const most = this.#context.gpu.limits.maxComputeWorkgroupsPerDimension;
    if (Math.max(...size) > most) throw this.#context.tooLarge(`${kernel.label}: ${size.join('×')} workgroups`);
    const { pipeline, layout } = this.#get(kernel);
    const group = this.#context.gpu.createBindGroup({
      label: kernel.label,
      layout,
      entries: parts.map((resource, binding) => ({ binding, resource })),
    });
    const [x, y, z] = size;
    return { pipeline, group, x, y, z, flops };
  }

  #get(kernel: Kernel): Compiled {
    const source = sourceOf(kernel);
    let compiled = this.#compiled.get(source);
    if (!compiled) {
      const { layout, descriptor } = this.#describe(kernel, source);
      compiled = { pipeline: this.#context.gpu.createComputePipeline(descriptor), layout };
      this.#compiled.set(source, compiled);
    }
    return compiled;
  }

  #describe(kernel: Kernel, code: string): { layout: GPUBindGroupLayout; descriptor: GPUComputePipelineDescriptor } {
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
    const descriptor: GPUComputePipelineDescriptor = {
      label,
      layout: gpu.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: { module: gpu.createShaderModule({ label, code }), entryPoint: 'main' },
    };
    return { layout, descriptor };
  }
}
