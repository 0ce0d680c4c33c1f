/**
 * How often to measure when nobody says: often enough to be live, seldom enough that measuring takes at most half of
 * the run's time. The period is odd, so that past the edge, where θ alternates between two sides, samples fall on both.
 */

/** Measuring takes at most this share of the time. */
const SHARE = 0.5;

export interface Timings {
  /** Milliseconds a training step, and a whole measurement, take. */
  readonly stepMs: number;
  readonly measureMs: number;
  /** Steps per second asked for. */
  readonly pace: number | 'max';
}

/** Steps between measurements: odd, at least 1. */
export function cadenceFor({ stepMs, measureMs, pace }: Timings): number {
  // The time one step has: its own at full speed, at a set pace the pause between steps as well.
  const perStep = pace === 'max' ? stepMs / (1 - SHARE) : Math.max(1000 / pace, stepMs / (1 - SHARE));
  const steps = measureMs / (SHARE * Math.max(perStep, 1e-6));
  const whole = Math.max(1, Math.ceil(Math.min(steps, 9999)));
  return whole % 2 === 1 ? whole : whole + 1;
}

/** A running mean that follows within about ten readings and lets one slow reading pass. */
export class Timing {
  #mean = NaN;
  #readings = 0;

  add(value: number): void {
    this.#readings++;
    if (Number.isNaN(this.#mean)) this.#mean = value;
    else this.#mean += 0.15 * (Math.min(value, 4 * this.#mean + 0.05) - this.#mean);
  }

  get mean(): number {
    return this.#mean;
  }

  get readings(): number {
    return this.#readings;
  }
}
