/**
 * The arrays of activations on the GPU and the passes over them: from a θ to loss and gradient, from a kept θ and a
 * direction to a Hessian product. Arrays are made on first use for each number of lanes and kept; dispatches are bound
 * once for each set of operands.
 */
import type { Problem } from '../landscape';
import { backwardKernels, forwardKernels } from './dense';
import { gradientKernels, lossSumKernel, type GradientKernels } from './gradient';
import type { Dispatch, Kernel, KernelCache, Part } from './kernel';
import type { GpuScalar, GpuVector } from './operands';
import { featureMajor, type Shape } from './shape';
import type { GpuContext } from './device';
import type { DenseKernel, LaneCounts } from './tiles';
import { rBackwardKernels, rForwardKernels } from './twins';

/** Buffers by the names that the kernels use. */
type Arrays = Record<string, Part>;

const ONE: LaneCounts = { theta: 1, direction: 1, out: 1 };

type MakeBuffer = (label: string, bytes: number) => GPUBuffer;

export class Passes {
  readonly #shape: Shape;
  readonly #problem: Problem;
  readonly #kernels: KernelCache;
  readonly #make: MakeBuffer;
  readonly #data: Arrays;
  readonly #work = new Map<number, Arrays>();
  readonly #kept = new Map<number, Arrays>();
  readonly #twins = new Map<number, Arrays>();
  readonly #partials = new Map<number, Part>();

  constructor(context: GpuContext, shape: Shape, problem: Problem, kernels: KernelCache, make: MakeBuffer) {
    this.#shape = shape;
    this.#problem = problem;
    this.#kernels = kernels;
    this.#make = make;
    const load = (label: string, width: number, rows: Float64Array): Part => {
      const values = featureMajor(shape, width, rows);
      const buffer = make(label, values.byteLength);
      context.gpu.queue.writeBuffer(buffer, 0, values);
      return { buffer };
    };
    this.#data = {
      x: load('inputs', shape.inputs, problem.inputs),
      targets: load('targets', shape.outputs, problem.targets),
    };
  }

  /** Compiles what one lane needs, in parallel. */
  async prepare(): Promise<void> {
    const all = [
      ...this.#valueKernels(ONE),
      ...this.#gradientKernels(ONE),
      ...this.#keepKernels(ONE),
      ...this.#twinKernels(ONE),
    ];
    const sums = [this.#sumKernels(false, ONE), this.#sumKernels(true, ONE)].flatMap(({ sum, reduce }) => [
      sum,
      reduce,
    ]);
    await this.#kernels.prepare([...all, ...sums].flatMap((kernel) => (kernel ? [this.#sized(kernel, ONE)] : [])));
  }

  value(theta: GpuVector, out: GpuScalar): Dispatch[] {
    const lanes = sameLanes(theta);
    return this.#chain(this.#valueKernels(lanes), { ...this.#workArrays(theta.lanes), theta, loss: out }, lanes);
  }

  gradient(theta: GpuVector, out: GpuVector, loss: GpuScalar): Dispatch[] {
    const lanes = sameLanes(theta);
    const arrays = { ...this.#workArrays(theta.lanes), theta, loss };
    return [...this.#chain(this.#gradientKernels(lanes), arrays, lanes), ...this.#sums(false, arrays, out, lanes)];
  }

  /** `theta` must keep its value until the last product. */
  linearise(theta: GpuVector): Dispatch[] {
    const lanes = sameLanes(theta);
    return this.#chain(this.#keepKernels(lanes), { ...this.#keptArrays(theta.lanes), theta }, lanes);
  }

  product(theta: GpuVector, direction: GpuVector, out: GpuVector): Dispatch[] {
    const lanes = { theta: theta.lanes, direction: direction.lanes, out: out.lanes };
    const arrays = { ...this.#keptArrays(theta.lanes), ...this.#twinArrays(out.lanes), theta, direction };
    return [...this.#chain(this.#twinKernels(lanes), arrays, lanes), ...this.#sums(true, arrays, out, lanes)];
  }

  #valueKernels(lanes: LaneCounts): DenseKernel[] {
    return [...forwardKernels(this.#shape, this.#problem.loss, 'work', lanes), lossSumKernel(this.#shape)];
  }

  #gradientKernels(lanes: LaneCounts): DenseKernel[] {
    const { loss } = this.#problem;
    return [...forwardKernels(this.#shape, loss, 'work', lanes), ...backwardKernels(this.#shape, false, lanes)];
  }

  #keepKernels(lanes: LaneCounts): DenseKernel[] {
    const { loss } = this.#problem;
    return [...forwardKernels(this.#shape, loss, 'kept', lanes), ...backwardKernels(this.#shape, true, lanes)];
  }

  #twinKernels(lanes: LaneCounts): DenseKernel[] {
    return [...rForwardKernels(this.#shape, this.#problem.loss, lanes), ...rBackwardKernels(this.#shape, lanes)];
  }

  /** The kernel with the length of each array that the problem and the lanes decide. */
  #sized<K extends Kernel>(kernel: K, lanes: LaneCounts): K {
    const { laneSize, columns, inputs, outputs, stride } = this.#shape;
    const counts: Record<string, number> = {
      theta: stride * lanes.theta,
      direction: stride * lanes.direction,
      x: inputs * columns,
      targets: outputs * columns,
      a: laneSize * lanes.theta,
      d1: laneSize * lanes.theta,
      c2: laneSize * lanes.theta,
      delta: laneSize * lanes.theta,
      losses: columns * lanes.theta,
      adot: laneSize * lanes.out,
      q: laneSize * lanes.out,
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
  ): Dispatch {
    const parts = kernel.bindings.map(({ name }) => arrays[name]);
    return this.#kernels.dispatch(this.#sized(kernel, lanes), parts, size, flops);
  }

  #chain(kernels: readonly DenseKernel[], arrays: Arrays, lanes: LaneCounts): Dispatch[] {
    return kernels.map((kernel) => this.#dispatch(kernel, arrays, lanes, [...kernel.size, lanes.out], kernel.flops));
  }

  #sums(twin: boolean, arrays: Arrays, out: GpuVector, lanes: LaneCounts): Dispatch[] {
    const { sum, reduce, chunks, groups, reduceGroups, partialSize, flops } = this.#sumKernels(twin, lanes);
    const size: [number, number, number] = [groups, chunks, lanes.out];
    if (!reduce) return [this.#dispatch(sum, { ...arrays, out }, lanes, size, flops)];
    const floats = partialSize * lanes.out;
    let partial = this.#partials.get(floats);
    if (!partial) this.#partials.set(floats, (partial = { buffer: this.#make('partial sums', 4 * floats) }));
    return [
      this.#dispatch(sum, { ...arrays, out: partial }, lanes, size, flops),
      this.#dispatch(reduce, { ...arrays, partial, out }, lanes, [reduceGroups, 1, lanes.out], partialSize),
    ];
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
    return { ...this.#data, ...arrays };
  }

  #workArrays(lanes: number): Arrays {
    return this.#losses(this.#work, 'work', ['a', 'd1', 'delta'], lanes);
  }

  #keptArrays(lanes: number): Arrays {
    return this.#losses(this.#kept, 'kept', ['a', 'd1', 'c2', 'delta'], lanes);
  }

  #twinArrays(lanes: number): Arrays {
    return this.#arrays(this.#twins, 'twin', ['adot', 'deltadot', 'q'], lanes);
  }
}

function sameLanes({ lanes }: GpuVector): LaneCounts {
  return { theta: lanes, direction: lanes, out: lanes };
}
