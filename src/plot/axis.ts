/**
 * The value axis and the step axis as affine maps (of the value, or of its logarithm), cheap enough to be called for
 * every vertex, with d3 scales behind them for the ticks.
 */
import type { StepMap } from './decimate';
import type { ScaleKind } from './model';

export interface Domain {
  readonly lo: number;
  readonly hi: number;
}

/** Vertical: values to pixels, hi at `top`. */
export class ValueAxis implements Domain {
  readonly kind: ScaleKind;
  readonly lo: number;
  readonly hi: number;
  readonly top: number;
  readonly bottom: number;
  readonly #factor: number;
  readonly #offset: number;

  constructor(kind: ScaleKind, { lo, hi }: Domain, top: number, bottom: number) {
    this.kind = kind;
    this.lo = lo;
    this.hi = hi;
    this.top = top;
    this.bottom = bottom;
    const [low, high] = kind === 'log' ? [Math.log(lo), Math.log(hi)] : [lo, hi];
    this.#factor = (top - bottom) / (high - low);
    this.#offset = bottom - low * this.#factor;
  }

  /** Pixels; NaN for what a log axis cannot show. */
  y(value: number): number {
    if (this.kind === 'log') return value > 0 ? this.#offset + this.#factor * Math.log(value) : NaN;
    return this.#offset + this.#factor * value;
  }

  /** The same axis drawn elsewhere. */
  between(top: number, bottom: number): ValueAxis {
    return new ValueAxis(this.kind, this, top, bottom);
  }
}

/** Horizontal: steps to pixels. */
export class StepAxis implements StepMap, Domain {
  readonly lo: number;
  readonly hi: number;
  readonly left: number;
  readonly right: number;
  readonly origin: number;
  readonly perStep: number;

  constructor({ lo, hi }: Domain, left: number, right: number) {
    this.lo = lo;
    this.hi = hi;
    this.left = left;
    this.right = right;
    this.origin = lo;
    this.perStep = (right - left) / (hi - lo);
  }

  x(step: number): number {
    return this.left + (step - this.lo) * this.perStep;
  }

  step(x: number): number {
    return this.lo + (x - this.left) / this.perStep;
  }
}
