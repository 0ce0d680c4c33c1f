/**
 * What an optimiser is to the engine: a rule that enqueues one step on the device. All its state lives in device
 * vectors; it never reads.
 */
import type { Landscape, Scalar, Vector } from '../landscape/landscape';

export interface Optimizer {
  /** The learning rate of the steps that follow. */
  setLearningRate(lr: number): void;
  /** Enqueues θ_t → θ_{t+1}; `loss` receives L(θ_t). */
  step(theta: Vector, loss: Scalar): void;
  /** Enqueues out ← (θ_t + θ_{t+1}) / 2, given ∇L(θ_t), without taking the step. */
  midpoint(theta: Vector, gradient: Vector, out: Vector): void;
}

export type OptimizerFactory = (landscape: Landscape) => Optimizer;
