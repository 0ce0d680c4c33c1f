import { describe, expect, it } from 'vitest';
import { hasSimd } from './simd';

describe('SIMD detection', () => {
  it('finds it where it is known to be', () => {
    expect(hasSimd()).toBe(true);
  });
});
