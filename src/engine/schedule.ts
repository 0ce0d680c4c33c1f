/** The learning rate over the steps of a run: the experiment's own, and from each change on another. Never altered. */
import type { Change } from '../experiment/experiment';

export class Schedule {
  readonly changes: readonly Change[];
  readonly #initial: number;

  /** `changes` in the order of their steps. */
  constructor(initial: number, changes: readonly Change[]) {
    this.#initial = initial;
    this.changes = changes;
  }

  /** The same beginning with other changes. */
  with(changes: readonly Change[]): Schedule {
    return new Schedule(this.#initial, changes);
  }

  /** Another rate from `step` on; what was to come at this step or later is void. */
  changed(change: Change): Schedule {
    return this.with([...this.changes.filter(({ step }) => step < change.step), change]);
  }

  /** The rate of the step from θ_step on. */
  rateAt(step: number): number {
    return this.last(step)?.lr ?? this.#initial;
  }

  /** The last change at or before `step`. */
  last(step: number): Change | undefined {
    return this.changes.findLast((change) => change.step <= step);
  }

  changesAt(step: number): boolean {
    return this.changes.some((change) => change.step === step);
  }

  /** The next step after `step` at which the rate changes, or Infinity. */
  nextAfter(step: number): number {
    return this.changes.find((change) => change.step > step)?.step ?? Infinity;
  }
}
