/** The live caption: one sentence that says what is seen. */
import { OPTIMIZERS } from '../experiment/catalogue';
import type { Experiment } from '../experiment/experiment';
import type { RunState } from './run';

/** λ₁ within this fraction of the threshold counts as at the edge. */
const NEAR = 0.1;
/** Samples over which a trend is judged. */
const TREND = 40;

/** Three significant digits, without an exponent where that is readable. */
export function digits(x: number): string {
  if (!Number.isFinite(x)) return '–';
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return x.toExponential(2);
  return String(Number(x.toPrecision(3)));
}

/** The steady sharpness: λ₁ at the midpoint where measured, else λ₁ itself. */
export function steadySharpness(state: Pick<RunState, 'table'>): number {
  const middle = state.table.last('hessian.midpoint.lambda1');
  return Number.isNaN(middle) ? state.table.last('hessian.lambda1') : middle;
}

function isRising(state: RunState): boolean {
  const column = state.table.column('hessian.midpoint.lambda1');
  if (!column || column.length < 3) return false;
  const recent = column.subarray(Math.max(0, column.length - TREND));
  return recent[recent.length - 1] > 1.002 * recent[0];
}

export function caption(state: RunState, experiment: Experiment): string {
  const { phase, markers, fault, table } = state;
  const line = OPTIMIZERS[experiment.opt].threshold.label;
  if (phase === 'failed') return fault?.message ?? 'Something went wrong.';
  if (phase === 'file-wanted') return `This link trains on the file “${experiment.file}”: drop it here or choose it.`;
  const divergence = markers.findLast((marker) => marker.kind === 'divergence');
  if (phase === 'diverged' && divergence) {
    return `Diverged at step ${divergence.step}: η = ${digits(state.lr)} was too large here. Press Z to go back.`;
  }
  const sharpness = steadySharpness(state);
  const threshold = table.last('threshold');
  if (phase === 'loading' || Number.isNaN(sharpness)) return 'Getting ready…';

  const ratio = sharpness / threshold;
  const percent = ratio < 0.1 ? digits(100 * ratio) : String(Math.round(100 * ratio));
  const head = `λ₁ = ${digits(sharpness)} = ${percent} % of ${line}`;
  const rest = phase === 'resting' ? ` Resting at step ${state.step}.` : '';
  const lastChange = markers.findLast((marker) => marker.kind === 'change')?.step ?? -1;
  const edge = markers.findLast((marker) => marker.kind === 'edge-reached' && marker.step >= lastChange);
  if (edge && Math.abs(ratio - 1) <= NEAR) return `${head}: at the edge since step ${edge.step}.${rest}`;
  if (edge && ratio < 1) return `${head}: below the edge it reached at step ${edge.step}.${rest}`;
  if (ratio >= 1) return `${head}: beyond the edge, where a quadratic would diverge.${rest}`;
  if (isRising(state)) return `${head} and rising: progressive sharpening.${rest}`;
  return `${head}: stable, below the edge.${rest}`;
}
