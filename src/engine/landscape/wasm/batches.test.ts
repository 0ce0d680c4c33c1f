/** Mini-batches of the WASM landscape: against plain loops on the chosen examples, and lane by lane. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationId, LossId, Precision } from '../../../experiment/experiment';
import { parameterCount } from '../../network/layout';
import { random } from '../algebra.testing';
import type { Batch, Landscape, Network, Problem } from '../landscape';
import { reference } from '../reference.testing';
import { createWasmEngine } from './engine';
import { readKernels } from './node';

const module = await readKernels();
const LOSSES: readonly LossId[] = ['mse', 'ce'];
const NETWORK: Network = { sizes: [3, 9, 5, 2], biases: [true, false, true], activation: 'tanh' };

/** Targets of cross-entropy are of any mass, so that a weight taken from the wrong example shows. */
function problemOf(network: Network, loss: LossId, examples: number, seed: number): Problem {
  const outputs = network.sizes[network.sizes.length - 1];
  const targets = random(examples * outputs, seed + 1);
  return {
    network,
    loss,
    examples,
    inputs: random(examples * network.sizes[0], seed),
    targets: loss === 'ce' ? targets.map(Math.abs) : targets,
  };
}

/** The problem that consists of the examples listed. */
function part(problem: Problem, indices: readonly number[]): Problem {
  const { sizes } = problem.network;
  const rows = (values: Float64Array, width: number): Float64Array =>
    Float64Array.from(indices.flatMap((i) => [...values.subarray(i * width, (i + 1) * width)]));
  return {
    ...problem,
    examples: indices.length,
    inputs: rows(problem.inputs, sizes[0]),
    targets: rows(problem.targets, sizes[sizes.length - 1]),
  };
}

function open(problem: Problem, precision: Precision): Promise<Landscape> {
  return createWasmEngine(module, precision).then((engine) => engine.landscape(problem));
}

function chosen(landscape: Landscape, indices: readonly number[], lanes = 1): Batch {
  const [batch] = landscape.batches(1, indices.length / lanes, lanes);
  landscape.choose([batch], Uint32Array.from(indices));
  return batch;
}

interface Found {
  readonly value: Float64Array;
  readonly loss: Float64Array;
  readonly gradient: Float64Array;
  readonly product: Float64Array;
}

/** All that a landscape computes at θ along v; the product comes last, after work on other batches. */
async function compute(landscape: Landscape, theta: Float64Array, v: Float64Array, batch?: Batch): Promise<Found> {
  const lanes = Math.max(theta.length / landscape.dimension, batch?.lanes ?? 1);
  const at = landscape.vector(theta.length / landscape.dimension);
  const along = landscape.vector();
  const [gradient, product, other] = [0, 1, 2].map(() => landscape.vector(lanes));
  const [value, loss, unused] = landscape.scalars(3, lanes);
  landscape.write(at, theta);
  landscape.write(along, v);
  landscape.value(at, value, batch);
  landscape.linearise(at, batch);
  landscape.gradient(at, gradient, loss, batch);
  landscape.gradient(at, other, unused);
  landscape.hessianProduct(along, product);
  const [a, b, g, h] = await landscape.read([value], [loss], gradient, product);
  return { value: a, loss: b, gradient: g, product: h };
}

/** Largest difference relative to the largest entry. */
function deviation(actual: Float64Array, expected: Float64Array): number {
  const scale = expected.reduce((m, x) => Math.max(m, Math.abs(x)), 0.1);
  return actual.reduce((m, x, i) => Math.max(m, Math.abs(x - expected[i]) / scale), 0);
}

describe.each<[Precision, number]>([
  ['f32', 2e-5],
  ['f64', 1e-12],
])('mini-batches in %s', (precision, bar) => {
  it('agree with plain loops over the examples chosen, for every loss and size', async () => {
    const shape = fc.record({
      loss: fc.constantFrom(...LOSSES),
      activation: fc.constantFrom<ActivationId>('tanh', 'gelu', 'softplus'),
      indices: fc.array(fc.integer({ min: 0, max: 22 }), { minLength: 1, maxLength: 23 }),
      sizes: fc.array(fc.constantFrom(1, 2, 3, 9), { minLength: 2, maxLength: 4 }),
      seed: fc.integer({ min: 1, max: 100 }),
    });
    const property = fc.asyncProperty(shape, async ({ loss, activation, indices, sizes, seed }) => {
      const network = { sizes, biases: sizes.slice(1).map(() => true), activation };
      const problem = problemOf(network, loss, 23, seed);
      const theta = random(parameterCount(network), seed + 2);
      const v = random(theta.length, seed + 3);
      const expected = reference(part(problem, indices), theta, v, Math);
      const landscape = await open(problem, precision);
      const found = await compute(landscape, theta, v, chosen(landscape, indices));
      expect(found.value[0]).toBe(found.loss[0]);
      expect(Math.abs(found.loss[0] - expected.loss)).toBeLessThan(bar * Math.max(1, expected.loss));
      expect(deviation(found.gradient, expected.gradient)).toBeLessThan(bar);
      expect(deviation(found.product, expected.product)).toBeLessThan(bar);
    });
    await fc.assert(property, { numRuns: 60, seed: 1 });
  });

  it.each(LOSSES)('of all examples in order are the full batch of %s to the bit', async (loss) => {
    const landscape = await open(problemOf(NETWORK, loss, 21, 7), precision);
    const theta = random(landscape.dimension, 8);
    const v = random(landscape.dimension, 9);
    const every = Array.from({ length: 21 }, (_, i) => i);
    const whole = await compute(landscape, theta, v);
    expect(await compute(landscape, theta, v, chosen(landscape, every))).toEqual(whole);
  });

  it('of one example repeated are that example', async () => {
    const landscape = await open(problemOf(NETWORK, 'ce', 21, 7), precision);
    const theta = random(landscape.dimension, 8);
    const v = random(landscape.dimension, 9);
    const once = await compute(landscape, theta, v, chosen(landscape, [13]));
    const often = await compute(landscape, theta, v, chosen(landscape, new Array<number>(19).fill(13)));
    expect(deviation(often.gradient, once.gradient)).toBeLessThan(bar);
    expect(deviation(often.product, once.product)).toBeLessThan(bar);
    expect(Math.abs(often.loss[0] - once.loss[0])).toBeLessThan(bar);
  });

  it('give each lane its own, with the bits of that lane alone', async () => {
    const landscape = await open(problemOf(NETWORK, 'mse', 21, 7), precision);
    const P = landscape.dimension;
    const thetas = random(3 * P, 8);
    const v = random(P, 9);
    const lists = [3, 5, 8].map((factor) => Array.from({ length: 10 }, (_, i) => (i * factor + factor) % 21));
    const all = chosen(landscape, lists.flat(), 3);
    const own = await compute(landscape, thetas, v, all);
    const atOne = await compute(landscape, thetas.subarray(0, P), v, all);
    const ofOne = await compute(landscape, thetas, v, chosen(landscape, lists[0]));
    for (let lane = 0; lane < 3; lane++) {
      const alone = (theta: number, list: number): Promise<Found> =>
        compute(landscape, thetas.subarray(theta * P, (theta + 1) * P), v, chosen(landscape, lists[list]));
      const at = (found: Found): Found => ({
        value: found.value.subarray(lane, lane + 1),
        loss: found.loss.subarray(lane, lane + 1),
        gradient: found.gradient.subarray(lane * P, (lane + 1) * P),
        product: found.product.subarray(lane * P, (lane + 1) * P),
      });
      expect(at(own)).toEqual(await alone(lane, lane));
      expect(at(atOne)).toEqual(await alone(0, lane));
      expect(at(ofOne)).toEqual(await alone(lane, 0));
    }
  });
});

