/** Gradients and products against finite differences, closed forms, symmetry and a plain reference on odd shapes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationId, LossId, Precision } from '../../../experiment/experiment';
import { parameterCount } from '../../network/layout';
import { mulberry32 } from '../fixtures.testing';
import type { Landscape, Network, Problem } from '../landscape';
import { activationAt, reference } from '../reference.testing';
import { createWasmEngine } from './engine';
import { readKernels } from './node';

const module = await readKernels();
const ACTIVATIONS: readonly ActivationId[] = ['tanh', 'relu', 'gelu', 'softplus', 'sigmoid', 'elu', 'linear'];
const LOSSES: readonly LossId[] = ['mse', 'ce'];

/** Random numbers on [−1, 1). */
function random(length: number, seed: number): Float64Array {
  const uniform = mulberry32(seed);
  return Float64Array.from({ length }, () => 2 * uniform() - 1);
}

function problemOf(network: Network, loss: LossId, examples: number, seed: number): Problem {
  const outputs = network.sizes[network.sizes.length - 1];
  const targets = random(examples * outputs, seed + 1);
  if (loss === 'ce') {
    for (let n = 0; n < examples; n++) {
      for (let c = 0; c < outputs; c++) targets[n * outputs + c] = c === (n * 7) % outputs ? 1 : 0;
    }
  }
  return { network, loss, examples, inputs: random(examples * network.sizes[0], seed), targets };
}

function open(problem: Problem, precision: Precision): Promise<Landscape> {
  return createWasmEngine(module, precision).then((engine) => engine.landscape(problem));
}

interface Derivatives {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly product: Float64Array;
}

async function derivatives(landscape: Landscape, theta: Float64Array, v: Float64Array): Promise<Derivatives> {
  const [at, along, g, h] = [landscape.vector(), landscape.vector(), landscape.vector(), landscape.vector()];
  const [loss] = landscape.scalars(1);
  landscape.write(at, theta);
  landscape.write(along, v);
  landscape.linearise(at);
  landscape.gradient(at, g, loss);
  landscape.hessianProduct(along, h);
  const [value, gradient, product] = await landscape.read([loss], g, h);
  return { loss: value[0], gradient, product };
}

/** Largest difference relative to the largest entry, or to `floor` where all entries are smaller. */
function deviation(actual: Float64Array, expected: Float64Array, floor = 1e-3): number {
  const scale = expected.reduce((m, x) => Math.max(m, Math.abs(x)), floor);
  return actual.reduce((m, x, i) => Math.max(m, Math.abs(x - expected[i]) / scale), 0);
}

const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

