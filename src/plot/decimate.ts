/**
 * Min/max decimation per pixel column. Oscillation at the edge of stability is spikes, so thinning by stride or by area
 * would lose what the chart is for: of every column the first, smallest, largest and last sample are kept, in order and
 * at their own positions, and the drawn path covers every pixel that the full path would. Gaps stay gaps.
 */

/** A reused buffer of path vertices. A NaN value lifts the pen. */
export interface Path {
  /** Pixels. */
  x: Float64Array;
  /** Values, not pixels, so that the value axis can be chosen afterwards. */
  value: Float64Array;
  count: number;
  /** Extremes of what was kept; Infinity and −Infinity where nothing was. */
  lo: number;
  hi: number;
  /** Samples that a log axis cannot show. */
  dropped: number;
}

/** A reused buffer of error-band vertices. NaN lifts the pen. */
export interface Band {
  x: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  count: number;
}

/** An affine map from steps to pixels: (step − origin) · perStep + left. */
export interface StepMap {
  readonly origin: number;
  readonly perStep: number;
  readonly left: number;
}

export function createPath(): Path {
  return { x: new Float64Array(0), value: new Float64Array(0), count: 0, lo: Infinity, hi: -Infinity, dropped: 0 };
}

export function createBand(): Band {
  return { x: new Float64Array(0), lower: new Float64Array(0), upper: new Float64Array(0), count: 0 };
}

/** Vertices that `samples` over `columns` can give: four a column and a gap. */
function capacity(samples: number, columns: number): number {
  return Math.min(5 * (columns + 2), 2 * samples) + 2;
}

/**
 * Decimates the samples [from, to) into `out`.
 *
 * @param positive leaves out values ≤ 0 (a log axis), counted in `out.dropped` and drawn as gaps
 */
export function decimate(
  steps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  map: StepMap,
  positive: boolean,
  out: Path,
): void {
  const { origin, perStep, left } = map;
  const columns = to > from ? Math.ceil((steps[to - 1] - steps[from]) * perStep) + 1 : 0;
  const room = capacity(Math.max(0, to - from), columns);
  if (out.x.length < room) {
    out.x = new Float64Array(2 * room);
    out.value = new Float64Array(2 * room);
  }
  const { x, value } = out;
  let count = 0;
  let lo = Infinity;
  let hi = -Infinity;
  let dropped = 0;
  let column = NaN;
  let first = -1;
  let last = -1;
  let least = -1;
  let most = -1;
  let gap = false;

  for (let i = from; i <= to; i++) {
    let here = NaN; // never equal to a column, so that the end flushes the last one
    if (i < to) {
      const v = values[i];
      if (v - v !== 0 || (positive && v <= 0)) {
        if (v <= 0 && v - v === 0) dropped++;
        gap = true;
        continue;
      }
      here = Math.floor((steps[i] - origin) * perStep);
      if (here === column) {
        // A gap inside one pixel column is too narrow to be seen.
        gap = false;
        last = i;
        if (v < values[least]) least = i;
        else if (v > values[most]) most = i;
        continue;
      }
    }
    if (first >= 0) {
      const early = least < most ? least : most;
      const late = least < most ? most : least;
      x[count] = (steps[first] - origin) * perStep + left;
      value[count++] = values[first];
      if (early > first) {
        x[count] = (steps[early] - origin) * perStep + left;
        value[count++] = values[early];
      }
      if (late > early) {
        x[count] = (steps[late] - origin) * perStep + left;
        value[count++] = values[late];
      }
      if (last > late) {
        x[count] = (steps[last] - origin) * perStep + left;
        value[count++] = values[last];
      }
      if (values[least] < lo) lo = values[least];
      if (values[most] > hi) hi = values[most];
      if (gap && i < to) {
        x[count] = x[count - 1];
        value[count++] = NaN;
      }
    }
    gap = false;
    first = last = least = most = i;
    column = here;
  }
  out.count = count;
  out.lo = lo;
  out.hi = hi;
  out.dropped = dropped;
}

/** The band value ± residual of the samples [from, to), widest extent of every pixel column. */
export function decimateBand(
  steps: Float64Array,
  values: Float64Array,
  residuals: Float64Array,
  from: number,
  to: number,
  map: StepMap,
  out: Band,
): void {
  const { origin, perStep, left } = map;
  const columns = to > from ? Math.ceil((steps[to - 1] - steps[from]) * perStep) + 1 : 0;
  const room = capacity(Math.max(0, to - from), columns);
  if (out.x.length < room) {
    out.x = new Float64Array(2 * room);
    out.lower = new Float64Array(2 * room);
    out.upper = new Float64Array(2 * room);
  }
  const { x, lower, upper } = out;
  let count = 0;
  let column = NaN;
  let gap = false;
  for (let i = from; i < to; i++) {
    const low = values[i] - residuals[i];
    const high = values[i] + residuals[i];
    if (high - low - (high - low) !== 0) {
      gap = true;
      continue;
    }
    const position = (steps[i] - origin) * perStep;
    const here = Math.floor(position);
    if (here === column) {
      gap = false;
      if (low < lower[count - 1]) lower[count - 1] = low;
      if (high > upper[count - 1]) upper[count - 1] = high;
      continue;
    }
    if (gap && count > 0) {
      x[count] = x[count - 1];
      lower[count] = upper[count] = NaN;
      count++;
    }
    x[count] = position + left;
    lower[count] = low;
    upper[count] = high;
    count++;
    gap = false;
    column = here;
  }
  out.count = count;
}
