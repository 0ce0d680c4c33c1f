/**
 * Test support: loss, gradient and Hessian-vector product of a network in plain f64 loops over dual numbers, written to
 * be obviously right and independent of every engine. A dual number [x, ẋ] carries the derivative along v, so running
 * ordinary backpropagation on duals yields ∇L and ∇²L v at once.
 */
import type { ActivationId } from '../../experiment/experiment';
import { layers } from '../network/layout';
import type { Problem } from './landscape';

type Dual = readonly [number, number];

const add = (a: Dual, b: Dual): Dual => [a[0] + b[0], a[1] + b[1]];
const times = (a: Dual, b: Dual): Dual => [a[0] * b[0], a[0] * b[1] + a[1] * b[0]];
const over = (a: Dual, b: Dual): Dual => [a[0] / b[0], (a[1] * b[0] - a[0] * b[1]) / (b[0] * b[0])];
const scaled = (a: Dual, s: number): Dual => [a[0] * s, a[1] * s];

/** `Math`, handed in by the tests: engine code itself must not use its transcendental functions. */
export type ReferenceMath = Pick<Math, 'exp' | 'expm1' | 'log' | 'log1p' | 'tanh'>;

/** erf by its Taylor series, good to 1e-12 for |x| ≤ 4. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; k < 120; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** φ, φ′ and φ″ at z. */
export function activationAt(id: ActivationId, z: number, math: ReferenceMath): readonly [number, number, number] {
  const s = 1 / (1 + math.exp(-z));
  const t = math.tanh(z);
  const density = math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const cdf = 0.5 * (1 + erf(z / Math.sqrt(2)));
  switch (id) {
    case 'tanh':
      return [t, 1 - t * t, -2 * t * (1 - t * t)];
    case 'relu':
      return z > 0 ? [z, 1, 0] : [0, 0, 0];
    case 'gelu':
      return [z * cdf, cdf + z * density, density * (2 - z * z)];
    case 'softplus':
      return [math.log1p(math.exp(z)), s, s * (1 - s)];
    case 'sigmoid':
      return [s, s * (1 - s), s * (1 - s) * (1 - 2 * s)];
    case 'elu':
      return z > 0 ? [z, 1, 0] : [math.expm1(z), math.exp(z), math.exp(z)];
    case 'linear':
      return [z, 1, 0];
  }
}

export interface Reference {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly product: Float64Array;
}

/** L(θ), ∇L(θ) and ∇²L(θ) v. */
export function reference(
  problem: Problem,
  theta: ArrayLike<number>,
  v: ArrayLike<number>,
  math: ReferenceMath,
): Reference {
  const { network, examples } = problem;
  const stack = layers(network);
  const size = theta.length;
  const at = (i: number): Dual => [theta[i], v[i]];
  const gradient = new Float64Array(size);
  const product = new Float64Array(size);
  const deposit = (i: number, d: Dual): void => {
    gradient[i] += d[0] / examples;
    product[i] += d[1] / examples;
  };
  let total = 0;
  for (let n = 0; n < examples; n++) {
    const width = network.sizes[0];
    let a: Dual[] = Array.from({ length: width }, (_, j) => [problem.inputs[n * width + j], 0]);
    const activations = [a];
    const slopes: Dual[][] = [];
    stack.forEach((layer, l) => {
      const z = Array.from({ length: layer.fanOut }, (_, j) => {
        let sum: Dual = layer.bias < 0 ? [0, 0] : at(layer.bias + j);
        for (let i = 0; i < layer.fanIn; i++) sum = add(sum, times(a[i], at(layer.weights + i * layer.fanOut + j)));
        return sum;
      });
      if (l === stack.length - 1) a = z;
      else {
        const phi = z.map((x) => activationAt(network.activation, x[0], math));
        a = z.map((x, j): Dual => [phi[j][0], phi[j][1] * x[1]]);
        slopes.push(z.map((x, j): Dual => [phi[j][1], phi[j][2] * x[1]]));
      }
      activations.push(a);
    });
    const classes = a.length;
    const y = Array.from({ length: classes }, (_, c) => problem.targets[n * classes + c]);
    let delta: Dual[];
    if (problem.loss === 'mse') {
      delta = a.map((f, c) => add(f, [-y[c], 0]));
      total += 0.5 * delta.reduce((sum, d) => sum + d[0] * d[0], 0);
    } else {
      const top = Math.max(...a.map((f) => f[0]));
      const e = a.map((f): Dual => [math.exp(f[0] - top), math.exp(f[0] - top) * f[1]]);
      const sum = e.reduce(add);
      const mass = y.reduce((s, x) => s + x, 0);
      delta = e.map((x, c) => add(scaled(over(x, sum), mass), [-y[c], 0]));
      total += a.reduce((s, f, c) => s + y[c] * (math.log(sum[0]) + top - f[0]), 0);
    }
    for (let l = stack.length - 1; l >= 0; l--) {
      const layer = stack[l];
      const below = activations[l];
      const now = delta;
      for (let i = 0; i < layer.fanIn; i++) {
        for (let j = 0; j < layer.fanOut; j++) deposit(layer.weights + i * layer.fanOut + j, times(below[i], now[j]));
      }
      if (layer.bias >= 0) now.forEach((d, j) => deposit(layer.bias + j, d));
      if (l > 0) {
        delta = Array.from({ length: layer.fanIn }, (_, i) => {
          let sum: Dual = [0, 0];
          for (let j = 0; j < layer.fanOut; j++) {
            sum = add(sum, times(now[j], at(layer.weights + i * layer.fanOut + j)));
          }
          return times(sum, slopes[l - 1][i]);
        });
      }
    }
  }
  return { loss: total / examples, gradient, product };
}
