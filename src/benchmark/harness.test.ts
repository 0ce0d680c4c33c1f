import { describe, expect, it, vi } from 'vitest';
import { compare, quantile, THOROUGH, TooLong, type Contender, type Thoroughness, type Timing } from './harness';

/** A contender whose every repetition takes `ms`, on a clock of its own. */
function fake(name: string, ms: number, log: string[] = []): Contender {
  return {
    time(count) {
      log.push(name);
      return Promise.resolve(ms * count);
    },
  };
}

const msOf = (found: Timing | Error): number => (found instanceof Error ? NaN : found.ms);

const clock = { now: 0 };

/** Contenders whose repetitions take so many ms, on a clock that they and the harness share. */
async function clocked(each: readonly number[], thoroughness: Thoroughness): Promise<Timing[]> {
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
  const found = await compare(
    each.map((ms) => ({
      time: (count) => {
        clock.now += ms * count;
        return Promise.resolve(ms * count);
      },
    })),
    thoroughness,
  );
  vi.restoreAllMocks();
  return found.map((one) => {
    if (one instanceof Error) throw one;
    return one;
  });
}

describe('compare', () => {
  it('gives the time of one repetition, whatever the size of a batch', async () => {
    const [slow, quick] = await compare([fake('slow', 700), fake('quick', 0.004)], THOROUGH);
    expect(slow).toEqual({ ms: 700, batches: THOROUGH.rounds });
    expect(msOf(quick)).toBeCloseTo(0.004, 12);
  });

  it('lets the contenders take turns', async () => {
    const log: string[] = [];
    await compare(
      ['a', 'b', 'c'].map((name) => fake(name, 150, log)),
      THOROUGH,
    );
    // Two warm-ups and the first batch of each, then the rounds, with a lead-in at the beginning of each turn.
    const rounds =
      log
        .slice(9)
        .join('')
        .match(/.{6}/g)
        ?.map((turns) => turns.replace(/(.)\1/g, '$1')) ?? [];
    expect(rounds).toHaveLength(THOROUGH.rounds - 1);
    for (const round of rounds) expect([...round].sort()).toEqual(['a', 'b', 'c']);
    expect(new Set(rounds).size).toBeGreaterThan(1);
  });

  it('times what is slow once, after one warm-up', async () => {
    const log: string[] = [];
    const [slow] = await compare([fake('slow', THOROUGH.slowMs, log), fake('b', 150)], THOROUGH);
    expect(slow).toEqual({ ms: THOROUGH.slowMs, batches: 1 });
    expect(log).toEqual(['slow', 'slow']);
  });

  it('does once, and leaves out, what takes longer than anybody waits for', async () => {
    const log: string[] = [];
    const [endless, b] = await compare([fake('endless', THOROUGH.longestMs + 1, log), fake('b', 150)], THOROUGH);
    expect(endless).toBeInstanceOf(TooLong);
    expect(endless).toMatchObject({ ms: 10_001, message: 'left out, a single one took more than 10 s' });
    expect(log).toEqual(['endless']);
    expect(b).toMatchObject({ ms: 150 });
  });

  it('takes what is longer still at its word the first time', async () => {
    const log: string[] = [];
    const patient = { ...THOROUGH, slowMs: 5000, longestMs: 300_000 };
    expect(await compare([fake('endless', 20_000, log)], patient)).toEqual([{ ms: 20_000, batches: 1 }]);
    expect(log).toEqual(['endless']);
  });

  it('stops after the fewest rounds when its patience is at an end', async () => {
    const log: string[] = [];
    await compare([fake('a', 150, log)], { ...THOROUGH, patienceMs: 0, fewestRounds: 4 });
    // Two warm-ups, the first batch, and three more, each with a lead-in.
    expect(log).toHaveLength(9);
  });

  it('gives those with short batches more turns when its patience with the long ones is at an end', async () => {
    const [long, short] = await clocked([900, 150], { ...THOROUGH, patienceMs: 3000, fewestRounds: 2 });
    // After the first batch, rounds of 2.1 s with their lead-ins until 3 s have gone by, then turns of 0.3 s until 6 s have.
    expect([long.batches, short.batches]).toEqual([1 + 2, 1 + 2 + 6]);
  });

  it('has batches enough of everybody on a problem as large as medium, and is done in two minutes', async () => {
    // Milliseconds of the steps, gradients and products that take turns there.
    const ours = [13, 135, 0.6, 8.3, 11, 154, 17, 131, 4.4, 8.8, 5.7, 270, 310];
    const peers = [1482, 1323, 1123, 2679, 2574, 1605];
    const begun = clock.now;
    const found = await clocked([...ours, ...peers], THOROUGH);
    for (const { batches } of found.slice(0, ours.length)) expect(batches).toBeGreaterThanOrEqual(9);
    for (const { batches } of found.slice(ours.length)) expect(batches).toBeGreaterThanOrEqual(4);
    expect(clock.now - begun).toBeLessThan(120_000);
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
    expect(msOf((await compare([warming], { ...THOROUGH, rounds: 1 }))[0])).toBeCloseTo(0.1, 12);
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
    // Two of many repetitions in a batch, one of five and one of a single one.
    const each = [1, 2, 20, 150];
    const found = await compare(
      each.map((ms) => displaced(String(ms), ms)),
      THOROUGH,
    );
    for (const [i, ms] of each.entries()) expect(msOf(found[i])).toBeCloseTo(ms, 12);
  });

  it('spares repetitions of over a second that beginning, and two turns of three', async () => {
    const log: string[] = [];
    const [long] = await compare([fake('long', 1500, log), fake('b', 150)], THOROUGH);
    expect(long).toEqual({ ms: 1500, batches: 7 });
    // One warm-up, and the batches.
    expect(log.filter((one) => one === 'long')).toHaveLength(1 + 7);
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
    expect([half, all].map(msOf)).toEqual([1, 1.5]);
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
    expect(c).toMatchObject({ ms: 150 });
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
