/**
 * The matrix products of the forward and backward passes, one block of examples at a time:
 *   out[j] = bias[j] + Σ_k a[k] w[k][j] + Σ_k a2[k] w2[k][j]
 * The second sum is the twin that the R-operator needs (Pearlmutter 1994): both run into the same accumulators.
 *
 * Weights are packed once per θ: outputs in groups of four (then two, then one), each group a panel [K][group], so that
 * a tile of 4 outputs × 8 examples reads memory in order. Four outputs × two registers use 8 accumulators, which with
 * two operands and a broadcast stay within the 16 registers of x86; unrolling over k or wider tiles spill.
 */
import { CELL, HALF, multiplyAdd } from './lanes';

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

function tile4<S>(bias: usize, a: usize, w: usize, K: usize, a2: usize, w2: usize, K2: usize, out: usize): void {
  const size = sizeof<S>();
  let c00 = v128.splat<S>(0);
  let c10 = c00;
  let c20 = c00;
  let c30 = c00;
  if (bias) {
    c00 = v128.load_splat<S>(bias);
    c10 = v128.load_splat<S>(bias, sizeof<S>());
    c20 = v128.load_splat<S>(bias, 2 * sizeof<S>());
    c30 = v128.load_splat<S>(bias, 3 * sizeof<S>());
  }
  let c01 = c00;
  let c11 = c10;
  let c21 = c20;
  let c31 = c30;
  for (let end = a + K * CELL; ;) {
    for (; a < end; a += CELL, w += 4 * size) {
      const x0 = v128.load(a);
      const x1 = v128.load(a, HALF);
      let s = v128.load_splat<S>(w);
      c00 = multiplyAdd<S>(c00, x0, s);
      c01 = multiplyAdd<S>(c01, x1, s);
      s = v128.load_splat<S>(w, sizeof<S>());
      c10 = multiplyAdd<S>(c10, x0, s);
      c11 = multiplyAdd<S>(c11, x1, s);
      s = v128.load_splat<S>(w, 2 * sizeof<S>());
      c20 = multiplyAdd<S>(c20, x0, s);
      c21 = multiplyAdd<S>(c21, x1, s);
      s = v128.load_splat<S>(w, 3 * sizeof<S>());
      c30 = multiplyAdd<S>(c30, x0, s);
      c31 = multiplyAdd<S>(c31, x1, s);
    }
    if (K2 == 0) break;
    a = a2;
    w = w2;
    end = a + K2 * CELL;
    K2 = 0;
  }
  v128.store(out, c00);
  v128.store(out, c01, HALF);
  v128.store(out, c10, CELL);
  v128.store(out, c11, CELL + HALF);
  v128.store(out, c20, 2 * CELL);
  v128.store(out, c21, 2 * CELL + HALF);
  v128.store(out, c30, 3 * CELL);
  v128.store(out, c31, 3 * CELL + HALF);
}

function tile2<S>(bias: usize, a: usize, w: usize, K: usize, a2: usize, w2: usize, K2: usize, out: usize): void {
  let c00 = v128.splat<S>(0);
  let c10 = c00;
  if (bias) {
    c00 = v128.load_splat<S>(bias);
    c10 = v128.load_splat<S>(bias, sizeof<S>());
  }
  let c01 = c00;
  let c11 = c10;
  for (let end = a + K * CELL; ;) {
    for (; a < end; a += CELL, w += 2 * sizeof<S>()) {
      const x0 = v128.load(a);
      const x1 = v128.load(a, HALF);
      let s = v128.load_splat<S>(w);
      c00 = multiplyAdd<S>(c00, x0, s);
      c01 = multiplyAdd<S>(c01, x1, s);
      s = v128.load_splat<S>(w, sizeof<S>());
      c10 = multiplyAdd<S>(c10, x0, s);
      c11 = multiplyAdd<S>(c11, x1, s);
    }
    if (K2 == 0) break;
    a = a2;
    w = w2;
    end = a + K2 * CELL;
    K2 = 0;
  }
  v128.store(out, c00);
  v128.store(out, c01, HALF);
  v128.store(out, c10, CELL);
  v128.store(out, c11, CELL + HALF);
}

function tile1<S>(bias: usize, a: usize, w: usize, K: usize, a2: usize, w2: usize, K2: usize, out: usize): void {
  let c0 = bias ? v128.load_splat<S>(bias) : v128.splat<S>(0);
  let c1 = c0;
  for (let end = a + K * CELL; ;) {
    for (; a < end; a += CELL, w += sizeof<S>()) {
      const s = v128.load_splat<S>(w);
      c0 = multiplyAdd<S>(c0, v128.load(a), s);
      c1 = multiplyAdd<S>(c1, v128.load(a, HALF), s);
    }
    if (K2 == 0) break;
    a = a2;
    w = w2;
    end = a + K2 * CELL;
    K2 = 0;
  }
  v128.store(out, c0);
  v128.store(out, c1, HALF);
}

/**
 * One block: out [N cells] from a [K cells] and its panels w, and a2 [K2 cells] and w2 (K2 = 0: none). `bias` points at
 * N scalars, or is 0 where there is none.
 */
export function multiply<S>(
  N: usize,
  bias: usize,
  a: usize,
  w: usize,
  K: usize,
  a2: usize,
  w2: usize,
  K2: usize,
  out: usize,
): void {
  const size = sizeof<S>();
  let j: usize = 0;
  for (; j + 4 <= N; j += 4) {
    tile4<S>(bias, a, w, K, a2, w2, K2, out);
    if (bias) bias += 4 * size;
    w += 4 * K * size;
    w2 += 4 * K2 * size;
    out += 4 * CELL;
  }
  if (j + 2 <= N) {
    tile2<S>(bias, a, w, K, a2, w2, K2, out);
    if (bias) bias += 2 * size;
    w += 2 * K * size;
    w2 += 2 * K2 * size;
    out += 2 * CELL;
    j += 2;
  }
  if (j < N) tile1<S>(bias, a, w, K, a2, w2, K2, out);
}
