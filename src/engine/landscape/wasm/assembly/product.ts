/**
 * Hessian-vector products at a θ that has been linearised: the R-operator (Pearlmutter, "Fast exact multiplication by the
 * Hessian", 1994), again one block of examples at a time.
 */
import { CELL } from './lanes';
import { multiply, multiplyBoth, twinAdd, twinBoth, twinMultiply } from './multiply';
import { correlate } from './correlate';
import { curvature } from './losses';
import { packAll } from './network';
import { Problem, block, layerAt } from './records';

/** R z_l = R a_{l−1} W_l + a_{l−1} V_l + v_b; then R a_l = φ′ R z_l, and bend ⊙ R z_l waits in `delta` for the way back. */
function forwardR<S>(problem: Problem, kept: usize, work: usize, v: usize, b: usize): void {
  const last: usize = problem.depth - 1;
  let ra: usize = 0;
  for (let l: usize = 0; l <= last; l++) {
    const here = layerAt(kept, l);
    const moving = layerAt(work, l);
    const K = here.fanIn;
    const N = here.fanOut;
    const a = l == 0 ? block(problem.inputs, b, K) : block(layerAt(kept, l - 1).a, b, K);
    const bias = here.biasAt < 0 ? 0 : v + here.biasAt;
    const bend = block(here.bend, b, N);
    const rd = block(moving.delta, b, N);
    if (l == last) {
      if (l == 0) multiply<S>(N, K, bias, a, moving.panels, rd);
      else twinMultiply<S>(N, K, bias, ra, here.panels, a, moving.panels, rd);
      curvature<S>(problem.loss, rd, N, problem.weights + b * CELL, problem.inverse, bend);
    } else {
      const to = block(moving.a, b, N);
      const slope = here.slope + b * here.step;
      if (l == 0) multiplyBoth<S>(N, K, bias, a, moving.panels, to, slope, rd, bend);
      else twinBoth<S>(N, K, bias, ra, here.panels, a, moving.panels, to, slope, rd, bend);
      ra = to;
    }
  }
}

/** R δ_{l−1} = φ′ (R δ_l W_lᵀ + δ_l V_lᵀ) + ∂L/∂a φ″ R z. */
function backwardR<S>(problem: Problem, kept: usize, work: usize, b: usize): void {
  for (let l: usize = problem.depth - 1; l > 0; l--) {
    const here = layerAt(kept, l);
    const moving = layerAt(work, l);
    const K = here.fanIn;
    const N = here.fanOut;
    const rd = block(moving.delta, b, N);
    const d = block(here.delta, b, N);
    const below = layerAt(kept, l - 1);
    const slope = below.slope + b * below.step;
    const to = block(layerAt(work, l - 1).delta, b, K);
    twinAdd<S>(K, N, rd, here.transposed, d, moving.transposed, to, slope);
  }
}

/** out ← ∇²L v at the θ of the `kept` state; the R-arrays go to the `work` state. */
export function hessianProduct<S>(problem: Problem, kept: usize, work: usize, v: usize, out: usize): void {
  packAll<S>(problem, work, v, true);
  for (let b: usize = 0; b < problem.blocks; b++) {
    forwardR<S>(problem, kept, work, v, b);
    backwardR<S>(problem, kept, work, b);
  }
  for (let l: usize = 0; l < problem.depth; l++) {
    const here = layerAt(kept, l);
    const rd = layerAt(work, l).delta;
    const a = l == 0 ? problem.inputs : layerAt(kept, l - 1).a;
    const ra = l == 0 ? 0 : layerAt(work, l - 1).a;
    const g = out + here.weightsAt;
    const bias = here.biasAt < 0 ? 0 : out + here.biasAt;
    correlate<S>(a, rd, ra, here.delta, here.fanIn, here.fanOut, problem.blocks, g, bias, problem.panels);
  }
}
