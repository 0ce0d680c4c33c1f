/**
 * The portable fixtures on WebGPU against figures of f64 references: A to its full spectrum, B and C along the descent,
 * as far as it is no chaos (before λ₁ reaches 2/η).
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Page } from '@playwright/test';
import type { LossId } from '../../src/experiment/experiment';
import { deviation, expect, test } from './support';

/** Fixture A: figures of the f64 references, W listed [out][in]. */
const FIXTURE_A = {
  mse: {
    loss: 0.921288372067,
    norm: 1.401885907173,
    productNorm: 2.883857608,
    product: [0.24666616, -0.071706258, 0.219795294, 0.191993268],
    spectrum: [
      -1.06386296, -0.847991535, -0.841624383, -0.189171594, -0.12441014, -0.054816278, 0.001320436, 0.003786728,
      0.097124545, 0.200744151, 0.215636791, 0.495052956, 0.539738372, 0.92655398, 1.098448831, 1.4028645, 2.123538236,
    ],
    trained: { loss: 0.127308198075, lambda1: 2.2699084954 },
  },
  ce: {
    loss: 0.67512980462,
    norm: 0.329770927191,
    productNorm: 1.0827531055,
    product: [0.225480477, 0.027404214, 0.103893411, 0.195042223],
    spectrum: null,
    trained: { loss: 0.378905896211, lambda1: 0.8311910476 },
  },
};

function runFixtureA(page: Page, loss: LossId) {
  return page.evaluate(async (loss) => {
    const { webGpu, fixtureA, toOutIn } = window.edgescope;
    const { engine } = await webGpu();
    const { problem, theta, direction } = fixtureA(loss, Math);
    const landscape = await engine.landscape(problem);
    const { dimension } = landscape;
    const [at, g, v, hv] = landscape.basis(4);
    const [height, norm, productNorm, eta] = landscape.scalars(4);
    const probes = landscape.vector(dimension);
    const products = landscape.vector(dimension);
    const identity = new Float64Array(dimension * dimension);
    for (let i = 0; i < dimension; i++) identity[i * dimension + i] = 1;
    landscape.write(at, theta);
    landscape.write(v, direction);
    landscape.write(probes, identity);
    landscape.write(eta, [0.5]);
    landscape.gradient(at, g, height);
    landscape.norm(g, norm);
    landscape.linearise(at);
    landscape.hessianProduct(v, hv);
    landscape.norm(hv, productNorm);
    landscape.hessianProduct(probes, products);
    const [scalars, product, hessian] = await landscape.read([height, norm, productNorm], hv, products);
    for (let t = 0; t < 100; t++) {
      landscape.gradient(at, g, height);
      landscape.axpy(-1, eta, g, at);
    }
    landscape.value(at, height);
    landscape.linearise(at);
    landscape.hessianProduct(probes, products);
    const [[trainedLoss], trainedHessian] = await landscape.read([height], products);
    engine.dispose();
    return {
      scalars: [...scalars],
      product: [...toOutIn(problem.network, product)].slice(0, 4),
      hessian: [...hessian],
      trainedLoss,
      trainedHessian: [...trainedHessian],
    };
  }, loss);
}

function spectrumOf(entries: readonly number[]): number[] {
  const size = Math.sqrt(entries.length);
  const matrix = Matrix.from1DArray(size, size, entries);
  // Products in f32 are symmetric to rounding only.
  const symmetric = Matrix.add(matrix, matrix.transpose()).mul(0.5);
  return new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => a - b);
}

