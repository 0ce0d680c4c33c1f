import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calmDomain, cutOff } from './domain';

const NONE = { lo: Infinity, hi: -Infinity };

describe('calmDomain', () => {
  it('starts at zero and leaves headroom above the level', () => {
    const { lo, hi } = calmDomain('linear', null, { lo: 2, hi: 18, levels: [20], fromZero: true });
    expect(lo).toBe(0);
    expect(hi).toBeGreaterThanOrEqual(22);
    expect(hi).toBeLessThanOrEqual(25);
  });

  it('does not move while a sharpness oscillates at the edge', () => {
    let domain = calmDomain('linear', null, { lo: 1, hi: 5, levels: [20], fromZero: true });
    const first = domain;
    for (let i = 0; i < 500; i++) {
      domain = calmDomain('linear', domain, {
        lo: 1,
        hi: Math.min(21 + Math.sin(i), 4 + i),
        levels: [20],
        fromZero: true,
      });
    }
    expect(domain).toBe(first);
  });

  it('closes in again when the data leave most of it empty', () => {
    const wide = calmDomain('linear', null, { lo: 0, hi: 100, levels: [], fromZero: true });
    const close = calmDomain('linear', wide, { lo: 0, hi: 20, levels: [], fromZero: true });
    expect(close.hi).toBeLessThan(30);
  });

  it('closes in on a stretch that is zoomed to', () => {
    const { lo, hi } = calmDomain('linear', null, { lo: 19.5, hi: 20.6, levels: [20], fromZero: false });
    expect(lo).toBeGreaterThan(19);
    expect(hi).toBeLessThan(21.5);
  });

  it('rounds a log axis to 1, 2 and 5', () => {
    expect(calmDomain('log', null, { lo: 3e-4, hi: 0.7, levels: [], fromZero: true })).toEqual({ lo: 2e-4, hi: 1 });
  });

  it('stands without data, and without anything', () => {
    expect(calmDomain('linear', null, { ...NONE, levels: [20], fromZero: true }).hi).toBeGreaterThan(20);
    expect(calmDomain('linear', null, { ...NONE, levels: [], fromZero: true })).toEqual({ lo: 0, hi: 1 });
    expect(calmDomain('log', null, { lo: -3, hi: 0, levels: [], fromZero: true })).toEqual({ lo: 0.1, hi: 10 });
  });

  it('holds everything it is given and is never empty', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, value, value, fc.boolean(), (a, b, level, fromZero) => {
        const [lo, hi] = [Math.min(a, b), Math.max(a, b)];
        const first = calmDomain('linear', null, { lo, hi, levels: [level], fromZero });
        const again = calmDomain('linear', first, { lo, hi, levels: [level], fromZero });
        for (const domain of [first, again]) {
          expect(domain.hi).toBeGreaterThan(domain.lo);
          const slack = 1e-9 * (domain.hi - domain.lo);
          expect(domain.lo).toBeLessThanOrEqual(Math.min(lo, level) + slack);
          expect(domain.hi).toBeGreaterThanOrEqual(Math.max(hi, level) - slack);
        }
      }),
    );
  });

  it('holds everything positive on a log axis', () => {
    const value = fc.double({ min: -12, max: 12, noNaN: true }).map((exponent) => 10 ** exponent);
    fc.assert(
      fc.property(value, value, fc.boolean(), (a, b, fromZero) => {
        const [lo, hi] = [Math.min(a, b), Math.max(a, b)];
        const domain = calmDomain('log', null, { lo, hi, levels: [], fromZero });
        expect(domain.lo).toBeGreaterThan(0);
        expect(domain.hi).toBeGreaterThan(domain.lo);
        expect(domain.lo).toBeLessThanOrEqual(lo * (1 + 1e-6));
        expect(domain.hi).toBeGreaterThanOrEqual(hi * (1 - 1e-6));
      }),
    );
  });
});

describe('cutOff', () => {
  const sample = (high: number, count: number): Float64Array =>
    Float64Array.from({ length: 200 }, (_, i) => (i < count ? high : 20));

  it('cuts off a few values far above the level', () => {
    expect(cutOff(300, 20, sample(300, 3))).toBe(60);
  });

  it('shows a run that lives up there', () => {
    expect(cutOff(300, 20, sample(300, 120))).toBe(300);
  });

  it('leaves near values and charts without a level alone', () => {
    expect(cutOff(85, 20, sample(85, 1))).toBe(85);
    expect(cutOff(300, NaN, sample(300, 1))).toBe(300);
  });

  it('keeps the values before a divergence readable, however few they are', () => {
    expect(cutOff(3e6, 0.4, Float64Array.of(7, 1e4, 1e5, 3e6), true)).toBeCloseTo(7.7, 6);
  });
});
