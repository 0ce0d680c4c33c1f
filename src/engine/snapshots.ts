/**
 * θ at some steps, kept on the host within a byte budget: where a run can go back to, and what a crash is survived
 * with. When the budget is full the unpinned snapshot closest to its neighbours is dropped, so that the rest stay evenly
 * spread; the first one and those before a change are pinned.
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
    // θ at a step is the same however often it is kept; what was pinned first is what to go back to.
    if (this.#kept.some((kept) => kept.step === snapshot.step && kept.pinned)) return;
    this.#kept = this.#kept.filter((kept) => kept.step !== snapshot.step);
    this.#kept.push(snapshot);
    this.#kept.sort((a, b) => a.step - b.step);
    while (this.#bytes() > this.#budget && this.#dropOne());
  }

  /**
   * Drops the snapshot that leaves the smallest gap. The newest stays whatever the budget: it is what a crash is survived
   * with. Returns false where all that is left has to stay.
   */
  #dropOne(): boolean {
    let least = -1;
    let leastGap = Infinity;
    for (let i = 0; i + 1 < this.#kept.length; i++) {
      const gap = this.#kept[i + 1].step - (this.#kept[i - 1]?.step ?? this.#kept[i].step);
      if (!this.#kept[i].pinned && gap < leastGap) [least, leastGap] = [i, gap];
    }
    if (least >= 0) this.#kept.splice(least, 1);
    return least >= 0;
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
