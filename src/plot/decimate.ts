/**
 * Min/max decimation per pixel column. Oscillation at the edge of stability is spikes, so thinning by stride or by area
 * would lose what the chart is for: of every column the first, smallest, largest and last sample are kept, in order and
 * at their own positions, and the drawn path covers every pixel that the full path would. Gaps stay gaps.
 */

/** A reused list of where the samples of each occupied pixel column begin; one more entry ends the last. */
export interface Runs {
  starts: Int32Array;
  count: number;
}

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

export function createRuns(): Runs {
  return { starts: new Int32Array(0), count: 0 };
}

export function createPath(): Path {
  return { x: new Float64Array(0), value: new Float64Array(0), count: 0, lo: Infinity, hi: -Infinity, dropped: 0 };
}

export function createBand(): Band {
  return { x: new Float64Array(0), lower: new Float64Array(0), upper: new Float64Array(0), count: 0 };
}

/** Four vertices a column and a gap. */
const MOST_VERTICES = 5;

/**
 * Finds the pixel columns of the samples [from, to), by bisection in each, so that the lines that share the steps need
 * not ask every sample for its pixel.
 */
export function findRuns(steps: Float64Array, from: number, to: number, map: StepMap, out: Runs): void {
  const { origin, perStep } = map;
  const columns = to > from ? Math.ceil((steps[to - 1] - steps[from]) * perStep) + 2 : 0;
  const room = Math.min(columns, to - from) + 1;
  if (out.starts.length < room) out.starts = new Int32Array(2 * room);
  const { starts } = out;
  let count = 0;
  let start = from;
  while (start < to) {
    starts[count++] = start;
    const column = Math.floor((steps[start] - origin) * perStep);
    let low = start + 1;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Math.floor((steps[middle] - origin) * perStep) > column) high = middle;
      else low = middle + 1;
    }
    start = low;
  }
  starts[count] = Math.max(from, to);
  out.count = count;
}

/**
 * Decimates the samples in `runs` into `out`.
 *
 * @param positive leaves out values ≤ 0 (a log axis), counted in `out.dropped` and drawn as gaps
 */
export function decimate(
  steps: Float64Array,
  values: Float64Array,
  runs: Runs,
  map: StepMap,
  positive: boolean,
  out: Path,
): void {
  const { origin, perStep, left } = map;
  const room = MOST_VERTICES * runs.count;
  if (out.x.length < room) {
    out.x = new Float64Array(2 * room);
    out.value = new Float64Array(2 * room);
  }
  const { x, value } = out;
  const bound = positive ? 0 : -Infinity;
  let count = 0;
  let lo = Infinity;
  let hi = -Infinity;
  let dropped = 0;
  /** Whether something is missing since the last sample; a gap inside one pixel column is too narrow to be seen. */
  let gap = false;
  for (let run = 0; run < runs.count; run++) {
    const end = runs.starts[run + 1];
    let first = -1;
    let last = -1;
    let least = -1;
    let most = -1;
    let smallest = Infinity;
    let largest = -Infinity;
    for (let i = runs.starts[run]; i < end; i++) {
      const v = values[i];
      if (!(v > bound && v < Infinity)) {
        if (v <= bound && v > -Infinity) dropped++;
        gap = true;
        continue;
      }
      if (first < 0) {
        first = i;
        if (gap && count > 0) {
          x[count] = x[count - 1];
          value[count++] = NaN;
        }
      }
      gap = false;
      last = i;
      if (v < smallest) {
        smallest = v;
        least = i;
      }
      if (v > largest) {
        largest = v;
        most = i;
      }
    }
    if (first < 0) continue;
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
    if (smallest < lo) lo = smallest;
    if (largest > hi) hi = largest;
  }
  out.count = count;
  out.lo = lo;
  out.hi = hi;
  out.dropped = dropped;
}

/** The band value ± residual of the samples in `runs`: the widest extent of every pixel column. */
export function decimateBand(
  steps: Float64Array,
  values: Float64Array,
  residuals: Float64Array,
  runs: Runs,
  map: StepMap,
  out: Band,
): void {
  const { origin, perStep, left } = map;
  const room = 2 * runs.count;
  if (out.x.length < room) {
    out.x = new Float64Array(2 * room);
    out.lower = new Float64Array(2 * room);
    out.upper = new Float64Array(2 * room);
  }
  const { x, lower, upper } = out;
  let count = 0;
  let gap = false;
  for (let run = 0; run < runs.count; run++) {
    const end = runs.starts[run + 1];
    let first = -1;
    let least = Infinity;
    let most = -Infinity;
    for (let i = runs.starts[run]; i < end; i++) {
      const low = values[i] - residuals[i];
      const high = values[i] + residuals[i];
      if (!(low > -Infinity && high < Infinity)) {
        gap = true;
        continue;
      }
      if (first < 0) {
        first = i;
        if (gap && count > 0) {
          x[count] = x[count - 1];
          lower[count] = upper[count] = NaN;
          count++;
        }
      }
      gap = false;
      if (low < least) least = low;
      if (high > most) most = high;
    }
    if (first < 0) continue;
    x[count] = (steps[first] - origin) * perStep + left;
    lower[count] = least;
    upper[count] = most;
    count++;
  }
  out.count = count;
}
