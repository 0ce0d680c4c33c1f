import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nudge, overlaps, placeLabel, type Box } from './labels';

function items(...at: number[]): { at: number; size: number; weight: number }[] {
  return at.map((centre) => ({ at: centre, size: 10, weight: 1 }));
}

function centres(list: readonly { at: number }[]): number[] {
  return list.map(({ at }) => at);
}

describe('nudge', () => {
  it('leaves labels alone that do not overlap', () => {
    const list = items(10, 20, 45);
    nudge(list, 0, 100);
    expect(centres(list)).toEqual([10, 20, 45]);
  });

  it('moves overlapping labels apart evenly', () => {
    const list = items(50, 50, 50);
    nudge(list, 0, 100);
    expect(centres(list)).toEqual([40, 50, 60]);
  });

  it('lets the heavy one keep its place', () => {
    const list = items(48, 50, 52);
    list[1] = { at: 50, size: 10, weight: 1e6 };
    nudge(list, 0, 100);
    expect(list[1].at).toBeCloseTo(50, 3);
    expect(list[0].at).toBeCloseTo(40, 3);
  });

  it('keeps order, distance and bounds wherever there is room', () => {
    const wanted = fc.array(
      fc.record({ at: fc.double({ min: -50, max: 350, noNaN: true }), size: fc.integer({ min: 5, max: 20 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(wanted, (list) => {
        const placed = list.map((item) => ({ ...item, weight: 1 }));
        nudge(placed, 0, 300);
        placed.forEach((item, i) => {
          expect(item.at - item.size / 2).toBeGreaterThanOrEqual(-1e-9);
          expect(item.at + item.size / 2).toBeLessThanOrEqual(300 + 1e-9);
          if (i > 0) {
            const before = placed[i - 1];
            expect(item.at - before.at).toBeGreaterThanOrEqual((item.size + before.size) / 2 - 1e-9);
          }
        });
      }),
    );
  });
});

describe('placeLabel', () => {
  const bounds: Box = { x: 0, y: 0, width: 100, height: 100 };
  const box = (x: number, y: number): Box => ({ x, y, width: 20, height: 10 });

  it('takes the first place that is free and inside', () => {
    const taken = [box(10, 10)];
    expect(placeLabel([box(-5, 10), box(15, 12), box(40, 10)], bounds, taken)).toEqual(box(40, 10));
    expect(taken).toHaveLength(2);
  });

  it('takes a disliked place only when there is no other', () => {
    const disliked = ({ x }: Box): boolean => x < 50;
    expect(placeLabel([box(10, 10), box(60, 10)], bounds, [], disliked)).toEqual(box(60, 10));
    expect(placeLabel([box(10, 10), box(95, 10)], bounds, [], disliked)).toEqual(box(10, 10));
  });

  it('gives up rather than overlap', () => {
    const taken = [box(10, 10)];
    expect(placeLabel([box(12, 12), box(95, 10)], bounds, taken)).toBeNull();
    expect(taken).toHaveLength(1);
  });

  it('lets boxes touch', () => {
    expect(overlaps(box(0, 0), box(20, 0))).toBe(false);
    expect(overlaps(box(0, 0), box(19, 9))).toBe(true);
  });
});
