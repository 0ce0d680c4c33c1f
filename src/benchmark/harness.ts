/**
 * Timing: works are repeated in batches long enough for a coarse clock, and take turns batch by batch, so that whatever
 * else the machine does meanwhile falls on all of them and ratios come from one run. The order is another in every round,
 * for a predecessor may leave something behind: a garbage collector or a GPU process still at work. Nobody is timed before
 * being warm, nor right after another: a turn begins with some repetitions that do not count.
 *
 * The time of one repetition is the lower quartile of its batches. What disturbs a batch, another process or a core that
 * another guest of the machine has, only ever makes it longer, by up to a half here, and the median of nine took over
 * such disturbances; a batch is long enough to hold a work's own collections of garbage, which do count.
 */

import { LEFT_OUT } from './report/subject';

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
  batchMs: 100,
  rounds: 20,
  fewestRounds: 3,
  patienceMs: 15_000,
  slowMs: 5000,
  longestMs: 10_000,
};
export const QUICK: Thoroughness = {
  batchMs: 30,
  rounds: 5,
  fewestRounds: 1,
  patienceMs: 2000,
  slowMs: 300,
  longestMs: 3000,
};

/** One repetition took longer than anybody waits for: it was not repeated. */
export class TooLong extends Error {
  readonly ms: number;

  constructor(ms: number, { longestMs }: Thoroughness) {
    super(`${LEFT_OUT} took more than ${longestMs / 1000} s`);
    this.ms = ms;
  }
}

/** Repetitions before anything counts: compilers and caches. */
const WARM_UPS = 2;
/** Steady is who is no longer faster than before by more than this share; so many batches are waited for that. */
const STEADY = 0.05;
const MOST_UNSTEADY = 8;
/** Share of a batch done at the beginning of a turn without being timed: the caches are another's until then. */
const LEAD_IN = 0.1;
/** The quantile of the batches that is given. */
const COUNTED = 0.25;
/** Share of the progress that warming up is taken for. */
const WARMING = 0.3;

/** The value below which this share of them lies, interpolated: 0.5 for the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (at - below) * (sorted[Math.ceil(at)] - sorted[below]);
}

interface Turn {
  readonly contender: Contender;
  readonly count: number;
  readonly times: number[];
  /** No further turns. */
  readonly once: boolean;
}

/**
 * Warms up until the time of a repetition is steady, and finds how many make a batch; the last batch counts. Rejects with
 * `TooLong` after a repetition that nobody waits for.
 */
async function firstTurn(contender: Contender, thoroughness: Thoroughness): Promise<Turn> {
  const { batchMs, slowMs, longestMs } = thoroughness;
  let before = Infinity;
  for (let i = 0; i < WARM_UPS; i++) {
    before = await contender.time(1);
    if (before > longestMs) throw new TooLong(before, thoroughness);
    if (before >= slowMs) break;
  }
  let count = 1;
  let batches = 0;
  for (;;) {
    const ms = await contender.time(count);
    const each = ms / count;
    if (ms < batchMs / 2) {
      count = Math.ceil(count * Math.min(10, batchMs / Math.max(ms, 0.1)));
      before = Infinity;
      continue;
    }
    batches++;
    const once = each >= slowMs;
    const steady = each > (1 - STEADY) * before;
    if (once || steady || batches === MOST_UNSTEADY) return { contender, count, times: [each], once };
    before = Math.min(before, each);
    count = Math.ceil(batchMs / each);
  }
}

/** 0 … n − 1 in an order of chance (Fisher and Yates): nobody is always after the same other. */
function shuffled(n: number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** A turn of a contender: milliseconds of one repetition. */
async function nextTurn({ contender, count }: Turn): Promise<number> {
  const before = Math.floor(LEAD_IN * count);
  if (before > 0) await contender.time(before);
  return (await contender.time(count)) / count;
}

/**
 * Milliseconds of one repetition of each, in the order given; an error where it threw one. `progress` hears from time to
 * time which share is done, from 0 to 1.
 */
export async function compare(
  contenders: readonly Contender[],
  thoroughness: Thoroughness,
  progress: (share: number) => void = () => undefined,
): Promise<(number | Error)[]> {
  const turns: (Turn | Error)[] = [];
  for (const [i, contender] of contenders.entries()) {
    progress((WARMING * i) / contenders.length);
    turns.push(await firstTurn(contender, thoroughness).catch(errorOf));
  }
  const { batchMs, rounds, fewestRounds, patienceMs } = thoroughness;
  const begun = performance.now();
  for (let round = 1; round < rounds; round++) {
    const enough = round >= fewestRounds;
    const spent = performance.now() - begun;
    if (enough && spent >= 2 * patienceMs) break;
    progress(WARMING + (1 - WARMING) * Math.min(1, Math.max(round / rounds, spent / (2 * patienceMs))));
    for (const i of shuffled(turns.length)) {
      const turn = turns[i];
      if (turn instanceof Error || turn.once) continue;
      // Whose batches are long has had turns enough; the others' next ones cost little and make their figure firmer.
      if (enough && spent >= patienceMs && turn.times[0] * turn.count > 2 * batchMs) continue;
      const each = await nextTurn(turn).catch(errorOf);
      if (each instanceof Error) turns[i] = each;
      else turn.times.push(each);
    }
  }
  return turns.map((turn) => (turn instanceof Error ? turn : quantile(turn.times, COUNTED)));
}

/** What was thrown, as an Error whatever it was. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
