import { describe, expect, it } from 'vitest';
import { formatCounted, formatLarge } from './format';

describe('number formats', () => {
  it('shortens large counts', () => {
    expect([940, 12_400, 3_100_000].map(formatLarge)).toEqual(['940', '12.4 k', '3.10 M']);
  });

  it('counts one thing as one', () => {
    expect([0, 1, 2, 12_500].map((count) => formatCounted(count, 'class', 'classes'))).toEqual([
      '0 classes',
      '1 class',
      '2 classes',
      '12\u202f500 classes',
    ]);
  });
});
