import { describe, expect, it } from 'vitest';
import { compare, median, type Peer } from './harness';

/** A peer whose every repetition takes `ms`, on a clock of its own. */
function fake(name: string, ms: number, log: string[], works: Peer['works'] = ['step', 'hvp']): Peer {
  return {
    name,
    works,
    batch(_, count) {
      log.push(name);
      return Promise.resolve(ms * count);
    },
  };
}

describe('compare', () => {
  it('gives the time of one repetition, whatever the size of a batch', async () => {
    const times = await compare([fake('slow', 700, []), fake('quick', 0.004, [])], 'step');
    expect(times.slow).toBe(700);
    expect(times.quick).toBeCloseTo(0.004, 12);
  });

  it('lets the peers take turns', async () => {
    const log: string[] = [];
    await compare([fake('a', 150, log), fake('b', 150, log)], 'step');
    expect(log.join('').endsWith('abababab')).toBe(true);
  });

  it('leaves out who does not do the work', async () => {
    const times = await compare([fake('a', 150, []), fake('b', 150, [], ['step'])], 'hvp');
    expect(Object.keys(times)).toEqual(['a']);
  });
});

describe('median', () => {
  it('is the middle value, or the mean of the two', () => {
    expect(median([3, 100, 1])).toBe(3);
    expect(median([4, 1, 2, 100])).toBe(3);
  });
});
