/** Standardisation and one-hot rows. */
import { describe, expect, it } from 'vitest';
import { oneHot, standardise } from './dataset';

describe('standardise', () => {
  it('brings every column to mean 0 and population variance 1, and a constant one to 0', () => {
    const inputs = Float64Array.from([1, 0.1, -5e8, 3, 0.1, 5e8, 5, 0.1, 0]);
    standardise(inputs, 3, 3);
    const side = Math.sqrt(1.5);
    [-side, 0, -side, 0, 0, side, side, 0, 0].forEach((x, i) => expect(inputs[i]).toBeCloseTo(x, 12));
  });

  it('takes the rounding of a large constant for no spread, and a real small spread for one', () => {
    const constant = new Float64Array(1000).fill(0.1 + 1e7);
    standardise(constant, 1000, 1);
    expect(constant.every((x) => x === 0)).toBe(true);
    const small = Float64Array.from({ length: 100 }, (_, i) => 1e-6 * i);
    standardise(small, 100, 1);
    expect(small.reduce((sum, x) => sum + x * x, 0) / 100).toBeCloseTo(1, 10);
  });

  it('stands a single row', () => {
    const row = Float64Array.from([7, -2]);
    standardise(row, 1, 2);
    expect([...row]).toEqual([0, 0]);
  });
});

describe('oneHot', () => {
  it('puts one 1 in each row', () => {
    expect([...oneHot(Int32Array.from([2, 0]), 3)]).toEqual([0, 0, 1, 1, 0, 0]);
  });
});
