/**
 * The landscape contract in TensorFlow.js ops: the loss as a function of the network's parameters, its gradient by one
 * backward pass, its Hessian product by two (the gradient, which is a function of the parameters itself, pulled back
 * along v: Hᵀv = Hv). That is exact only for functions that TensorFlow.js differentiates twice rightly, see twice.ts;
 * nowhere else in the project is a gradient differentiated. Lanes are the batch axis of every product, so that one set
 * of ops serves them all, and one lane costs nothing more than no lanes.
 */
import {
  gather,
  grads,
  keep,
  ones,
  slice,
  squeeze,
  tensor,
  valueAndGrads,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { checkBatchCounts, checkLanes } from '../counts';
import type { Batch, Device, Landscape, Predictor, Problem, Scalar, Vector } from '../landscape';
import { parameterCount } from '../../network/layout';
import type { ActivationTable } from './activations';
import { TensorAlgebra } from './algebra';
import type { Backend } from './backend';
import { stackOf, type Stack } from './layers';
import { lossOf } from './losses';
import { TensorBatch, batchOf, scalarOf, vectorOf, widened } from './operands';

/** What the loss is taken over: [1 or lanes, n, width] each. */
interface Examples {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

/**
 * The point of the last `linearise`. A tape of the primal pass, which TensorFlow.js cannot keep, is made anew by every
 * product.
 */
interface Point extends Examples {
  readonly lanes: number;
  readonly parameters: readonly Tensor[];
}

export class TensorFlowLandscape extends TensorAlgebra implements Landscape {
  readonly problem: Problem;
  readonly device: Device;
  readonly #stack: Stack;
  readonly #all: Examples;
  /** [1, n, 1] for each n that has occurred. */
  readonly #ones = new Map<number, Tensor>();
  #point: Point | null = null;

  /** Throws an `engine` fault where the table lacks the network's activation, a `too-large` one without memory. */
  constructor(backend: Backend, device: Device, problem: Problem, table: ActivationTable) {
    super(backend, parameterCount(problem.network));
    this.problem = problem;
    this.device = device;
    this.#stack = stackOf(problem.network, table);
    const { sizes } = problem.network;
    this.#all = {
      inputs: this.#constant(problem.inputs, problem.examples, sizes[0]),
      targets: this.#constant(problem.targets, problem.examples, sizes[sizes.length - 1]),
    };
  }

  batches(count: number, size: number, lanes = 1): readonly Batch[] {
    const { examples } = this.problem;
    checkBatchCounts(count, size, lanes, examples);
    return this.run(() =>
      Array.from({ length: count }, () => this.hold(new TensorBatch(this, lanes, zeros([lanes, size], 'int32')))),
    );
  }

  choose(batches: readonly Batch[], examples: Uint32Array): void {
    const places = batches.map((batch) => batchOf(this, batch));
    const expected = places.reduce((sum, { lanes, size }) => sum + lanes * size, 0);
    if (examples.length !== expected) throw new Error(`${examples.length} indices do not fill ${expected} places`);
    const beyond = examples.find((index) => index >= this.problem.examples);
    if (beyond !== undefined) throw new Error(`example ${beyond} of ${this.problem.examples}`);
    let at = 0;
    this.run(() => {
      for (const place of places) {
        const { lanes, size } = place;
        place.put(tensor(Int32Array.from(examples.subarray(at, (at += lanes * size))), [lanes, size], 'int32'));
      }
    });
  }

  value(theta: Vector, out: Scalar, batch?: Batch): void {
    const [at, target, chosen] = [vectorOf(this, theta), scalarOf(this, out), this.#chosen(batch)];
    checkLanes(target, at, chosen ?? at);
    this.run(() => target.put(this.#loss(this.#examples(chosen))(...this.#stack.parameters(at.tensor))));
  }

  gradient(theta: Vector, out: Vector, loss: Scalar, batch?: Batch): void {
    const [at, target, chosen] = [vectorOf(this, theta), vectorOf(this, out), this.#chosen(batch)];
    const height = scalarOf(this, loss);
    checkLanes(target, at, chosen ?? at);
    if (height.lanes !== target.lanes) throw new Error(`${target.lanes} losses do not go into ${height.lanes}`);
    this.run(() => {
      const lanes = Math.max(at.lanes, chosen?.lanes ?? 1);
      const parameters = this.#stack.parameters(widened(at.tensor, lanes));
      const { value, grads: slopes } = valueAndGrads(this.#loss(this.#examples(chosen)))(parameters);
      target.put(this.#stack.flat(slopes));
      height.put(value);
    });
  }

  linearise(theta: Vector, batch?: Batch): void {
    const [at, chosen] = [vectorOf(this, theta), this.#chosen(batch)];
    const lanes = Math.max(at.lanes, chosen?.lanes ?? 1);
    checkLanes({ lanes }, at, chosen ?? at);
    this.run(() => {
      const parameters = this.#stack.parameters(widened(at.tensor, lanes));
      const { inputs, targets } = this.#examples(chosen);
      this.#release();
      parameters.forEach(keep);
      if (chosen) [inputs, targets].forEach(keep);
      this.#point = { lanes, parameters, inputs, targets };
    });
  }

  hessianProduct(v: Vector, out: Vector): void {
    const [direction, target, point] = [vectorOf(this, v), vectorOf(this, out), this.#point];
    if (!point) throw new Error('nothing has been linearised');
    checkLanes(target, direction, point);
    this.run(() => {
      const lanes = Math.max(direction.lanes, point.lanes);
      const parameters = point.parameters.map((parameter) => widened(parameter, lanes));
      const gradient = grads(this.#loss(point));
      const flatGradient = (...at: Tensor[]): Tensor => this.#stack.flat(gradient(at));
      target.put(this.#stack.flat(grads(flatGradient)(parameters, widened(direction.tensor, lanes))));
    });
  }

  predictor(rows: number, inputs: Float64Array): Predictor {
    const x = this.#constant(inputs, rows, this.problem.network.sizes[0]);
    return {
      outputs: async (theta) => {
        const at = vectorOf(this, theta);
        const [values] = await this.fetch(() => {
          const first = slice(at.tensor, [0, 0, 0], [1, 1, this.dimension]);
          return [this.#stack.forward(x, this.#stack.parameters(first), this.#onesFor(rows))];
        });
        return Float32Array.from(values);
      },
    };
  }

  override dispose(): void {
    this.#release();
    super.dispose();
  }

  #chosen(batch: Batch | undefined): TensorBatch | null {
    return batch ? batchOf(this, batch) : null;
  }

  #examples(chosen: TensorBatch | null): Examples {
    if (!chosen) return this.#all;
    const of = (rows: Tensor): Tensor => gather(squeeze(rows, [0]), chosen.tensor);
    return { inputs: of(this.#all.inputs), targets: of(this.#all.targets) };
  }

  /** The losses [lanes, 1, 1] as a function of the parameters. */
  #loss({ inputs, targets }: Examples): (...parameters: Tensor[]) => Tensor {
    const loss = lossOf(this.problem.loss, targets);
    const column = this.#onesFor(inputs.shape[1]!);
    return (...parameters) => loss(this.#stack.forward(inputs, parameters, column));
  }

  #onesFor(rows: number): Tensor {
    let column = this.#ones.get(rows);
    if (!column) this.#ones.set(rows, (column = this.hold(keep(ones([1, rows, 1])))));
    return column;
  }

  #constant(values: Float64Array, rows: number, width: number): Tensor {
    return this.run(() => this.hold(keep(tensor(Float32Array.from(values), [1, rows, width]))));
  }

  #release(): void {
    const point = this.#point;
    this.#point = null;
    if (!point) return;
    point.parameters.forEach((parameter) => parameter.dispose());
    if (point.inputs !== this.#all.inputs) [point.inputs, point.targets].forEach((rows) => rows.dispose());
  }
}
