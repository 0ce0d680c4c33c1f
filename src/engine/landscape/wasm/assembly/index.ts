/**
 * What the module exports. Every kernel exists twice, for S = f32 and S = f64; the sources are generic. Pointers and byte
 * counts are u32; device scalars are f64 and handed over by value.
 */
import { gather } from './gather';
import * as network from './network';
import { hessianProduct } from './product';
import { Problem } from './records';
import * as vectors from './vectors';
export { panelBytes } from './correlate';
export * from './scalars';

/** First byte that the module does not use itself. */
export function heapBase(): usize {
  return __heap_base;
}

export function f32_outputs(problem: Problem, state: usize, theta: usize): void {
  network.outputs<f32>(problem, state, theta);
}
export function f32_value(problem: Problem, state: usize, theta: usize): f64 {
  return network.value<f32>(problem, state, theta);
}
export function f32_gradient(problem: Problem, state: usize, theta: usize, out: usize): f64 {
  return network.gradient<f32>(problem, state, theta, out);
}
export function f32_linearise(problem: Problem, state: usize, theta: usize): void {
  network.linearise<f32>(problem, state, theta);
}
export function f32_hessianProduct(problem: Problem, kept: usize, work: usize, v: usize, out: usize): void {
  hessianProduct<f32>(problem, kept, work, v, out);
}
export function f32_gather(full: Problem, state: usize, part: Problem, indices: usize, size: u32): void {
  gather<f32>(full, state, part, indices, size);
}
export function f32_dot(x: usize, y: usize, n: usize): f64 {
  return vectors.dot<f32>(x, y, n);
}
export function f32_scale(a: f64, x: usize, n: usize): void {
  vectors.scale<f32>(a, x, n);
}
export function f32_axpy(a: f64, x: usize, y: usize, n: usize): void {
  vectors.axpy<f32>(a, x, y, n);
}
export function f32_normalise(x: usize, out: usize, reference: f64, n: usize): f64 {
  return vectors.normalise<f32>(x, out, reference, n);
}
export function f32_orthogonalise(x: usize, q: usize, step: usize, count: usize, coefficients: usize, n: usize): void {
  vectors.orthogonalise<f32>(x, q, step, count, coefficients, n);
}
export function f32_combine(
  q: usize,
  step: usize,
  coefficients: usize,
  coefficientStep: usize,
  count: usize,
  out: usize,
  n: usize,
): void {
  vectors.combine<f32>(q, step, coefficients, coefficientStep, count, out, n);
}

export function f64_outputs(problem: Problem, state: usize, theta: usize): void {
  network.outputs<f64>(problem, state, theta);
}
export function f64_value(problem: Problem, state: usize, theta: usize): f64 {
  return network.value<f64>(problem, state, theta);
}
export function f64_gradient(problem: Problem, state: usize, theta: usize, out: usize): f64 {
  return network.gradient<f64>(problem, state, theta, out);
}
export function f64_linearise(problem: Problem, state: usize, theta: usize): void {
  network.linearise<f64>(problem, state, theta);
}
export function f64_hessianProduct(problem: Problem, kept: usize, work: usize, v: usize, out: usize): void {
  hessianProduct<f64>(problem, kept, work, v, out);
}
export function f64_gather(full: Problem, state: usize, part: Problem, indices: usize, size: u32): void {
  gather<f64>(full, state, part, indices, size);
}
export function f64_dot(x: usize, y: usize, n: usize): f64 {
  return vectors.dot<f64>(x, y, n);
}
export function f64_scale(a: f64, x: usize, n: usize): void {
  vectors.scale<f64>(a, x, n);
}
export function f64_axpy(a: f64, x: usize, y: usize, n: usize): void {
  vectors.axpy<f64>(a, x, y, n);
}
export function f64_normalise(x: usize, out: usize, reference: f64, n: usize): f64 {
  return vectors.normalise<f64>(x, out, reference, n);
}
export function f64_orthogonalise(x: usize, q: usize, step: usize, count: usize, coefficients: usize, n: usize): void {
  vectors.orthogonalise<f64>(x, q, step, count, coefficients, n);
}
export function f64_combine(
  q: usize,
  step: usize,
  coefficients: usize,
  coefficientStep: usize,
  count: usize,
  out: usize,
  n: usize,
): void {
  vectors.combine<f64>(q, step, coefficients, coefficientStep, count, out, n);
}
