import { describe, expect, it } from 'vitest';
import { FIELDS, type NumberSpec } from '../experiment/schema';
import { boxText, readNumber } from './reading';

const lr = FIELDS.lr as NumberSpec;
const n = FIELDS.n as NumberSpec;
const every = FIELDS.every as NumberSpec;

describe('reading a number box', () => {
  it('takes numbers as they are written', () => {
    expect(readNumber('0.25', lr)).toEqual({ value: 0.25 });
    expect(readNumber(' 2.5e-3 ', lr)).toEqual({ value: 0.0025 });
    expect(readNumber('.5', lr)).toEqual({ value: 0.5 });
    expect(readNumber('200', n)).toEqual({ value: 200 });
  });

  it('takes a decimal comma', () => {
    expect(readNumber('0,25', lr)).toEqual({ value: 0.25 });
    expect(readNumber('1,000,5', lr)).toHaveProperty('message');
  });

  it('passes over spaces between thousands, and over no others', () => {
    expect(readNumber('1 000 000', n)).toEqual(readNumber('1000000', n));
    expect(readNumber('2\u202f000', n)).toEqual({ value: 2000 });
    expect(readNumber('1 00', n)).toHaveProperty('message');
    expect(readNumber('1 0000', n)).toHaveProperty('message');
  });

  it.each(['', 'abc', '0.1.2', '1e', '--1', 'NaN', 'Infinity', '0x10'])('answers %j with one sentence', (text) => {
    const reading = readNumber(text, lr);
    expect(reading).toEqual({ message: expect.stringMatching(/^Learning rate η must be a number from .+\.$/) });
  });

  it('changes nothing silently: out of bounds or not whole is said', () => {
    expect(readNumber('-1', lr)).toHaveProperty('message');
    expect(readNumber('1e9', lr)).toHaveProperty('message');
    expect(readNumber('20.5', n)).toHaveProperty('message');
  });

  it('reads an empty box as unset only where a field can be', () => {
    expect(readNumber(' ', every)).toEqual({ value: null });
    expect(readNumber('', n)).toHaveProperty('message');
  });

  it('writes what it reads back to the same value', () => {
    for (const value of [0.1, 1 / 3, 123456, 1e-6, 4294967295])
      expect(readNumber(boxText(value), { ...lr, min: 0, max: 1e10 })).toEqual({ value });
    expect(boxText(null)).toBe('');
  });
});
