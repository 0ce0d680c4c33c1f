/**
 * The activations φ with φ′ and φ″, applied to the z of one block in place. Kinks take the subgradient that PyTorch
 * takes: relu′(0) = 0. Formulas that subtract in the exponent (softplus, sigmoid) use e^−|z| only, so nothing overflows.
 *
 * Transcendental functions are taken first, over whole strips (`strips.ts`) in `scratch`, which has room for two blocks;
 * the loops that combine them are short.
 */
import { CELL, HALF, all, multiplyAdd } from './lanes';
import { tanh } from './elementary';
import { erfcxStrip, expStrip, expm1Strip, log1pStrip } from './strips';

export const TANH = 0;
export const RELU = 1;
export const GELU = 2;
export const SOFTPLUS = 3;
export const SIGMOID = 4;
export const ELU = 5;

function tanhSlope<S>(t: v128): v128 {
  return v128.sub<S>(all<S>(1), v128.mul<S>(t, t));
}

/** φ = t, φ′ = 1 − t², φ″ = −2 t φ′. The activation of most networks gets φ and φ′ in one pass, two cells at a time. */
function applyTanh<S>(a: usize, end: usize, d1: usize, d2: usize): void {
  let at = a;
  let to = d1;
  for (const last = a + ((end - a) & ~(4 * HALF - 1)); at < last; at += 4 * HALF) {
    const x0 = v128.load(at);
    const x1 = v128.load(at, HALF);
    const x2 = v128.load(at, 2 * HALF);
    const x3 = v128.load(at, 3 * HALF);
    const t0 = tanh<S>(x0);
    const t1 = tanh<S>(x1);
    const t2 = tanh<S>(x2);
    const t3 = tanh<S>(x3);
    v128.store(at, t0);
    v128.store(at, t1, HALF);
    v128.store(at, t2, 2 * HALF);
    v128.store(at, t3, 3 * HALF);
    if (d1) {
      v128.store(to, tanhSlope<S>(t0));
      v128.store(to, tanhSlope<S>(t1), HALF);
      v128.store(to, tanhSlope<S>(t2), 2 * HALF);
      v128.store(to, tanhSlope<S>(t3), 3 * HALF);
      to += 4 * HALF;
    }
  }
  for (; at < end; at += HALF) {
    const t = tanh<S>(v128.load(at));
    v128.store(at, t);
    if (d1) {
      v128.store(to, tanhSlope<S>(t));
      to += HALF;
    }
  }
  if (!d2) return;
  for (; a < end; a += HALF, d1 += HALF, d2 += HALF) {
    v128.store(d2, v128.mul<S>(v128.mul<S>(all<S>(-2), v128.load(a)), v128.load(d1)));
  }
}

function applyRelu<S>(a: usize, end: usize, d1: usize, d2: usize): void {
  const zero = all<S>(0);
  for (; a < end; a += HALF) {
    const z = v128.load(a);
    v128.store(a, v128.pmax<S>(z, zero));
    if (d1) {
      v128.store(d1, v128.and(v128.gt<S>(z, zero), all<S>(1)));
      d1 += HALF;
      if (d2) {
        v128.store(d2, zero);
        d2 += HALF;
      }
    }
  }
}

/**
 * Exact: φ = z Φ(z), φ′ = Φ + z n(z), φ″ = n(z) (2 − z²) with the normal density n and distribution Φ. In f32 within 9 ulp
 * above −4; further out the rounding of z² in the exponent costs relative accuracy (65 ulp at −12) of a vanishing value.
 */
function applyGelu<S>(a: usize, end: usize, d1: usize, d2: usize, scratch: usize): void {
  const bytes = end - a;
  for (let z = a, e = scratch; z < end; z += HALF, e += HALF) {
    const x = v128.load(z);
    v128.store(e, v128.mul<S>(cappedSquare<S>(x), all<S>(-0.5)));
    v128.store(e + bytes, v128.mul<S>(v128.abs<S>(x), all<S>(0.7071067811865476)));
  }
  expStrip<S>(scratch, scratch + bytes);
  erfcxStrip<S>(scratch + bytes, scratch + 2 * bytes);
  for (let from = scratch; a < end; a += HALF, from += HALF) {
    const z = v128.load(a);
    const e = v128.load(from);
    const tail = v128.mul<S>(all<S>(0.5), v128.mul<S>(e, v128.load(from + bytes)));
    const below = v128.lt<S>(z, all<S>(0));
    const cdf = v128.bitselect(tail, v128.sub<S>(all<S>(1), tail), below);
    v128.store(a, v128.mul<S>(z, cdf));
    if (d1) {
      const density = v128.mul<S>(e, all<S>(0.3989422804014327));
      v128.store(d1, multiplyAdd<S>(cdf, z, density));
      d1 += HALF;
      if (d2) {
        v128.store(d2, v128.mul<S>(density, v128.sub<S>(all<S>(2), cappedSquare<S>(z))));
        d2 += HALF;
      }
    }
  }
}

