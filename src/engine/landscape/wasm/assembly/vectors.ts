/**
 * The vector algebra of the landscape contract on vectors of n scalars. Device scalars are f64 in both precisions, and
 * inner products accumulate in f64 (a product of two f32 is exact there), so that Lanczos coefficients lose nothing.
 * Four accumulators and a fixed order; what does not fill a register is added at the end.
 */
import { HALF } from './lanes';

/** Scalars that one pass of the main loop of an inner product takes. */
const STRIDE: usize = 8;

/** x · y with x and y widened to two f64 lanes each. */
function pairProduct<S>(x: usize, y: usize, pair: usize): v128 {
  if (sizeof<S>() == 4) {
    const a = f64x2.promote_low_f32x4(v128.load64_zero(x + pair * 8));
    return f64x2.mul(a, f64x2.promote_low_f32x4(v128.load64_zero(y + pair * 8)));
  }
  return f64x2.mul(v128.load(x + pair * HALF), v128.load(y + pair * HALF));
}

export function dot<S>(x: usize, y: usize, n: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i: usize = 0;
  for (; i + STRIDE <= n; i += STRIDE, x += STRIDE * sizeof<S>(), y += STRIDE * sizeof<S>()) {
    s0 = f64x2.add(s0, pairProduct<S>(x, y, 0));
    s1 = f64x2.add(s1, pairProduct<S>(x, y, 1));
    s2 = f64x2.add(s2, pairProduct<S>(x, y, 2));
    s3 = f64x2.add(s3, pairProduct<S>(x, y, 3));
  }
  const s = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; i < n; i++, x += sizeof<S>(), y += sizeof<S>()) sum += <f64>load<S>(x) * <f64>load<S>(y);
  return sum;
}

/** x ← a x */
export function scale<S>(a: f64, x: usize, n: usize): void {
  const factor = v128.splat<S>(<S>a);
  const end = x + n * sizeof<S>();
  for (; x + HALF <= end; x += HALF) v128.store(x, v128.mul<S>(factor, v128.load(x)));
  for (; x < end; x += sizeof<S>()) store<S>(x, <S>(<S>a * load<S>(x)));
}

/** y ← y + a x */
export function axpy<S>(a: f64, x: usize, y: usize, n: usize): void {
  const factor = v128.splat<S>(<S>a);
  const end = y + n * sizeof<S>();
  for (; y + HALF <= end; x += HALF, y += HALF) {
    v128.store(y, v128.add<S>(v128.load(y), v128.mul<S>(factor, v128.load(x))));
  }
  for (; y < end; x += sizeof<S>(), y += sizeof<S>()) store<S>(y, <S>(load<S>(y) + <S>(<S>a * load<S>(x))));
}

/**
 * Returns ‖x‖ and writes x / ‖x‖ to out; where ‖x‖ ≤ 8 roundoff · reference, returns 0 and writes zeros. A NaN norm
 * compares false and goes on as NaN.
 */
export function normalise<S>(x: usize, out: usize, reference: f64, n: usize): f64 {
  const roundoff: f64 = sizeof<S>() == 4 ? 5.9604644775390625e-8 : 1.1102230246251565e-16;
  const length = sqrt<f64>(dot<S>(x, x, n));
  if (length <= 8 * roundoff * reference) {
    memory.fill(out, 0, n * sizeof<S>());
    return 0;
  }
  if (out != x) memory.copy(out, x, n * sizeof<S>());
  scale<S>(1 / length, out, n);
  return length;
}

/** out ← out + Σ_i c_i q_i with four q at a time: out is read and written once for all four. */
function addFour<S>(c: usize, cStep: usize, sign: f64, q: usize, qStep: usize, out: usize, n: usize): void {
  const c0 = v128.splat<S>(<S>(sign * load<f64>(c)));
  const c1 = v128.splat<S>(<S>(sign * load<f64>(c + cStep)));
  const c2 = v128.splat<S>(<S>(sign * load<f64>(c + 2 * cStep)));
  const c3 = v128.splat<S>(<S>(sign * load<f64>(c + 3 * cStep)));
  const end = out + n * sizeof<S>();
  for (; out + HALF <= end; out += HALF, q += HALF) {
    let sum = v128.add<S>(v128.load(out), v128.mul<S>(c0, v128.load(q)));
    sum = v128.add<S>(sum, v128.mul<S>(c1, v128.load(q + qStep)));
    sum = v128.add<S>(sum, v128.mul<S>(c2, v128.load(q + 2 * qStep)));
    v128.store(out, v128.add<S>(sum, v128.mul<S>(c3, v128.load(q + 3 * qStep))));
  }
  for (; out < end; out += sizeof<S>(), q += sizeof<S>()) {
    let sum = load<S>(out);
    for (let i: usize = 0; i < 4; i++) {
      sum = <S>(sum + <S>(<S>(sign * load<f64>(c + i * cStep)) * load<S>(q + i * qStep)));
    }
    store<S>(out, sum);
  }
}

function addAll<S>(
  c: usize,
  cStep: usize,
  sign: f64,
  q: usize,
  qStep: usize,
  count: usize,
  out: usize,
  n: usize,
): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) addFour<S>(c + i * cStep, cStep, sign, q + i * qStep, qStep, out, n);
  for (; i < count; i++) axpy<S>(sign * load<f64>(c + i * cStep), q + i * qStep, out, n);
}

/** x ← x − Σ_i q_i (q_i · x): one classical Gram–Schmidt sweep; `coefficients` is room for `count` f64. */
export function orthogonalise<S>(x: usize, q: usize, qStep: usize, count: usize, coefficients: usize, n: usize): void {
  for (let i: usize = 0; i < count; i++) store<f64>(coefficients + i * 8, dot<S>(q + i * qStep, x, n));
  addAll<S>(coefficients, 8, -1, q, qStep, count, x, n);
}

/** out ← Σ_i c_i q_i; out must not be one of the q. */
export function combine<S>(q: usize, qStep: usize, c: usize, cStep: usize, count: usize, out: usize, n: usize): void {
  memory.fill(out, 0, n * sizeof<S>());
  addAll<S>(c, cStep, 1, q, qStep, count, out, n);
}
