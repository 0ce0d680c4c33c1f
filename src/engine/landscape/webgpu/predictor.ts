/**
 * The network's outputs on other inputs than the training data, for decision surfaces and fitted curves: the forward
 * kernels again, over arrays of their own.
 */
import type { Predictor, Vector } from '../landscape';
import { forwardKernels } from './dense';
import type { Holding } from './holding';
import type { Dispatch, Part } from './kernel';
import { vectorOf, type GpuVector, type Owner } from './operands';
import { featureMajor, type Shape } from './shape';
import { ONE_LANE } from './tiles';

export class GpuPredictor implements Predictor {
  readonly #owner: Owner;
  readonly #holding: Holding;
  readonly #shape: Shape;
  readonly #arrays: Record<string, Part>;
  readonly #a: GPUBuffer;
  readonly #plans = new Map<GpuVector, readonly Dispatch[]>();

  /** `shape` is that of the network over the predictor's rows. */
  constructor(owner: Owner, holding: Holding, shape: Shape, inputs: Float64Array) {
    this.#owner = owner;
    this.#holding = holding;
    this.#shape = shape;
    const values = featureMajor(shape, shape.inputs, inputs);
    const x = holding.buffer('predictor inputs', values.byteLength);
    holding.write(x, 0, values);
    this.#a = holding.buffer('predictor activations', 16 * shape.laneSize);
    this.#arrays = { x: { buffer: x }, a: { buffer: this.#a } };
  }

  async outputs(theta: Vector): Promise<Float32Array> {
    const { outputs, examples, columns, rowStarts } = this.#shape;
    this.#holding.enqueue(this.#plan(theta));
    const offset = 16 * rowStarts[rowStarts.length - 1];
    const [values] = await this.#holding.read([{ buffer: this.#a, offset, size: 16 * columns * outputs }]);
    const result = new Float32Array(examples * outputs);
    for (let c = 0; c < outputs; c++) {
      for (let e = 0; e < examples; e++) result[e * outputs + c] = values[c * columns * 4 + e];
    }
    return result;
  }

  #plan(theta: Vector): readonly Dispatch[] {
    const all = vectorOf(this.#owner, theta);
    let plan = this.#plans.get(all);
    if (!plan) {
      const first = { buffer: all.buffer, offset: all.offset, size: 4 * this.#shape.stride };
      const arrays: Record<string, Part> = { ...this.#arrays, theta: first };
      plan = this.#holding.watched(() =>
        forwardKernels(this.#shape, 'mse', 'outputs', ONE_LANE).flatMap((kernel) =>
          this.#holding.kernels.dispatch(
            kernel,
            kernel.bindings.map(({ name }) => arrays[name]),
            [...kernel.size, 1],
            kernel.flops,
          ),
        ),
      );
      this.#plans.set(all, plan);
    }
    return plan;
  }
}
