import { describe, expect, it, vi } from 'vitest';
import { compare, quantile, THOROUGH, TooLong, type Contender } from './harness';

/** A contender whose every repetition takes `ms`, on a clock of its own. */
function fake(name: string, ms: number, log: string[] = []): Contender {
  return {
    time(count) {
      log.push(name);
      return Promise.resolve(ms * count);
    },
  };
}

describe('compare', () => {
  it('gives the time of one repetition, whatever the size of a batch', async () => {
    const [slow, quick] = await compare([fake('slow', 700), fake('quick', 0.004)], THOROUGH);
    expect(slow).toBe(700);
    expect(quick).toBeCloseTo(0.004, 12);
  });

  it('lets the contenders take turns', async () => {
    const log: string[] = [];
    await compare(
      ['a', 'b', 'c'].map((name) => fake(name, 150, log)),
      THOROUGH,
    );
    // Two warm-ups and the first batch of each, then the rounds.
    const rounds = log.slice(9).join('').match(/.../g) ?? [];
    expect(rounds).toHaveLength(THOROUGH.rounds - 1);
    for (const round of rounds) expect([...round].sort()).toEqual(['a', 'b', 'c']);
    expect(new Set(rounds).size).toBeGreaterThan(1);
  });

  it('times what is slow once, after one warm-up', async () => {
    const log: string[] = [];
    const [slow] = await compare([fake('slow', THOROUGH.slowMs, log), fake('b', 150)], THOROUGH);
    expect(slow).toBe(THOROUGH.slowMs);
    expect(log).toEqual(['slow', 'slow']);
  });

  it('does once, and leaves out, what takes longer than anybody waits for', async () => {
    const log: string[] = [];
    const [endless, b] = await compare([fake('endless', THOROUGH.longestMs + 1, log), fake('b', 150)], THOROUGH);
    expect(endless).toBeInstanceOf(TooLong);
    expect(endless).toMatchObject({ ms: 10_001, message: 'left out, a single one took more than 10 s' });
    expect(log).toEqual(['endless']);
    expect(b).toBe(150);
  });

  it('stops after the fewest rounds when its patience is at an end', async () => {
    const log: string[] = [];
    await compare([fake('a', 150, log)], { ...THOROUGH, patienceMs: 0, fewestRounds: 4 });
    // Two warm-ups, the first batch, and three more.
    expect(log).toHaveLength(6);
  });

  it('gives those with short batches more turns when its patience with the long ones is at an end', async () => {
    const clock = { now: 0 };
    vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
    const log: string[] = [];
    const ticking = (name: string, ms: number): Contender => ({
      time(count) {
        log.push(name);
        clock.now += ms * count;
        return Promise.resolve(ms * count);
      },
    });
    await compare([ticking('long', 1000), ticking('short', 150)], { ...THOROUGH, patienceMs: 3000 });
    vi.restoreAllMocks();
    const turns = (name: string): number => log.filter((one) => one === name).length;
    // Two warm-ups, the first batch, and turns until 3 s have gone by.
    expect(turns('long')).toBe(2 + 1 + 3);
    expect(turns('short')).toBe(2 + THOROUGH.rounds);
  });

  it('counts nobody before being steady', async () => {
    // A compiler that takes notice late: each of the first 600 repetitions takes three times as long.
    let done = 0;
    const warming: Contender = {
      time(count) {
        const slow = Math.max(0, Math.min(count, 600 - done));
        done += count;
        return Promise.resolve(0.1 * (count + 2 * slow));
      },
    };
    expect((await compare([warming], { ...THOROUGH, rounds: 1 }))[0]).toBeCloseTo(0.1, 12);
  });

  it('begins a turn with repetitions that do not count', async () => {
    // Whoever comes after another finds the caches full of the other's: 5 ms until they are one's own.
    let last = '';
    const displaced = (name: string, ms: number): Contender => ({
      time(count) {
        const cold = last === name ? 0 : 5;
        last = name;
        return Promise.resolve(cold + ms * count);
      },
    });
    const [a, b] = await compare([displaced('a', 1), displaced('b', 2)], THOROUGH);
    expect(a).toBeCloseTo(1, 12);
    expect(b).toBeCloseTo(2, 12);
  });

  it('lets what disturbs some of the batches pass, and not what the work itself does in all of them', async () => {
    const disturbed = (which: (turn: number) => boolean): Contender => {
      let turn = 0;
      return { time: (count) => Promise.resolve(count * (which(turn++) ? 1.5 : 1)) };
    };
    const [half, all] = await compare(
      [disturbed((turn) => turn > 10 && turn % 4 < 2), disturbed(() => true)],
      THOROUGH,
    );
    expect([half, all]).toEqual([1, 1.5]);
  });

  it('says how far it has come', async () => {
    const shares: number[] = [];
    await compare([fake('a', 150), fake('b', 150)], THOROUGH, (share) => void shares.push(share));
    expect(shares[0]).toBe(0);
    expect(shares).toEqual([...new Set(shares)].sort((x, y) => x - y));
    expect(shares.length).toBeGreaterThan(THOROUGH.rounds);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });

  it('reports the failure of one in its place and goes on with the others', async () => {
    let left = 5;
    const failing: Contender = {
      time: (count) => (left-- > 0 ? Promise.resolve(150 * count) : Promise.reject(new Error('device lost'))),
    };
    const broken: Contender = { time: () => Promise.reject(new Error('no such work')) };
    const [a, b, c] = await compare([failing, broken, fake('c', 150)], THOROUGH);
    expect(a).toEqual(new Error('device lost'));
    expect(b).toEqual(new Error('no such work'));
    expect(c).toBe(150);
  });
});

describe('quantile', () => {
  it('is the value below which a share of them lies, interpolated', () => {
    expect(quantile([3, 100, 1], 0.5)).toBe(3);
    expect(quantile([4, 1, 2, 100], 0.5)).toBe(3);
    expect(quantile([5, 1, 3, 2, 4], 0.25)).toBe(2);
    expect(quantile([1, 2, 9], 0.25)).toBe(1.5);
    expect(quantile([7], 0.25)).toBe(7);
  });
});
