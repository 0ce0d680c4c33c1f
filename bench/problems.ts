/**
 * What is timed: fully connected tanh networks with half-MSE on random data, in four sizes (the largest is that of the
 * edge-of-stability papers on CIFAR-10, Cohen et al. 2021). Values do not matter for speed, but they are the same in
 * every run.
 */
import type { Problem } from '../src/engine/landscape/landscape';
import { parameterCount } from '../src/engine/network/layout';

export type ProblemId = 'tiny' | 'small' | 'medium' | 'paper';
/** One GD step; one Hessian-vector product at a fixed θ; sharpness by 20 Lanczos steps, fully reorthogonalised. */
export type Work = 'step' | 'hvp' | 'lanczos20';
export const WORKS: readonly Work[] = ['step', 'hvp', 'lanczos20'];
export const LANCZOS_STEPS = 20;
export const LEARNING_RATE = 1e-3;

export interface Size {
  readonly id: ProblemId;
  readonly sizes: readonly number[];
  readonly examples: number;
}

export const SIZES: readonly Size[] = [
  { id: 'tiny', sizes: [2, 32, 32, 1], examples: 200 },
  { id: 'small', sizes: [64, 64, 64, 10], examples: 1000 },
  { id: 'medium', sizes: [784, 128, 128, 10], examples: 1000 },
  { id: 'paper', sizes: [3072, 200, 200, 10], examples: 5000 },
];

/** Standard normals from a seed: mulberry32 and Box–Muller. */
function normals(count: number, seed: number): Float64Array {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return Float64Array.from({ length: count }, () => {
    return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  });
}

export interface Instance {
  readonly problem: Problem;
  /** [P]: W ~ N(0, 1/fan-in), b = 0. */
  readonly theta: Float64Array;
  /** [P]: the direction of the products. */
  readonly direction: Float64Array;
}

export function instanceOf({ sizes, examples }: Size): Instance {
  const network = { sizes, biases: sizes.slice(1).map(() => true), activation: 'tanh' as const };
  const inputs = normals(examples * sizes[0], 1);
  const targets = normals(examples * sizes[sizes.length - 1], 2);
  const count = parameterCount(network);
  const theta = normals(count, 3);
  let offset = 0;
  for (let l = 1; l < sizes.length; l++) {
    const weights = sizes[l - 1] * sizes[l];
    for (let i = 0; i < weights; i++) theta[offset + i] /= Math.sqrt(sizes[l - 1]);
    theta.fill(0, offset + weights, offset + weights + sizes[l]);
    offset += weights + sizes[l];
  }
  return { problem: { network, loss: 'mse', examples, inputs, targets }, theta, direction: normals(count, 4) };
}
