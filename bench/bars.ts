/**
 * What the ratios are meant to reach, on the machine that the figures in results.json come from. They are printed beside
 * the ratios and never asserted: another machine has other ratios.
 */
import type { EngineId } from '../src/experiment/experiment';

interface Bar {
  readonly engine: EngineId;
  /** The ratio's name, as in its key. */
  readonly name: string;
  readonly problem: 'tiny' | 'small' | 'medium';
  readonly at: '≥' | '≤';
  readonly value: number;
}

const PROBLEMS = ['tiny', 'small', 'medium'] as const;

/** One name on tiny, small and medium. */
function row(engine: EngineId, name: string, at: Bar['at'], ...values: readonly number[]): Bar[] {
  return values.map((value, i) => ({ engine, name, problem: PROBLEMS[i], at, value }));
}

const BARS: readonly Bar[] = [
  ...row('wasm', 'step/pytorch', '≥', 3, 1, 0.28),
  ...row('wasm', 'hvp/pytorch', '≥', 4, 1.2, 0.5),
  ...row('wasm', 'lanczos20/pytorch', '≥', 3.5, 0.6, 0.33),
  ...row('webgpu', 'step/tfjs-webgpu', '≥', 40, 15, 6),
  ...row('webgpu', 'hvp/tfjs-webgpu', '≥', 50, 20, 8),
  ...row('wasm', 'step/jax-js', '≥', 15, 3, 1.5),
  ...row('wasm', 'hvp/gradient', '≤', 2, 2, 2),
  ...row('webgpu', 'hvp/gradient', '≤', 2, 2, 2),
  ...row('wasm', 'step.lanes16', '≤', 16.5),
  ...row('webgpu', 'step.lanes16', '≤', 10),
];

const AIMS: ReadonlyMap<string, string> = new Map(
  BARS.map(({ problem, engine, name, at, value }) => [`${problem}.${engine}.${name}`, `${at} ${value}`]),
);

/** "≥ 3", by the key of a ratio; empty where it has no bar. */
export function aimOf(key: string): string {
  return AIMS.get(key) ?? '';
}
