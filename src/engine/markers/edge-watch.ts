/**
 * Finds the edge in a run that is measured now and then, at the step at which measuring every step would have found it:
 * where a sample lies at or above the threshold for the first time, the steps since the last one are replayed from a
 * copy of θ and measured one by one. θ stands where it stood when that is done, to the bit.
 */
import type { Meter } from '../instruments/meter';
import type { Landscape, Scalar, Vector } from '../landscape/landscape';
import type { Optimizer } from '../optimizers/optimizer';
import type { Breathe, RitzResult } from '../spectrum/lanczos';
import { EdgeDetector, type EdgeEvent, type EdgeState } from './edge';

export interface EdgeMarker {
  readonly kind: Exclude<EdgeEvent, null>;
  readonly step: number;
  /** λ₁ there, and its residual. */
  readonly value: number;
  readonly band: number;
}

export class EdgeWatch {
  readonly #landscape: Landscape;
  readonly #theta: Vector;
  readonly #optimizer: Optimizer;
  readonly #meter: Meter;
  readonly #breathe: Breathe;
  readonly #detector = new EdgeDetector();
  /** θ at the last step looked at, and room to put the present one aside. */
  readonly #before: Vector;
  readonly #aside: Vector;
  readonly #loss: Scalar;
  #beforeStep = 0;
  /** λ₁ at that step; NaN where it is not known. */
  #sharpness = NaN;

  constructor(landscape: Landscape, theta: Vector, optimizer: Optimizer, meter: Meter, breathe: Breathe) {
    this.#landscape = landscape;
    this.#theta = theta;
    this.#optimizer = optimizer;
    this.#meter = meter;
    this.#breathe = breathe;
    this.#before = landscape.vector();
    this.#aside = landscape.vector();
    [this.#loss] = landscape.scalars(1);
  }

  get state(): EdgeState {
    return this.#detector.state;
  }

  /** From here on: θ is θ_step, and this is what is known of the edge. */
  resume(step: number, state: EdgeState): void {
    this.#detector.state = state;
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
    const { armed } = this.#detector;
    const kind = this.#detector.feed(value, threshold);
    const found = kind && armed ? await this.#refine(step, threshold) : null;
    this.#stand(step, value);
    return kind && { kind, ...(found ?? { step, value, band }) };
  }

  /**
   * Before the threshold changes at `step`: the edge that ends here is looked for up to this step, so that neither it nor
   * the next one depends on when the run happens to be measured.
   */
  async close(step: number, threshold: number): Promise<EdgeMarker | null> {
    if (!this.#detector.state.started || this.#isKnown(step)) return null;
    const result = await this.#meter.sharpness(this.#theta, step, this.#breathe);
    return result && this.feed(step, threshold, result);
  }

  /** The threshold is another one from `step` on, and its edge can be reached from here. */
  open(step: number, threshold: number): void {
    this.#detector.rearm();
    if (this.#detector.state.started && this.#isKnown(step)) this.#detector.feed(this.#sharpness, threshold);
  }

  #isKnown(step: number): boolean {
    return this.#beforeStep === step && !Number.isNaN(this.#sharpness);
  }

  /** The first step after the last one looked at, and before `step`, at or above the threshold; null where none is. */
  async #refine(step: number, threshold: number): Promise<Omit<EdgeMarker, 'kind'> | null> {
    this.#landscape.copy(this.#theta, this.#aside);
    this.#landscape.copy(this.#before, this.#theta);
    let found = null;
    for (let s = this.#beforeStep + 1; s < step && !found; s++) {
      this.#optimizer.step(this.#theta, this.#loss);
      const result = await this.#meter.sharpness(this.#theta, s, this.#breathe);
      if (!result) break;
      if (result.values[0] >= threshold) found = { step: s, value: result.values[0], band: result.residuals[0] };
    }
    this.#landscape.copy(this.#aside, this.#theta);
    return found;
  }
}
