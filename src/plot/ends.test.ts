import { describe, expect, it } from 'vitest';
import { ValueAxis } from './axis';
import { endHeight, LabelPlaces, type End } from './ends';

const SIZE = 15;

function end(id: string, at: number): End {
  return { id, at, anchor: at, size: SIZE, weight: 1 };
}

function place(places: LabelPlaces, ends: End[], level: number, live = true): Record<string, number> {
  places.place(ends, { y: level, above: SIZE }, SIZE, 0, 400, live);
  return Object.fromEntries(ends.map(({ id, at }) => [id, at]));
}

describe('LabelPlaces', () => {
  it('keeps labels off the level’s line and off each other', () => {
    const ends = [end('a', 100), end('b', 101), end('c', 104), end('d', 60)];
    const at = place(new LabelPlaces(), ends, 100);
    expect(at['d']).toBeLessThan(100 - 1.5 * SIZE);
    for (const id of ['a', 'b', 'c']) expect(at[id]).toBeGreaterThan(100 + SIZE / 2);
    expect(at['b'] - at['a']).toBeCloseTo(SIZE, 6);
    expect(at['c'] - at['b']).toBeCloseTo(SIZE, 6);
  });

  it('does not hop while two lines cross and recross at the level', () => {
    const places = new LabelPlaces();
    const first = place(places, [end('a', 97), end('b', 103)], 100);
    for (let i = 0; i < 20; i++) {
      const swing = i % 2 === 0 ? 3 : -3;
      const now = place(places, [end('a', 99 + swing), end('b', 101 - swing)], 100);
      expect(now['a']).toBeLessThan(now['b']);
      expect(Math.abs(now['a'] - first['a'])).toBeLessThan(SIZE);
    }
  });

  it('keeps order and sides to the present data once they rest', () => {
    const places = new LabelPlaces();
    place(places, [end('a', 97), end('b', 103)], 100);
    const at = place(places, [end('a', 103), end('b', 97)], 100, false);
    expect(at['b']).toBeLessThan(100 - SIZE);
    expect(at['a']).toBeGreaterThan(100);
  });

  it('lets lines that have truly changed places change their labels', () => {
    const places = new LabelPlaces();
    place(places, [end('a', 200), end('b', 300)], 20);
    const at = place(places, [end('a', 300), end('b', 200)], 20);
    expect(at['b']).toBeLessThan(at['a']);
  });
});

describe('endHeight', () => {
  it('is steady under a period-two oscillation', () => {
    const axis = new ValueAxis('linear', { lo: 0, hi: 40 }, 0, 400);
    const steps = Float64Array.from({ length: 9 }, (_, i) => i);
    const values = steps.map((step) => 20 + (step % 2 === 0 ? 1 : -1));
    const data = { length: 9, steps, column: () => values };
    const small = values.map((value) => 20 + (value - 20) / 2);
    expect(endHeight(data, small, 8, axis, true)).toBe(200);
    expect(endHeight(data, small, 7, axis, true)).toBe(200);
    expect(endHeight(data, new Float64Array(9).fill(NaN), 8, axis, true)).toBeNaN();
  });

  it('is at the last sample when the data rest, are far apart, or have moved far', () => {
    const axis = new ValueAxis('linear', { lo: 0, hi: 40 }, 0, 400);
    const values = Float64Array.of(20, 20.5, 21);
    const data = { length: 3, steps: Float64Array.of(0, 1, 2), column: () => values };
    expect(endHeight(data, values, 2, axis, false)).toBe(190);
    expect(endHeight({ ...data, steps: Float64Array.of(0, 25, 50) }, values, 50, axis, true)).toBe(190);
    expect(endHeight(data, Float64Array.of(20, 20, 30), 2, axis, true)).toBe(100);
  });

  it('is at the rim for a line that has left the axis', () => {
    const axis = new ValueAxis('linear', { lo: 0, hi: 40 }, 10, 400);
    const steps = Float64Array.of(0, 1, 2);
    const values = Float64Array.of(20, 30, 9000);
    expect(endHeight({ length: 3, steps, column: () => values }, values, 2, axis, true)).toBe(10);
  });
});