for (const loss of ['mse', 'ce'] as const) {
  test(`fixture A, ${loss}: loss, gradient, product, spectrum and 100 steps of gradient descent`, async ({ page }) => {
    const expected = FIXTURE_A[loss];
    const result = await runFixtureA(page, loss);
    const [height, norm, productNorm] = result.scalars;
    expect(height / expected.loss).toBeCloseTo(1, 5);
    expect(norm / expected.norm).toBeCloseTo(1, 5);
    expect(productNorm / expected.productNorm).toBeCloseTo(1, 5);
    expect(deviation(result.product, expected.product)).toBeLessThan(1e-5);
    const spectrum = spectrumOf(result.hessian);
    if (expected.spectrum) expect(deviation(spectrum, expected.spectrum)).toBeLessThan(1e-5);
    else {
      const ends = [spectrum[0], spectrum[15], spectrum[16]];
      expect(deviation(ends, [-0.269432406, 0.352745068, 0.960862542])).toBeLessThan(1e-5);
      // One constant added to every logit changes nothing: 3 + 1 exact null directions.
      expect(spectrum.filter((x) => Math.abs(x) < 1e-5)).toHaveLength(4);
    }
    expect(result.trainedLoss / expected.trained.loss).toBeCloseTo(1, 5);
    expect(spectrumOf(result.trainedHessian)[16] / expected.trained.lambda1).toBeCloseTo(1, 5);
  });
}

/** Rows [step, loss, λ1], all of them before the edge. */
type Row = readonly [number, number, number];
const TRAJECTORIES: readonly (readonly [string, 'fixtureB3' | 'fixtureB4' | 'fixtureC', number, readonly Row[]])[] = [
  [
    'B of degree 3',
    'fixtureB3',
    0.2,
    [
      [0, 0.2838972, 2.870886],
      [250, 0.20885843, 3.649239],
      [1000, 0.01225597, 8.402843],
    ],
  ],
  [
    'B of degree 4',
    'fixtureB4',
    0.5,
    [
      [0, 0.27476661, 2.857732],
      [250, 0.22078794, 3.743068],
    ],
  ],
  [
    'C',
    'fixtureC',
    0.2,
    [
      [0, 0.53786439, 2.07834],
      [250, 0.09715892, 3.74198],
      [500, 0.057837, 7.155187],
    ],
  ],
  ['C at a larger rate', 'fixtureC', 0.5, [[100, 0.09773228, 3.685232]]],
];

for (const [what, name, rate, rows] of TRAJECTORIES) {
  test(`fixture ${what}, η = ${rate}: loss and sharpness on the way to the edge`, async ({ page }) => {
    const found = await page.evaluate(
      async ({ name, rate, steps }) => {
        const { webGpu, fixtureB, fixtureC, mulberry32, Lanczos } = window.edgescope;
        const { engine } = await webGpu();
        const { problem, theta } = name === 'fixtureC' ? fixtureC(Math) : fixtureB(name === 'fixtureB3' ? 3 : 4, Math);
        const landscape = await engine.landscape(problem);
        const [at, gradient] = landscape.basis(2);
        const [height, eta] = landscape.scalars(2);
        const lanczos = new Lanczos(landscape, 120);
        const uniform = mulberry32(17);
        const start = Float64Array.from(theta, () => uniform() - 0.5);
        landscape.write(at, theta);
        landscape.write(eta, [rate]);
        const found: number[][] = [];
        let done = 0;
        for (const step of steps) {
          for (; done < step; done++) {
            landscape.gradient(at, gradient, height);
            landscape.axpy(-1, eta, gradient, at);
          }
          landscape.value(at, height);
          landscape.linearise(at);
          const spectrum = await lanczos.run(
            (v, out) => landscape.hessianProduct(v, out),
            start,
            { wanted: 1, tolerance: 1e-4, batch: 20 },
            () => undefined,
          );
          const [[loss]] = await landscape.read([height]);
          found.push([loss, spectrum?.values[0] ?? NaN]);
        }
        engine.dispose();
        return found;
      },
      { name, rate, steps: rows.map(([step]) => step) },
    );
    rows.forEach(([step, loss, lambda], i) => {
      expect(Math.abs(found[i][0] / loss - 1), `loss at step ${step}`).toBeLessThan(1e-3);
      expect(Math.abs(found[i][1] / lambda - 1), `λ1 at step ${step}`).toBeLessThan(1e-3);
    });
  });
}
