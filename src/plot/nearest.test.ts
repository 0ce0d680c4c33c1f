import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerBound, nearest } from './nearest';

describe('nearest', () => {
  it('knows no sample in an empty column', () => {
    expect(nearest(new Float64Array(0), 3)).toBe(-1);
  });

  it('agrees with looking at every sample', () => {
    const column = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(column, fc.double({ min: -1200, max: 1200, noNaN: true }), (entries, value) => {
        const sorted = Float64Array.from(entries.sort((a, b) => a - b));
        const distances = [...sorted].map((entry) => Math.abs(entry - value));
        expect(nearest(sorted, value)).toBe(distances.indexOf(Math.min(...distances)));
        const after = sorted.findIndex((entry) => entry >= value);
        expect(lowerBound(sorted, value)).toBe(after < 0 ? sorted.length : after);
      }),
    );
  });
});
