/**
 * Timing: works are repeated in batches long enough for a coarse clock, and take turns batch by batch, so that whatever
 * else the machine does meanwhile falls on all of them and ratios come from one run.
 */

/** Something to be timed. */
export interface Contender {
  /** Does it `count` times; resolves with the milliseconds it took. */
  time(count: number): Promise<number>;
}

export interface Thoroughness {
  /** Length of a batch, ms. */
  readonly batchMs: number;
  /** Most batches of each contender, and fewest of one that is not slow. */
  readonly rounds: number;
  readonly fewestRounds: number;
  /** No more rounds than the fewest, for those with long batches, once they have taken this long, ms; for all, twice this. */
  readonly patienceMs: number;
  /** A repetition that takes longer than this, ms, is timed no more often than needed: once after one warm-up. */
  readonly slowMs: number;
  /** What takes longer than this, ms, for a single repetition is left out: it is not repeated. */
  readonly longestMs: number;
}

export const THOROUGH: Thoroughness = {
  batchMs: 200,
  rounds: 9,
  fewestRounds: 3,
  patienceMs: 8000,
  slowMs: 5000,
  longestMs: 10_000,
};
export const QUICK: Thoroughness = {
  batchMs: 30,
  rounds: 3,
  fewestRounds: 1,
  patienceMs: 1000,
  slowMs: 300,
  longestMs: 3000,
};

/** One repetition took longer than anybody waits for: it was not repeated. */
export class TooLong extends Error {
  readonly ms: number;

  constructor(ms: number, { longestMs }: Thoroughness) {
    super(`left out, a single one took more than ${longestMs / 1000} s`);
    this.ms = ms;
  }
}

/** Repetitions before anything counts: compilers and caches. */
const WARM_UPS = 2;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

interface Turn {
  readonly contender: Contender;
  readonly count: number;
  readonly times: number[];
  /** No further turns. */
  readonly once: boolean;
}

/** Warms up, and finds how many repetitions make a batch. Rejects with `TooLong` after one that nobody waits for. */
async function firstTurn(contender: Contender, thoroughness: Thoroughness): Promise<Turn> {
  const { batchMs, slowMs, longestMs } = thoroughness;
  for (let i = 0; i < WARM_UPS; i++) {
    const ms = await contender.time(1);
    if (ms > longestMs) throw new TooLong(ms, thoroughness);
    if (ms >= slowMs) break;
  }
  let count = 1;
  for (;;) {
    const ms = await contender.time(count);
    if (ms >= batchMs / 2) return { contender, count, times: [ms / count], once: ms / count >= slowMs };
    count = Math.ceil(count * Math.min(10, batchMs / Math.max(ms, 0.1)));
  }
}

/** Median milliseconds of one repetition of each, in the order given; an error where it threw one. */
export async function compare(
  contenders: readonly Contender[],
  thoroughness: Thoroughness,
): Promise<(number | Error)[]> {
  const turns: (Turn | Error)[] = [];
  for (const contender of contenders) {
    turns.push(await firstTurn(contender, thoroughness).catch(errorOf));
  }
  const { batchMs, rounds, fewestRounds, patienceMs } = thoroughness;
  const begun = performance.now();
  for (let round = 1; round < rounds; round++) {
    const enough = round >= fewestRounds;
    const spent = performance.now() - begun;
    if (enough && spent >= 2 * patienceMs) break;
    for (const [i, turn] of turns.entries()) {
      if (turn instanceof Error || turn.once) continue;
      // Whose batches are long has had turns enough; the others' next ones cost little and make their median firmer.
      if (enough && spent >= patienceMs && turn.times[0] * turn.count > 2 * batchMs) continue;
      const ms = await turn.contender.time(turn.count).catch(errorOf);
      if (ms instanceof Error) turns[i] = ms;
      else turn.times.push(ms / turn.count);
    }
  }
  return turns.map((turn) => (turn instanceof Error ? turn : median(turn.times)));
}

/** What was thrown, as an Error whatever it was. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
