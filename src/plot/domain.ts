/**
 * Which values the axis spans: rounded outwards, and calm. A domain is kept while the data stay inside and fill a fair
 * part of it, so that the axis does not move with every frame. The level (2/η) is always inside with some headroom. A
 * few values far above it must not flatten everything else: on a linear axis they are cut off, and the chart says so.
 */
import { tickStep } from 'd3';
import type { Domain } from './axis';
import type { ScaleKind } from './model';

export interface Wanted {
  /** Extremes of the data; lo > hi where there are none. */
  readonly lo: number;
  readonly hi: number;
  /** Levels that must be inside. */
  readonly levels: readonly number[];
  /** Whether a linear axis starts at zero, and a log axis keeps to round decades; else the axis closes in. */
  readonly fromZero: boolean;
}

const LEVEL_HEADROOM = 1.1;
/** A domain is given up when the data fill less of it than this. */
const LEAST_FILL = 0.45;

/** Below this everything is zero to an axis. */
const SMALLEST = 1e-100;

function roundOut(lo: number, hi: number): Domain {
  const size = Math.max(Math.abs(lo), Math.abs(hi));
  // Values closer together than this are one value to an axis.
  const padded = hi - lo > 1e-9 * size && size > SMALLEST ? hi - lo : size > SMALLEST ? size : 1;
  const step = tickStep(0, padded * 1.04, 8);
  // Downwards more finely: a few values just below zero must not cost a whole step of empty paper.
  const fine = step / 4;
  const low = lo === 0 ? 0 : Math.floor((lo - 0.02 * padded) / fine + 1e-9) * fine;
  const high = Math.ceil((hi + 0.01 * padded) / (step / 2) - 1e-9) * (step / 2);
  return { lo: low, hi: high > low ? high : low + step };
}

/** The largest of 1, 2, 5 · 10ⁿ not above `value`, or the smallest not below it. */
function roundLog(value: number, up: boolean): number {
  const n = Math.floor(Math.log10(value) + 1e-12);
  const candidates = [1, 2, 5, 10].map((m) => Number(`${m}e${n}`));
  const tolerance = 1 + 1e-9;
  const found = up
    ? candidates.find((c) => c * tolerance >= value)
    : candidates.findLast((c) => c <= value * tolerance);
  return found ?? value;
}

function linearDomain(previous: Domain | null, wanted: Wanted): Domain {
  const empty = wanted.lo > wanted.hi;
  const levels = wanted.levels;
  const dataLo = empty ? Math.min(...levels, Infinity) : wanted.lo;
  const dataHi = empty ? Math.max(...levels, -Infinity) : wanted.hi;
  if (!(dataLo <= dataHi)) return previous ?? { lo: 0, hi: 1 };
  const top = Math.max(dataHi, ...levels);
  const bottom = Math.min(dataLo, ...levels);
  const lo = wanted.fromZero || bottom < 0.5 * top ? Math.min(0, bottom) : bottom;
  const headroom = lo <= 0 ? LEVEL_HEADROOM : 1;
  const hi = Math.max(top, ...levels.map((level) => level * headroom));
  if (previous && previous.lo <= lo && previous.hi >= Math.max(top, ...levels)) {
    const startsRight = lo !== 0 || previous.lo === 0;
    if (startsRight && hi - lo >= LEAST_FILL * (previous.hi - previous.lo)) return previous;
  }
  return roundOut(lo, hi);
}

function logDomain(previous: Domain | null, wanted: Wanted): Domain {
  const levels = wanted.levels.filter((level) => level > 0);
  const bottom = Math.min(wanted.lo > 0 ? wanted.lo : Infinity, ...levels);
  const top = Math.max(wanted.hi > 0 ? wanted.hi : -Infinity, ...levels);
  if (!(bottom <= top)) return previous && previous.lo > 0 ? previous : { lo: 0.1, hi: 10 };
  if (previous && previous.lo > 0 && previous.lo <= bottom && previous.hi >= top) {
    const fill = Math.log(top / bottom) / Math.log(previous.hi / previous.lo);
    if (fill >= LEAST_FILL) return previous;
  }
  if (!wanted.fromZero && top < 3 * bottom) {
    const close = roundOut(bottom, top);
    if (close.lo > 0) return close;
  }
  const lo = roundLog(bottom, false);
  const hi = roundLog(Math.max(top * 1.02, ...levels.map((level) => level * LEVEL_HEADROOM)), true);
  return hi > 1.5 * lo ? { lo, hi } : { lo: roundLog(lo / 1.5, false), hi: roundLog(hi * 1.5, true) };
}

/** The domain for what is wanted, `previous` itself where it still serves. */
export function calmDomain(kind: ScaleKind, previous: Domain | null, wanted: Wanted): Domain {
  return kind === 'log' ? logDomain(previous, wanted) : linearDomain(previous, wanted);
}

/** Values this many times the level are candidates for being cut off. */
const FAR = 3;

/**
 * The upper bound of what a linear axis shows: `hi`, or less where a few values lie far above the level.
 *
 * @param sample visible values, sorted ascending in place
 * @param diverged the last values are those of a run that left all bounds, however few came before
 */
export function cutOff(hi: number, level: number, sample: Float64Array, diverged = false): number {
  if (!(level > 0) || hi <= 1.5 * FAR * level || sample.length === 0) return hi;
  sample.sort();
  const usual = sample[Math.floor((diverged ? 0.25 : 0.95) * (sample.length - 1))];
  const bound = Math.max(FAR * level, 1.1 * usual);
  return hi > 1.5 * bound ? bound : hi;
}
