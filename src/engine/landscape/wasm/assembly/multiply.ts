/**
 * The matrix products of the forward and backward passes, one block of examples at a time, with the sums
 *   s[j] = bias[j] + Σ_k a[k] w[k][j]
 * and in the twins, which the R-operator needs (Pearlmutter 1994), a second sum in the same accumulators,
 *   s[j] = bias[j] + Σ_k a[k] w[k][j] + Σ_k a2[k] w2[k][j].
 * What the passes do with the sums is done before they leave the registers (`tiles.ts`).
 *
 * Weights are packed once per θ: outputs in groups of four (then two, then one), each group a panel [K][group], so that
 * a tile of 4 outputs × 8 examples reads memory in order.
 */
import { CELL, HALF } from './lanes';
import { ADD, BOTH, SCALE, STORE, tile1, tile2, tile4 } from './tiles';

/**
 * Packs the K × N matrix whose element (k, j) is source[k · kStride + j · jStride] (strides in scalars) into panels: the
 * group that starts at output j begins j · K scalars after `target`.
 */
export function pack<S>(source: usize, K: usize, N: usize, kStride: usize, jStride: usize, target: usize): void {
  const size = sizeof<S>();
  let j: usize = 0;
  for (; j + 4 <= N; j += 4) {
    let from = source + j * jStride * size;
    const step = kStride * size;
    if (jStride == 1) {
      for (let k: usize = 0; k < K; k++, from += step, target += 4 * size) {
        v128.store(target, v128.load(from));
        if (size == 8) v128.store(target, v128.load(from, HALF), HALF);
      }
    } else {
      const across = jStride * size;
      for (let k: usize = 0; k < K; k++, from += step, target += 4 * size) {
        store<S>(target, load<S>(from));
        store<S>(target + size, load<S>(from + across));
        store<S>(target + 2 * size, load<S>(from + 2 * across));
        store<S>(target + 3 * size, load<S>(from + 3 * across));
      }
    }
  }
  while (j < N) {
    const group: usize = j + 2 <= N ? 2 : 1;
    for (let k: usize = 0; k < K; k++) {
      for (let i: usize = 0; i < group; i++, target += size) {
        store<S>(target, load<S>(source + (k * kStride + (j + i) * jStride) * size));
      }
    }
    j += group;
  }
}

/** out, f, out2, f2: [N cells], used as the ending wants; a, a2: [K cells]; `bias` points at N scalars, or is 0. */
// @inline
function product<S>(
  ending: i32,
  twin: bool,
  N: usize,
  K: usize,
  bias: usize,
  a: usize,
  w: usize,
  a2: usize,
  w2: usize,
  out: usize,
  f: usize,
  out2: usize,
  f2: usize,
): void {
  const size = sizeof<S>();
  let j: usize = 0;
  for (; j + 4 <= N; j += 4) {
    tile4<S>(ending, twin, K, bias, a, w, a2, w2, out, f, out2, f2);
    if (bias) bias += 4 * size;
    w += 4 * K * size;
    w2 += 4 * K * size;
    out += 4 * CELL;
    f += 4 * CELL;
    out2 += 4 * CELL;
    f2 += 4 * CELL;
  }
  if (j + 2 <= N) {
    tile2<S>(ending, twin, K, bias, a, w, a2, w2, out, f, out2, f2);
    if (bias) bias += 2 * size;
    w += 2 * K * size;
    w2 += 2 * K * size;
    out += 2 * CELL;
    f += 2 * CELL;
    out2 += 2 * CELL;
    f2 += 2 * CELL;
    j += 2;
  }
  if (j < N) tile1<S>(ending, twin, K, bias, a, w, a2, w2, out, f, out2, f2);
}

/** out ← s */
export function multiply<S>(N: usize, K: usize, bias: usize, a: usize, w: usize, out: usize): void {
  product<S>(STORE, false, N, K, bias, a, w, 0, 0, out, 0, 0, 0);
}

/** out ← f ⊙ s, without a bias */
export function multiplyScale<S>(N: usize, K: usize, a: usize, w: usize, out: usize, f: usize): void {
  product<S>(SCALE, false, N, K, 0, a, w, 0, 0, out, f, 0, 0);
}

/** out ← f ⊙ s and out2 ← f2 ⊙ s; out2 may be f2 */
export function multiplyBoth<S>(
  N: usize,
  K: usize,
  bias: usize,
  a: usize,
  w: usize,
  out: usize,
  f: usize,
  out2: usize,
  f2: usize,
): void {
  product<S>(BOTH, false, N, K, bias, a, w, 0, 0, out, f, out2, f2);
}

/** The twin of `multiply`. */
export function twinMultiply<S>(
  N: usize,
  K: usize,
  bias: usize,
  a: usize,
  w: usize,
  a2: usize,
  w2: usize,
  out: usize,
): void {
  product<S>(STORE, true, N, K, bias, a, w, a2, w2, out, 0, 0, 0);
}

/** out ← out + f ⊙ s, without a bias */
export function twinAdd<S>(N: usize, K: usize, a: usize, w: usize, a2: usize, w2: usize, out: usize, f: usize): void {
  product<S>(ADD, true, N, K, 0, a, w, a2, w2, out, f, 0, 0);
}

/** The twin of `multiplyBoth`. */
export function twinBoth<S>(
  N: usize,
  K: usize,
  bias: usize,
  a: usize,
  w: usize,
  a2: usize,
  w2: usize,
  out: usize,
  f: usize,
  out2: usize,
  f2: usize,
): void {
  product<S>(BOTH, true, N, K, bias, a, w, a2, w2, out, f, out2, f2);
}
