/**
 * The landscape contract on WebGPU: fused WGSL kernels made for one problem, sizes baked in. Everything is enqueued;
 * only `read` and a predictor's `outputs` wait. Vectors of several lanes run in the same dispatches.
 */
import { checkLanes } from '../counts';
import type { Batch, Device, Landscape, Predictor, Problem, Scalar, Vector } from '../landscape';
import { GpuAlgebra } from './algebra';
import { Batches, GpuBatch, type Source, type Use } from './batches';
import type { GpuContext } from './device';
import type { Holding } from './holding';
import type { Dispatch } from './kernel';
import { type GpuScalar, type GpuVector, OperandCache, scalarOf, vectorOf } from './operands';
import { GpuPredictor } from './predictor';
import { featureMajor, shapeOf } from './shape';
import { ONE_LANE } from './tiles';

type Plan = readonly Dispatch[];

export class WebGpuLandscape extends GpuAlgebra implements Landscape {
  readonly problem: Problem;
  readonly device: Device;
  readonly #batches: Batches;
  readonly #values = new OperandCache<Plan>();
  readonly #gradients = new OperandCache<Plan>();
  readonly #linearisations = new OperandCache<Plan>();
  readonly #products = new OperandCache<Plan>();
  /** Copies of θ by lanes: the caller's own may move on. */
  readonly #thetas = new Map<number, GpuVector>();
  /** The θ and the examples of the last `linearise`. */
  #linearisedAt: GpuVector | null = null;
  #linearisedOn: Source | null = null;

  /** Made by `WebGpuEngine.landscape`, which catches what the GPU says to the set-up and then releases the holding. */
  constructor(context: GpuContext, holding: Holding, device: Device, problem: Problem) {
    const shape = shapeOf(problem.network, problem.examples, context.tuning);
    super(context, holding, shape.parameters);
    this.problem = problem;
    this.device = device;
    const make = (label: string, bytes: number): GPUBuffer => holding.buffer(label, bytes);
    const load = (label: string, width: number, rows: Float64Array): { readonly buffer: GPUBuffer } => {
      const values = featureMajor(shape, width, rows);
      const buffer = make(label, values.byteLength);
      context.gpu.queue.writeBuffer(buffer, 0, values);
      return { buffer };
    };
    const x = load('inputs', shape.inputs, problem.inputs);
    const targets = load('targets', shape.outputs, problem.targets);
    this.#batches = new Batches(shape, problem.loss, holding.kernels, make, { lanes: 1, x, targets });
  }

  /** Compiles the kernels ahead. */
  prepare(): Promise<void> {
    return this.#batches.all.passes.prepare(ONE_LANE, true);
  }

  batches(count: number, size: number, lanes = 1): readonly Batch[] {
    const made = this.holding.watched(() => this.#batches.make(this, count, size, lanes));
    this.holding.compileAhead(() => this.#batches.prepare(size, lanes));
    return made;
  }

  choose(batches: readonly Batch[], examples: Uint32Array): void {
    const chosen = batches.map((batch) => this.#own(batch));
    if (chosen.length === 0) return;
    const { buffer, offset } = chosen[0].part;
    this.holding.write(buffer, offset, this.#batches.packed(chosen, examples));
  }

  #own(batch: Batch): GpuBatch {
    this.checkLiving();
    if (batch instanceof GpuBatch && batch.owner === this) return batch;
    throw new Error('this batch belongs to another landscape');
  }

  #source(batch: Batch | undefined, use: Use): Source {
    if (!batch) return this.#batches.all;
    const own = this.#own(batch);
    return this.#batches.known(own, use) ?? this.#newSource(own, use);
  }

  // What is new is made apart: where a function has a closure, every call of it makes a context for that.

  #newSource(batch: GpuBatch, use: Use): Source {
    return this.holding.watched(() => this.#batches.source(batch, use));
  }

  value(theta: Vector, out: Scalar, batch?: Batch): void {
    const at = vectorOf(this, theta);
    const target = scalarOf(this, out);
    const source = this.#source(batch, 'work');
    const plan = this.#values.get(at.id, target.id, source.id, 0) ?? this.#planValue(at, target, source);
    this.holding.enqueue(source.gather);
    this.holding.enqueue(plan);
  }

  #planValue(theta: GpuVector, out: GpuScalar, source: Source): Plan {
    checkPoint(theta, source, out);
    const made = this.holding.watched(() => source.passes.value(theta, source.examples, out));
    return this.#values.set(theta.id, out.id, source.id, 0, made);
  }

  gradient(theta: Vector, out: Vector, loss: Scalar, batch?: Batch): void {
    const at = vectorOf(this, theta);
    const target = vectorOf(this, out);
    const height = scalarOf(this, loss);
    const source = this.#source(batch, 'work');
    const plan =
      this.#gradients.get(at.id, target.id, height.id, source.id) ?? this.#planGradient(at, target, height, source);
    this.holding.enqueue(source.gather);
    this.holding.enqueue(plan);
  }

  #planGradient(theta: GpuVector, out: GpuVector, loss: GpuScalar, source: Source): Plan {
    checkPoint(theta, source, out);
    checkPoint(theta, source, loss);
    const made = this.holding.watched(() => source.passes.gradient(theta, source.examples, out, loss));
    return this.#gradients.set(theta.id, out.id, loss.id, source.id, made);
  }

