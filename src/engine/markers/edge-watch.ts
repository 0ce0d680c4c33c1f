/**
 * Finds the edge in a run that is measured now and then, at the step at which measuring every step would have found it:
 * where a sample lies at or above the threshold for the first time, the steps since the last one are replayed from a
 * copy of θ and measured one by one. θ stands where it stood when that is done, to the bit. (A rise above the threshold
 * that is over before the next sample is not seen: then no sample lies there.)
 */
import type { Breathe } from '../breathe';
import type { Meter } from '../instruments/meter';
import type { Batch, Landscape, Scalar, Vector } from '../landscape/landscape';
import type { Optimizer } from '../optimizers/optimizer';
import type { RitzResult } from '../spectrum/lanczos';
import { nextEdge, rearmed, UNKNOWN_EDGE, type EdgeEvent, type EdgeState } from './edge';

export interface EdgeMarker {
  readonly kind: Exclude<EdgeEvent, null>;
  readonly step: number;
  /** λ₁ there, and its residual. */
  readonly value: number;
  readonly band: number;
}

/** What the steps of a run are taken with. */
export interface Steps {
  readonly optimizer: Optimizer;
  /** The mini-batch of a step; undefined where it goes over all examples. */
  readonly batchAt: (step: number) => Batch | undefined;
}

export class EdgeWatch {
  readonly #landscape: Landscape;
  readonly #theta: Vector;
  readonly #steps: Steps;
  readonly #meter: Meter;
  readonly #breathe: Breathe;
  #state: EdgeState = UNKNOWN_EDGE;
  /** θ at the last step looked at, and room to put the present one aside. */
  readonly #before: Vector;
  readonly #aside: Vector;
  readonly #loss: Scalar;
  #beforeStep = 0;
  /** λ₁ at that step; NaN where it is not known. */
  #sharpness = NaN;

  constructor(landscape: Landscape, theta: Vector, steps: Steps, meter: Meter, breathe: Breathe) {
    this.#landscape = landscape;
    this.#theta = theta;
    this.#steps = steps;
    this.#meter = meter;
    this.#breathe = breathe;
    this.#before = landscape.vector();
    this.#aside = landscape.vector();
    [this.#loss] = landscape.scalars(1);
  }

  get state(): EdgeState {
    return this.#state;
  }

  /** From here on: θ is θ_step, and this is what is known of the edge. */
  resume(step: number, state: EdgeState): void {
    this.#state = state;
    this.#stand(step, NaN);
  }

  #stand(step: number, sharpness: number): void {
    this.#landscape.copy(this.#theta, this.#before);
    this.#beforeStep = step;
    this.#sharpness = sharpness;
  }

  /** Takes the eigenvalues at θ_step and the threshold in force; resolves with the marker they bring, if any. */
  async feed(
    step: number,
    threshold: number,
    { values: [value], residuals: [band] }: RitzResult,
  ): Promise<EdgeMarker | null> {
    const { state, event } = nextEdge(this.#state, value, threshold);
    const found = event === 'edge-reached' ? await this.#refine(step, threshold) : null;
    this.#state = state;
    this.#stand(step, value);
    return event && { kind: event, ...(found ?? { step, value, band }) };
  }

  /**
   * Before the threshold changes at `step`: the edge that ends here is looked for up to this step, so that neither it nor
   * the next one depends on when the run happens to be measured.
   */
  async close(step: number, threshold: number): Promise<EdgeMarker | null> {
    if (!this.#state.started || this.#isKnown(step)) return null;
    const result = await this.#meter.sharpness(this.#theta, step, this.#breathe);
    return result && this.feed(step, threshold, result);
  }

  /** The threshold is another one from `step` on, and its edge can be reached from here. */
  open(step: number, threshold: number): void {
    this.#state = rearmed(this.#state);
    if (this.#state.started && this.#isKnown(step))
      this.#state = nextEdge(this.#state, this.#sharpness, threshold).state;
  }

  #isKnown(step: number): boolean {
    return this.#beforeStep === step && !Number.isNaN(this.#sharpness);
  }

  /** The first step after the last one looked at, and before `step`, at or above the threshold; null where none is. */
  async #refine(step: number, threshold: number): Promise<Omit<EdgeMarker, 'kind'> | null> {
    const { optimizer, batchAt } = this.#steps;
    this.#landscape.copy(this.#theta, this.#aside);
    this.#landscape.copy(this.#before, this.#theta);
    try {
      for (let s = this.#beforeStep + 1; s < step; s++) {
        optimizer.step(this.#theta, this.#loss, batchAt(s - 1));
        const result = await this.#meter.sharpness(this.#theta, s, this.#breathe);
        if (!result) return null;
        const [value] = result.values;
        if (value >= threshold) return { step: s, value, band: result.residuals[0] };
      }
      return null;
    } finally {
      this.#landscape.copy(this.#aside, this.#theta);
    }
  }
}
