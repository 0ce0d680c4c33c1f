/** The tridiagonal solver against a dense one. */
import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { tridiagonalEigen } from './tridiagonal';

function dense(d: readonly number[], e: readonly number[]): Matrix {
  const a = Matrix.diag([...d]);
  for (let i = 0; i + 1 < d.length; i++) {
    a.set(i, i + 1, e[i]);
    a.set(i + 1, i, e[i]);
  }
  return a;
}

/** Every eigenpair is one, rows are orthonormal, and the values agree with the dense solver's. */
function check(d: readonly number[], e: readonly number[]): void {
  const m = d.length;
  const a = dense(d, e);
  const { values, rows } = tridiagonalEigen(
    Float64Array.from(d),
    Float64Array.from(e),
    d.map((_, i) => i),
  );
  const norm = Math.max(...d.map(Math.abs), ...e.map(Math.abs), 1e-300);
  const expected = new EigenvalueDecomposition(a, { assumeSymmetric: true }).realEigenvalues.sort((x, y) => y - x);
  for (let j = 0; j < m; j++) {
    expect(Math.abs(values[j] - expected[j]) / norm).toBeLessThan(1e-13 * m);
    if (j > 0) expect(values[j]).toBeLessThanOrEqual(values[j - 1]);
    for (let i = 0; i < m; i++) {
      let product = d[i] * rows[i][j];
      if (i > 0) product += e[i - 1] * rows[i - 1][j];
      if (i + 1 < m) product += e[i] * rows[i + 1][j];
      expect(Math.abs(product - values[j] * rows[i][j]) / norm).toBeLessThan(1e-13 * m);
      const dot = rows[i].reduce((sum, x, k) => sum + x * rows[j][k], 0);
      expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-13 * m);
    }
  }
}

describe('tridiagonalEigen', () => {
  it('agrees with the dense solver on random matrices of every size, with zeros and repeats among them', () => {
    // The dense solver fails on subnormal numbers.
    const ordinary = fc.double({ min: -10, max: 10, noNaN: true }).map((x) => (Math.abs(x) < 1e-300 ? 0 : x));
    const entry = fc.oneof(ordinary, fc.constantFrom(0, 0, 1, -1, 1e-9, 1e9));
    const matrix = fc
      .integer({ min: 1, max: 24 })
      .chain((m) =>
        fc.tuple(
          fc.array(entry, { minLength: m, maxLength: m }),
          fc.array(entry, { minLength: m - 1, maxLength: m - 1 }),
        ),
      );
    fc.assert(
      fc.property(matrix, ([d, e]) => check(d, e)),
      { numRuns: 250, seed: 1 },
    );
  });

  it.each<[string, number[], number[]]>([
    ['one entry', [-3], []],
    ['a swap', [0, 0], [1]],
    ['no off-diagonal', [1, 3, 2, 2], [0, 0, 0]],
    ['a split in the middle', [1, 2, 3, 4], [1, 0, 1]],
    ['all zeros', [0, 0, 0], [0, 0, 0]],
    ['the zero-diagonal chain', [0, 0, 0, 0, 0], [1, 1, 1, 1]],
    [
      'Wilkinson’s matrix, with pairs equal to 14 digits',
      Array.from({ length: 21 }, (_, i) => Math.abs(i - 10)),
      new Array<number>(20).fill(1),
    ],
    ['a cluster', [5, 5, 5, 5, 5], [1e-12, 1e-12, 1e-12, 1e-12]],
    ['sixteen orders of magnitude', [1e8, 1, 1e-8], [1e2, 1e-6]],
    ['tiny entries', [1e-140, 2e-140, 3e-140], [1e-140, 1e-140]],
    ['large entries', [1e140, 2e140, 3e140], [1e140, 1e140]],
    ['a coupling that is nothing beside the others', [0, 0, 0, 0], [-1e-81, 1, -1]],
    ['negative off-diagonals', [1, 2, 3], [-1, -2]],
  ])('solves %s', (_, d, e) => check(d, e));

  it.each([2 ** -1000, 2 ** -400, 2 ** 400, 2 ** 1000])('scales with its matrix (%d)', (unit) => {
    const solve = (by: number): readonly [Float64Array, readonly Float64Array[]] => {
      const { values, rows } = tridiagonalEigen(Float64Array.of(by, 2 * by, 4 * by), Float64Array.of(by, -by), [2]);
      return [values, rows];
    };
    const [[values, [row]], [scaled, [scaledRow]]] = [solve(1), solve(unit)];
    values.forEach((value, i) => {
      expect(scaled[i] / unit).toBeCloseTo(value, 12);
      expect(Math.abs(scaledRow[i])).toBeCloseTo(Math.abs(row[i]), 12);
    });
  });

  it('has the closed form of the second difference', () => {
    const m = 96;
    const { values } = tridiagonalEigen(new Float64Array(m).fill(2), new Float64Array(m - 1).fill(-1), []);
    values.forEach((value, i) => expect(value).toBeCloseTo(2 + 2 * Math.cos(((i + 1) * Math.PI) / (m + 1)), 12));
  });

  it('returns only the rows asked for, in order, and leaves its arguments alone', () => {
    const d = Float64Array.from([1, 2, 3]);
    const e = Float64Array.from([0.5, 0.25, 99]);
    const all = tridiagonalEigen(d, e, [0, 1, 2]);
    const some = tridiagonalEigen(d, e, [2, 0]);
    expect(some.rows).toEqual([all.rows[2], all.rows[0]]);
    expect(some.values).toEqual(all.values);
    expect([[...d], [...e]]).toEqual([
      [1, 2, 3],
      [0.5, 0.25, 99],
    ]);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s', (bad) => {
    expect(() => tridiagonalEigen(Float64Array.from([1, bad]), Float64Array.from([1]), [])).toThrow(RangeError);
    expect(() => tridiagonalEigen(Float64Array.from([1, 2]), Float64Array.from([bad]), [])).toThrow(RangeError);
  });
});
