/**
 * The tiles of the matrix products in `multiply.ts`: the sums of four, two or one outputs on a block of examples, and what
 * becomes of them while they are still in registers. All is inlined with constants for `ending` and `twin`, so that each
 * product is compiled with one ending only: chosen while running, it cost the narrow layers half as much again.
 *
 * Four outputs × two registers use 8 accumulators, which with two operands and a broadcast stay within the 16 registers
 * of x86; unrolling over k or wider tiles spill.
 */
import { CELL, HALF, multiplyAdd } from './lanes';

/** The endings of a product with the sums s: out ← s. */
export const STORE = 0;
/** out ← f ⊙ s */
export const SCALE = 1;
/** out ← out + f ⊙ s */
export const ADD = 2;
/** out ← f ⊙ s and out2 ← f2 ⊙ s; out2 may be f2. */
export const BOTH = 3;

// @inline
function end<S>(ending: i32, s: v128, at: usize, out: usize, f: usize, out2: usize, f2: usize): void {
  if (ending == STORE) v128.store(out + at, s);
  else if (ending == ADD) v128.store(out + at, multiplyAdd<S>(v128.load(out + at), v128.load(f + at), s));
  else {
    v128.store(out + at, v128.mul<S>(v128.load(f + at), s));
    if (ending == BOTH) v128.store(out2 + at, v128.mul<S>(v128.load(f2 + at), s));
  }
}

/** Four outputs: bias (0: none) + Σ_k a[k] w[k] + Σ_k a2[k] w2[k], the last in a `twin` only. */
// @inline
export function tile4<S>(
  ending: i32,
  twin: bool,
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
  let c00 = v128.splat<S>(0);
  let c10 = c00;
  let c20 = c00;
  let c30 = c00;
  if (bias) {
    c00 = v128.load_splat<S>(bias);
    c10 = v128.load_splat<S>(bias, size);
    c20 = v128.load_splat<S>(bias, 2 * size);
    c30 = v128.load_splat<S>(bias, 3 * size);
  }
  let c01 = c00;
  let c11 = c10;
  let c21 = c20;
  let c31 = c30;
  for (let last = a + K * CELL; ;) {
    for (; a < last; a += CELL, w += 4 * size) {
      const x0 = v128.load(a);
      const x1 = v128.load(a, HALF);
      let s = v128.load_splat<S>(w);
      c00 = multiplyAdd<S>(c00, x0, s);
      c01 = multiplyAdd<S>(c01, x1, s);
      s = v128.load_splat<S>(w, size);
      c10 = multiplyAdd<S>(c10, x0, s);
      c11 = multiplyAdd<S>(c11, x1, s);
      s = v128.load_splat<S>(w, 2 * size);
      c20 = multiplyAdd<S>(c20, x0, s);
      c21 = multiplyAdd<S>(c21, x1, s);
      s = v128.load_splat<S>(w, 3 * size);
      c30 = multiplyAdd<S>(c30, x0, s);
      c31 = multiplyAdd<S>(c31, x1, s);
    }
    if (!twin) break;
    twin = false;
    a = a2;
    w = w2;
    last = a + K * CELL;
  }
  end<S>(ending, c00, 0, out, f, out2, f2);
  end<S>(ending, c01, HALF, out, f, out2, f2);
  end<S>(ending, c10, CELL, out, f, out2, f2);
  end<S>(ending, c11, CELL + HALF, out, f, out2, f2);
  end<S>(ending, c20, 2 * CELL, out, f, out2, f2);
  end<S>(ending, c21, 2 * CELL + HALF, out, f, out2, f2);
  end<S>(ending, c30, 3 * CELL, out, f, out2, f2);
  end<S>(ending, c31, 3 * CELL + HALF, out, f, out2, f2);
}

/** Two outputs. */
// @inline
export function tile2<S>(
  ending: i32,
  twin: bool,
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
  let c00 = v128.splat<S>(0);
  let c10 = c00;
  if (bias) {
    c00 = v128.load_splat<S>(bias);
    c10 = v128.load_splat<S>(bias, size);
  }
  let c01 = c00;
  let c11 = c10;
  for (let last = a + K * CELL; ;) {
    for (; a < last; a += CELL, w += 2 * size) {
      const x0 = v128.load(a);
      const x1 = v128.load(a, HALF);
      let s = v128.load_splat<S>(w);
      c00 = multiplyAdd<S>(c00, x0, s);
      c01 = multiplyAdd<S>(c01, x1, s);
      s = v128.load_splat<S>(w, size);
      c10 = multiplyAdd<S>(c10, x0, s);
      c11 = multiplyAdd<S>(c11, x1, s);
    }
    if (!twin) break;
    twin = false;
    a = a2;
    w = w2;
    last = a + K * CELL;
  }
  end<S>(ending, c00, 0, out, f, out2, f2);
  end<S>(ending, c01, HALF, out, f, out2, f2);
  end<S>(ending, c10, CELL, out, f, out2, f2);
  end<S>(ending, c11, CELL + HALF, out, f, out2, f2);
}

/** One output. */
// @inline
export function tile1<S>(
  ending: i32,
  twin: bool,
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
  let c00 = v128.splat<S>(0);
  if (bias) {
    c00 = v128.load_splat<S>(bias);
  }
  let c01 = c00;
  for (let last = a + K * CELL; ;) {
    for (; a < last; a += CELL, w += sizeof<S>()) {
      const x0 = v128.load(a);
      const x1 = v128.load(a, HALF);
      const s = v128.load_splat<S>(w);
      c00 = multiplyAdd<S>(c00, x0, s);
      c01 = multiplyAdd<S>(c01, x1, s);
    }
    if (!twin) break;
    twin = false;
    a = a2;
    w = w2;
    last = a + K * CELL;
  }
  end<S>(ending, c00, 0, out, f, out2, f2);
  end<S>(ending, c01, HALF, out, f, out2, f2);
}
