/**
 * The arrays of activations on the GPU and the passes over them: from a θ to loss and gradient, from a kept θ and a
 * direction to a Hessian product. Arrays are made on first use for each number of lanes and kept; dispatches are bound
 * once for each set of operands.
 */
import type { Problem } from '../landscape';
import { backwardKernels, forwardKernels, rBackwardKernels, rForwardKernels, type DenseKernel } from './dense';
import { gradientKernels, lossSumKernel, type GradientKernels } from './gradient';
import type { Dispatch, KernelCache, Part } from './kernel';
import type { GpuScalar, GpuVector } from './operands';
import { featureMajor, type Shape } from './shape';
import type { GpuContext } from './device';

/** Buffers by the names that the kernels use. */
type Arrays = Record<string, Part>;

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
  readonly #gradients = new Map<string, GradientKernels>();

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
    const { loss } = this.#problem;
    const shape = this.#shape;
    const sums = [this.#gradient(false, 1), this.#gradient(true, 1)];
    await this.#kernels.prepare([
      ...forwardKernels(shape, loss, 'work'),
      ...forwardKernels(shape, loss, 'kept'),
      ...backwardKernels(shape, false),
      ...backwardKernels(shape, true),
      ...rForwardKernels(shape, loss),
      ...rBackwardKernels(shape),
      lossSumKernel(shape),
      ...sums.flatMap(({ sum, reduce }) => (reduce ? [sum, reduce] : [sum])),
    ]);
  }

  value(theta: GpuVector, out: GpuScalar): Dispatch[] {
    const arrays = { ...this.#workArrays(theta.lanes), theta, loss: out };
    const forward = this.#chain(forwardKernels(this.#shape, this.#problem.loss, 'work'), arrays, theta.lanes);
    const kernel = lossSumKernel(this.#shape);
    return [...forward, this.#kernels.dispatch(kernel, bound(kernel, arrays), [1, 1, theta.lanes], 0)];
  }

  gradient(theta: GpuVector, out: GpuVector, loss: GpuScalar): Dispatch[] {
    const { lanes } = theta;
    const arrays = { ...this.#workArrays(lanes), theta, loss };
    return [
      ...this.#chain(forwardKernels(this.#shape, this.#problem.loss, 'work'), arrays, lanes),
      ...this.#chain(backwardKernels(this.#shape, false), arrays, lanes),
      ...this.#sums(false, arrays, out, lanes),
    ];
  }

  /** `theta` must keep its value until the last product. */
  linearise(theta: GpuVector): Dispatch[] {
    const arrays = { ...this.#keptArrays(theta.lanes), theta };
    return [
      ...this.#chain(forwardKernels(this.#shape, this.#problem.loss, 'kept'), arrays, theta.lanes),
      ...this.#chain(backwardKernels(this.#shape, true), arrays, theta.lanes),
    ];
  }

  product(theta: GpuVector, direction: GpuVector, out: GpuVector): Dispatch[] {
    const { lanes } = out;
    const arrays = { ...this.#keptArrays(theta.lanes), ...this.#twinArrays(lanes), theta, direction };
    return [
      ...this.#chain(rForwardKernels(this.#shape, this.#problem.loss), arrays, lanes),
      ...this.#chain(rBackwardKernels(this.#shape), arrays, lanes),
      ...this.#sums(true, arrays, out, lanes),
    ];
  }

  #chain(kernels: readonly DenseKernel[], arrays: Arrays, lanes: number): Dispatch[] {
    return kernels.map((kernel) =>
      this.#kernels.dispatch(kernel, bound(kernel, arrays), [...kernel.size, lanes], kernel.flops),
    );
  }

  #sums(twin: boolean, arrays: Arrays, out: GpuVector, lanes: number): Dispatch[] {
    const { sum, reduce, chunks, groups, reduceGroups, partialSize, flops } = this.#gradient(twin, lanes);
    const size: [number, number, number] = [groups, chunks, lanes];
    if (!reduce) return [this.#kernels.dispatch(sum, bound(sum, { ...arrays, out }), size, flops / chunks)];
    const floats = partialSize * lanes;
    let partial = this.#partials.get(floats);
    if (!partial) this.#partials.set(floats, (partial = { buffer: this.#make('partial sums', 4 * floats) }));
    return [
      this.#kernels.dispatch(sum, bound(sum, { ...arrays, out: partial }), size, flops),
      this.#kernels.dispatch(reduce, bound(reduce, { ...arrays, partial, out }), [reduceGroups, 1, lanes], partialSize),
    ];
  }

  #gradient(twin: boolean, lanes: number): GradientKernels {
    const key = `${twin} ${lanes}`;
    let kernels = this.#gradients.get(key);
    if (!kernels) this.#gradients.set(key, (kernels = gradientKernels(this.#shape, twin, lanes)));
    return kernels;
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

function bound(kernel: { readonly bindings: readonly { readonly name: string }[] }, arrays: Arrays): Part[] {
  return kernel.bindings.map(({ name }) => arrays[name]);
}
