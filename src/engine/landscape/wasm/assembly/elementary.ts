/**
 * Transcendental functions on SIMD registers, the same bits on every machine. f32: our own kernels (range reduction and
 * polynomials fitted by weighted least squares in f64; the errors noted, in units in the last place, were found by dense
 * sampling). f64: AssemblyScript's portable Math lane by lane; only erfc, which it lacks, is a series of ours.
 *
 * NaN is never masked: every clamp is a pmin/pmax whose first operand is the argument, which hands NaN on.
 */
import { all, multiplyAdd } from './lanes';

// @inline
function step<S>(sum: v128, x: v128, coefficient: f64): v128 {
  return v128.add<S>(v128.mul<S>(sum, x), all<S>(coefficient));
}

// @inline
function f32exp(x: v128): v128 {
  // x = n ln 2 + r with ln 2 split in two, the first part exact in the products n ln 2 that occur here.
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let p = f32x4.splat(0.0013814467238262296);
  p = step<f32>(p, r, 0.008368780836462975);
  p = step<f32>(p, r, 0.04166839271783829);
  p = step<f32>(p, r, 0.1666651964187622);
  p = step<f32>(p, r, 0.4999999403953552);
  const e = f32x4.add(f32x4.splat(1), multiplyAdd<f32>(r, f32x4.mul(r, r), p));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  // Results below the normal range become 0, and a NaN stays NaN, since it is not less than anything.
  return v128.andnot(f32x4.mul(e, power), f32x4.lt(x, f32x4.splat(-87.33)));
}

/** eˣ for x ≤ 0 (1 ulp); f32 results under 2⁻¹²⁶ are 0. */
// @inline
export function exp<S>(x: v128): v128 {
  return sizeof<S>() == 4
    ? f32exp(x)
    : f64x2(NativeMath.exp(f64x2.extract_lane(x, 0)), NativeMath.exp(f64x2.extract_lane(x, 1)));
}

// @inline
function f32expm1(x: v128): v128 {
  // Near 0 the series keeps what eˣ − 1 would cancel; elsewhere the difference is exact enough.
  let p = f32x4.splat(1.0 / 5040);
  p = step<f32>(p, x, 1.0 / 720);
  p = step<f32>(p, x, 1.0 / 120);
  p = step<f32>(p, x, 1.0 / 24);
  p = step<f32>(p, x, 1.0 / 6);
  p = step<f32>(p, x, 0.5);
  const near = multiplyAdd<f32>(x, f32x4.mul(x, x), p);
  const far = f32x4.sub(f32exp(x), f32x4.splat(1));
  return v128.bitselect(near, far, f32x4.gt(x, f32x4.splat(-0.4)));
}

/** eˣ − 1 for x ≤ 0. */
// @inline
export function expm1<S>(x: v128): v128 {
  return sizeof<S>() == 4
    ? f32expm1(x)
    : f64x2(NativeMath.expm1(f64x2.extract_lane(x, 0)), NativeMath.expm1(f64x2.extract_lane(x, 1)));
}

// @inline
function f32log1p(x: v128): v128 {
  let p = f32x4.splat(0.0020302096381783485);
  p = step<f32>(p, x, -0.01340736635029316);
  p = step<f32>(p, x, 0.04147786274552345);
  p = step<f32>(p, x, -0.0824413001537323);
  p = step<f32>(p, x, 0.1241840198636055);
  p = step<f32>(p, x, -0.1610567569732666);
  p = step<f32>(p, x, 0.19890742003917694);
  p = step<f32>(p, x, -0.24987269937992096);
  p = step<f32>(p, x, 0.33332559466362);
  p = step<f32>(p, x, -0.4999998211860657);
  return multiplyAdd<f32>(x, f32x4.mul(x, x), p);
}

/** log(1 + x) for 0 ≤ x ≤ 1 (2 ulp). */
// @inline
export function log1p<S>(x: v128): v128 {
  return sizeof<S>() == 4
    ? f32log1p(x)
    : f64x2(NativeMath.log1p(f64x2.extract_lane(x, 0)), NativeMath.log1p(f64x2.extract_lane(x, 1)));
}

/** Natural logarithm (of a softmax sum: once per example, so double precision costs nothing). */
export function log<S>(x: v128): v128 {
  if (sizeof<S>() == 4) {
    return f32x4(
      <f32>NativeMath.log(f32x4.extract_lane(x, 0)),
      <f32>NativeMath.log(f32x4.extract_lane(x, 1)),
      <f32>NativeMath.log(f32x4.extract_lane(x, 2)),
      <f32>NativeMath.log(f32x4.extract_lane(x, 3)),
    );
  }
  return f64x2(NativeMath.log(f64x2.extract_lane(x, 0)), NativeMath.log(f64x2.extract_lane(x, 1)));
}

