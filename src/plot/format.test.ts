import { describe, expect, it } from 'vitest';
import { formatBound, formatPercent, formatShort, formatStep, formatValue } from './format';

describe('numbers', () => {
  it('keep four significant digits and their zeros', () => {
    expect([19.9, 0.0312, 1234.5, 0, -2.5].map((value) => formatValue(value))).toEqual([
      '19.90',
      '0.03120',
      '1235',
      '0.000',
      '−2.500',
    ]);
    expect(formatValue(4.2e-5)).toBe('4.200·10⁻⁵');
    expect(formatValue(123456)).toBe('123\u202f456');
  });

  it('say what is not a number', () => {
    expect([NaN, Infinity, -Infinity].map((value) => formatValue(value))).toEqual(['–', '∞', '−∞']);
  });

  it('drop zeros where they need not hold still', () => {
    expect([20, 20 / 3, 0.1, 2e-7, 1e-8].map((value) => formatShort(value))).toEqual([
      '20',
      '6.667',
      '0.1',
      '2·10⁻⁷',
      '10⁻⁸',
    ]);
    expect(formatShort(1200)).toBe('1200');
  });

  it('give bounds one digit', () => {
    expect([3.2e-4, 0.021, 0, 0.5, NaN].map(formatBound)).toEqual(['3e-4', '0.02', '0', '0.5', '–']);
  });

  it('give shares three digits', () => {
    expect([0.996, 0.0421, 12.5].map(formatPercent)).toEqual(['99.6\u202f%', '4.21\u202f%', '1250\u202f%']);
  });

  it('group long step counts', () => {
    expect([812, 5000, 12500].map(formatStep)).toEqual(['812', '5000', '12\u202f500']);
  });
});
