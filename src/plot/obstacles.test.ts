import { describe, expect, it } from 'vitest';
import { ValueAxis } from './axis';
import { createPath } from './decimate';
import { pathCrosses } from './obstacles';

const AXIS = new ValueAxis('linear', { lo: 0, hi: 100 }, 0, 100);

function path(...points: [number, number][]): ReturnType<typeof createPath> {
  const x = Float64Array.from(points, ([at]) => at);
  // Given in pixels from the top.
  const value = Float64Array.from(points, ([, y]) => 100 - y);
  return { ...createPath(), x, value, count: points.length };
}

describe('pathCrosses', () => {
  const box = { x: 40, y: 40, width: 20, height: 20 };

  it('finds vertices inside and segments that only pass through', () => {
    expect(pathCrosses(path([0, 0], [50, 50], [100, 0]), AXIS, box)).toBe(true);
    expect(pathCrosses(path([0, 0], [100, 100]), AXIS, box)).toBe(true);
    expect(pathCrosses(path([50, 0], [50, 100]), AXIS, box)).toBe(true);
  });

  it('lets lines pass beside, above and below', () => {
    expect(pathCrosses(path([0, 30], [100, 30]), AXIS, box)).toBe(false);
    expect(pathCrosses(path([0, 0], [35, 90]), AXIS, box)).toBe(false);
    expect(pathCrosses(path([65, 50], [100, 50]), AXIS, box)).toBe(false);
    expect(pathCrosses(path([0, 40], [40, 100], [100, 100]), AXIS, { ...box, y: 0 })).toBe(false);
  });

  it('sees nothing in a gap', () => {
    expect(pathCrosses(path([0, 50], [0, NaN], [100, 50]), AXIS, box)).toBe(false);
    expect(pathCrosses(path(), AXIS, box)).toBe(false);
  });
});
