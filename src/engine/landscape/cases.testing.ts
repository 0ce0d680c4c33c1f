/** Test support: networks, data, θ, directions and mini-batches of any size, drawn from a seed. */
import type { ActivationId, LossId } from '../../experiment/experiment';
import { layers, parameterCount } from '../network/layout';
import { mulberry32 } from './fixtures.testing';
import type { Problem } from './landscape';

export interface Case {
  readonly sizes: readonly number[];
  readonly biases: readonly boolean[];
  readonly activation: ActivationId;
  readonly loss: LossId;
  readonly examples: number;
  /** Examples in a mini-batch. */
  readonly batch: number;
  readonly seed: number;
}

/** A small one that has everything. */
export const SMALL: Case = {
  sizes: [3, 5, 4, 3],
  biases: [true, false, true],
  activation: 'tanh',
  loss: 'mse',
  examples: 21,
  batch: 8,
  seed: 11,
};

export const LANES = 3;

/** Inputs, targets, θ and directions of a case, [LANES, P] each of the last two, and the indices of LANES mini-batches. */
export function draw(given: Case) {
  const uniform = mulberry32(given.seed);
  const random = (length: number): Float64Array => Float64Array.from({ length }, () => Math.fround(2 * uniform() - 1));
  const { sizes, biases, activation, loss, examples, batch } = given;
  const outputs = sizes[sizes.length - 1];
  const targets = random(examples * outputs);
  if (loss === 'ce') {
    targets.forEach((_, i) => (targets[i] = Math.floor(i / outputs) % outputs === i % outputs ? 1 : 0));
  }
  const problem: Problem = {
    network: { sizes, biases, activation },
    loss,
    examples,
    inputs: random(examples * sizes[0]),
    targets,
  };
  const size = parameterCount(problem.network);
  const thetas = random(LANES * size);
  for (const { fanIn, weights, fanOut } of layers(problem.network)) {
    // Units that are not saturated, whose derivatives would say nothing.
    for (let i = 0; i < LANES * fanIn * fanOut; i++) {
      const at = Math.floor(i / (fanIn * fanOut)) * size + weights + (i % (fanIn * fanOut));
      thetas[at] = Math.fround((1.7 * thetas[at]) / Math.sqrt(fanIn));
    }
  }
  const indices = Uint32Array.from({ length: LANES * batch }, () => Math.floor(uniform() * examples));
  return { problem, size, thetas, directions: random(LANES * size), indices };
}

/** The problem on these of its examples alone. */
export function subset(problem: Problem, indices: Uint32Array): Problem {
  const { sizes } = problem.network;
  const rows = (values: Float64Array, width: number): Float64Array =>
    Float64Array.from({ length: indices.length * width }, (_, i) => {
      const row = indices[Math.floor(i / width)];
      return values[row * width + (i % width)];
    });
  return {
    ...problem,
    examples: indices.length,
    inputs: rows(problem.inputs, sizes[0]),
    targets: rows(problem.targets, sizes[sizes.length - 1]),
  };
}