describe('every activation and loss', () => {
  const cases = ACTIVATIONS.flatMap((activation) => LOSSES.map((loss) => [activation, loss] as const));

  it.each(cases)('%s with %s: the product is the derivative of the gradient', async (activation, loss) => {
    const network: Network = { sizes: [3, 6, 5, 3], biases: [true, true, true], activation };
    const landscape = await open(problemOf(network, loss, 11, 5), 'f64');
    const theta = random(parameterCount(network), 21);
    const v = random(theta.length, 22);
    const { product } = await derivatives(landscape, theta, v);
    const h = 1e-5;
    const ahead = await derivatives(
      landscape,
      theta.map((x, i) => x + h * v[i]),
      v,
    );
    const behind = await derivatives(
      landscape,
      theta.map((x, i) => x - h * v[i]),
      v,
    );
    const difference = ahead.gradient.map((x, i) => (x - behind.gradient[i]) / (2 * h));
    expect(deviation(product, difference)).toBeLessThan(2e-8);
    const { gradient } = await derivatives(landscape, theta, v);
    const slope = (ahead.loss - behind.loss) / (2 * h);
    expect(Math.abs(slope - inner(gradient, v))).toBeLessThan(1e-8);
  });

  it.each(ACTIVATIONS)('%s agrees with its formula over the whole range', async (activation) => {
    const x = Float64Array.from({ length: 2001 }, (_, i) => (i - 1000) / 250);
    const network: Network = { sizes: [1, 1, 1], biases: [false, false], activation };
    for (const precision of ['f32', 'f64'] as const) {
      const problem = { network, loss: 'mse', examples: 1, inputs: x.slice(0, 1), targets: x.slice(0, 1) } as const;
      const landscape = await open(problem, precision);
      const theta = landscape.vector();
      landscape.write(theta, [1, 1]);
      const outputs = await landscape.predictor(x.length, x.map(Math.fround)).outputs(theta);
      // Outputs come as f32, so that half a unit in the last place is the best there is.
      const bar = precision === 'f32' ? 1e-6 : 6e-8;
      outputs.forEach((y, i) => {
        const [expected] = activationAt(activation, Math.fround(x[i]), Math);
        expect(Math.abs(y - expected)).toBeLessThanOrEqual(bar * Math.abs(expected) + 1e-11);
      });
    }
  });

  it.each(ACTIVATIONS)('%s survives huge arguments and hands NaN on', async (activation) => {
    const network: Network = { sizes: [1, 5, 2], biases: [true, true], activation };
    for (const precision of ['f32', 'f64'] as const) {
      for (const loss of LOSSES) {
        const landscape = await open(problemOf(network, loss, 9, 3), precision);
        const theta = random(parameterCount(network), 8);
        const huge = await derivatives(
          landscape,
          theta.map((w, i) => (i < 10 ? 1e4 * w : w)),
          theta,
        );
        expect(Number.isFinite(huge.loss)).toBe(true);
        expect(huge.product.every(Number.isFinite)).toBe(true);
        const broken = await derivatives(
          landscape,
          theta.map((w, i) => (i === 2 ? NaN : w)),
          theta,
        );
        expect(broken.loss).toBeNaN();
        const overflown = await derivatives(
          landscape,
          theta.map((w, i) => (i > 10 ? Infinity : w)),
          theta,
        );
        expect(Number.isFinite(overflown.loss)).toBe(false);
      }
    }
  });
});

describe('closed forms', () => {
  it.each<[Precision, number]>([
    ['f32', 1e-6],
    ['f64', 1e-14],
  ])('linear regression has XᵀX/n blocks (%s)', async (p, bar) => {
    const network: Network = { sizes: [3, 2], biases: [false], activation: 'tanh' };
    const problem = problemOf(network, 'mse', 13, 40);
    const landscape = await open(problem, p);
    const v = random(6, 41);
    const { product } = await derivatives(landscape, random(6, 42), v);
    const expected = new Float64Array(6);
    for (let n = 0; n < 13; n++) {
      for (let i = 0; i < 3; i++) {
        for (let k = 0; k < 3; k++) {
          const entry = (problem.inputs[n * 3 + i] * problem.inputs[n * 3 + k]) / 13;
          for (let c = 0; c < 2; c++) expected[i * 2 + c] += entry * v[k * 2 + c];
        }
      }
    }
    expect(deviation(product, expected)).toBeLessThan(bar);
  });

  it.each<[Precision, number]>([
    ['f32', 2e-6],
    ['f64', 1e-14],
  ])('one softmax layer is Σ (diag p − ppᵀ) ⊗ xxᵀ / n (%s)', async (p, bar) => {
    const network: Network = { sizes: [3, 4], biases: [false], activation: 'tanh' };
    const problem = problemOf(network, 'ce', 10, 50);
    const landscape = await open(problem, p);
    const theta = random(12, 51);
    const v = random(12, 52);
    const { product } = await derivatives(landscape, theta, v);
    const expected = new Float64Array(12);
    for (let n = 0; n < 10; n++) {
      const x = problem.inputs.subarray(n * 3, n * 3 + 3);
      const logits = [0, 1, 2, 3].map((c) => x.reduce((s, xi, i) => s + xi * theta[i * 4 + c], 0));
      const sum = logits.reduce((s, f) => s + Math.exp(f), 0);
      const probability = logits.map((f) => Math.exp(f) / sum);
      for (let i = 0; i < 3; i++) {
        for (let c = 0; c < 4; c++) {
          for (let k = 0; k < 3; k++) {
            for (let d = 0; d < 4; d++) {
              const curvature = (c === d ? probability[c] : 0) - probability[c] * probability[d];
              expected[i * 4 + c] += (x[i] * x[k] * curvature * v[k * 4 + d]) / 10;
            }
          }
        }
      }
    }
    expect(deviation(product, expected)).toBeLessThan(bar);
  });
});

