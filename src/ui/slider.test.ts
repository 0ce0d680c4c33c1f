import { describe, expect, it } from 'vitest';
import {
  LARGE_STEP,
  decades,
  doublings,
  fraction,
  positionAfterKey,
  positionOf,
  roundTo,
  valueAt,
  type Scale,
} from './slider';

const log: Scale = { kind: 'log', min: 1e-3, max: 10, positions: 160 };
const linear: Scale = { kind: 'linear', min: 0, max: 1, positions: 100 };

describe('slider scale', () => {
  it('comes back to every position through its rounded value', () => {
    for (const scale of [log, linear]) {
      for (let p = 0; p <= scale.positions; p++) expect(positionOf(scale, valueAt(scale, p))).toBe(p);
    }
  });

  it('spaces a logarithmic scale by ratios', () => {
    expect(fraction(log, 0.1)).toBeCloseTo(0.5, 12);
    expect(valueAt(log, 80)).toBe(0.1);
    expect(valueAt(log, 81) / valueAt(log, 80)).toBeCloseTo(10 ** (1 / 40), 2);
  });

  it('keeps its ends exact and everything else inside them', () => {
    expect(valueAt(log, 0)).toBe(1e-3);
    expect(valueAt(log, 160)).toBe(10);
    expect(fraction(log, 1e-9)).toBe(0);
    expect(fraction(log, 500)).toBe(1);
  });

  it('offers values of few digits', () => {
    for (let p = 0; p <= 160; p++)
      expect(String(valueAt(log, p)).replace(/^0\.0*|\./g, '').length).toBeLessThanOrEqual(4);
    expect(valueAt(linear, 37)).toBe(0.37);
  });

  it('steps by one with an arrow and by ten with Shift', () => {
    expect(positionAfterKey(log, 80, 'ArrowRight', false)).toBe(81);
    expect(positionAfterKey(log, 80, 'ArrowDown', false)).toBe(79);
    expect(positionAfterKey(log, 80, 'ArrowUp', true)).toBe(80 + LARGE_STEP);
    expect(positionAfterKey(log, 80, 'PageDown', false)).toBe(80 - LARGE_STEP);
    expect(positionAfterKey(log, 155, 'ArrowRight', true)).toBe(160);
    expect(positionAfterKey(log, 80, 'Home', false)).toBe(0);
    expect(positionAfterKey(log, 80, 'End', false)).toBe(160);
    expect(positionAfterKey(log, 80, 'x', false)).toBeNull();
  });

  it('stretches by whole decades to hold a value beyond its ends', () => {
    expect(decades(1e-3, 10, 0.1)).toEqual(log);
    expect(decades(1e-3, 10, 35).max).toBe(100);
    expect(decades(1e-3, 10, 2e-5).min).toBeCloseTo(1e-5, 12);
    expect(positionOf(decades(1e-3, 10, 35), 35)).toBeLessThan(decades(1e-3, 10, 35).positions);
  });

  it('doubles up to an end of its own', () => {
    const all = ({ positions }: Scale): number[] => Array.from({ length: positions + 1 }, (_, p) => p);
    expect(all(doublings(200)).map((p) => valueAt(doublings(200), p))).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 200]);
    expect(all(doublings(64)).map((p) => valueAt(doublings(64), p))).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(all(doublings(2)).map((p) => valueAt(doublings(2), p))).toEqual([1, 2]);
    for (const max of [2, 3, 64, 65, 200, 20_000]) {
      const scale = doublings(max);
      for (const p of all(scale)) expect(positionOf(scale, valueAt(scale, p))).toBe(p);
      let before = -1;
      for (let value = 1; value <= max; value++) {
        expect(fraction(scale, value)).toBeGreaterThan(before);
        before = fraction(scale, value);
      }
      expect(before).toBe(1);
      expect(fraction(scale, max + 5)).toBe(1);
      expect(fraction(scale, 0)).toBe(0);
    }
  });

  it('rounds to significant digits', () => {
    expect(roundTo(0.12589, 3)).toBe(0.126);
    expect(roundTo(1234.5, 2)).toBe(1200);
  });
});
