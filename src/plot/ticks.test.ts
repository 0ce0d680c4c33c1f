import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepTicks, valueTicks } from './ticks';

const labels = (ticks: readonly { label: string }[]): string[] => ticks.map(({ label }) => label);
const widthOf = (label: string): number => 7 * label.length;

describe('valueTicks', () => {
  it('are few and round', () => {
    expect(labels(valueTicks('linear', { lo: 0, hi: 23 }, 430, 41))).toEqual(['0', '5', '10', '15', '20']);
    expect(labels(valueTicks('linear', { lo: -0.5, hi: 0.75 }, 200, 41))).toEqual(['−0.5', '0.0', '0.5']);
  });

  it('are decades on a log axis, with steps between where there is room', () => {
    expect(labels(valueTicks('log', { lo: 1e-6, hi: 10 }, 400, 40))).toEqual([
      '10⁻⁶',
      '10⁻⁵',
      '10⁻⁴',
      '10⁻³',
      '0.01',
      '0.1',
      '1',
      '10',
    ]);
    expect(labels(valueTicks('log', { lo: 1, hi: 50 }, 400, 40))).toEqual(['1', '2', '5', '10', '20', '50']);
    expect(labels(valueTicks('log', { lo: 1e-8, hi: 1 }, 100, 40))).toEqual(['10⁻⁶', '10⁻³', '1']);
  });

  it('fall back on linear ticks within a decade', () => {
    expect(labels(valueTicks('log', { lo: 0.41, hi: 0.46 }, 200, 40))).toEqual([
      '0.41',
      '0.42',
      '0.43',
      '0.44',
      '0.45',
      '0.46',
    ]);
  });

  it('never crowd and never leave the domain', () => {
    const positive = fc.double({ min: -9, max: 9, noNaN: true }).map((exponent) => 10 ** exponent);
    fc.assert(
      fc.property(
        fc.constantFrom('linear', 'log'),
        positive,
        positive,
        fc.integer({ min: 60, max: 900 }),
        (kind, a, b, length) => {
          fc.pre(Math.max(a, b) > 1.01 * Math.min(a, b));
          const domain = { lo: Math.min(a, b), hi: Math.max(a, b) };
          const ticks = valueTicks(kind, domain, length, 40);
          expect(ticks.length).toBeLessThanOrEqual(Math.max(3, length / 40 + 1));
          for (const { value } of ticks) {
            expect(value).toBeGreaterThanOrEqual(domain.lo * (1 - 1e-6));
            expect(value).toBeLessThanOrEqual(domain.hi * (1 + 1e-6));
          }
        },
      ),
    );
  });
});

describe('stepTicks', () => {
  it('are whole steps that leave room for their labels', () => {
    expect(labels(stepTicks({ lo: 0, hi: 5000 }, 700, 60, widthOf))).toEqual([
      '0',
      '1000',
      '2000',
      '3000',
      '4000',
      '5000',
    ]);
    expect(labels(stepTicks({ lo: 10, hi: 12 }, 700, 20, widthOf))).toEqual(['10', '11', '12']);
    expect(labels(stepTicks({ lo: 0, hi: 100_000 }, 300, 40, widthOf))).toEqual(
      ['0', '50 000', '100 000'].map((label) => label.replace(' ', '\u202f')),
    );
  });
});
