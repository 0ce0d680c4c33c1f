/** The level's own line: a step function, broken where the level changed rather than where it was next sampled. */
import type { StepAxis } from './axis';
import type { Path } from './decimate';
import type { Columns, Level } from './model';

/** Fills `out` with the level over the shown part of the run, one vertex a break. */
export function traceLevel({ id, now, breaks }: Level, data: Columns, steps: StepAxis, out: Path): void {
  out.count = out.dropped = 0;
  out.lo = Infinity;
  out.hi = -Infinity;
  if (data.length === 0) return;
  if (out.x.length < breaks.length + 2) {
    out.x = new Float64Array(2 * breaks.length + 4);
    out.value = new Float64Array(2 * breaks.length + 4);
  }
  const from = Math.max(steps.lo, data.steps[0]);
  const to = Math.min(steps.hi, Math.max(data.steps[data.length - 1], breaks.at(-1)?.step ?? 0));
  if (from > to) return;
  const add = (step: number, value: number): void => {
    out.x[out.count] = steps.x(step);
    out.value[out.count++] = value;
    if (value < out.lo) out.lo = value;
    if (value > out.hi) out.hi = value;
  };
  const first = data.column(id)?.[0] ?? NaN;
  let value = breaks.findLast(({ step }) => step <= from)?.value ?? (first === first ? first : now);
  add(from, value);
  for (const { step, value: next } of breaks) {
    if (step <= from || step > to) continue;
    value = next;
    add(step, value);
  }
  add(to, value);
}
