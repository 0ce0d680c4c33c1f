import { describe, expect, it } from 'vitest';
import { SeriesTable } from '../../state/series';
import { median, presentSharpness } from './sharpness';

describe('present sharpness', () => {
  it('is the median of the last midpoint values, gaps left out', () => {
    const table = new SeriesTable();
    table.append(Float64Array.of(0, 1, 2, 3, 4), {
      'hessian.lambda1': Float64Array.of(9, 9, 9, 9, 9),
      'hessian.midpoint.lambda1': Float64Array.of(1, 2, NaN, 3, 1e9),
    });
    expect(presentSharpness(table)).toBe(2.5);
  });

  it('forgets values long gone', () => {
    const table = new SeriesTable();
    const steps = Float64Array.from({ length: 100 }, (_, i) => i);
    table.append(steps, { 'hessian.midpoint.lambda1': steps });
    expect(presentSharpness(table)).toBe(89);
  });

  it('falls back on λ₁ and says NaN when there is nothing', () => {
    const table = new SeriesTable();
    expect(presentSharpness(table)).toBeNaN();
    table.append(Float64Array.of(0), { 'hessian.lambda1': Float64Array.of(4) });
    expect(presentSharpness(table)).toBe(4);
  });

  it('takes the mean of the middle two', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});
