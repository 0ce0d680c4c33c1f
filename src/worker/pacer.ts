/** How fast a run may go, and how fast it goes: steps per second against a clock. */
import type { Pace } from '../experiment/experiment';

/** A run that fell behind (a hidden tab, a slow machine) makes up for no more than this. */
const MOST_CATCH_UP_MS = 100;
/** The rate shown is taken over at least this long. */
const RATE_MS = 500;

export class Pacer {
  readonly #now: () => number;
  #pace: Pace;
  /** `#step` was reached at `#time`. */
  #time = 0;
  #step = 0;
  #rateTime = 0;
  #rateStep = 0;
  #perSecond = 0;

  constructor(pace: Pace, now: () => number) {
    this.#pace = pace;
    this.#now = now;
  }

  /** The run stands at `step` now, and goes on from here at this pace. */
  anchor(step: number, pace: Pace = this.#pace): void {
    this.#pace = pace;
    this.#time = this.#now();
    this.#step = step;
  }

  /** The rate is measured from here on. */
  restartRate(step: number): void {
    this.#rateTime = this.#now();
    this.#rateStep = step;
    this.#perSecond = 0;
  }

  get pace(): Pace {
    return this.#pace;
  }

  /** Steps that may be taken now by a run that stands at `step`. */
  allowance(step: number): number {
    if (this.#pace === 'max') return Infinity;
    const msPerStep = 1000 / this.#pace;
    const due = this.#step + (this.#now() - this.#time) / msPerStep;
    if ((due - step) * msPerStep <= MOST_CATCH_UP_MS + msPerStep) return Math.floor(due) - step;
    this.anchor(step);
    return 1;
  }

  /** Milliseconds until a run at `step` may take another. */
  wait(step: number): number {
    if (this.#pace === 'max') return 0;
    return Math.max(0, this.#time + ((step + 1 - this.#step) * 1000) / this.#pace - this.#now());
  }

  /** Steps per second lately. */
  rate(step: number): number {
    const elapsed = this.#now() - this.#rateTime;
    if (elapsed > RATE_MS) {
      this.#perSecond = ((step - this.#rateStep) * 1000) / elapsed;
      this.#rateTime += elapsed;
      this.#rateStep = step;
    }
    return this.#perSecond;
  }
}
