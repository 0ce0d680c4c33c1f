/** The batch of a step: the one rule, and the words for it. */
import { describe, expect, it } from 'vitest';
import { batchFor, defaultBatch, isFullBatch, optimizerText } from './batch';
import { decodeLink } from './link';

const read = (link: string): ReturnType<typeof decodeLink>['experiment'] => decodeLink(link).experiment;

describe('the batch that nobody asked for', () => {
  it.each([
    [1, 1],
    [2, 1],
    [7, 1],
    [8, 2],
    [20, 5],
    [31, 7],
    [32, 8],
    [33, 32],
    [20_000, 32],
  ])('of %d examples is %d', (examples, batch) => {
    expect(defaultBatch(examples)).toBe(batch);
    expect(batchFor({ batch: null }, examples)).toBe(batch);
  });

  it('leaves a link of few examples mini-batch SGD, and of a file as many as it turns out to have', () => {
    const chebyshev = read('#/?data=chebyshev&opt=sgd');
    expect(chebyshev.n).toBe(20);
    expect(isFullBatch(chebyshev, 20)).toBe(false);
    expect(optimizerText(chebyshev, 20)).toBe('mini-batch SGD (b\u00a0=\u00a05)');
    const file = read('#/?data=csv&opt=sgd');
    expect([10_000, 150, 12].map((rows) => batchFor(file, rows))).toEqual([32, 32, 3]);
  });
});

describe('a batch that was asked for', () => {
  it('is at most all examples', () => {
    expect([8, 20, 60].map((batch) => batchFor({ batch }, 20))).toEqual([8, 20, 20]);
  });

  it('is gradient descent where it is a whole epoch, and is called so', () => {
    for (const batch of [20, 60]) {
      const all = { opt: 'sgd', batch, sampling: 'epochs' } as const;
      expect(isFullBatch(all, 20)).toBe(true);
      expect(optimizerText(all, 20)).toBe('gradient descent');
      expect(isFullBatch(all, 61)).toBe(false);
      const drawn = { ...all, sampling: 'replacement' } as const;
      expect(isFullBatch(drawn, 20)).toBe(false);
      expect(optimizerText(drawn, 20)).toBe('mini-batch SGD (b\u00a0=\u00a020 with replacement)');
    }
    expect(optimizerText({ opt: 'gd', batch: null, sampling: 'epochs' }, 20)).toBe('gradient descent');
  });
});
