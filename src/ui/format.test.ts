import { describe, expect, it } from 'vitest';
import { formatCount, formatFixed, formatLarge, formatShort } from './format';

describe('number formats', () => {
  it('prints 2/η with three digits', () => {
    expect([20, 6.6667, 0.5, 2000, 40000, 2e-6, 2e6].map((v) => formatFixed(v))).toEqual([
      '20.0',
      '6.67',
      '0.500',
      '2000',
      '40,000',
      '2.00e-6',
      '2.00e6',
    ]);
    expect(formatFixed(NaN)).toBe('–');
    expect(formatFixed(0)).toBe('0');
  });

  it('prints rates without needless digits', () => {
    expect(formatShort(0.1)).toBe('0.1');
    expect(formatShort(0.1 * 1.25)).toBe('0.125');
    expect(formatShort(0.30000000000000004)).toBe('0.3');
  });

  it('groups counts from five digits on', () => {
    expect([812, 5000, 12500].map(formatCount)).toEqual(['812', '5000', '12,500']);
  });

  it('shortens large counts', () => {
    expect([940, 12_400, 3_100_000].map(formatLarge)).toEqual(['940', '12.4 k', '3.10 M']);
  });
});
