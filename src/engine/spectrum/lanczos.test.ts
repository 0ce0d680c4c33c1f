/** Lanczos against the dense solver, on operators with known spectra. */
import type { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Vector } from '../landscape/landscape';
import { Lanczos, type LanczosOptions, type RitzResult } from './lanczos';
import { HostAlgebra, denseEigenvalues, randomVector, withSpectrum } from './matrices.testing';

const OPTIONS: LanczosOptions = { wanted: 3, tolerance: 1e-9, batch: 16 };
const still = (): undefined => undefined;

async function solve(a: Matrix, options: Partial<LanczosOptions> = {}, most = 96, seed = 1): Promise<RitzResult> {
  const algebra = new HostAlgebra(a.rows);
  const result = await new Lanczos(algebra, most).run(
    algebra.product(a),
    randomVector(a.rows, seed),
    { ...OPTIONS, ...options },
    still,
  );
  if (!result) throw new Error('no result');
  return result;
}

/** The residual bounds the distance from each Ritz value to the nearest eigenvalue. */
function expectBounded(result: RitzResult, eigenvalues: readonly number[]): void {
  result.values.forEach((value, i) => {
    const distance = Math.min(...eigenvalues.map((x) => Math.abs(x - value)));
    expect(distance).toBeLessThanOrEqual(result.residuals[i] + 1e-13 * Math.abs(eigenvalues[0]));
  });
}

