/**
 * The passes over a network: outputs, loss, gradient and linearisation. All layers of one block of examples are done
 * before the next block, so a block stays in the first-level cache; the sums over examples follow when all blocks are done.
 */
import { CELL } from './lanes';
import { multiply, multiplyBoth, multiplyScale, pack } from './multiply';
import { correlate } from './correlate';
import { activate } from './activations';
import { lossAndDelta } from './losses';
import { Problem, block, layerAt } from './records';

/** Packs every W_l of `source` (θ or a direction v), and W_lᵀ if asked for. */
export function packAll<S>(problem: Problem, state: usize, source: usize, transposed: bool): void {
  for (let l: usize = 0; l < problem.depth; l++) {
    const layer = layerAt(state, l);
    const K: usize = layer.fanIn;
    const N: usize = layer.fanOut;
    const w = source + layer.weightsAt;
    pack<S>(w, K, N, N, 1, layer.panels);
    if (transposed && l > 0) pack<S>(w, N, K, 1, N, layer.transposed);
  }
}

/** Outputs of block b, left in the last layer's `delta`. order: the highest derivative of φ wanted. */
function forward<S>(problem: Problem, state: usize, theta: usize, b: usize, order: i32): void {
  const last: usize = problem.depth - 1;
  let from = block(problem.inputs, b, layerAt(state, 0).fanIn);
  for (let l: usize = 0; l <= last; l++) {
    const layer = layerAt(state, l);
    const to = block(l < last ? layer.a : layer.delta, b, layer.fanOut);
    const bias = layer.biasAt < 0 ? 0 : theta + layer.biasAt;
    multiply<S>(layer.fanOut, layer.fanIn, bias, from, layer.panels, to);
    if (l < last) {
      const slope = order > 0 ? layer.slope + b * layer.step : 0;
      const bend = order > 1 ? block(layer.bend, b, layer.fanOut) : 0;
      activate<S>(problem.activation, to, layer.fanOut, slope, bend, problem.scratch);
    }
    from = to;
  }
}

/** Loss of block b; turns the outputs into δ. */
function finish<S>(problem: Problem, state: usize, b: usize, keep: bool): f64 {
  const layer = layerAt(state, problem.depth - 1);
  const f = block(layer.delta, b, layer.fanOut);
  const y = block(problem.targets, b, layer.fanOut);
  const p = keep && problem.loss != 0 ? block(layer.bend, b, layer.fanOut) : 0;
  return lossAndDelta<S>(problem.loss, f, y, layer.fanOut, problem.weights + b * CELL, problem.inverse, p);
}

/** δ of all hidden layers of block b; with `keep` also bend ← ∂L/∂a ⊙ φ″. */
function backward<S>(problem: Problem, state: usize, b: usize, keep: bool): void {
  for (let l: usize = problem.depth - 1; l > 0; l--) {
    const layer = layerAt(state, l);
    const below = layerAt(state, l - 1);
    const to = block(below.delta, b, layer.fanIn);
    const from = block(layer.delta, b, layer.fanOut);
    const slope = below.slope + b * below.step;
    if (keep) {
      const bend = block(below.bend, b, layer.fanIn);
      multiplyBoth<S>(layer.fanIn, layer.fanOut, 0, from, layer.transposed, to, slope, bend, bend);
    } else {
      multiplyScale<S>(layer.fanIn, layer.fanOut, from, layer.transposed, to, slope);
    }
  }
}

/** Outputs at θ for every example, left in the last layer's `delta`. */
export function outputs<S>(problem: Problem, state: usize, theta: usize): void {
  packAll<S>(problem, state, theta, false);
  for (let b: usize = 0; b < problem.blocks; b++) forward<S>(problem, state, theta, b, 0);
}

export function value<S>(problem: Problem, state: usize, theta: usize): f64 {
  packAll<S>(problem, state, theta, false);
  let total: f64 = 0;
  for (let b: usize = 0; b < problem.blocks; b++) {
    forward<S>(problem, state, theta, b, 0);
    total += finish<S>(problem, state, b, false);
  }
  return total;
}

export function gradient<S>(problem: Problem, state: usize, theta: usize, out: usize): f64 {
  packAll<S>(problem, state, theta, true);
  let total: f64 = 0;
  for (let b: usize = 0; b < problem.blocks; b++) {
    forward<S>(problem, state, theta, b, 1);
    total += finish<S>(problem, state, b, false);
    backward<S>(problem, state, b, false);
  }
  let from: usize = problem.inputs;
  for (let l: usize = 0; l < problem.depth; l++) {
    const layer = layerAt(state, l);
    const K = layer.fanIn;
    const N = layer.fanOut;
    const bias = layer.biasAt < 0 ? 0 : out + layer.biasAt;
    correlate<S>(from, layer.delta, 0, 0, K, N, problem.blocks, out + layer.weightsAt, bias, problem.panels);
    from = layer.a;
  }
  return total;
}

export function linearise<S>(problem: Problem, state: usize, theta: usize): void {
  packAll<S>(problem, state, theta, true);
  for (let b: usize = 0; b < problem.blocks; b++) {
    forward<S>(problem, state, theta, b, 2);
    finish<S>(problem, state, b, true);
    backward<S>(problem, state, b, true);
  }
}
