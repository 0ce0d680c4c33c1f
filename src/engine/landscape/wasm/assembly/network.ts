/**
 * The passes over a network: loss, gradient, linearisation and Hessian-vector product (the R-operator of Pearlmutter,
 * "Fast exact multiplication by the Hessian", 1994). All layers of one block of examples are done before the next
 * block, so a block stays in the first-level cache; the sums over examples follow when all blocks are done.
 *
 * The host lays out memory and writes these records; see host file `plan.ts`. Arrays are [blocks][features] of cells.
 */
import { CELL, HALF, multiplyAdd } from './lanes';
import { multiply, pack } from './multiply';
import { correlate } from './correlate';
import { activate } from './activations';
import { curvature, lossAndDelta } from './losses';

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

function layerAt(state: usize, index: usize): Layer {
  return changetype<Layer>(state + index * offsetof<Layer>());
}

function block(base: u32, index: usize, width: u32): usize {
  return <usize>base + index * width * CELL;
}

/** Packs every W_l of `source` (θ or a direction v), and W_lᵀ if asked for. */
function packAll<S>(problem: Problem, state: usize, source: usize, transposed: bool): void {
  for (let l: usize = 0; l < problem.depth; l++) {
    const layer = layerAt(state, l);
    const K: usize = layer.fanIn;
    const N: usize = layer.fanOut;
    const w = source + layer.weightsAt;
    pack<S>(w, K, N, N, 1, layer.panels);
    if (transposed && l > 0) pack<S>(w, N, K, 1, N, layer.transposed);
  }
}

/**
 * target [blocks][width cells] ← the rows of source listed at `indices`; the padding of the last block repeats the first of
 * them, or is 0 where `pad` is false.
 */
function gatherCells<S>(source: usize, width: usize, indices: usize, size: usize, pad: bool, target: usize): void {
  const lanes = CELL / sizeof<S>();
  const blockBytes = width * CELL;
  for (let first: usize = 0; first < size; first += lanes, target += blockBytes) {
    for (let lane: usize = 0; lane < lanes; lane++) {
      const row = first + lane;
      let to = target + lane * sizeof<S>();
      const end = to + blockBytes;
      if (row < size || pad) {
        const index = <usize>load<u32>(indices + (row < size ? row * 4 : 0));
        let from = source + (index / lanes) * blockBytes + (index % lanes) * sizeof<S>();
        for (; to < end; to += CELL, from += CELL) store<S>(to, load<S>(from));
      } else {
        for (; to < end; to += CELL) store<S>(to, 0);
      }
    }
  }
}

/** Makes `part` the problem of the `size` examples listed at `indices`; its cells must have room for them. */
export function gather<S>(full: Problem, state: usize, part: Problem, indices: usize, size: u32): void {
  part.inverse = 1.0 / <f64>size;
  part.blocks = (size * sizeof<S>() + CELL - 1) / CELL;
  gatherCells<S>(full.inputs, layerAt(state, 0).fanIn, indices, size, true, part.inputs);
  gatherCells<S>(full.targets, layerAt(state, full.depth - 1).fanOut, indices, size, false, part.targets);
  gatherCells<S>(full.weights, 1, indices, size, false, part.weights);
}

/** Outputs of block b, left in the last layer's `delta`. order: the highest derivative of φ wanted. */
function forward<S>(problem: Problem, state: usize, theta: usize, b: usize, order: i32): void {
  const last: usize = problem.depth - 1;
  let from = block(problem.inputs, b, layerAt(state, 0).fanIn);
  for (let l: usize = 0; l <= last; l++) {
    const layer = layerAt(state, l);
    const to = block(l < last ? layer.a : layer.delta, b, layer.fanOut);
    const bias = layer.biasAt < 0 ? 0 : theta + layer.biasAt;
    multiply<S>(layer.fanOut, bias, from, layer.panels, layer.fanIn, 0, 0, 0, to);
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
    multiply<S>(layer.fanIn, 0, from, layer.transposed, layer.fanOut, 0, 0, 0, to);
    let slope = below.slope + b * below.step;
    let bend = keep ? block(below.bend, b, layer.fanIn) : 0;
    for (let p = to, end = to + layer.fanIn * CELL; p < end; p += HALF, slope += HALF) {
      const e = v128.load(p);
      v128.store(p, v128.mul<S>(e, v128.load(slope)));
      if (keep) {
        v128.store(bend, v128.mul<S>(e, v128.load(bend)));
        bend += HALF;
      }
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

/** R z_l = R a_{l−1} W_l + a_{l−1} V_l + v_b; then R a_l = φ′ R z_l, and bend ⊙ R z_l waits in `delta` for the way back. */
function forwardR<S>(problem: Problem, kept: usize, work: usize, v: usize, b: usize): void {
  const last: usize = problem.depth - 1;
  for (let l: usize = 0; l <= last; l++) {
    const here = layerAt(kept, l);
    const moving = layerAt(work, l);
    const K = here.fanIn;
    const N = here.fanOut;
    const to = block(l < last ? moving.a : moving.delta, b, N);
    const bias = here.biasAt < 0 ? 0 : v + here.biasAt;
    if (l == 0) {
      multiply<S>(N, bias, block(problem.inputs, b, K), moving.panels, K, 0, 0, 0, to);
    } else {
      const a = block(layerAt(kept, l - 1).a, b, K);
      const ra = block(layerAt(work, l - 1).a, b, K);
      multiply<S>(N, bias, ra, here.panels, K, a, moving.panels, K, to);
    }
    if (l == last) {
      curvature<S>(problem.loss, to, N, problem.weights + b * CELL, problem.inverse, block(here.bend, b, N));
    } else {
      let slope = here.slope + b * here.step;
      let bend = block(here.bend, b, N);
      let bent = block(moving.delta, b, N);
      for (let p = to, end = to + N * CELL; p < end; p += HALF, slope += HALF, bend += HALF, bent += HALF) {
        const rz = v128.load(p);
        v128.store(bent, v128.mul<S>(v128.load(bend), rz));
        v128.store(p, v128.mul<S>(v128.load(slope), rz));
      }
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
    multiply<S>(K, 0, rd, here.transposed, N, d, moving.transposed, N, problem.scratch);
    const below = layerAt(kept, l - 1);
    let slope = below.slope + b * below.step;
    let re: usize = problem.scratch;
    const to = block(layerAt(work, l - 1).delta, b, K);
    for (let p = to, end = to + K * CELL; p < end; p += HALF, slope += HALF, re += HALF) {
      v128.store(p, multiplyAdd<S>(v128.load(p), v128.load(slope), v128.load(re)));
    }
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
