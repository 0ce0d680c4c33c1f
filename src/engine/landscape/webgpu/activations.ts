/**
 * WGSL of the activations φ with φ′ and φ″, and of the elementary functions under them. WGSL's own exp and tanh overflow
 * and differ from device to device, so these are ours: the same formulas as the WASM kernels
 * (`../wasm/assembly/elementary.ts`), on vec4f.
 *
 * Every argument is clamped, and a clamp may swallow a NaN. A z that is not finite therefore becomes φ(z) = z by a test
 * of its bits (WGSL may assume that NaN and ∞ never occur, so comparisons prove nothing): a diverged run shows in the loss.
 */
import type { ActivationId } from '../../../experiment/experiment';

/** Sum c₀ xⁿ + c₁ xⁿ⁻¹ + … as nested products. */
function horner(x: string, coefficients: readonly number[]): string {
  return coefficients
    .slice(1)
    .reduce((sum, c) => `(${sum} * ${x} + ${literal(c)})`, `vec4f(${literal(coefficients[0])})`);
}

/** A number as a WGSL f32 literal. */
export function literal(value: number): string {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

/** Bit test: true where x is ∞ or NaN. */
export const NOT_FINITE = `
fn notFinite(x: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(x) & vec4u(0x7f800000u)) == vec4u(0x7f800000u);
}`;

/** eˣ for x ≤ 0: x = n ln 2 + r with ln 2 in two parts, a polynomial in r, and n put into the exponent bits. */
export const EXP = `
fn expNegative(given: vec4f) -> vec4f {
  let x = max(given, vec4f(-87.0));
  let n = round(x * 1.44269504);
  let r = (x - n * 0.693359375) - n * -2.12194440e-4;
  let p = ${horner('r', [0.0013814467238262296, 0.008368780836462975, 0.04166839271783829, 0.1666651964187622, 0.4999999403953552])};
  let power = bitcast<vec4f>(vec4u((vec4i(n) + vec4i(127)) << vec4u(23u)));
  return select((1.0 + (r + r * r * p)) * power, vec4f(0.0), given < vec4f(-87.0));
}`;

const EXPM1 = `
fn expm1Negative(x: vec4f) -> vec4f {
  let near = x + x * x * ${horner('x', [1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5])};
  return select(expNegative(x) - 1.0, near, x > vec4f(-0.4));
}`;

/** log(1 + x) for 0 ≤ x ≤ 1. */
const LOG1P = `
fn log1pUnit(x: vec4f) -> vec4f {
  return x + x * x * ${horner(
    'x',
    [
      0.0020302096381783485, -0.01340736635029316, 0.04147786274552345, -0.0824413001537323, 0.1241840198636055,
      -0.1610567569732666, 0.19890742003917694, -0.24987269937992096, 0.33332559466362, -0.4999998211860657,
    ],
  )};
}`;

/** tanh by a rational function of x² on [−9, 9], where it reaches ±1. */
const TANH = `
fn tanhClamped(given: vec4f) -> vec4f {
  let x = clamp(given, vec4f(-9.0), vec4f(9.0));
  let u = x * x;
  let p = ${horner('u', [1.331905785662002e-8, 2.0583471268764697e-5, 0.0034940338227897882, 0.13379716873168945, 1])};
  let q = ${horner('u', [7.762013751744234e-7, 0.000328309164615348, 0.025871070101857185, 0.4671303331851959, 1])};
  return clamp(x * p / q, vec4f(-1.0), vec4f(1.0));
}`;

/** erfc(t) / exp(−t²) for t ≥ 0, by a polynomial in (t − K)/(t + K). */
const ERFCX = `
fn erfcx(t: vec4f) -> vec4f {
  let q = (t - 2.5) / (t + 2.5);
  let p = ${horner(
    'q',
    [
      -6.601327424e-5, 0.0004047881424, 0.0004685819146, -0.004178661442, 0.0009421644424, 0.03267637264, -0.1029688944,
      0.1576446308, -0.0990244476, -0.1223574914, 1.264838184,
    ],
  )};
  return p / (1.0 + 2.0 * t);
}`;

const SIGMOID = `
fn sigmoidOf(z: vec4f, e: vec4f) -> vec4f {
  return select(vec4f(1.0), e, z < vec4f(0.0)) / (1.0 + e);
}`;

/** Bodies that set `a`, `d1`, `d2` from a finite `z`. Kinks take PyTorch's subgradient: relu′(0) = 0. */
const BODIES: Readonly<Record<ActivationId, { readonly needs: readonly string[]; readonly body: string }>> = {
  tanh: {
    needs: [TANH],
    body: 'out.a = tanhClamped(z); out.d1 = 1.0 - out.a * out.a; out.d2 = -2.0 * out.a * out.d1;',
  },
  relu: {
    needs: [],
    body: 'out.a = max(z, vec4f(0.0)); out.d1 = select(vec4f(0.0), vec4f(1.0), z > vec4f(0.0)); out.d2 = vec4f(0.0);',
  },
  // φ = z Φ(z), φ′ = Φ + z n, φ″ = n (2 − z²); beyond z² = 10⁴ the density n is 0, and the cap keeps 0 · ∞ away.
  gelu: {
    needs: [EXP, ERFCX],
    body: `let square = min(z * z, vec4f(1e4));
  let e = expNegative(-0.5 * square);
  let tail = 0.5 * e * erfcx(0.7071067811865476 * abs(z));
  let below = select(1.0 - tail, tail, z < vec4f(0.0));
  let density = 0.3989422804014327 * e;
  out.a = z * below; out.d1 = below + z * density; out.d2 = density * (2.0 - square);`,
  },
  softplus: {
    needs: [EXP, LOG1P, SIGMOID],
    body: `let e = expNegative(-abs(z));
  out.a = max(z, vec4f(0.0)) + log1pUnit(e);
  out.d1 = sigmoidOf(z, e); out.d2 = out.d1 * sigmoidOf(-z, e);`,
  },
  // 1 − σ(z) is taken as σ(−z), which does not cancel.
  sigmoid: {
    needs: [EXP, SIGMOID],
    body: `let e = expNegative(-abs(z));
  let complement = sigmoidOf(-z, e);
  out.a = sigmoidOf(z, e); out.d1 = out.a * complement; out.d2 = out.d1 * (complement - out.a);`,
  },
  elu: {
    needs: [EXP, EXPM1],
    body: `let above = z > vec4f(0.0);
  let m = expm1Negative(min(z, vec4f(0.0)));
  out.a = select(m, z, above); out.d1 = m + 1.0; out.d2 = select(out.d1, vec4f(0.0), above);`,
  },
  linear: { needs: [], body: 'out.a = z; out.d1 = vec4f(1.0); out.d2 = vec4f(0.0);' },
};

/** WGSL that declares `struct Phi { a, d1, d2 }` and `fn activate(z: vec4f) -> Phi`. */
export function activationWgsl(id: ActivationId): string {
  const { needs, body } = BODIES[id];
  return `${NOT_FINITE}${needs.join('')}
struct Phi { a: vec4f, d1: vec4f, d2: vec4f }
fn activate(z: vec4f) -> Phi {
  var out: Phi;
  ${body}
  out.a = select(out.a, z, notFinite(z));
  return out;
}`;
}
