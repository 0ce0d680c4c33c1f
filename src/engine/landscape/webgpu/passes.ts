/**
 * The arrays of activations on the GPU and the passes over them: from a θ to loss and gradient, from a kept θ and a
 * direction to a Hessian product. They are made for one number of examples, be that all of them or a mini-batch. Arrays
 * are made on first use for each number of lanes and kept; dispatches are bound once for each set of operands.
 */
import type { LossId } from '../../../experiment/experiment';
import { backwardKernels, forwardKernels } from './dense';
import { gradientKernels, type GradientKernels } from './gradient';
import type { Dispatch, Kernel, Part } from './kernel';
import type { Kernels } from './kernels';
import type { GpuScalar, GpuVector } from './operands';
import type { Shape } from './shape';
import { lossSumKernel } from './sums';
import type { DenseKernel, LaneCounts } from './tiles';
import { rBackwardKernels, rForwardKernels } from './twins';

/** Buffers by the names that the kernels use. */
type Arrays = Record<string, Part>;

/** The examples that a pass goes over. */
export interface Examples {
  /** One, or one for each lane of the result. */
  readonly lanes: number;
  /** Feature-major, of the shape that the passes are made for. */
  readonly x: Part;
  readonly targets: Part;
}

export type MakeBuffer = (label: string, bytes: number) => GPUBuffer;

export class Passes {
  readonly #shape: Shape;
  readonly #loss: LossId;
  readonly #kernels: Kernels;
  readonly #make: MakeBuffer;
  readonly #work = new Map<number, Arrays>();
  readonly #kept = new Map<number, Arrays>();
  readonly #twins = new Map<number, Arrays>();
  readonly #partials = new Map<number, Part>();

  constructor(shape: Shape, loss: LossId, kernels: Kernels, make: MakeBuffer) {
    this.#shape = shape;
    this.#loss = loss;
    this.#kernels = kernels;
    this.#make = make;
  }