// @inline
function f32tanh(x: v128): v128 {
  const u = f32x4.pmin(f32x4.mul(x, x), f32x4.splat(81));
  let p = f32x4.splat(1.331905785662002e-8);
  p = step<f32>(p, u, 2.0583471268764697e-5);
  p = step<f32>(p, u, 0.0034940338227897882);
  p = step<f32>(p, u, 0.13379716873168945);
  p = step<f32>(p, u, 1);
  let q = f32x4.splat(7.762013751744234e-7);
  q = step<f32>(q, u, 0.000328309164615348);
  q = step<f32>(q, u, 0.025871070101857185);
  q = step<f32>(q, u, 0.4671303331851959);
  q = step<f32>(q, u, 1);
  const t = f32x4.div(f32x4.mul(x, p), q);
  return f32x4.pmax(f32x4.pmin(t, f32x4.splat(1)), f32x4.splat(-1));
}

/** tanh x (f32: 6 ulp at worst, by a rational function of x² up to 81, where it reaches ±1). */
// @inline
export function tanh<S>(x: v128): v128 {
  return sizeof<S>() == 4
    ? f32tanh(x)
    : f64x2(NativeMath.tanh(f64x2.extract_lane(x, 0)), NativeMath.tanh(f64x2.extract_lane(x, 1)));
}

// @inline
function f32erfcxSeries(q: v128): v128 {
  let p = all<f32>(-6.601327424e-5);
  p = step<f32>(p, q, 0.0004047881424);
  p = step<f32>(p, q, 0.0004685819146);
  p = step<f32>(p, q, -0.004178661442);
  p = step<f32>(p, q, 0.0009421644424);
  p = step<f32>(p, q, 0.03267637264);
  p = step<f32>(p, q, -0.1029688944);
  p = step<f32>(p, q, 0.1576446308);
  p = step<f32>(p, q, -0.0990244476);
  p = step<f32>(p, q, -0.1223574914);
  p = step<f32>(p, q, 1.264838184);
  return p;
}

// @inline
function f64erfcxSeries(q: v128): v128 {
  let p = all<f64>(8.7069337035874773911e-10);
  p = step<f64>(p, q, 9.7434881841574280252e-10);
  p = step<f64>(p, q, -8.4149707518986054198e-9);
  p = step<f64>(p, q, -1.3249070856114109335e-8);
  p = step<f64>(p, q, 4.1607447795741898336e-8);
  p = step<f64>(p, q, 1.0168868600959385061e-7);
  p = step<f64>(p, q, -1.4133462931277011871e-7);
  p = step<f64>(p, q, -6.1640891425261939631e-7);
  p = step<f64>(p, q, 3.566184123210729295e-7);
  p = step<f64>(p, q, 3.4722155668042946162e-6);
  p = step<f64>(p, q, -7.3139292816482056601e-7);
  p = step<f64>(p, q, -0.00002010046153799996308);
  p = step<f64>(p, q, 4.9494441694862224377e-6);
  p = step<f64>(p, q, 0.00012509931541908671186);
  p = step<f64>(p, q, -0.00010515979080326586776);
  p = step<f64>(p, q, -0.00077983226395460950475);
  p = step<f64>(p, q, 0.0018886903579537158802);
  p = step<f64>(p, q, 0.0025293918149782768975);
  p = step<f64>(p, q, -0.023770514918557776498);
  p = step<f64>(p, q, 0.068308027344058197047);
  p = step<f64>(p, q, -0.11927366341530993442);
  p = step<f64>(p, q, 0.12964515870275795737);
  p = step<f64>(p, q, -0.047562294353450843419);
  p = step<f64>(p, q, -0.13562110612458114681);
  p = step<f64>(p, q, 1.2530080582697296529);
  return p;
}

/**
 * erfc(t) / exp(−t²) for t ≥ 0: (1 + 2t) erfcx(t) is smooth in q = (t − K)/(t + K) over the whole half-line, so a
 * Chebyshev interpolant in q serves for all t. The relative error is 3.5·10⁻⁷ in f32 (measured, roundings
 * included) and 3·10⁻¹⁶ in f64 (of the interpolant).
 */
// @inline
export function erfcx<S>(t: v128): v128 {
  const K = sizeof<S>() == 4 ? 2.5 : 3.0;
  const q = v128.div<S>(v128.sub<S>(t, all<S>(K)), v128.add<S>(t, all<S>(K)));
  const p = sizeof<S>() == 4 ? f32erfcxSeries(q) : f64erfcxSeries(q);
  return v128.div<S>(p, v128.add<S>(all<S>(1), v128.add<S>(t, t)));
}
