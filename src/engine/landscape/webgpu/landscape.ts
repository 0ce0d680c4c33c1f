/**
 * The landscape contract on WebGPU: fused WGSL kernels made for one problem, sizes baked in. Everything is enqueued;
 * only `read` and a predictor's `outputs` wait. Vectors of several lanes run in the same dispatches.
 */
import { checkLanes } from '../counts';
import type { Batch, Device, Landscape, Predictor, Problem, Scalar, Vector } from '../landscape';
import { GpuAlgebra } from './algebra';
import { Batches, GpuBatch, type Source } from './batches';
import type { GpuContext } from './device';
import type { Holding } from './holding';
import type { Dispatch } from './kernel';
import { type GpuScalar, type GpuVector, OperandCache, scalarOf, vectorOf } from './operands';
import { GpuPredictor } from './predictor';
import { featureMajor, shapeOf } from './shape';
import { ONE_LANE } from './tiles';

export class WebGpuLandscape extends GpuAlgebra implements Landscape {
  readonly problem: Problem;
  readonly device: Device;
  readonly #batches: Batches;
  readonly #values = new OperandCache<readonly Dispatch[]>();
  readonly #gradients = new OperandCache<readonly Dispatch[]>();
  readonly #linearisations = new OperandCache<readonly Dispatch[]>();
  readonly #products = new OperandCache<readonly Dispatch[]>();
  /** The θ of the last `linearise`, and its copies by lanes: the caller's own may move on. */
  readonly #thetas = new Map<number, GpuVector>();
  #linearised: { readonly theta: GpuVector; readonly source: Source } | null = null;

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
    this.#batches = new Batches(shape, context.tuning, problem.loss, holding.kernels, make, { lanes: 1, x, targets });
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

  #source(batch: Batch | undefined, use: 'work' | 'kept'): Source {
    if (!batch) return this.#batches.all;
    const own = this.#own(batch);
    return this.#batches.known(own, use) ?? this.holding.watched(() => this.#batches.source(own, use));
  }

  value(theta: Vector, out: Scalar, batch?: Batch): void {
    const at = vectorOf(this, theta);
    const target = scalarOf(this, out);
    const source = this.#source(batch, 'work');
    let plan = this.#values.get(at.id, target.id, source.id, 0);
    if (!plan) {
      checkPoint(at, source, target);
      const made = this.holding.watched(() => source.passes.value(at, source.examples, target));
      plan = this.#values.set(at.id, target.id, source.id, 0, made);
    }
    this.holding.enqueue(source.gather);
    this.holding.enqueue(plan);
  }

  gradient(theta: Vector, out: Vector, loss: Scalar, batch?: Batch): void {
    const at = vectorOf(this, theta);
    const target = vectorOf(this, out);
    const height = scalarOf(this, loss);
    const source = this.#source(batch, 'work');
    let plan = this.#gradients.get(at.id, target.id, height.id, source.id);
    if (!plan) {
      checkPoint(at, source, target);
      checkPoint(at, source, height);
      const made = this.holding.watched(() => source.passes.gradient(at, source.examples, target, height));
      plan = this.#gradients.set(at.id, target.id, height.id, source.id, made);
    }
    this.holding.enqueue(source.gather);
    this.holding.enqueue(plan);
  }

  linearise(theta: Vector, batch?: Batch): void {
    const at = vectorOf(this, theta);
    const source = this.#source(batch, 'kept');
    let own = this.#thetas.get(at.lanes);
    if (!own) this.#thetas.set(at.lanes, (own = vectorOf(this, this.vector(at.lanes))));
    this.copy(at, own);
    let plan = this.#linearisations.get(own.id, source.id, 0, 0);
    if (!plan) {
      pointLanes(own, source);
      const made = this.holding.watched(() => source.passes.linearise(own, source.examples));
      plan = this.#linearisations.set(own.id, source.id, 0, 0, made);
    }
    this.holding.enqueue(source.gather);
    this.holding.enqueue(plan);
    this.#linearised = { theta: own, source };
  }

  hessianProduct(v: Vector, out: Vector): void {
    const direction = vectorOf(this, v);
    if (!this.#linearised) throw new Error('linearise before the first product');
    const { theta, source } = this.#linearised;
    const target = vectorOf(this, out);
    let plan = this.#products.get(theta.id, direction.id, target.id, source.id);
    if (!plan) {
      checkLanes(target, direction, { lanes: pointLanes(theta, source) });
      const made = this.holding.watched(() => source.passes.product(theta, source.examples, direction, target));
      plan = this.#products.set(theta.id, direction.id, target.id, source.id, made);
    }
    this.holding.enqueue(plan);
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
function pointLanes({ lanes }: GpuVector, { examples }: Source): number {
  if (lanes !== examples.lanes && lanes !== 1 && examples.lanes !== 1) {
    throw new Error(`${examples.lanes} lanes of a batch do not meet ${lanes} of θ`);
  }
  return Math.max(lanes, examples.lanes);
}

function checkPoint(theta: GpuVector, source: Source, out: GpuVector | GpuScalar): void {
  const lanes = pointLanes(theta, source);
  if (out.lanes !== lanes) throw new Error(`${lanes} lanes do not go into ${out.lanes}`);
}
