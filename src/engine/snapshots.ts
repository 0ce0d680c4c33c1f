/**
 * θ at some steps, kept on the host within a byte budget: where a run can go back to, and what a crash is survived
 * with. When the budget is full every second unpinned snapshot is dropped, so that the rest stay evenly spread; the
 * first one and those before a change are pinned.
 */
import type { Change } from '../experiment/experiment';
import type { EdgeState } from './markers/edge';

export interface Snapshot {
  readonly step: number;
  readonly theta: Float64Array;
  readonly loss: number;
  readonly changes: readonly Change[];
  readonly edge: EdgeState;
  readonly pinned: boolean;
}

export class Snapshots {
  readonly #budget: number;
  #kept: Snapshot[] = [];

  constructor(budgetBytes: number) {
    this.#budget = budgetBytes;
  }

  add(snapshot: Snapshot): void {
    // θ at a step is the same however often it is kept, but what is pinned was put there to be gone back to.
    if (!snapshot.pinned && this.#kept.some((kept) => kept.step === snapshot.step && kept.pinned)) return;
    this.#kept = this.#kept.filter((kept) => kept.step !== snapshot.step);
    this.#kept.push(snapshot);
    this.#kept.sort((a, b) => a.step - b.step);
    // The newest stays whatever the budget: it is what a crash is survived with.
    while (this.#bytes() > this.#budget) {
      let position = 0;
      const before = this.#kept.length;
      this.#kept = this.#kept.filter((kept, i) => kept.pinned || i === before - 1 || position++ % 2 === 0);
      if (this.#kept.length === before) break;
    }
  }

  #bytes(): number {
    return this.#kept.reduce((sum, kept) => sum + kept.theta.byteLength, 0);
  }

  /** The last snapshot at or before `step` that passes `test`. */
  last(step: number, test: (snapshot: Snapshot) => boolean = () => true): Snapshot | undefined {
    return this.#kept.findLast((kept) => kept.step <= step && test(kept));
  }

  /** Forgets everything after `step`. */
  truncate(step: number): void {
    this.#kept = this.#kept.filter((kept) => kept.step <= step);
  }

  get steps(): number[] {
    return this.#kept.map((kept) => kept.step);
  }
}
