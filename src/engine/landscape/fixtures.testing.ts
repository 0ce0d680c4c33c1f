/**
 * Test support: the portable fixtures by which every engine is proven, as Problems with their initial θ. They are
 * defined by a few lines of arithmetic, so that any language can rebuild them: A is a 2-3-2 tanh network with closed-form
 * entries, B Chebyshev regression after Cohen et al. 2021 (arXiv 2103.00065), C four Gaussian classes.
 */
import type { LossId } from '../../experiment/experiment';
import { layers, parameterCount } from '../network/layout';
import type { Network, Problem } from './landscape';

/** The functions that the fixtures need beyond arithmetic; `Math` and the deterministic module both have them. */
export interface FixtureMath {
  sin(x: number): number;
  cos(x: number): number;
  log(x: number): number;
}

export interface Fixture {
  readonly problem: Problem;
  readonly theta: Float64Array;
}

/** The 32-bit generator mulberry32, uniform on [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normals by Box–Muller: one from two uniforms, the cosine branch. */
function normals(uniform: () => number, math: FixtureMath): () => number {
  return () => {
    const u = uniform();
    const v = uniform();
    return Math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * Math.PI * v);
  };
}

/** A parameter vector that lists W row-major as [out][in], in the layout of this project, [in][out]. */
function fromOutIn(network: Network, values: ArrayLike<number>): Float64Array {
  const result = new Float64Array(parameterCount(network));
  for (const { fanIn, fanOut, weights, bias } of layers(network)) {
    for (let i = 0; i < fanIn; i++) {
      for (let j = 0; j < fanOut; j++) result[weights + i * fanOut + j] = values[weights + j * fanIn + i];
    }
    for (let j = 0; bias >= 0 && j < fanOut; j++) result[bias + j] = values[bias + j];
  }
  return result;
}

/** The inverse of `fromOutIn`. */
export function toOutIn(network: Network, values: ArrayLike<number>): Float64Array {
  const result = new Float64Array(parameterCount(network));
  for (const { fanIn, fanOut, weights, bias } of layers(network)) {
    for (let i = 0; i < fanIn; i++) {
      for (let j = 0; j < fanOut; j++) result[weights + j * fanIn + i] = values[weights + i * fanOut + j];
    }
    for (let j = 0; bias >= 0 && j < fanOut; j++) result[bias + j] = values[bias + j];
  }
  return result;
}

/** Fixture A: 2-3-2 tanh with biases, four examples, and the direction v of its Hessian-vector product. P = 17. */
export function fixtureA(loss: LossId, math: FixtureMath): Fixture & { readonly direction: Float64Array } {
  const network: Network = { sizes: [2, 3, 2], biases: [true, true], activation: 'tanh' };
  const inputs = new Float64Array(8);
  const targets = new Float64Array(8);
  for (let n = 0; n < 4; n++) {
    for (let j = 0; j < 2; j++) inputs[n * 2 + j] = math.cos(2 * n + j + 1);
    targets[n * 2 + (n % 2)] = 1;
  }
  const index = Float64Array.from({ length: 17 }, (_, i) => i);
  return {
    problem: { network, loss, examples: 4, inputs, targets },
    theta: fromOutIn(
      network,
      index.map((i) => 0.5 * math.sin(i + 1)),
    ),
    direction: fromOutIn(
      network,
      index.map((i) => math.cos(i)),
    ),
  };
}

/** Fixture B: the Chebyshev polynomial of the given degree at 20 points, 1-100-1 tanh without output bias. P = 300. */
export function fixtureB(degree: number, math: FixtureMath): Fixture {
  const network: Network = { sizes: [1, 100, 1], biases: [true, false], activation: 'tanh' };
  const examples = 20;
  const inputs = Float64Array.from({ length: examples }, (_, i) => -1 + (2 * i) / (examples - 1));
  const targets = inputs.map((x) => {
    let before = 1;
    let now = x;
    for (let d = 1; d < degree; d++) [before, now] = [now, 2 * x * now - before];
    return now;
  });
  const normal = normals(mulberry32(1), math);
  const deviation = Math.sqrt(2 / 101);
  const theta = new Float64Array(300);
  for (let j = 0; j < 100; j++) theta[j] = normal() * 1.9 * deviation;
  for (let j = 0; j < 100; j++) theta[200 + j] = normal() * deviation;
  return { problem: { network, loss: 'mse', examples, inputs, targets }, theta };
}

/** Fixture C: four Gaussian classes in ten dimensions, standardised; 10-24-24-4 tanh, half-MSE on one-hot. P = 964. */
export function fixtureC(math: FixtureMath): Fixture {
  const network: Network = { sizes: [10, 24, 24, 4], biases: [true, true, true], activation: 'tanh' };
  const examples = 128;
  const normal = normals(mulberry32(7), math);
  const means = Float64Array.from({ length: 40 }, () => 0.8 * normal());
  const inputs = new Float64Array(examples * 10);
  const targets = new Float64Array(examples * 4);
  for (let n = 0; n < examples; n++) {
    for (let j = 0; j < 10; j++) inputs[n * 10 + j] = means[(n % 4) * 10 + j] + normal();
    targets[n * 4 + (n % 4)] = 1;
  }
  for (let j = 0; j < 10; j++) {
    let mean = 0;
    for (let n = 0; n < examples; n++) mean += inputs[n * 10 + j] / examples;
    let variance = 0;
    for (let n = 0; n < examples; n++) variance += (inputs[n * 10 + j] - mean) * (inputs[n * 10 + j] - mean);
    const deviation = Math.sqrt(variance / examples);
    for (let n = 0; n < examples; n++) inputs[n * 10 + j] = (inputs[n * 10 + j] - mean) / deviation;
  }
  const uniform = mulberry32(3);
  const listed = new Float64Array(parameterCount(network));
  let at = 0;
  for (const { fanIn, fanOut } of layers(network)) {
    for (let i = 0; i < fanIn * fanOut + fanOut; i++) listed[at++] = (2 * uniform() - 1) / Math.sqrt(fanIn);
  }
  return { problem: { network, loss: 'mse', examples, inputs, targets }, theta: fromOutIn(network, listed) };
}
