/**
 * Test support, the same for every engine: the vector algebra of a landscape in 32 or 64 bits against plain loops, and a run
 * that diverges.
 */
import { expect } from 'vitest';
import { mulberry32 } from './fixtures.testing';
import type { Landscape } from './landscape';

/** Uniform on (−1, 1), exact in 32 bits. */
export function random(length: number, seed: number): Float64Array {
  const uniform = mulberry32(seed);
  return Float64Array.from({ length }, () => Math.fround(2 * uniform() - 1));
}

export const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Copy, scale, axpy, inner product and norm, within `bar`; inner product and norm to so many `digits`. */
export async function expectAlgebra(landscape: Landscape, bar: number, digits: number): Promise<void> {
  const [x, y, z] = [landscape.vector(), landscape.vector(), landscape.vector()];
  const [a, dot, norm] = landscape.scalars(3);
  const [xs, ys] = [random(landscape.dimension, 1), random(landscape.dimension, 2)];
  landscape.write(x, xs);
  landscape.write(y, ys);
  landscape.write(a, [0.75]);
  landscape.dot(x, y, dot);
  landscape.norm(x, norm);
  landscape.copy(y, z);
  landscape.axpy(-1, a, x, y);
  landscape.scale(a, z);
  const [[d, n], after, scaled, unchanged] = await landscape.read([dot, norm], y, z, x);
  expect(d).toBeCloseTo(inner(xs, ys), digits);
  expect(n).toBeCloseTo(Math.sqrt(inner(xs, xs)), digits);
  expect([...unchanged]).toEqual([...xs]);
  ys.forEach((v, i) => expect(Math.abs(after[i] - (v - 0.75 * xs[i]))).toBeLessThan(bar));
  ys.forEach((v, i) => expect(Math.abs(scaled[i] - 0.75 * v)).toBeLessThan(bar));
  landscape.axpy(1, a, x, y);
  const [back, none] = await landscape.read(y, []);
  ys.forEach((v, i) => expect(Math.abs(back[i] - v)).toBeLessThan(2 * bar));
  expect(none).toHaveLength(0);
}

/** Bases of these counts: what is stored, the projection onto what is orthogonal to them, and their sums. */
export async function expectBases(landscape: Landscape, counts: readonly number[], bar: number): Promise<void> {
  const { dimension, device } = landscape;
  for (const count of counts) {
    const [basis, coefficients] = [landscape.basis(count), landscape.scalars(count)];
    const [x, sum] = [landscape.vector(), landscape.vector()];
    const drawn = basis.map((_, i) => random(dimension, i + 1).map((v) => v / 18));
    const qs = device.precision === 'f32' ? drawn.map((q) => q.map(Math.fround)) : drawn;
    const xs = random(dimension, 500);
    basis.forEach((q, i) => landscape.write(q, drawn[i]));
    coefficients.forEach((c, i) => landscape.write(c, [i - 1.5]));
    landscape.write(x, xs);
    landscape.orthogonalise(x, basis, 0);
    landscape.orthogonalise(x, basis, count);
    landscape.combine(basis, coefficients, sum);
    const [swept, combined, stored] = await landscape.read(x, sum, basis[count - 1]);
    expect([...stored]).toEqual([...qs[count - 1]]);
    const expected = xs.slice();
    for (const q of qs) {
      const c = inner(q, xs);
      q.forEach((v, i) => (expected[i] -= c * v));
    }
    expected.forEach((v, i) => expect(Math.abs(swept[i] - v)).toBeLessThan(20 * bar));
    combined.forEach((v, i) => {
      const whole = qs.reduce((s, q, j) => s + (j - 1.5) * q[i], 0);
      expect(Math.abs(v - whole)).toBeLessThan(count * 2 * bar);
    });
  }
}

/** Gradient descent from θ with η = 50, far beyond the edge of fixture A: the loss leaves all bounds or is no number. */
export async function expectDivergence(landscape: Landscape, theta: Float64Array): Promise<void> {
  const [at, gradient] = [landscape.vector(), landscape.vector()];
  const [loss, eta] = landscape.scalars(2);
  landscape.write(at, theta);
  landscape.write(eta, [50]);
  for (let t = 0; t < 200; t++) {
    landscape.gradient(at, gradient, loss);
    landscape.axpy(-1, eta, gradient, at);
  }
  const [[value]] = await landscape.read([loss]);
  expect(value < 1e6).toBe(false);
}
