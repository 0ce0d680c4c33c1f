/** The present sharpness, steadied: the median of the last midpoint values, so that one spike moves no shading. */
import type { SeriesTable } from '../../state/series';

const SAMPLES = 21;

export function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median λ₁ of the last samples, at the midpoint where it is measured; NaN when nothing has been measured. */
export function presentSharpness(table: Pick<SeriesTable, 'column'>): number {
  for (const id of ['hessian.midpoint.lambda1', 'hessian.lambda1'] as const) {
    const recent = [...(table.column(id)?.subarray(-SAMPLES) ?? [])].filter(Number.isFinite);
    if (recent.length > 0) return median(recent);
  }
  return NaN;
}