  /** Compiles in parallel what values and gradients need on so many lanes and, where `products`, Hessian products too. */
  async prepare(lanes: LaneCounts, products: boolean): Promise<void> {
    const dense = [...this.#valueKernels(lanes), ...this.#gradientKernels(lanes)];
    if (products) dense.push(...this.#keepKernels(lanes), ...this.#twinKernels(lanes));
    const sums = (products ? [false, true] : [false]).flatMap((twin) => {
      const { sum, reduce, flops, partialSize } = this.#sumKernels(twin, lanes);
      return [{ kernel: sum, flops }, ...(reduce ? [{ kernel: reduce, flops: partialSize }] : [])];
    });
    const all = [...dense.map((kernel) => ({ kernel, flops: kernel.flops })), ...sums];
    await this.#kernels.prepare(
      all.map(({ kernel, flops }) => ({ kernel: this.#sized<Kernel>(kernel, lanes), flops: flops * lanes.out })),
    );
  }

  /** Makes the buffers that values and gradients need on so many lanes. */
  reserve(lanes: LaneCounts): void {
    this.#workArrays(lanes.out);
    const { reduce, partialSize } = this.#sumKernels(false, lanes);
    if (reduce) this.#partialSums(partialSize * lanes.out);
  }

  value(theta: GpuVector, { lanes: data, x, targets }: Examples, out: GpuScalar): readonly Dispatch[] {
    const lanes = laneCounts(theta, data);
    const arrays = { ...this.#workArrays(lanes.out), x, targets, theta, loss: out };
    return this.#chain(this.#valueKernels(lanes), arrays, lanes);
  }

  gradient(
    theta: GpuVector,
    { lanes: data, x, targets }: Examples,
    out: GpuVector,
    loss: GpuScalar,
  ): readonly Dispatch[] {
    const lanes = laneCounts(theta, data);
    const arrays = { ...this.#workArrays(lanes.out), x, targets, theta, loss };
    return [...this.#chain(this.#gradientKernels(lanes), arrays, lanes), ...this.#sums(false, arrays, out, lanes)];
  }

  /** `theta` and the examples must keep their values until the last product. */
  linearise(theta: GpuVector, { lanes: data, x, targets }: Examples): readonly Dispatch[] {
    const lanes = laneCounts(theta, data);
    return this.#chain(this.#keepKernels(lanes), { ...this.#keptArrays(lanes.kept), x, targets, theta }, lanes);
  }

  product(theta: GpuVector, { lanes: data, x }: Examples, direction: GpuVector, out: GpuVector): readonly Dispatch[] {
    const lanes = { ...laneCounts(theta, data), direction: direction.lanes, out: out.lanes };
    const arrays = { ...this.#keptArrays(lanes.kept), ...this.#twinArrays(lanes.out), x, theta, direction };
    return [...this.#chain(this.#twinKernels(lanes), arrays, lanes), ...this.#sums(true, arrays, out, lanes)];
  }

  #valueKernels(lanes: LaneCounts): DenseKernel[] {
    return [...forwardKernels(this.#shape, this.#loss, 'work', lanes), lossSumKernel(this.#shape)];
  }

  #gradientKernels(lanes: LaneCounts): DenseKernel[] {
    return [...forwardKernels(this.#shape, this.#loss, 'work', lanes), ...backwardKernels(this.#shape, false, lanes)];
  }

  #keepKernels(lanes: LaneCounts): DenseKernel[] {
    return [...forwardKernels(this.#shape, this.#loss, 'kept', lanes), ...backwardKernels(this.#shape, true, lanes)];
  }

  #twinKernels(lanes: LaneCounts): DenseKernel[] {
    return [...rForwardKernels(this.#shape, this.#loss, lanes), ...rBackwardKernels(this.#shape, lanes)];
  }

  /** The kernel with the length of each array that the problem and the lanes decide. */
  #sized<K extends Kernel>(kernel: K, lanes: LaneCounts): K {
    const { laneSize, columns, inputs, outputs, stride } = this.#shape;
    const counts: Record<string, number> = {
      theta: stride * lanes.theta,
      direction: stride * lanes.direction,
      x: inputs * columns * lanes.data,
      targets: outputs * columns * lanes.data,
      a: laneSize * lanes.kept,
      d1: laneSize * lanes.kept,
      c2: laneSize * lanes.kept,
      delta: laneSize * lanes.kept,
      losses: columns * lanes.kept,
      adot: laneSize * lanes.out,
      deltadot: laneSize * lanes.out,
    };
    const bindings = kernel.bindings.map((binding) => {
      const count = counts[binding.name] as number | undefined;
      return count === undefined ? binding : { ...binding, count };
    });
    return { ...kernel, bindings };
  }

  #dispatch(
    kernel: Kernel,
    arrays: Arrays,
    lanes: LaneCounts,
    size: readonly [number, number, number],
    flops: number,
  ): readonly Dispatch[] {
    const parts = kernel.bindings.map(({ name }) => arrays[name]);
    return this.#kernels.dispatch(this.#sized(kernel, lanes), parts, size, flops * lanes.out);
  }

  #chain(kernels: readonly DenseKernel[], arrays: Arrays, lanes: LaneCounts): readonly Dispatch[] {
    return kernels.flatMap((kernel) =>
      this.#dispatch(kernel, arrays, lanes, [...kernel.size, lanes.out], kernel.flops),
    );
  }

  #sums(twin: boolean, arrays: Arrays, out: GpuVector, lanes: LaneCounts): readonly Dispatch[] {
    const { sum, reduce, chunks, groups, reduceGroups, partialSize, flops } = this.#sumKernels(twin, lanes);
    const size: [number, number, number] = [groups, chunks, lanes.out];
    if (!reduce) return this.#dispatch(sum, { ...arrays, out }, lanes, size, flops);
    const partial = this.#partialSums(partialSize * lanes.out);
    return [
      ...this.#dispatch(sum, { ...arrays, out: partial }, lanes, size, flops),
      ...this.#dispatch(reduce, { ...arrays, partial, out }, lanes, [reduceGroups, 1, lanes.out], partialSize),
    ];
  }

  #partialSums(floats: number): Part {
    let partial = this.#partials.get(floats);
    if (!partial) this.#partials.set(floats, (partial = { buffer: this.#make('partial sums', 4 * floats) }));
    return partial;
  }

  #sumKernels(twin: boolean, lanes: LaneCounts): GradientKernels {
    return gradientKernels(this.#shape, twin, lanes);
  }

  #arrays(cache: Map<number, Arrays>, kind: string, names: readonly string[], lanes: number): Arrays {
    let arrays = cache.get(lanes);
    if (!arrays) {
      const bytes = 16 * this.#shape.laneSize * lanes;
      arrays = Object.fromEntries(names.map((name) => [name, { buffer: this.#make(`${kind} ${name}`, bytes) }]));
      cache.set(lanes, arrays);
    }
    return arrays;
  }

  #losses(cache: Map<number, Arrays>, kind: string, names: readonly string[], lanes: number): Arrays {
    const arrays = this.#arrays(cache, kind, names, lanes);
    arrays.losses ??= { buffer: this.#make(`${kind} losses`, 16 * this.#shape.columns * lanes) };
    return arrays;
  }

  #workArrays(lanes: number): Arrays {
    return this.#losses(this.#work, 'work', ['a', 'd1', 'delta'], lanes);
  }

  #keptArrays(lanes: number): Arrays {
    return this.#losses(this.#kept, 'kept', ['a', 'd1', 'c2', 'delta'], lanes);
  }

  #twinArrays(lanes: number): Arrays {
    return this.#arrays(this.#twins, 'twin', ['adot', 'deltadot'], lanes);
  }
}

/** Of a pass at θ that has no direction. */
export function laneCounts({ lanes: theta }: { readonly lanes: number }, data: number): LaneCounts {
  const lanes = Math.max(theta, data);
  return { theta, data, kept: lanes, direction: 1, out: lanes };
}