type ShapeOf<A> = A extends fc.Arbitrary<infer T> ? T : never;

describe('properties', () => {
  it('the Hessian is symmetric and the product linear', async () => {
    const network: Network = { sizes: [4, 9, 7, 3], biases: [true, false, true], activation: 'gelu' };
    for (const [precision, bar] of [
      ['f64', 1e-13],
      ['f32', 3e-6],
    ] as const) {
      const landscape = await open(problemOf(network, 'ce', 21, 60), precision);
      const theta = random(landscape.dimension, 61);
      const u = random(landscape.dimension, 62);
      const v = random(landscape.dimension, 63);
      const hu = (await derivatives(landscape, theta, u)).product;
      const hv = (await derivatives(landscape, theta, v)).product;
      const sum = (
        await derivatives(
          landscape,
          theta,
          u.map((x, i) => 2 * x - 3 * v[i]),
        )
      ).product;
      expect(Math.abs(inner(u, hv) - inner(v, hu))).toBeLessThan(bar * Math.sqrt(inner(u, u) * inner(hv, hv)));
      expect(
        deviation(
          sum,
          hu.map((x, i) => 2 * x - 3 * hv[i]),
        ),
      ).toBeLessThan(bar);
    }
  });

  it('agrees with plain loops on any shape', async () => {
    const width = fc.constantFrom(1, 2, 3, 5, 7, 9, 10, 33);
    const shape = fc.record({
      sizes: fc.array(width, { minLength: 2, maxLength: 5 }),
      flags: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      activation: fc.constantFrom(...ACTIVATIONS),
      loss: fc.constantFrom(...LOSSES),
      examples: fc.constantFrom(1, 7, 8, 9, 31),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    const check = async (drawn: ShapeOf<typeof shape>): Promise<void> => {
      const { sizes, flags, activation, loss, examples, seed } = drawn;
      const network: Network = { sizes, biases: flags.slice(0, sizes.length - 1), activation };
      const problem = problemOf(network, loss, examples, seed);
      const theta = random(parameterCount(network), seed + 2);
      const v = random(theta.length, seed + 3);
      const expected = reference(problem, theta, v, Math);
      const precise = await derivatives(await open(problem, 'f64'), theta, v);
      expect(Math.abs(precise.loss - expected.loss)).toBeLessThan(1e-11 * Math.max(1, expected.loss));
      expect(deviation(precise.gradient, expected.gradient)).toBeLessThan(1e-11);
      expect(deviation(precise.product, expected.product)).toBeLessThan(1e-10);
      // Rounding may put a ReLU on the other side of its kink, where the derivatives differ by whole terms.
      if (activation === 'relu') return;
      const single = await derivatives(await open(problem, 'f32'), theta, v);
      expect(Math.abs(single.loss - expected.loss)).toBeLessThan(3e-6 * Math.max(1, expected.loss));
      expect(deviation(single.gradient, expected.gradient, 0.1)).toBeLessThan(5e-6);
      expect(deviation(single.product, expected.product, 0.1)).toBeLessThan(2e-5);
    };
    await fc.assert(fc.asyncProperty(shape, check), { numRuns: 120, seed: 1 });
  });

  it('agrees with plain loops where the examples fill many chunks', async () => {
    const network: Network = { sizes: [9, 33, 10], biases: [true, true], activation: 'tanh' };
    for (const examples of [200, 517]) {
      const problem = problemOf(network, 'ce', examples, 70);
      const theta = random(parameterCount(network), 71);
      const v = random(theta.length, 72);
      const expected = reference(problem, theta, v, Math);
      for (const [precision, bar] of [
        ['f64', 1e-12],
        ['f32', 3e-6],
      ] as const) {
        const found = await derivatives(await open(problem, precision), theta, v);
        expect(deviation(found.gradient, expected.gradient)).toBeLessThan(bar);
        expect(deviation(found.product, expected.product)).toBeLessThan(bar);
      }
    }
  });
});
