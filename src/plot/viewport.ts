/** Which steps a chart shows: all of the run as it grows, or a stretch that someone zoomed to. */
import type { Domain } from './axis';

/** A run is shown this many steps wide from its first one on. */
const LEAST_SPAN = 60;
const CLOSEST = 2;

/** Everything up to `last`, from step 0. */
export function fullDomain(last: number): Domain {
  return { lo: 0, hi: Math.max(LEAST_SPAN, last) };
}

/** [lo, hi] moved and widened as little as needed to lie inside `full` and span at least two steps. */
export function clampDomain({ lo, hi }: Domain, full: Domain): Domain {
  const span = Math.min(Math.max(hi - lo, CLOSEST), full.hi - full.lo);
  const from = Math.min(Math.max((lo + hi - span) / 2, full.lo), full.hi - span);
  return { lo: from, hi: from + span };
}

/** Zoomed by `factor` (> 1 is closer) about a step that stays where it is; null when that shows everything. */
export function zoomDomain(domain: Domain, factor: number, about: number, full: Domain): Domain | null {
  const lo = about - (about - domain.lo) / factor;
  const hi = about + (domain.hi - about) / factor;
  if (hi - lo >= full.hi - full.lo) return null;
  return clampDomain({ lo, hi }, full);
}

/** Moved by `steps`, as far as there is run to show. */
export function panDomain(domain: Domain, steps: number, full: Domain): Domain {
  const shift = Math.min(Math.max(steps, full.lo - domain.lo), Math.max(full.hi - domain.hi, 0));
  return { lo: domain.lo + shift, hi: domain.hi + shift };
}
