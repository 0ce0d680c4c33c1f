import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createBand,
  createPath,
  createRuns,
  decimate,
  decimateBand,
  findRuns,
  type Runs,
  type StepMap,
} from './decimate';

const MAP: StepMap = { origin: 0, perStep: 0.13, left: 40 };

const column = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1e4) },
    { weight: 2, arbitrary: fc.constantFrom(NaN, Infinity, 0) },
  ),
  { minLength: 1, maxLength: 300 },
);

/** The runs of [from, to). */
function runsOf(steps: Float64Array, map: StepMap, from = 0, to = steps.length): Runs {
  const runs = createRuns();
  findRuns(steps, from, to, map, runs);
  return runs;
}

function stepsFor(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 3 * i);
}

function columnOf(x: number): number {
  return Math.floor(x - MAP.left);
}

/** Smallest and largest finite value of each pixel column. */
function extremes(xs: ArrayLike<number>, values: ArrayLike<number>, count: number): Map<number, [number, number]> {
  const found = new Map<number, [number, number]>();
  for (let i = 0; i < count; i++) {
    const v = values[i];
    if (!Number.isFinite(v)) continue;
    const at = columnOf(xs[i]);
    const [lo, hi] = found.get(at) ?? [v, v];
    found.set(at, [Math.min(lo, v), Math.max(hi, v)]);
  }
  return found;
}

function pixels(steps: Float64Array): Float64Array {
  return steps.map((step) => (step - MAP.origin) * MAP.perStep + MAP.left);
}

describe('decimate', () => {
  it('keeps the extremes of every pixel column and of the whole', () => {
    const path = createPath();
    fc.assert(
      fc.property(column, (values) => {
        const steps = stepsFor(values.length);
        decimate(steps, Float64Array.from(values), runsOf(steps, MAP), MAP, false, path);
        expect(extremes(path.x, path.value, path.count)).toEqual(extremes(pixels(steps), values, values.length));
        const finite = values.filter(Number.isFinite);
        expect(path.lo).toBe(finite.length > 0 ? Math.min(...finite) : Infinity);
        expect(path.hi).toBe(finite.length > 0 ? Math.max(...finite) : -Infinity);
      }),
    );
  });

  it('goes from left to right and lifts the pen exactly where two columns have a gap between them', () => {
    const path = createPath();
    fc.assert(
      fc.property(column, (values) => {
        const steps = stepsFor(values.length);
        decimate(steps, Float64Array.from(values), runsOf(steps, MAP), MAP, false, path);
        const xs = [...path.x.subarray(0, path.count)];
        expect(xs).toEqual([...xs].sort((a, b) => a - b));

        const at = pixels(steps);
        const lifted = new Set<string>();
        let before = -1;
        values.forEach((value, i) => {
          if (!Number.isFinite(value)) return;
          const crossed = before >= 0 && columnOf(at[before]) !== columnOf(at[i]);
          if (crossed && i > before + 1) lifted.add(`${columnOf(at[before])}-${columnOf(at[i])}`);
          before = i;
        });
        const drawn = new Set<string>();
        for (let i = 1; i + 1 < path.count; i++) {
          if (Number.isNaN(path.value[i])) drawn.add(`${columnOf(path.x[i - 1])}-${columnOf(path.x[i + 1])}`);
        }
        expect(drawn).toEqual(lifted);
      }),
    );
  });

  it('never loses a spike of one sample in a million', () => {
    const steps = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
    const values = new Float64Array(1_000_000).fill(20);
    values[777_777] = 312;
    values[777_778] = -5;
    const path = createPath();
    const map = { origin: 0, perStep: 1e-3, left: 0 };
    decimate(steps, values, runsOf(steps, map), map, false, path);
    expect(path.value.subarray(0, path.count)).toContain(312);
    expect(path.value.subarray(0, path.count)).toContain(-5);
    expect(path.count).toBeLessThan(5000);
  });

  it('drops and counts what a log axis cannot show', () => {
    const path = createPath();
    const values = Float64Array.of(1, 0, -2, NaN, 4, 1e-9);
    const map = { origin: 0, perStep: 10, left: 0 };
    decimate(stepsFor(6), values, runsOf(stepsFor(6), map), map, true, path);
    expect([...path.value.subarray(0, path.count)]).toEqual([1, NaN, 4, 1e-9]);
    expect(path.dropped).toBe(2);
    expect(path.lo).toBe(1e-9);
  });

  it('draws nothing of an empty stretch', () => {
    const path = createPath();
    const steps = stepsFor(3);
    decimate(steps, Float64Array.of(1, 2, 3), runsOf(steps, MAP, 2, 2), MAP, false, path);
    expect(path.count).toBe(0);
  });
});

describe('findRuns', () => {
  it('agrees with asking every sample for its pixel column', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.double({ min: 0.01, max: 3, noNaN: true }), (widths, perStep) => {
        let step = 0;
        const steps = Float64Array.from(widths, (width) => (step += width));
        const map = { origin: 0, perStep, left: 0 };
        const { starts, count } = runsOf(steps, map);
        const at = [...steps].map((s) => Math.floor(s * perStep));
        const expected = [...at.keys()].filter((i) => i === 0 || at[i] !== at[i - 1]);
        expect([...starts.subarray(0, count + 1)]).toEqual([...expected, steps.length]);
      }),
    );
  });
});

describe('decimateBand', () => {
  it('covers value ± residual of every sample', () => {
    const band = createBand();
    const residual = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            column.map(([first]) => first),
            residual,
          ),
          { maxLength: 200 },
        ),
        (rows) => {
          const values = Float64Array.from(rows, ([value]) => value);
          const residuals = Float64Array.from(rows, ([, bound]) => bound);
          const steps = stepsFor(rows.length);
          decimateBand(steps, values, residuals, runsOf(steps, MAP), MAP, band);
          const at = pixels(steps);
          rows.forEach(([value, bound], i) => {
            if (!Number.isFinite(value)) return;
            const covered = Array.from({ length: band.count }, (_, j) => j).some(
              (j) =>
                columnOf(band.x[j]) === columnOf(at[i]) &&
                band.lower[j] <= value - bound &&
                band.upper[j] >= value + bound,
            );
            expect(covered).toBe(true);
          });
        },
      ),
    );
  });
});
