/**
 * The samples of a run, in columns that share their steps. Appending is amortised O(1); beyond the cap every block of
 * eight rows is thinned to those that hold an extreme of λ₁ or of the loss, so that a spike is never lost.
 */
import type { SeriesId } from '../experiment/catalogue';

const FIRST_CAPACITY = 1024;
export const MOST_SAMPLES = 100_000;
const THINNING_BLOCK = 8;
/** The columns whose extremes survive thinning. */
const EXTREMES_OF: readonly SeriesId[] = ['hessian.lambda1', 'loss.train'];

export class SeriesTable {
  #length = 0;
  #capacity = FIRST_CAPACITY;
  #steps = new Float64Array(FIRST_CAPACITY);
  readonly #columns = new Map<SeriesId, Float64Array>();

  get length(): number {
    return this.#length;
  }

  /** A view of the steps; not to be kept across appends. */
  get steps(): Float64Array {
    return this.#steps.subarray(0, this.#length);
  }

  get ids(): SeriesId[] {
    return [...this.#columns.keys()];
  }

  /** A view of one column, as long as `steps`; NaN where not measured; undefined for a series never seen. */
  column(id: SeriesId): Float64Array | undefined {
    return this.#columns.get(id)?.subarray(0, this.#length);
  }

  /** The latest value of a series; NaN where there is none. */
  last(id: SeriesId): number {
    return this.#columns.get(id)?.[this.#length - 1] ?? NaN;
  }

  append(steps: Float64Array, columns: Readonly<Partial<Record<SeriesId, Float64Array>>>): void {
    if (steps.length === 0) return;
    this.#reserve(this.#length + steps.length);
    this.#steps.set(steps, this.#length);
    for (const id of Object.keys(columns) as SeriesId[]) {
      if (!this.#columns.has(id)) this.#columns.set(id, new Float64Array(this.#capacity).fill(NaN));
    }
    for (const [id, column] of this.#columns) {
      const values = columns[id];
      if (values) column.set(values, this.#length);
      else column.fill(NaN, this.#length, this.#length + steps.length);
    }
    this.#length += steps.length;
    if (this.#length > MOST_SAMPLES) this.#thin();
  }

  /** Forgets every sample at or after `step`. */
  truncate(step: number): void {
    while (this.#length > 0 && this.#steps[this.#length - 1] >= step) this.#length--;
  }

  #reserve(length: number): void {
    if (length <= this.#capacity) return;
    while (this.#capacity < length) this.#capacity *= 2;
    const grow = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(this.#capacity).fill(NaN);
      grown.set(old.subarray(0, this.#length));
      return grown;
    };
    this.#steps = grow(this.#steps);
    for (const [id, column] of this.#columns) this.#columns.set(id, grow(column));
  }

  #thin(): void {
    const kept: number[] = [];
    for (let from = 0; from < this.#length; from += THINNING_BLOCK) {
      const to = Math.min(from + THINNING_BLOCK, this.#length);
      const rows = new Set<number>();
      for (const id of EXTREMES_OF) {
        const column = this.#columns.get(id);
        if (!column) continue;
        let [low, high] = [from, from];
        for (let i = from + 1; i < to; i++) {
          // Written so that anything beats a gap.
          if (!(column[i] >= column[low]) && !Number.isNaN(column[i])) low = i;
          if (!(column[i] <= column[high]) && !Number.isNaN(column[i])) high = i;
        }
        rows.add(low).add(high);
      }
      // The ends of the run stay: where it began, and what is read out as its latest sample.
      if (rows.size === 0 || from === 0) rows.add(from);
      if (to === this.#length) rows.add(to - 1);
      kept.push(...[...rows].sort((a, b) => a - b));
    }
    kept.forEach((row, i) => {
      this.#steps[i] = this.#steps[row];
      for (const column of this.#columns.values()) column[i] = column[row];
    });
    this.#length = kept.length;
  }
}
