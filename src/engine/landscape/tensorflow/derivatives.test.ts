/** Loss, gradient and Hessian product against finite differences, plain f64 loops and the WASM engine. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ActivationId, LossId } from '../../../experiment/experiment';
import { SMALL, draw, type Case } from '../cases.testing';
import type { Landscape } from '../landscape';
import { reference } from '../reference.testing';
import { selfTest } from '../selftest';
import { createWasmEngine } from '../wasm/engine';
import { readKernels } from '../wasm/node';
import { ACTIVATIONS } from './activations';
import { deviations, type Deviations } from './agreement.testing';
import { createTensorFlowEngine } from './engine';

const ALL: readonly ActivationId[] = ['tanh', 'relu', 'gelu', 'softplus', 'sigmoid', 'elu', 'linear'];
const LOSSES: readonly LossId[] = ['mse', 'ce'];
const PAIRS = ALL.flatMap((activation) => LOSSES.map((loss) => [activation, loss] as const));

const engine = await createTensorFlowEngine({ backend: 'cpu' });
const wasm = await createWasmEngine(await readKernels(), 'f64');
afterAll(() => engine.dispose());

function expectAgreement({ loss, gradient, product }: Deviations): void {
  expect(loss).toBeLessThan(1e-5);
  expect(gradient).toBeLessThan(1e-4);
  expect(product).toBeLessThan(1e-4);
}

async function derivatives(landscape: Landscape, theta: Float64Array, v: Float64Array) {
  const [at, along, g, h] = [landscape.vector(), landscape.vector(), landscape.vector(), landscape.vector()];
  const [loss] = landscape.scalars(1);
  landscape.write(at, theta);
  landscape.write(along, v);
  landscape.gradient(at, g, loss);
  landscape.linearise(at);
  landscape.hessianProduct(along, h);
  const [[value], gradient, product] = await landscape.read([loss], g, h);
  return { loss: value, gradient, product };
}

/** Largest difference relative to the largest expected entry. */
function deviation(actual: Float64Array, expected: Float64Array): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((x, i) => Math.abs(actual[i] - x))) / scale;
}

describe('both derivatives of every activation and loss', () => {
  it.each(PAIRS)(
    '%s with %s: are those that finite differences in f64 show, and those of WASM',
    async (activation, loss) => {
      const { problem, size, thetas, directions } = draw({ ...SMALL, activation, loss });
      const [theta, v] = [thetas.slice(0, size), directions.slice(0, size)];
      const landscape = await engine.landscape(problem);
      const found = await derivatives(landscape, theta, v);
      landscape.dispose();
      const h = 1e-5;
      const [ahead, behind] = [h, -h].map((t) =>
        reference(
          problem,
          theta.map((x, i) => x + t * v[i]),
          v,
          Math,
        ),
      );
      const product = ahead.gradient.map((x, i) => (x - behind.gradient[i]) / (2 * h));
      expect(deviation(found.product, product)).toBeLessThan(5e-6);
      const slope = (ahead.loss - behind.loss) / (2 * h);
      const inner = found.gradient.reduce((sum, x, i) => sum + x * v[i], 0);
      expect(Math.abs(inner - slope)).toBeLessThan(2e-6 * Math.max(1, Math.abs(slope)));
      const precise = await derivatives(await wasm.landscape(problem), theta, v);
      expect(Math.abs(found.loss - precise.loss)).toBeLessThan(2e-6 * precise.loss);
      expect(deviation(found.gradient, precise.gradient)).toBeLessThan(5e-6);
      expect(deviation(found.product, precise.product)).toBeLessThan(5e-6);
    },
  );

  it.each(PAIRS)('%s with %s: agree with f64 on all lanes and mini-batches', async (activation, loss) => {
    expectAgreement(await deviations(engine, { ...SMALL, activation, loss }));
  });

  it('are finite where activations are huge', async () => {
    for (const [activation, loss] of PAIRS) {
      const { problem, size, thetas } = draw({ ...SMALL, activation, loss });
      const landscape = await engine.landscape(problem);
      const theta = thetas.slice(0, size).map((x, i) => (i < 20 ? 1e4 * x : x));
      const found = await derivatives(landscape, theta, theta);
      landscape.dispose();
      expect([found.loss, ...found.gradient, ...found.product].every(Number.isFinite)).toBe(true);
    }
  });

  it('show a NaN in the loss', async () => {
    for (const [activation, loss] of PAIRS) {
      const { problem, size, thetas } = draw({ ...SMALL, activation, loss });
      const landscape = await engine.landscape(problem);
      const theta = thetas.slice(0, size).map((x, i) => (i === 2 ? NaN : x));
      expect((await derivatives(landscape, theta, theta)).loss).toBeNaN();
      landscape.dispose();
    }
  });
});

describe('any shape', () => {
  it.each<Partial<Case>>([
    { sizes: [4, 3], biases: [true], loss: 'ce' },
    { sizes: [5, 1], biases: [false], examples: 1, batch: 1 },
    { sizes: [13, 33, 10, 1, 4], biases: [true, true, false, true], examples: 65, batch: 7 },
    { sizes: [2, 3, 3, 3, 3, 3, 3, 2], biases: Array<boolean>(7).fill(true), loss: 'ce' },
  ])('$sizes with $loss', async (given) => {
    expectAgreement(await deviations(engine, { ...SMALL, ...given }));
  });

  it('of depths 1 to 6 and widths 1 to 257 agrees with f64', async () => {
    const width = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }) }, fc.constantFrom(31, 64, 257));
    const shape = fc.record({
      sizes: fc.array(width, { minLength: 2, maxLength: 7 }),
      flags: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      pair: fc.constantFrom(...PAIRS),
      examples: fc.integer({ min: 1, max: 11 }),
      fraction: fc.double({ min: 0, max: 1, noNaN: true }),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    const check = async (drawn: typeof shape extends fc.Arbitrary<infer T> ? T : never): Promise<void> => {
      const { sizes, flags, pair, examples, fraction, seed } = drawn;
      const [activation, loss] = pair;
      const batch = 1 + Math.floor(fraction * (examples - 1));
      const biases = flags.slice(0, sizes.length - 1);
      expectAgreement(await deviations(engine, { sizes, biases, activation, loss, examples, batch, seed }));
    };
    await fc.assert(fc.asyncProperty(shape, check), { numRuns: 16, seed: 3 });
  });
});

describe('the self-test', () => {
  it('passes', async () => {
    await selfTest(engine);
  });

  it('refuses an activation whose second derivative is wrong', async () => {
    const { tanh } = ACTIVATIONS;
    const wrong = await createTensorFlowEngine({
      backend: 'cpu',
      activations: { tanh: { ...tanh, curvature: tanh.slope } },
    });
    await expect(selfTest(wrong)).rejects.toThrow(/Hessian-vector product is off/);
    wrong.dispose();
  });
});
