/**
 * The records that the host writes (`plan.ts`) and the passes read: where a problem and the arrays of its layers lie.
 * Arrays are [blocks][features] of cells.
 */
import { CELL } from './lanes';

/** The problem: what does not change with θ. */
@unmanaged
export class Problem {
  /** 1 / n. */
  inverse: f64;
  depth: u32;
  activation: i32;
  loss: i32;
  blocks: u32;
  inputs: u32;
  targets: u32;
  weights: u32;
  /** Two blocks of the widest layer. */
  scratch: u32;
  /** Room for `correlate`. */
  panels: u32;
}

/**
 * One layer at one θ. A *work* state serves gradients and the R-arrays of products, and is overwritten by each; a *kept*
 * state holds what `linearise` computed. `step` is the distance in bytes between the blocks of d1: 0 where they share one.
 */
@unmanaged
export class Layer {
  fanIn: u32;
  fanOut: u32;
  /** Byte offsets in θ; `bias` is −1 where the layer has none. */
  weightsAt: u32;
  biasAt: i32;
  /** W in panels for A W, and Wᵀ in panels for Δ Wᵀ (not for the first layer). */
  panels: u32;
  transposed: u32;
  /** Activations φ(z); unused in the last layer. */
  a: u32;
  /** φ′(z). */
  slope: u32;
  step: u32;
  /** Kept states only: ∂L/∂a ⊙ φ″(z); in the last layer the softmax probabilities. */
  bend: u32;
  /** ∂L/∂z; R{∂L/∂z} in products. In the last layer the forward pass leaves the outputs here. */
  delta: u32;
}

export function layerAt(state: usize, index: usize): Layer {
  return changetype<Layer>(state + index * offsetof<Layer>());
}

export function block(base: u32, index: usize, width: u32): usize {
  return <usize>base + index * width * CELL;
}
