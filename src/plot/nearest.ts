/** Binary searches in an ascending column. */

/** Index of the first entry ≥ `value`; the length where there is none. */
export function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the entry nearest to `value`, the earlier one on a tie; −1 for an empty column. */
export function nearest(sorted: Float64Array, value: number): number {
  const after = lowerBound(sorted, value);
  if (after === 0) return sorted.length === 0 ? -1 : 0;
  if (after === sorted.length) return after - 1;
  return value - sorted[after - 1] <= sorted[after] - value ? after - 1 : after;
}
