/**
 * What an optimiser is to the engine: a rule that enqueues one step on the device, for one run or for several as lanes.
 * All its state lives in device vectors; it never reads.
 */
import type { Batch, Landscape, Scalar, Vector } from '../landscape/landscape';

export interface Optimizer {
  /** The learning rate of the steps that follow: one for all lanes, or one for each. */
  setLearningRate(lr: number | readonly number[]): void;
  /** Enqueues θ_t → θ_{t+1}; `loss` receives L(θ_t). With a batch, loss and gradient are those of its examples. */
  step(theta: Vector, loss: Scalar, batch?: Batch): void;
  /** Enqueues out ← (θ_t + θ_{t+1}) / 2, given the gradient that the step follows, without taking the step. */
  midpoint(theta: Vector, gradient: Vector, out: Vector): void;
}

export type OptimizerFactory = (landscape: Landscape, lanes?: number) => Optimizer;
