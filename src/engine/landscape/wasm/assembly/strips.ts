/**
 * The transcendental functions over strips: runs of registers, in place. Four registers go side by side: one alone would
 * wait for its own latencies (a chain of some 40 cycles), and V8 builds every constant anew at each use, so that four share
 * what one would pay (measured on x86: exp 1.8 → 0.95 ns an element; the activations are in docs/decisions.md).
 */
import { HALF } from './lanes';
import { erfcx, exp, expm1, log1p } from './elementary';

const EXP = 0;
const EXPM1 = 1;
const LOG1P = 2;
const ERFCX = 3;

/** `f` is a constant at every call, so that only one branch is compiled. */
// @inline
function apply<S>(f: i32, x: v128): v128 {
  return f == EXP ? exp<S>(x) : f == EXPM1 ? expm1<S>(x) : f == LOG1P ? log1p<S>(x) : erfcx<S>(x);
}

// @inline
function strip<S>(f: i32, at: usize, end: usize): void {
  // In f64 every lane is a call, and nothing is gained.
  const fours = sizeof<S>() == 4 ? (end - at) & ~(4 * HALF - 1) : 0;
  for (const last = at + fours; at < last; at += 4 * HALF) {
    const x0 = v128.load(at);
    const x1 = v128.load(at, HALF);
    const x2 = v128.load(at, 2 * HALF);
    const x3 = v128.load(at, 3 * HALF);
    v128.store(at, apply<S>(f, x0));
    v128.store(at, apply<S>(f, x1), HALF);
    v128.store(at, apply<S>(f, x2), 2 * HALF);
    v128.store(at, apply<S>(f, x3), 3 * HALF);
  }
  for (; at < end; at += HALF) v128.store(at, apply<S>(f, v128.load(at)));
}

/** x ← eˣ for x ≤ 0, from register `at` to `end`; likewise below. */
export function expStrip<S>(at: usize, end: usize): void {
  strip<S>(EXP, at, end);
}

/** x ← eˣ − 1 for x ≤ 0. */
export function expm1Strip<S>(at: usize, end: usize): void {
  strip<S>(EXPM1, at, end);
}

/** x ← log(1 + x) for 0 ≤ x ≤ 1. */
export function log1pStrip<S>(at: usize, end: usize): void {
  strip<S>(LOG1P, at, end);
}

/** x ← erfcx x for x ≥ 0. */
export function erfcxStrip<S>(at: usize, end: usize): void {
  strip<S>(ERFCX, at, end);
}
