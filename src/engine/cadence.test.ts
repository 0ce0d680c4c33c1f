/** How often to measure: odd, live, and never more than half of the time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cadenceFor, Timing } from './cadence';

const ms = fc.double({ min: 1e-4, max: 1e3, noNaN: true });

describe('cadenceFor', () => {
  it('is odd and at least 1 for any timings', () => {
    const pace = fc.oneof(fc.double({ min: 0.1, max: 1e4, noNaN: true }), fc.constant('max' as const));
    fc.assert(
      fc.property(fc.oneof(ms, fc.constant(0)), fc.oneof(ms, fc.constant(0)), pace, (stepMs, measureMs, at) => {
        const cadence = cadenceFor({ stepMs, measureMs, pace: at });
        expect(cadence % 2).toBe(1);
        expect(cadence).toBeGreaterThanOrEqual(1);
        expect(cadence).toBeLessThanOrEqual(9999);
      }),
    );
  });

  it('gives measuring at most half of the time at full speed, and hardly less where it could', () => {
    fc.assert(
      fc.property(ms, ms, (stepMs, measureMs) => {
        fc.pre(measureMs / stepMs < 9000);
        const cadence = cadenceFor({ stepMs, measureMs, pace: 'max' });
        const share = (every: number): number => measureMs / (measureMs + every * stepMs);
        expect(share(cadence)).toBeLessThanOrEqual(0.5 + 1e-9);
        if (cadence > 2) expect(share(cadence - 2)).toBeGreaterThan(0.5 - 1e-9);
      }),
    );
  });

  it('keeps a set pace where steps alone leave room for it', () => {
    fc.assert(
      fc.property(ms, ms, fc.double({ min: 0.1, max: 1000, noNaN: true }), (stepMs, measureMs, pace) => {
        fc.pre(2 * stepMs <= 1000 / pace && measureMs * pace < 4e6);
        const cadence = cadenceFor({ stepMs, measureMs, pace });
        expect(cadence * stepMs + measureMs).toBeLessThanOrEqual((cadence * 1000) / pace + 1e-6);
      }),
    );
  });

  it('measures every step of the first minute on a machine that can', () => {
    expect(cadenceFor({ stepMs: 0.1, measureMs: 6, pace: 60 })).toBe(1);
    expect(cadenceFor({ stepMs: 0.1, measureMs: 6, pace: 'max' })).toBe(61);
  });
});

describe('Timing', () => {
  it('starts at its first reading, follows a change and lets one slow reading pass', () => {
    const timing = new Timing();
    expect([timing.mean, timing.readings]).toEqual([NaN, 0]);
    timing.add(2);
    expect(timing.mean).toBe(2);
    timing.add(1000);
    expect(timing.mean).toBeLessThan(3);
    for (let i = 0; i < 40; i++) timing.add(6);
    expect(timing.mean).toBeCloseTo(6, 1);
    for (let i = 0; i < 40; i++) timing.add(0.5);
    expect(timing.mean).toBeCloseTo(0.5, 1);
    expect(timing.readings).toBe(82);
  });

  it('leaves zero again', () => {
    const timing = new Timing();
    timing.add(0);
    for (let i = 0; i < 100; i++) timing.add(1);
    expect(timing.mean).toBeCloseTo(1, 2);
  });
});
