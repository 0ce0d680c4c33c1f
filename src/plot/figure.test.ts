import { describe, expect, it } from 'vitest';
import { wrap } from './figure';

const widthOf = (text: string): number => text.length;

describe('wrap', () => {
  it('breaks after words, and loses nothing', () => {
    expect(wrap('two spirals, 200 examples', 12, widthOf)).toEqual(['two spirals,', '200 examples']);
  });

  it('breaks a link between its settings', () => {
    const link = 'here/#/?v=1&lr=0.2&seed=3';
    const lines = wrap(link, 12, widthOf);
    expect(lines.join('')).toBe(link);
    expect(lines).toEqual(['here/#/?v=1&', 'lr=0.2&', 'seed=3']);
  });
});