describe('mini-batches', () => {
  it('are all of example 0 until they are chosen, and chosen several in one piece', async () => {
    const landscape = await open(problemOf(NETWORK, 'mse', 21, 7), 'f64');
    const theta = random(landscape.dimension, 8);
    const batches = landscape.batches(3, 2);
    const first = await compute(landscape, theta, theta, batches[1]);
    expect(first).toEqual(await compute(landscape, theta, theta, chosen(landscape, [0, 0])));
    landscape.choose(batches.slice(1), Uint32Array.of(4, 5, 20, 7));
    const [second, third] = [await compute(landscape, theta, theta, batches[1]), chosen(landscape, [20, 7])];
    expect(second).toEqual(await compute(landscape, theta, theta, chosen(landscape, [4, 5])));
    expect(await compute(landscape, theta, theta, batches[2])).toEqual(await compute(landscape, theta, theta, third));
  });

  it('of one point stay with its products when another is chosen or a larger one comes', async () => {
    const landscape = await open(problemOf(NETWORK, 'ce', 21, 7), 'f64');
    const theta = landscape.vector();
    const [before, after] = [landscape.vector(), landscape.vector()];
    const batch = chosen(landscape, [3, 1, 4, 1, 5]);
    landscape.write(theta, random(landscape.dimension, 8));
    landscape.linearise(theta, batch);
    landscape.hessianProduct(theta, before);
    landscape.choose([batch], Uint32Array.of(9, 2, 6, 5, 3));
    const [loss] = landscape.scalars(1);
    landscape.gradient(theta, after, loss, batch);
    landscape.gradient(theta, after, loss, chosen(landscape, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
    landscape.hessianProduct(theta, after);
    const [expected, found] = await landscape.read(before, after);
    expect(found).toEqual(expected);
    // The next point is the full batch again.
    landscape.linearise(theta);
    landscape.hessianProduct(theta, after);
    expect((await landscape.read(after))[0]).not.toEqual(expected);
  });

  it('refuse what does not fit', async () => {
    const problem = problemOf(NETWORK, 'mse', 21, 7);
    const landscape = await open(problem, 'f32');
    const other = await open(problem, 'f32');
    const batches = landscape.batches(3, 4);
    const theta = landscape.vector(2);
    const [loss] = landscape.scalars(1, 3);
    expect(() => landscape.choose([batches[0]], Uint32Array.of(0, 1, 2, 21))).toThrow(/example 21 of 21/);
    expect(() => landscape.choose([batches[0]], Uint32Array.of(0, 1, 2))).toThrow(/3 indices/);
    expect(() => landscape.choose([batches[0], batches[2]], new Uint32Array(8))).toThrow(/row/);
    expect(() => landscape.batches(1, 22)).toThrow(/22 from 21/);
    expect(() => landscape.batches(1, 0)).toThrow(/0 from 21/);
    expect(() => landscape.batches(1, 5.5)).toThrow(/5.5 from 21/);
    expect(() => landscape.batches(1, 4, 0)).toThrow(/1 batches on 0 lanes/);
    expect(() => landscape.batches(1, 4, 1.5)).toThrow(/1 batches on 1.5 lanes/);
    expect(() => landscape.batches(0.5, 4)).toThrow(/0.5 batches on 1 lanes/);
    expect(() => landscape.linearise(theta, other.batches(1, 4)[0])).toThrow(/another landscape/);
    expect(() => landscape.linearise(theta, landscape.batches(1, 4, 3)[0])).toThrow(/lanes/);
    expect(() => landscape.value(theta, loss, batches[0])).toThrow(/lanes/);
    expect(() => landscape.hessianProduct(theta, theta)).toThrow(/linearised/);
  });
});
