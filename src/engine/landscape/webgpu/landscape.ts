/**
 * The landscape contract on WebGPU: fused WGSL kernels made for one problem, sizes baked in. Everything is enqueued;
 * only `read` and a predictor's `outputs` wait. Vectors of several lanes run in the same dispatches.
 */
import type { Batch, Device, Landscape, Predictor, Problem, Scalar, Vector } from '../landscape';
import { GpuAlgebra } from './algebra';
import type { GpuContext } from './device';
import type { Holding } from './holding';
import type { Dispatch, KernelCache } from './kernel';
import { type GpuVector, OperandCache, checkLanes, scalarOf, vectorOf } from './operands';
import { Passes } from './passes';
import { GpuPredictor } from './predictor';
import { shapeOf } from './shape';

export class WebGpuLandscape extends GpuAlgebra implements Landscape {
  readonly problem: Problem;
  readonly device: Device;
  readonly #passes: Passes;
  readonly #values = new OperandCache<readonly Dispatch[]>();
  readonly #gradients = new OperandCache<readonly Dispatch[]>();
  readonly #linearisations = new OperandCache<readonly Dispatch[]>();
  readonly #products = new OperandCache<readonly Dispatch[]>();
  /** The θ of the last `linearise`, and its copies by lanes: the caller's own may move on. */
  readonly #thetas = new Map<number, GpuVector>();
  #linearised: GpuVector | null = null;

  /** Made by `WebGpuEngine.landscape`, which catches what the GPU says to the set-up and then releases the holding. */
  constructor(context: GpuContext, kernels: KernelCache, holding: Holding, device: Device, problem: Problem) {
    const shape = shapeOf(problem.network, problem.examples, context.tuning);
    super(context, kernels, holding, shape.parameters);
    this.problem = problem;
    this.device = device;
    this.#passes = new Passes(context, shape, problem, kernels, (label, bytes) => holding.buffer(label, bytes));
  }

  /** Compiles the kernels ahead. */
  prepare(): Promise<void> {
    return this.#passes.prepare();
  }

  batches(): readonly Batch[] {
    throw new Error('mini-batches are on their way');
  }

  choose(): void {
    throw new Error('mini-batches are on their way');
  }

  value(theta: Vector, out: Scalar): void {
    const at = vectorOf(this, theta);
    const target = scalarOf(this, out);
    let plan = this.#values.get(at.id, target.id, 0, 0);
    if (!plan) {
      checkSame(at, target);
      plan = this.#values.set(at.id, target.id, 0, 0, this.#passes.value(at, target));
    }
    this.holding.enqueue(plan);
  }

  gradient(theta: Vector, out: Vector, loss: Scalar): void {
    const at = vectorOf(this, theta);
    const target = vectorOf(this, out);
    const height = scalarOf(this, loss);
    let plan = this.#gradients.get(at.id, target.id, height.id, 0);
    if (!plan) {
      checkSame(at, target);
      checkSame(at, height);
      plan = this.#gradients.set(at.id, target.id, height.id, 0, this.#passes.gradient(at, target, height));
    }
    this.holding.enqueue(plan);
  }

  linearise(theta: Vector): void {
    const at = vectorOf(this, theta);
    let own = this.#thetas.get(at.lanes);
    if (!own) this.#thetas.set(at.lanes, (own = vectorOf(this, this.vector(at.lanes))));
    this.copy(at, own);
    let plan = this.#linearisations.get(own.id, 0, 0, 0);
    if (!plan) plan = this.#linearisations.set(own.id, 0, 0, 0, this.#passes.linearise(own));
    this.holding.enqueue(plan);
    this.#linearised = own;
  }

  hessianProduct(v: Vector, out: Vector): void {
    const direction = vectorOf(this, v);
    const at = this.#linearised;
    if (!at) throw new Error('linearise before the first product');
    const target = vectorOf(this, out);
    let plan = this.#products.get(at.id, direction.id, target.id, 0);
    if (!plan) {
      checkLanes(target, at, direction);
      plan = this.#products.set(at.id, direction.id, target.id, 0, this.#passes.product(at, direction, target));
    }
    this.holding.enqueue(plan);
  }

  predictor(rows: number, inputs: Float64Array): Predictor {
    const { context, kernels, holding } = this;
    const shape = shapeOf(this.problem.network, rows, context.tuning);
    return new GpuPredictor({ owner: this, kernels, holding }, shape, inputs);
  }

  /** From here on every operation throws, and reads under way reject; what is not submitted yet is dropped. */
  dispose(): void {
    this.holding.release();
  }
}

function checkSame(a: { readonly lanes: number }, b: { readonly lanes: number }): void {
  if (a.lanes !== b.lanes) throw new Error(`${a.lanes} lanes do not go into ${b.lanes}`);
}
