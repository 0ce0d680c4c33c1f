/**
 * One instance of the kernels with a problem laid out in its memory: what a landscape and each of its predictors run on.
 */
import type { Precision } from '../../../experiment/experiment';
import { parameterCount } from '../../network/layout';
import type { Network, Predictor, Problem } from '../landscape';
import { Arena, aligned } from './arena';
import { instantiate } from './kernels';
import type { Kernels } from './kernels';
import { Plan } from './plan';
import type { StateKind } from './plan';

export class Machine {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly plan: Plan;
  /** The state that every pass overwrites. */
  readonly work: number;
  /** With a `fit` the first state for `linearise` to keep; else that of the passes, which then keep nothing. */
  readonly kept: number;
  readonly dimension: number;
  /** Bytes from lane to lane of a vector. */
  readonly stride: number;
  readonly #module: WebAssembly.Module;
  readonly #precision: Precision;

  /**
   * inputs: row-major [rows, sizes[0]]; without a `fit` the machine computes outputs only. Throws a `too-large` fault
   * where memory cannot be had.
   */
  constructor(
    module: WebAssembly.Module,
    precision: Precision,
    network: Network,
    rows: number,
    inputs: Float64Array,
    fit: Pick<Problem, 'loss' | 'targets'> | null,
  ) {
    this.#module = module;
    this.#precision = precision;
    this.kernels = instantiate(module, precision);
    this.arena = new Arena(this.kernels.memory, this.kernels.heapBase, precision);
    this.dimension = parameterCount(network);
    this.stride = aligned(this.dimension * this.arena.scalarBytes);
    const kinds: readonly StateKind[] = fit ? ['work', 'kept'] : ['outputs'];
    this.plan = new Plan(this.kernels, this.arena, network, rows, inputs, fit, kinds);
    this.work = this.plan.states[0];
    this.kept = this.plan.states[kinds.length - 1];
  }

  /** The vector at address `pointer` as scalars of the precision: a view, valid until memory grows. */
  values(pointer: number): Float32Array | Float64Array {
    const from = pointer / this.arena.scalarBytes;
    return this.arena.values.subarray(from, from + this.dimension);
  }

  /** Evaluates the network on other inputs, with a memory of its own that goes when the predictor goes. */
  predictor(
    rows: number,
    inputs: Float64Array,
    theta: (vector: Parameters<Predictor['outputs']>[0]) => number,
  ): Predictor {
    const { network } = this.plan;
    const other = new Machine(this.#module, this.#precision, network, rows, inputs, null);
    const copied = other.arena.allocate(other.stride);
    return {
      outputs: (vector) => {
        other.values(copied).set(this.values(theta(vector)));
        other.kernels.outputs(other.plan.problem, other.work, copied);
        return Promise.resolve(other.plan.readOutputs(other.work));
      },
    };
  }
}
