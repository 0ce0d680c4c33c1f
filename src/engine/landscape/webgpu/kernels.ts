/**
 * The kernels of one landscape, bound to its buffers. A dispatch that would hold the GPU for longer than a frame while
 * someone watches is cut into several, along lanes first, then rows, then columns; the pieces write to places of their
 * own, so that the numbers are the same.
 */
import type { GpuContext } from './device';
import { sourceOf, type Dispatch, type Kernel, type Part } from './kernel';
import type { PipelineCache } from './pipelines';
import type { Tuning } from './shape';

/** Floating-point operations of one dispatch at most: 10 ms of a modest GPU, and of two cores that pose as one. */
const MOST_FLOPS: Readonly<Record<Tuning, number>> = { hardware: 5e9, software: 4e7 };

type Size = readonly [number, number, number];

export class Kernels {
  readonly #context: GpuContext;
  readonly #pipelines: PipelineCache;
  readonly #mostFlops: number;
  readonly #used = new Set<string>();
  readonly #origins = new Map<string, { readonly buffer: GPUBuffer; readonly group: GPUBindGroup }>();

  constructor(context: GpuContext, pipelines: PipelineCache) {
    this.#context = context;
    this.#pipelines = pipelines;
    this.#mostFlops = context.most.flops ?? MOST_FLOPS[context.tuning];
  }

  /** Compiles ahead and in parallel kernels that dispatches of so many operations in all will want. */
  async prepare(kernels: readonly { readonly kernel: Kernel; readonly flops: number }[]): Promise<void> {
    const all = kernels.map(({ kernel, flops }) => {
      const cut = this.#pieces(flops) > 1;
      this.#retain(kernel, cut);
      return this.#pipelines.prepare(kernel, cut);
    });
    await Promise.all(all);
  }

  /** Dispatches of `kernel` on `parts`, one for each binding, over x · y · z workgroups; `flops` counts all of them. */
  dispatch(kernel: Kernel, parts: readonly Part[], size: Size, flops: number): readonly Dispatch[] {
    const { gpu } = this.#context;
    const most = gpu.limits.maxComputeWorkgroupsPerDimension;
    if (Math.max(...size) > most) throw this.#context.tooLarge(`${kernel.label}: ${size.join('×')} workgroups`);
    const pieces = this.#pieces(flops);
    this.#retain(kernel, pieces > 1);
    const { pipeline, layout } = this.#pipelines.get(kernel, pieces > 1);
    const group = gpu.createBindGroup({
      label: kernel.label,
      layout,
      entries: parts.map((resource, binding) => ({ binding, resource })),
    });
    if (pieces === 1) return [{ pipeline, group, origin: null, x: size[0], y: size[1], z: size[2], flops }];
    const share = flops / (size[0] * size[1] * size[2]);
    return cut(size, pieces).map(({ from, extent: [x, y, z] }) => {
      return { pipeline, group, origin: this.#origin(from), x, y, z, flops: share * x * y * z };
    });
  }

  /** Lets the pipelines go; dispatches made here are of no use from then on. */
  release(): void {
    for (const source of this.#used) this.#pipelines.release(source);
    for (const { buffer } of this.#origins.values()) buffer.destroy();
    this.#used.clear();
    this.#origins.clear();
  }

  #pieces(flops: number): number {
    return Math.max(1, Math.ceil(flops / this.#mostFlops));
  }

  #retain(kernel: Kernel, cut: boolean): void {
    const source = sourceOf(kernel, cut);
    if (this.#used.has(source)) return;
    this.#used.add(source);
    this.#pipelines.retain(source);
  }

  #origin(from: Size): GPUBindGroup {
    const key = from.join();
    const known = this.#origins.get(key);
    if (known) return known.group;
    const { gpu } = this.#context;
    const usage = GPUBufferUsage.UNIFORM;
    const buffer = gpu.createBuffer({ label: 'origin', size: 16, usage, mappedAtCreation: true });
    new Uint32Array(buffer.getMappedRange()).set(from);
    buffer.unmap();
    const entries = [{ binding: 0, resource: { buffer } }];
    const group = gpu.createBindGroup({ label: 'origin', layout: this.#pipelines.originLayout, entries });
    this.#origins.set(key, { buffer, group });
    return group;
  }
}

/** The boxes of workgroups into which a size is cut, `pieces` of them or a few more where it does not divide. */
function cut([x, y, z]: Size, pieces: number): { readonly from: Size; readonly extent: Size }[] {
  const zs = ranges(z, pieces);
  const ys = ranges(y, Math.ceil(pieces / zs.length));
  const xs = ranges(x, Math.ceil(pieces / (zs.length * ys.length)));
  return zs.flatMap(([z0, dz]) =>
    ys.flatMap(([y0, dy]) => xs.map(([x0, dx]) => ({ from: [x0, y0, z0] as const, extent: [dx, dy, dz] as const }))),
  );
}

/** 0 … length − 1 in at most `count` ranges [begin, length] of like size. */
function ranges(length: number, count: number): (readonly [number, number])[] {
  const step = Math.ceil(length / Math.min(length, count));
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => [i * step, Math.min(step, length - i * step)]);
}
