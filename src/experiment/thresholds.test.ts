/** The line everything is drawn against, proven on the quadratic that defines it. */
import { describe, expect, it } from 'vitest';
import { CATAPULT_LIMIT, threshold } from './thresholds';

describe('threshold', () => {
  it('is where gradient descent on ½λx² turns from shrinking to growing', () => {
    for (const lr of [1e-6, 0.05, 0.1, 0.3, 1, 1000]) {
      const edge = threshold('gd', { lr });
      expect(threshold('sgd', { lr })).toBe(edge);
      expect(edge).toBe(2 / lr);
      expect(Math.abs(1 - lr * edge * 0.999)).toBeLessThan(1);
      expect(Math.abs(1 - lr * edge * 1.001)).toBeGreaterThan(1);
    }
  });

  it('is half the catapult limit', () => {
    expect(CATAPULT_LIMIT).toBe(0.5 * threshold('gd', { lr: 0.1 }) * 0.1 * 4);
  });
});