/** z²; beyond 10⁴ the density is 0 in both precisions, and the cap keeps 0 · ∞ out of φ″. */
function cappedSquare<S>(z: v128): v128 {
  return v128.pmin<S>(v128.mul<S>(z, z), all<S>(1e4));
}

/** target ← e^−|z| for the registers from z to end. */
function expOfMinusAbs<S>(z: usize, end: usize, target: usize): void {
  let to = target;
  for (; z < end; z += HALF, to += HALF) v128.store(to, v128.neg<S>(v128.abs<S>(v128.load(z))));
  expStrip<S>(target, to);
}

/** σ(z) from e = e^−|z|: 1/(1 + e) for z ≥ 0, e/(1 + e) below. NaN goes the first way and stays NaN. */
function sigmoid<S>(z: v128, e: v128): v128 {
  const one = all<S>(1);
  return v128.div<S>(v128.bitselect(e, one, v128.lt<S>(z, all<S>(0))), v128.add<S>(one, e));
}

/** φ = max(z, 0) + log(1 + e^−|z|), φ′ = σ, φ″ = σ (1 − σ). */
function applySoftplus<S>(a: usize, end: usize, d1: usize, d2: usize, scratch: usize): void {
  const bytes = end - a;
  expOfMinusAbs<S>(a, end, scratch);
  memory.copy(scratch + bytes, scratch, bytes);
  log1pStrip<S>(scratch + bytes, scratch + 2 * bytes);
  for (let from = scratch; a < end; a += HALF, from += HALF) {
    const z = v128.load(a);
    v128.store(a, v128.add<S>(v128.pmax<S>(z, all<S>(0)), v128.load(from + bytes)));
    if (d1) {
      const e = v128.load(from);
      const s = sigmoid<S>(z, e);
      v128.store(d1, s);
      d1 += HALF;
      if (d2) {
        v128.store(d2, v128.mul<S>(s, sigmoid<S>(v128.neg<S>(z), e)));
        d2 += HALF;
      }
    }
  }
}

/** φ′ = σ (1 − σ), φ″ = φ′ (1 − 2σ); 1 − σ is taken as σ(−z), which does not cancel. */
function applySigmoid<S>(a: usize, end: usize, d1: usize, d2: usize, scratch: usize): void {
  expOfMinusAbs<S>(a, end, scratch);
  for (let from = scratch; a < end; a += HALF, from += HALF) {
    const z = v128.load(a);
    const e = v128.load(from);
    const s = sigmoid<S>(z, e);
    v128.store(a, s);
    if (d1) {
      const complement = sigmoid<S>(v128.neg<S>(z), e);
      const slope = v128.mul<S>(s, complement);
      v128.store(d1, slope);
      d1 += HALF;
      if (d2) {
        v128.store(d2, v128.mul<S>(slope, v128.sub<S>(complement, s)));
        d2 += HALF;
      }
    }
  }
}

/** φ = z above 0, eᶻ − 1 below; φ′ = 1 above, eᶻ below; φ″ = 0 above, eᶻ below. */
function applyElu<S>(a: usize, end: usize, d1: usize, d2: usize, scratch: usize): void {
  let to = scratch;
  for (let z = a; z < end; z += HALF, to += HALF) v128.store(to, v128.pmin<S>(v128.load(z), all<S>(0)));
  expm1Strip<S>(scratch, to);
  for (let from = scratch; a < end; a += HALF, from += HALF) {
    const z = v128.load(a);
    const m = v128.load(from);
    const above = v128.gt<S>(z, all<S>(0));
    v128.store(a, v128.bitselect(z, m, above));
    if (d1) {
      const e = v128.add<S>(m, all<S>(1));
      v128.store(d1, e);
      d1 += HALF;
      if (d2) {
        v128.store(d2, v128.andnot(e, above));
        d2 += HALF;
      }
    }
  }
}

function applyLinear<S>(a: usize, end: usize, d1: usize, d2: usize): void {
  if (!d1) return;
  const one = all<S>(1);
  const zero = all<S>(0);
  for (; a < end; a += HALF) {
    v128.store(d1, one);
    d1 += HALF;
    if (d2) {
      v128.store(d2, zero);
      d2 += HALF;
    }
  }
}

/**
 * a ← φ(a) on `width` cells, d1 ← φ′ and d2 ← φ″ unless 0 (d2 only together with d1).
 */
export function activate<S>(activation: i32, a: usize, width: usize, d1: usize, d2: usize, scratch: usize): void {
  const end = a + width * CELL;
  if (activation == TANH) applyTanh<S>(a, end, d1, d2);
  else if (activation == RELU) applyRelu<S>(a, end, d1, d2);
  else if (activation == GELU) applyGelu<S>(a, end, d1, d2, scratch);
  else if (activation == SOFTPLUS) applySoftplus<S>(a, end, d1, d2, scratch);
  else if (activation == SIGMOID) applySigmoid<S>(a, end, d1, d2, scratch);
  else if (activation == ELU) applyElu<S>(a, end, d1, d2, scratch);
  else applyLinear<S>(a, end, d1, d2);
}
