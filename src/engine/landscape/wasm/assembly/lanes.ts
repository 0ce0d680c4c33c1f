/**
 * How data lie in SIMD registers. Examples go along the lanes: a *cell* is one feature of one block of examples, two
 * v128 registers = 32 bytes = 8 examples in f32, 4 in f64. Because a cell has the same size in both precisions, every
 * array [blocks][features] of cells has the same address arithmetic in both.
 */

/** Bytes of a cell. */
export const CELL: usize = 32;
/** Bytes of a SIMD register: half a cell. */
export const HALF: usize = 16;

export function multiplyAdd<S>(sum: v128, x: v128, y: v128): v128 {
  return v128.add<S>(sum, v128.mul<S>(x, y));
}

/** A constant in every lane. */
export function all<S>(value: f64): v128 {
  return v128.splat<S>(<S>value);
}

/** Sum of the lanes, in a fixed order. */
// @inline
export function laneSum<S>(x: v128): S {
  const pairs = sizeof<S>() == 4 ? f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1)) : x;
  return <S>(v128.extract_lane<S>(pairs, 0) + v128.extract_lane<S>(pairs, 1));
}

/** Sum of the lanes in double precision. */
export function laneSum64<S>(x: v128): f64 {
  if (sizeof<S>() == 4) {
    const low = f64x2.promote_low_f32x4(x);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 0, 1));
    const pairs = f64x2.add(low, high);
    return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
  }
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Adds the lane sums of four registers to four scalars that lie side by side at `target`. */
// @inline
export function addLaneSums<S>(target: usize, a: v128, b: v128, c: v128, d: v128): void {
  if (sizeof<S>() == 4) {
    const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
    const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
    const sums = f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
    v128.store(target, f32x4.add(v128.load(target), sums));
  } else {
    const ab = f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
    const cd = f64x2.add(v128.shuffle<f64>(c, d, 0, 2), v128.shuffle<f64>(c, d, 1, 3));
    v128.store(target, f64x2.add(v128.load(target), ab));
    v128.store(target, f64x2.add(v128.load(target, HALF), cd), HALF);
  }
}
