/** Whether a drawn line passes through a place where a label might go. */
import type { ValueAxis } from './axis';
import type { Path } from './decimate';
import type { Box } from './labels';
import { lowerBound } from './nearest';

/** True where the polyline of `path` enters the box. */
export function pathCrosses({ x, value, count }: Path, axis: ValueAxis, box: Box): boolean {
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  const from = Math.max(0, lowerBound(x.subarray(0, count), box.x) - 1);
  for (let i = from; i < count && x[i] <= right; i++) {
    const y0 = axis.y(value[i]);
    const inside = x[i] >= box.x && y0 >= box.y && y0 <= bottom;
    if (inside) return true;
    if (i + 1 === count) return false;
    const y1 = axis.y(value[i + 1]);
    // The stretch of the segment between the box's sides; NaN, a gap, compares false below.
    const wide = x[i + 1] - x[i];
    const at = (edge: number): number => (wide > 0 ? y0 + ((y1 - y0) * (edge - x[i])) / wide : y0);
    const start = x[i] < box.x ? at(box.x) : y0;
    const end = x[i + 1] > right ? at(right) : y1;
    if (Math.min(start, end) <= bottom && Math.max(start, end) >= box.y) return true;
  }
  return false;
}
