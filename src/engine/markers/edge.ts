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

/** Before the first sample. */
export const UNKNOWN_EDGE: EdgeState = { started: false, below: false, reached: false };

/** What the next sample, λ₁ under the threshold in force, makes of what is known, and the event it is, if any. */
export function nextEdge(
  { started, below, reached }: EdgeState,
  sharpness: number,
  threshold: number,
): { readonly state: EdgeState; readonly event: EdgeEvent } {
  if (sharpness < threshold) return { state: { started: true, below: true, reached }, event: null };
  const now = below && !reached;
  const state = { started: true, below, reached: reached || now };
  if (now) return { state, event: 'edge-reached' };
  return { state, event: started ? null : 'beyond-edge' };
}

/** After a change of threshold the edge can be reached anew; a run is only once said to start beyond it. */
export function rearmed(state: EdgeState): EdgeState {
  return { ...state, below: false, reached: false };
}
