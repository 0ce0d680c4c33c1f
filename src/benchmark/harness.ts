/**
 * Timing: works are repeated in batches long enough for a coarse clock, and take turns batch by batch, so that whatever
 * else the machine does meanwhile falls on all of them and ratios come from one run. The order is another in every round,
 * for a predecessor may leave something behind: a garbage collector or a GPU process still at work. Nobody is timed before
 * being warm, nor right after another: a turn begins with a repetition or more that do not count. Only where one takes over
 * a second is there none, for what a predecessor leaves behind is gone within some 10 ms; and so long a work takes part in
 * every third round only, so that all have rounds enough in a time that one waits for.
 *
 * The time of one repetition is the lower quartile of its batches. What disturbs a batch, another process or a core that
 * another guest of the machine has, only ever makes it longer, by up to a half here, and the median of nine took over
 * such disturbances. A work's own collections of garbage pass as such a disturbance, too, unless they fall in at least three
 * batches of four: those of works that allocate much do, rarer ones are not in the figure.
 */

/** Something to be timed. */
export interface Contender {
  /** Does it `count` times; resolves with the milliseconds it took. */
  time(count: number): Promise<number>;
}

export interface Thoroughness {
  /** Length of a batch, ms. */
  readonly batchMs: number;
  /** Most batches of each contender, and fewest of one whose repetition takes less than a second. */
  readonly rounds: number;
  readonly fewestRounds: number;
  /** No more rounds than the fewest, for those with long batches, once all have taken this long, ms; for all, twice this. */
  readonly patienceMs: number;
  /** A repetition that takes longer than this, ms, is timed no more often than needed: once, after one warm-up if any. */
  readonly slowMs: number;
  /** What takes longer than this, ms, for a single repetition is left out: it is not repeated. */
  readonly longestMs: number;
}

export const THOROUGH: Thoroughness = {
  batchMs: 100,
  rounds: 20,
  fewestRounds: 9,
  patienceMs: 30_000,
  slowMs: 10_000,
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

/** What was found of a contender. */
export interface Timing {
  /** Of one repetition: the lower quartile of the batches. */
  readonly ms: number;
  readonly batches: number;
}

/** How a note begins where there is no figure since nobody waits so long. */
export const LEFT_OUT = 'left out, a single one';

/** One repetition took longer than anybody waits for: it was not repeated. */
export class TooLong extends Error {
  readonly ms: number;

  constructor(ms: number, { longestMs }: Thoroughness) {
    super(`${LEFT_OUT} took more than ${longestMs / 1000} s`);
    this.ms = ms;
  }
}

/** Repetitions before anything counts, compilers and caches; a long one is warm after the first. */
const WARM_UPS = 2;
/** A repetition that takes longer than this, ms, is long: it has no lead-in, and takes part in one round of so many. */
const LONG_MS = 1000;
const LONG_EVERY = 3;
/** A repetition that takes longer than this, ms, is its own warm-up: what comes first but once is lost in it. */
const OWN_WARM_UP_MS = 20_000;
/** Steady is who is no longer faster than before by more than this share; so many batches are waited for that. */
const STEADY = 0.05;
const MOST_UNSTEADY = 8;
/** Share of a batch, and at least one repetition, done first in a turn without being timed: the caches are another's till then. */
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

const isLong = ({ times }: Turn): boolean => times[0] > LONG_MS;

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
    if (before >= Math.max(slowMs, OWN_WARM_UP_MS)) return { contender, count: 1, times: [before], once: true };
    if (before >= Math.min(slowMs, LONG_MS)) break;
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
async function nextTurn(turn: Turn): Promise<number> {
  const { contender, count } = turn;
  if (!isLong(turn)) await contender.time(Math.max(1, Math.floor(LEAD_IN * count)));
  return (await contender.time(count)) / count;
}

/**
 * How long one repetition of each takes, in the order given; an error where it threw one. `progress` hears from time to time
 * which share is done, from 0 to 1.
 */
export async function compare(
  contenders: readonly Contender[],
  thoroughness: Thoroughness,
  progress: (share: number) => void = () => undefined,
): Promise<(Timing | Error)[]> {
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
      // From the second on, so that there are four batches in the fewest rounds.
      if (isLong(turn) && round % LONG_EVERY !== 2) continue;
      // Whose batches are long has had turns enough; the others' next ones cost little and make their figure firmer.
      if (enough && spent >= patienceMs && turn.times[0] * turn.count > 2 * batchMs) continue;
      const each = await nextTurn(turn).catch(errorOf);
      if (each instanceof Error) turns[i] = each;
      else turn.times.push(each);
    }
  }
  return turns.map((turn) => {
    return turn instanceof Error ? turn : { ms: quantile(turn.times, COUNTED), batches: turn.times.length };
  });
}

/** What was thrown, as an Error whatever it was. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
