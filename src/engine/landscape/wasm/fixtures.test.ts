/** The portable fixtures (values found by independent fp64 programs) against both precisions of the WASM engine. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { LossId, Precision } from '../../../experiment/experiment';
import { fixtureA, fixtureB, fixtureC, mulberry32, toOutIn } from '../fixtures.testing';
import type { Fixture } from '../fixtures.testing';
import type { Landscape, Vector } from '../landscape';
import { createWasmEngine } from './engine';
import { readKernels } from './node';

const module = await readKernels();

async function open(fixture: Fixture, precision: Precision): Promise<{ landscape: Landscape; theta: Vector }> {
  const landscape = await (await createWasmEngine(module, precision)).landscape(fixture.problem);
  const theta = landscape.vector();
  landscape.write(theta, fixture.theta);
  return { landscape, theta };
}

/** GD steps; returns the loss at the last θ. */
async function descend(landscape: Landscape, theta: Vector, lr: number, steps: number): Promise<number> {
  const gradient = landscape.vector();
  const [eta, loss] = landscape.scalars(2);
  landscape.write(eta, [lr]);
  for (let t = 0; t < steps; t++) {
    landscape.gradient(theta, gradient, loss);
    landscape.axpy(-1, eta, gradient, theta);
  }
  landscape.value(theta, loss);
  return (await landscape.read([loss]))[0][0];
}

/** All eigenvalues, ascending, from P products with the identity as P lanes. */
async function spectrum(landscape: Landscape, theta: Vector): Promise<number[]> {
  const P = landscape.dimension;
  const identity = landscape.vector(P);
  const products = landscape.vector(P);
  landscape.write(identity, Matrix.eye(P).to1DArray());
  landscape.linearise(theta);
  landscape.hessianProduct(identity, products);
  const hessian = Matrix.from1DArray(P, P, await landscape.read(products).then(([h]) => h));
  const symmetric = hessian.clone().add(hessian.transpose()).mul(0.5);
  const values = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues;
  return [...values].sort((a, b) => a - b);
}

/** λ₁ by power iteration, where it is the eigenvalue of largest magnitude. */
async function sharpness(landscape: Landscape, theta: Vector, iterations: number): Promise<number> {
  const v = landscape.vector();
  const product = landscape.vector();
  const [length, reference, quotient] = landscape.scalars(3);
  const uniform = mulberry32(99);
  landscape.write(
    v,
    Float64Array.from({ length: landscape.dimension }, () => uniform() - 0.5),
  );
  landscape.normalise(v, v, length, reference);
  landscape.linearise(theta);
  for (let i = 0; i < iterations; i++) {
    landscape.hessianProduct(v, product);
    landscape.dot(v, product, quotient);
    landscape.normalise(product, v, length, reference);
  }
  return (await landscape.read([quotient]))[0][0];
}

const A = {
  mse: {
    loss: 0.921288372067,
    gradient: 1.401885907173,
    product: 2.883857608,
    head: [0.24666616, -0.071706258, 0.219795294, 0.191993268],
    trace: 3.9829326363,
    frobenius2: 11.7886714362,
    trained: 0.127308198075,
    trainedSharpness: 2.2699084954,
    spectrum: [
      -1.06386296, -0.847991535, -0.841624383, -0.189171594, -0.12441014, -0.054816278, 0.001320436, 0.003786728,
      0.097124545, 0.200744151, 0.215636791, 0.495052956, 0.539738372, 0.92655398, 1.098448831, 1.4028645, 2.123538236,
    ],
  },
  ce: {
    loss: 0.67512980462,
    gradient: 0.329770927191,
    product: 1.0827531055,
    head: [0.225480477, 0.027404214, 0.103893411, 0.195042223],
    trace: 1.2143432441,
    frobenius2: 1.3649384075,
    trained: 0.378905896211,
    trainedSharpness: 0.8311910476,
    spectrum: null,
  },
};

