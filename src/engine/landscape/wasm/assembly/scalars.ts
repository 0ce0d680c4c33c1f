/**
 * AssemblyScript's portable f64 functions, exported one by one: the transcendental functions of data generators,
 * initialisation and schedules (DESIGN §3.2b). Unlike Math.* of a browser they give the same bits everywhere.
 */
export function math_exp(x: f64): f64 {
  return NativeMath.exp(x);
}
export function math_expm1(x: f64): f64 {
  return NativeMath.expm1(x);
}
export function math_log(x: f64): f64 {
  return NativeMath.log(x);
}
export function math_log1p(x: f64): f64 {
  return NativeMath.log1p(x);
}
export function math_log2(x: f64): f64 {
  return NativeMath.log2(x);
}
export function math_log10(x: f64): f64 {
  return NativeMath.log10(x);
}
export function math_sin(x: f64): f64 {
  return NativeMath.sin(x);
}
export function math_cos(x: f64): f64 {
  return NativeMath.cos(x);
}
export function math_acos(x: f64): f64 {
  return NativeMath.acos(x);
}
export function math_atan2(y: f64, x: f64): f64 {
  return NativeMath.atan2(y, x);
}
export function math_tanh(x: f64): f64 {
  return NativeMath.tanh(x);
}
export function math_pow(x: f64, y: f64): f64 {
  return NativeMath.pow(x, y);
}
