/**
 * The two losses on one block of examples: value, δ = ∂L/∂f, and the curvature ∂²L/∂f² of the R-operator in closed form.
 *   mse  ½ Σ_c (f_c − y_c)²         δ = f − y             Rδ = Rf
 *   ce   −Σ_c y_c log softmax(f)_c  δ = (Σ y) p − y       Rδ = (Σ y) (p ⊙ Rf − p (p · Rf))
 * `weights` has a cell per block with 1 (mse) or Σ_c y_c (ce) in every example's lane and 0 in the padding, whose targets
 * are 0 too; `inverse` is the factor 1/n of the mean.
 */
import { CELL, HALF, all, laneSum64, multiplyAdd } from './lanes';
import { exp, log } from './elementary';

function meanSquare<S>(f: usize, y: usize, outputs: usize, weights: usize, inverse: f64): f64 {
  let total: f64 = 0;
  for (let half: usize = 0; half < CELL; half += HALF) {
    const w = v128.mul<S>(v128.load(weights + half), all<S>(inverse));
    let sum = all<S>(0);
    for (let c: usize = 0; c < outputs; c++) {
      const at = c * CELL + half;
      const r = v128.sub<S>(v128.load(f + at), v128.load(y + at));
      sum = multiplyAdd<S>(sum, r, r);
      v128.store(f + at, v128.mul<S>(w, r));
    }
    total += laneSum64<S>(v128.mul<S>(w, sum));
  }
  return 0.5 * total;
}

function crossEntropy<S>(f: usize, y: usize, outputs: usize, weights: usize, inverse: f64, p: usize): f64 {
  const scale = all<S>(inverse);
  let total: f64 = 0;
  for (let half: usize = 0; half < CELL; half += HALF) {
    const w = v128.mul<S>(v128.load(weights + half), all<S>(inverse));
    let top = v128.load(f + half);
    for (let c: usize = 1; c < outputs; c++) top = v128.pmax<S>(top, v128.load(f + c * CELL + half));
    let sum = all<S>(0);
    let hits = all<S>(0);
    for (let c: usize = 0; c < outputs; c++) {
      const at = c * CELL + half;
      const shifted = v128.sub<S>(v128.load(f + at), top);
      hits = multiplyAdd<S>(hits, v128.load(y + at), shifted);
      const e = exp<S>(shifted);
      sum = v128.add<S>(sum, e);
      v128.store(f + at, e);
    }
    total += laneSum64<S>(v128.sub<S>(v128.mul<S>(w, log<S>(sum)), v128.mul<S>(scale, hits)));
    const share = v128.div<S>(all<S>(1), sum);
    for (let c: usize = 0; c < outputs; c++) {
      const at = c * CELL + half;
      const probability = v128.mul<S>(v128.load(f + at), share);
      if (p) v128.store(p + at, probability);
      v128.store(f + at, v128.sub<S>(v128.mul<S>(w, probability), v128.mul<S>(scale, v128.load(y + at))));
    }
  }
  return total;
}

/**
 * Replaces the outputs f of one block by δ and returns the block's part of the mean loss. p ≠ 0 keeps the probabilities
 * of the cross-entropy for `curvature`.
 */
export function lossAndDelta<S>(
  loss: i32,
  f: usize,
  y: usize,
  outputs: usize,
  weights: usize,
  inverse: f64,
  p: usize,
): f64 {
  if (loss == 0) return meanSquare<S>(f, y, outputs, weights, inverse);
  return crossEntropy<S>(f, y, outputs, weights, inverse, p);
}

/** Replaces Rf of one block by Rδ. */
export function curvature<S>(loss: i32, rf: usize, outputs: usize, weights: usize, inverse: f64, p: usize): void {
  for (let half: usize = 0; half < CELL; half += HALF) {
    const w = v128.mul<S>(v128.load(weights + half), all<S>(inverse));
    if (loss == 0) {
      for (let c: usize = 0; c < outputs; c++) {
        const at = c * CELL + half;
        v128.store(rf + at, v128.mul<S>(w, v128.load(rf + at)));
      }
    } else {
      let mean = all<S>(0);
      for (let c: usize = 0; c < outputs; c++) {
        const at = c * CELL + half;
        mean = multiplyAdd<S>(mean, v128.load(p + at), v128.load(rf + at));
      }
      for (let c: usize = 0; c < outputs; c++) {
        const at = c * CELL + half;
        const change = v128.sub<S>(v128.load(rf + at), mean);
        v128.store(rf + at, v128.mul<S>(v128.mul<S>(w, v128.load(p + at)), change));
      }
    }
  }
}
