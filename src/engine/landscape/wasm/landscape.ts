/**
 * The landscape contract on WebAssembly: one instance with its own memory per landscape. Lanes are done one after
 * another, each by the very kernels that a single lane takes, so that it has the bits of the same run alone. A mini-batch
 * is gathered from the data into cells of its own, and the same kernels then run on those.
 */
import { checkBatchCounts, checkLanes } from '../counts';
import type { Batch, Device, Landscape, Predictor, Problem, Scalar, Vector } from '../landscape';
import { WasmAlgebra } from './algebra';
import { Machine } from './machine';
import { WasmBatch, batchOf, checkBatches, scalarOf, vectorOf } from './operands';
import type { Sample } from './plan';

export class WasmLandscape extends WasmAlgebra implements Landscape {
  readonly problem: Problem;
  readonly device: Device;
  /** Where value and gradient gather their mini-batch; null before the first. */
  #sample: Sample | null = null;
  /** One state per lane of what was last linearised, where its mini-batch lies if it had one, and its Problem record. */
  readonly #kept: number[];
  readonly #keptSamples: (Sample | null)[] = [null];
  readonly #keptProblems: number[] = [];
  /** Lanes of what was last linearised; 0 before. */
  readonly #points = { lanes: 0 };

  /** Throws a `too-large` fault where memory cannot be had. */
  constructor(module: WebAssembly.Module, device: Device, problem: Problem) {
    const { network, examples, inputs } = problem;
    const roundoff = device.precision === 'f32' ? 5.9604644775390625e-8 : 1.1102230246251565e-16;
    super(new Machine(module, device.precision, network, examples, inputs, problem), roundoff);
    this.problem = problem;
    this.device = device;
    this.#kept = [this.machine.kept];
  }

  batches(count: number, size: number, lanes = 1): readonly Batch[] {
    const { examples } = this.problem;
    checkBatchCounts(count, size, lanes, examples);
    const { arena } = this.machine;
    const bytes = 4 * size * lanes;
    const base = arena.allocate(count * bytes);
    this.#sample = this.#room(this.#sample, size);
    return Array.from({ length: count }, (_, i) => new WasmBatch(this, base + i * bytes, lanes, size));
  }

  choose(batches: readonly Batch[], examples: Uint32Array): void {
    if (batches.length === 0) return;
    const { arena } = this.machine;
    const { pointer, size, lanes } = checkBatches(this, batches);
    const expected = batches.length * lanes * size;
    if (examples.length !== expected) throw new Error(`${examples.length} indices do not fill ${expected} places`);
    for (const index of examples) {
      if (index >= this.problem.examples) throw new Error(`example ${index} of ${this.problem.examples}`);
    }
    arena.words.set(examples, pointer / 4);
  }

  value(theta: Vector, out: Scalar, batch?: Batch): void {
    const { kernels, arena, work } = this.machine;
    const at = vectorOf(this, theta);
    const target = scalarOf(this, out);
    const chosen = batch && batchOf(this, batch);
    const lanes = checkLanes(target, at, chosen);
    for (let lane = 0; lane < lanes; lane++) {
      const problem = this.#problemAt(lane, chosen, this.#sample);
      arena.doubles[target.index(lane)] = kernels.value(problem, work, at.at(lane));
    }
  }

  gradient(theta: Vector, out: Vector, loss: Scalar, batch?: Batch): void {
    const { kernels, arena, work } = this.machine;
    const at = vectorOf(this, theta);
    const target = vectorOf(this, out);
    const result = scalarOf(this, loss);
    const chosen = batch && batchOf(this, batch);
    const lanes = checkLanes(target, at, chosen);
    if (result.lanes !== lanes) throw new Error(`${lanes} losses do not go into ${result.lanes}`);
    for (let lane = 0; lane < lanes; lane++) {
      const problem = this.#problemAt(lane, chosen, this.#sample);
      arena.doubles[result.index(lane)] = kernels.gradient(problem, work, at.at(lane), target.at(lane));
    }
  }

  /** The first call with more lanes than any before, or with a larger batch, takes the memory that it keeps. */
  linearise(theta: Vector, batch?: Batch): void {
    const { kernels } = this.machine;
    const at = vectorOf(this, theta);
    const chosen = batch && batchOf(this, batch);
    const lanes = Math.max(at.lanes, chosen?.lanes ?? 1);
    checkLanes({ lanes }, at, chosen);
    this.#keep(lanes);
    for (let lane = 0; lane < lanes; lane++) {
      if (chosen) this.#keptSamples[lane] = this.#room(this.#keptSamples[lane], chosen.size);
      this.#keptProblems[lane] = this.#problemAt(lane, chosen, this.#keptSamples[lane]);
      kernels.linearise(this.#keptProblems[lane], this.#kept[lane], at.at(lane));
    }
    this.#points.lanes = lanes;
  }

  hessianProduct(v: Vector, out: Vector): void {
    const { kernels, work } = this.machine;
    const source = vectorOf(this, v);
    const target = vectorOf(this, out);
    const points = this.#points.lanes;
    if (points === 0) throw new Error('nothing has been linearised');
    const lanes = checkLanes(target, source, this.#points);
    for (let lane = 0; lane < lanes; lane++) {
      const point = points === 1 ? 0 : lane;
      kernels.hessianProduct(this.#keptProblems[point], this.#kept[point], work, source.at(lane), target.at(lane));
    }
  }

  predictor(rows: number, inputs: Float64Array): Predictor {
    return this.machine.predictor(rows, inputs, (theta) => vectorOf(this, theta).pointer);
  }

  /** Makes room for this many lanes of what `linearise` keeps. */
  #keep(lanes: number): void {
    while (this.#kept.length < lanes) {
      this.#kept.push(this.machine.plan.state('kept'));
      this.#keptSamples.push(null);
    }
  }

  /** The sample given, or a larger one where the batch does not fit. */
  #room(sample: Sample | null, size: number): Sample {
    return sample && sample.rows >= size ? sample : this.machine.plan.sample(size);
  }

  /** The Problem record of this lane's examples, which are gathered into the sample: all of them without a batch. */
  #problemAt(lane: number, batch: WasmBatch | undefined, sample: Sample | null): number {
    const { kernels, plan, work } = this.machine;
    if (!batch || !sample) return plan.problem;
    kernels.gather(plan.problem, work, sample.problem, batch.at(lane), batch.size);
    return sample.problem;
  }
}