describe('Lanczos', () => {
  it.each([1, 2, 3, 4, 5, 6])('finds the top of a random symmetric matrix (seed %i)', async (seed) => {
    const n = 20 + 13 * seed;
    const a = withSpectrum(
      [...randomVector(n, seed)].map((x) => 10 * x),
      seed + 50,
    );
    const eigenvalues = denseEigenvalues(a);
    const result = await solve(a, {}, 200, seed);
    expect(result.converged).toBe(true);
    result.values.forEach((value, i) => expect(Math.abs(value - eigenvalues[i])).toBeLessThan(1e-8));
    expectBounded(result, eigenvalues);
  });

  it('wants the largest algebraic eigenvalue, also where a negative one is far larger', async () => {
    const a = withSpectrum([-1000, -500, ...Array.from({ length: 40 }, (_, i) => i / 40), 3, 2], 3);
    const { values, ritz } = await solve(a, { wanted: 2, tolerance: 1e-6 }, 44);
    expect(values[0]).toBeCloseTo(3, 6);
    expect(values[1]).toBeCloseTo(2, 6);
    expect(ritz.at(-1)).toBeCloseTo(-1000, 8);
  });

  it('has honest residuals before it has settled', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const a = withSpectrum([...randomVector(60, seed)], seed);
      const eigenvalues = denseEigenvalues(a);
      for (const most of [1, 2, 5, 9, 14]) {
        const result = await solve(a, { tolerance: 1e-12 }, most, seed);
        expect(result.converged).toBe(false);
        expect(result.values.length).toBe(Math.min(3, most));
        expectBounded(result, eigenvalues);
        expect(result.values[0]).toBeLessThanOrEqual(eigenvalues[0] + 1e-12);
      }
    }
  });

  it('has the residual it says, measured on the Ritz vector', async () => {
    const a = withSpectrum([...randomVector(50, 4)], 4);
    const algebra = new HostAlgebra(50);
    const lanczos = new Lanczos(algebra, 12);
    const product = algebra.product(a);
    const result = await lanczos.run(product, randomVector(50, 9), { ...OPTIONS, tolerance: 1e-12 }, still);
    const out = algebra.basis(3);
    lanczos.ritzVectors(out, algebra.scalars(12));
    for (let i = 0; i < 3; i++) {
      const image = algebra.vector();
      product(out[i], image);
      const [v, w] = await algebra.read(out[i], image);
      const residual = Math.hypot(...w.map((x, j) => x - (result?.values[i] ?? NaN) * v[j]));
      expect(residual / (result?.residuals[i] ?? NaN)).toBeCloseTo(1, 6);
    }
  });

  it('gives orthonormal eigenvectors once it has settled', async () => {
    const a = withSpectrum([9, 7, 4, ...Array.from({ length: 37 }, (_, i) => i / 40)], 8);
    const algebra = new HostAlgebra(40);
    const lanczos = new Lanczos(algebra, 40);
    const product = algebra.product(a);
    const result = await lanczos.run(product, randomVector(40, 2), OPTIONS, still);
    const out = algebra.basis(3);
    lanczos.ritzVectors(out, algebra.scalars(40));
    const rows = await algebra.read(...out);
    for (let i = 0; i < 3; i++) {
      const image = algebra.vector();
      product(out[i], image);
      const [w] = await algebra.read(image);
      w.forEach((x, j) => expect(Math.abs(x - (result?.values[i] ?? NaN) * rows[i][j])).toBeLessThan(1e-7));
      for (let k = 0; k <= i; k++) {
        expect(rows[i].reduce((sum, x, j) => sum + x * rows[k][j], 0)).toBeCloseTo(i === k ? 1 : 0, 12);
      }
    }
  });

  it('breaks down on a low-rank matrix with exact values, and reports no ghosts', async () => {
    const a = withSpectrum([5, 3, 2, ...new Array<number>(47).fill(0)], 6);
    const result = await solve(a, { tolerance: 1e-14 });
    expect(result.converged).toBe(true);
    [5, 3, 2].forEach((value, i) => expect(result.values[i]).toBeCloseTo(value, 12));
    expect(result.ritz.filter((x) => x > 1)).toHaveLength(3);
  });

  it('reports a repeated eigenvalue once and spends no more than the invariant subspace needs', async () => {
    const a = withSpectrum([4, 4, 4, 1, 1, 1, 1, 1], 7);
    const result = await solve(a);
    expect(result.values[0]).toBeCloseTo(4, 12);
    expect(result.values[1]).toBeCloseTo(1, 12);
    expectBounded(result, [4, 1]);
  });

  it('stands the identity, the zero matrix and a 1 × 1 matrix', async () => {
    const identity = await solve(withSpectrum(new Array<number>(10).fill(1), 1));
    expect(identity.converged).toBe(true);
    expect(identity.values[0]).toBeCloseTo(1, 13);
    const zero = await solve(withSpectrum(new Array<number>(10).fill(0), 1));
    expect([zero.converged, [...zero.values], [...zero.residuals]]).toEqual([true, [0], [0]]);
    const single = await solve(withSpectrum([-7], 1));
    expect([single.converged, [...single.values]]).toEqual([true, [-7]]);
  });

  it('takes at most P steps, and all of them give the whole spectrum', async () => {
    const a = withSpectrum([...randomVector(12, 3)], 3);
    const lanczos = new Lanczos(new HostAlgebra(12), 96);
    expect(lanczos.most).toBe(12);
    const result = await solve(a, { wanted: 12, tolerance: 1e-15 });
    denseEigenvalues(a).forEach((value, i) => expect(result.ritz[i]).toBeCloseTo(value, 12));
  });

  it('goes on in batches to the same bits as in one piece', async () => {
    const a = withSpectrum([...randomVector(80, 5)], 5);
    const whole = await solve(a, { tolerance: 0, batch: 40 }, 40);
    for (const batch of [1, 7, 16, 39]) {
      expect(await solve(a, { tolerance: 0, batch }, 40)).toEqual(whole);
    }
    expect(whole.iterations).toBe(40);
  });

  it('stops after the first batch that has settled', async () => {
    const a = withSpectrum([100, 50, 25, ...Array.from({ length: 60 }, (_, i) => i / 60)], 9);
    const result = await solve(a, { tolerance: 1e-3 });
    expect(result.converged).toBe(true);
    expect(result.iterations % 16).toBe(0);
    expect(result.iterations).toBeLessThan(63);
  });

  it('leaves nothing of one run to the next', async () => {
    const [a, b] = [withSpectrum([...randomVector(30, 1)], 1), withSpectrum([...randomVector(30, 2)], 2)];
    const algebra = new HostAlgebra(30);
    const lanczos = new Lanczos(algebra, 20);
    const start = randomVector(30, 3);
    const first = await lanczos.run(algebra.product(b), start, OPTIONS, still);
    await lanczos.run(algebra.product(a), randomVector(30, 4), { ...OPTIONS, batch: 5 }, still);
    expect(await lanczos.run(algebra.product(b), start, OPTIONS, still)).toEqual(first);
  });

  it.each([NaN, Infinity])('is null where the operator gives %s', async (bad) => {
    const algebra = new HostAlgebra(5);
    const product = (_: Vector, out: Vector): void => algebra.write(out, [1, 2, bad, 4, 5]);
    expect(await new Lanczos(algebra, 5).run(product, randomVector(5, 1), OPTIONS, still)).toBeNull();
  });

  it('breathes between products', async () => {
    let breaths = 0;
    const a = withSpectrum([...randomVector(30, 1)], 1);
    const algebra = new HostAlgebra(30);
    const result = await new Lanczos(algebra, 20).run(
      algebra.product(a),
      randomVector(30, 1),
      { ...OPTIONS, tolerance: 0 },
      () => {
        breaths++;
        return Promise.resolve();
      },
    );
    expect(breaths).toBe(result?.iterations);
  });
});