describe.each<[Precision, number]>([
  ['f64', 1e-9],
  ['f32', 1e-5],
])('fixture A in %s', (precision, tolerance) => {
  const near = (actual: number, expected: number, scale = Math.abs(expected)): void =>
    // The table prints some entries to nine decimals only.
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.max(tolerance * scale, 6e-10));

  it.each<LossId>(['mse', 'ce'])('has the loss, gradient and product of %s', async (loss) => {
    const fixture = fixtureA(loss, Math);
    const { landscape, theta } = await open(fixture, precision);
    const [v, gradient, product] = [landscape.vector(), landscape.vector(), landscape.vector()];
    const [value, again, gradientNorm, productNorm] = landscape.scalars(4);
    landscape.write(v, fixture.direction);
    landscape.value(theta, value);
    landscape.gradient(theta, gradient, again);
    landscape.norm(gradient, gradientNorm);
    landscape.linearise(theta);
    landscape.hessianProduct(v, product);
    landscape.norm(product, productNorm);
    const [scalars, hv] = await landscape.read([value, again, gradientNorm, productNorm], product);
    near(scalars[0], A[loss].loss);
    expect(scalars[1]).toBe(scalars[0]);
    near(scalars[2], A[loss].gradient);
    near(scalars[3], A[loss].product);
    const head = toOutIn(fixture.problem.network, hv);
    const largest = Math.max(...hv.map(Math.abs));
    A[loss].head.forEach((expected, i) => near(head[i], expected, largest));
  });

  it.each<LossId>(['mse', 'ce'])('has the spectrum of %s', async (loss) => {
    const { landscape, theta } = await open(fixtureA(loss, Math), precision);
    const values = await spectrum(landscape, theta);
    const top = values[values.length - 1];
    near(
      values.reduce((sum, x) => sum + x, 0),
      A[loss].trace,
    );
    near(
      values.reduce((sum, x) => sum + x * x, 0),
      A[loss].frobenius2,
    );
    if (loss === 'mse') A.mse.spectrum.forEach((expected, i) => near(values[i], expected, top));
    else {
      near(top, 0.960862542);
      near(values[15], 0.352745068, top);
      near(values[0], -0.269432406, top);
      // h + 1 = 4 exact null directions: a shift of all logits alike changes nothing.
      const null4 = values
        .map(Math.abs)
        .sort((a, b) => a - b)
        .slice(0, 4);
      null4.forEach((x) => near(x, 0, top));
    }
  });

  it.each<LossId>(['mse', 'ce'])('descends %s as the oracle does', async (loss) => {
    const { landscape, theta } = await open(fixtureA(loss, Math), precision);
    near(await descend(landscape, theta, 0.5, 100), A[loss].trained);
    const values = await spectrum(landscape, theta);
    near(values[values.length - 1], A[loss].trainedSharpness);
  });
});

describe.each<Precision>(['f32', 'f64'])('trajectories before the edge in %s', (precision) => {
  const follow = async (fixture: Fixture, lr: number, rows: readonly (readonly [number, number, number])[]) => {
    const { landscape, theta } = await open(fixture, precision);
    let t = 0;
    for (const [step, loss, lambda] of rows) {
      expect(Math.abs((await descend(landscape, theta, lr, step - t)) / loss - 1)).toBeLessThan(1e-3);
      expect(Math.abs((await sharpness(landscape, theta, 120)) / lambda - 1)).toBeLessThan(1e-3);
      t = step;
    }
  };

  it('follows fixture B of degree 3', () =>
    follow(fixtureB(3, Math), 0.2, [
      [0, 0.2838972, 2.870886],
      [250, 0.20885843, 3.649239],
      [1000, 0.01225597, 8.402843],
    ]));

  it('follows fixture B of degree 4', () =>
    follow(fixtureB(4, Math), 0.5, [
      [0, 0.27476661, 2.857732],
      [250, 0.22078794, 3.743068],
    ]));

  it('follows fixture C', async () => {
    const fixture = fixtureC(Math);
    [-1.923399671, 0.977219561, -0.062637598].forEach((x, i) => expect(fixture.problem.inputs[i]).toBeCloseTo(x, 8));
    const listed = toOutIn(fixture.problem.network, fixture.theta);
    [0.139283648, -0.291775669, -0.02770649].forEach((x, i) => expect(listed[i]).toBeCloseTo(x, 8));
    await follow(fixture, 0.2, [
      [0, 0.53786439, 2.07834],
      [250, 0.09715892, 3.74198],
      [500, 0.057837, 7.155187],
    ]);
    await follow(fixture, 0.5, [[100, 0.09773228, 3.685232]]);
    await follow(fixture, 0.05, [[1000, 0.09690029, 3.765912]]);
  });
});
