/** The live caption: one sentence that says what is seen. */
import { isFullBatch } from '../experiment/batch';
import { OPTIMIZERS, seriesEntry, type SeriesId } from '../experiment/catalogue';
import { ENGINE_NAMES } from '../experiment/engines';
import type { Experiment } from '../experiment/experiment';
import { examplesOf, type RunState } from './run';

/** λ₁ within this fraction of the threshold counts as at the edge. */
const NEAR = 0.1;
/** Samples over which a trend is judged: the later half of a run, and at most so many. */
const TREND = 40;

/** Three significant digits, without an exponent where that is readable. */
export function digits(x: number): string {
  if (!Number.isFinite(x)) return '–';
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return x.toExponential(2);
  return String(Number(x.toPrecision(3)));
}

/** The series that the caption speaks of: λ₁ at the midpoint, the steady one, where measured, else λ₁ itself. */
export function steadySeries({ table }: Pick<RunState, 'table'>): SeriesId {
  return Number.isNaN(table.last('hessian.midpoint.lambda1')) ? 'hessian.lambda1' : 'hessian.midpoint.lambda1';
}

/** The present value of the steady series; NaN where nothing has been measured. */
export function steadySharpness(state: Pick<RunState, 'table'>): number {
  return state.table.last(steadySeries(state));
}

/** Mean and variance. */
function moments(values: Float64Array): readonly [number, number] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return [mean, values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length];
}

/** Whether the later half of these samples lies above the earlier one by more than noise alone would have it. */
function isRising(state: RunState): boolean {
  const column = state.table.column('hessian.midpoint.lambda1');
  if (!column || column.length < 3) return false;
  const recent = column.subarray(-Math.min(TREND, Math.max(3, column.length >> 1)));
  const half = recent.length >> 1;
  const [before, spread] = moments(recent.subarray(0, half));
  const [after, spreadAfter] = moments(recent.subarray(recent.length - half));
  return after - before > Math.max(0.001 * before, 2 * Math.sqrt((spread + spreadAfter) / half));
}

/** The share of the threshold, as the sentence goes on. */
function percentage(ratio: number): string {
  const percent = 100 * ratio;
  if (percent < 0.1) return ', under 0.1 %';
  return ` = ${percent < 10 ? Number(percent.toPrecision(2)) : Math.round(percent)} %`;
}

/** What is to be said where there is no sharpness to speak of; null where there is. */
function state(run: RunState, experiment: Experiment): string | null {
  const { phase, markers, fault } = run;
  if (phase === 'failed') return fault?.message ?? 'Something went wrong.';
  if (phase === 'file-wanted') return `This link trains on the file “${experiment.file}”: drop it here or choose it.`;
  const divergence = markers.findLast((marker) => marker.kind === 'divergence');
  if (phase === 'diverged' && divergence) {
    return `Diverged at step ${divergence.step}: η = ${digits(run.lr)} was too large here.`;
  }
  return phase === 'loading' || Number.isNaN(steadySharpness(run)) ? beginning(run, experiment) : null;
}

/** What is being done before the first number is there: on WebGPU that may take seconds. */
function beginning({ starting }: RunState, { engine: asked }: Experiment): string {
  switch (starting) {
    case null:
      return 'Measuring the sharpness…';
    case 'choice':
      return asked === 'auto' ? 'Choosing the engine…' : `Starting ${ENGINE_NAMES[asked]}…`;
    case 'webgpu':
      return 'Compiling the WebGPU kernels…';
    default:
      return `Setting up the run on ${ENGINE_NAMES[starting]}…`;
  }
}

/** What the sharpness does, given its ratio to the threshold. */
function finding(run: RunState, ratio: number, experiment: Experiment): string {
  const lastChange = run.markers.findLast((marker) => marker.kind === 'change')?.step ?? -1;
  const edge = run.markers.findLast((marker) => marker.kind === 'edge-reached' && marker.step >= lastChange);
  if (!isFullBatch(experiment, examplesOf(run, experiment))) return noisyFinding(run, ratio, edge !== undefined);
  if (edge && Math.abs(ratio - 1) <= NEAR) return `at the edge since step ${edge.step}`;
  if (edge) return `swinging about the edge it reached at step ${edge.step}`;
  if (ratio >= 1) return 'beyond the edge, where a quadratic would diverge';
  if (isRising(run)) return 'rising (progressive sharpening)';
  return 'stable, below the edge';
}

/**
 * The same of mini-batches, whose noise takes λ₁ across the line and back without meaning: `reached` says only that it has
 * been there since η was last changed.
 */
function noisyFinding(run: RunState, ratio: number, reached: boolean): string {
  if (ratio >= 1 + NEAR) return 'beyond the edge, where a quadratic would diverge';
  if (ratio >= 1 - NEAR) return 'near the edge of the full batch';
  if (reached) return 'below the edge of the full batch, which it has reached before';
  if (isRising(run)) return 'rising (progressive sharpening)';
  const judged = (run.table.column('hessian.lambda1')?.length ?? 0) >= TREND;
  return judged ? 'below the edge, as is usual with mini-batches' : 'below the edge';
}

function resting({ phase, step }: RunState): string {
  return phase === 'resting' ? ` Resting at step ${step}.` : '';
}

/** The sentence that is seen. It begins with the symbol of the steady series, by which the chart calls its line, too. */
export function caption(run: RunState, experiment: Experiment): string {
  const said = state(run, experiment);
  if (said !== null) return said;
  const sharpness = steadySharpness(run);
  const ratio = sharpness / run.table.last('threshold');
  const line = OPTIMIZERS[experiment.opt].threshold.name;
  const { symbol } = seriesEntry(steadySeries(run));
  return `${symbol} = ${digits(sharpness)}${percentage(ratio)} of ${line}: ${finding(run, ratio, experiment)}.${resting(run)}`;
}

/** The sentence that is heard: what is seen without its live numbers, so that it changes only when something happens. */
export function announcement(run: RunState, experiment: Experiment): string {
  const said = state(run, experiment);
  if (said !== null) return said;
  const ratio = steadySharpness(run) / run.table.last('threshold');
  return `Sharpness ${finding(run, ratio, experiment)}.${resting(run)}`;
}