  linearise(theta: Vector, batch?: Batch): void {
    const at = vectorOf(this, theta);
    const source = this.#source(batch, 'kept');
    let own = this.#thetas.get(at.lanes);
    if (!own) this.#thetas.set(at.lanes, (own = vectorOf(this, this.vector(at.lanes))));
    this.copy(at, own);
    const plan = this.#linearisations.get(own.id, source.id, 0, 0) ?? this.#planLinearise(own, source);
    this.holding.enqueue(source.gather);
    this.holding.enqueue(plan);
    this.#linearisedAt = own;
    this.#linearisedOn = source;
  }

  #planLinearise(theta: GpuVector, source: Source): Plan {
    commonLanes(theta, source);
    const made = this.holding.watched(() => source.passes.linearise(theta, source.examples));
    return this.#linearisations.set(theta.id, source.id, 0, 0, made);
  }

  hessianProduct(v: Vector, out: Vector): void {
    const direction = vectorOf(this, v);
    const theta = this.#linearisedAt;
    const source = this.#linearisedOn;
    if (!theta || !source) throw new Error('linearise before the first product');
    const target = vectorOf(this, out);
    const plan =
      this.#products.get(theta.id, direction.id, target.id, source.id) ??
      this.#planProduct(theta, direction, target, source);
    this.holding.enqueue(plan);
  }

  #planProduct(theta: GpuVector, direction: GpuVector, out: GpuVector, source: Source): Plan {
    checkLanes(out, direction, { lanes: commonLanes(theta, source) });
    const made = this.holding.watched(() => source.passes.product(theta, source.examples, direction, out));
    return this.#products.set(theta.id, direction.id, out.id, source.id, made);
  }

  predictor(rows: number, inputs: Float64Array): Predictor {
    const { context, holding } = this;
    const shape = shapeOf(this.problem.network, rows, context.tuning);
    return holding.watched(() => new GpuPredictor(this, holding, shape, inputs));
  }

  /** From here on every operation throws, and reads under way reject; what is not submitted yet is dropped. */
  dispose(): void {
    this.holding.release();
  }
}

/** Lanes of a pass at θ over these examples; throws where they do not meet. */
function commonLanes({ lanes }: GpuVector, { examples }: Source): number {
  if (lanes !== examples.lanes && lanes !== 1 && examples.lanes !== 1) {
    throw new Error(`${examples.lanes} lanes of a batch do not meet ${lanes} of θ`);
  }
  return Math.max(lanes, examples.lanes);
}

function checkPoint(theta: GpuVector, source: Source, out: GpuVector | GpuScalar): void {
  const lanes = commonLanes(theta, source);
  if (out.lanes !== lanes) throw new Error(`${lanes} lanes do not go into ${out.lanes}`);
}
