/**
 * The break-even point of full-batch training. The criterion of Jastrzębski et al. 2020, eq. 4 (after Wu, Ma & E 2018),
 * (1 − ηλ)² + s²η²(N − S)/(S(N − 1)) = 1, reads λ = 2/η when the batch is the whole training set (S = N): *edge reached*
 * is the first measured λ₁ at or above the threshold after having been below it.
 */
export type EdgeEvent = 'edge-reached' | 'beyond-edge' | null;

export interface EdgeState {
  /** A sample has been seen. */
  readonly started: boolean;
  /** λ₁ has been below the threshold now in force. */
  readonly below: boolean;
  readonly reached: boolean;
}

export class EdgeDetector {
  state: EdgeState = { started: false, below: false, reached: false };

  /** Takes the measured λ₁ and the threshold in force; returns the event this sample is, if any. */
  feed(sharpness: number, threshold: number): EdgeEvent {
    const { started, below, reached } = this.state;
    if (sharpness < threshold) {
      this.state = { started: true, below: true, reached };
      return null;
    }
    const now = below && !reached;
    this.state = { started: true, below, reached: reached || now };
    if (now) return 'edge-reached';
    return started ? null : 'beyond-edge';
  }

  /** True while the next sample at or above the threshold would be the edge. */
  get armed(): boolean {
    return this.state.below && !this.state.reached;
  }

  /** After a change of threshold the edge can be reached anew; a run is only once said to start beyond it. */
  rearm(): void {
    this.state = { ...this.state, below: false, reached: false };
  }
}
