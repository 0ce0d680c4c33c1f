/** The random data of the problems that are timed: values do not matter for speed, but they are the same in every run. */
import type { Problem } from '../engine/landscape/landscape';
import { layers, parameterCount } from '../engine/network/layout';
import type { Size } from './report/subject';

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
  readonly size: Size;
  readonly problem: Problem;
  /** [P]: W ~ N(0, 1/fan-in), b = 0. */
  readonly theta: Float64Array;
  /** [P]: the direction of the products. */
  readonly direction: Float64Array;
}

export function instanceOf(size: Size): Instance {
  const { sizes, examples } = size;
  const network = { sizes, biases: sizes.slice(1).map(() => true), activation: 'tanh' as const };
  const inputs = normals(examples * sizes[0], 1);
  const targets = normals(examples * sizes[sizes.length - 1], 2);
  const count = parameterCount(network);
  const theta = normals(count, 3);
  for (const { fanIn, fanOut, weights, bias } of layers(network)) {
    for (let i = weights; i < bias; i++) theta[i] /= Math.sqrt(fanIn);
    theta.fill(0, bias, bias + fanOut);
  }
  return { size, problem: { network, loss: 'mse', examples, inputs, targets }, theta, direction: normals(count, 4) };
}

/** W and b of each layer out of a flat vector, as f32, row-major. */
export function layerValues(
  { problem }: Instance,
  flat: Float64Array,
): { fanIn: number; fanOut: number; weights: Float32Array<ArrayBuffer>; bias: Float32Array<ArrayBuffer> }[] {
  return layers(problem.network).map(({ fanIn, fanOut, weights, bias }) => ({
    fanIn,
    fanOut,
    weights: Float32Array.from(flat.subarray(weights, weights + fanIn * fanOut)),
    bias: Float32Array.from(flat.subarray(bias, bias + fanOut)),
  }));
}
