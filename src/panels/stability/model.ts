/** The stability chart's lines: λ₁ at the midpoint as the steady line, λ₁ … λ_k as measured, against 2/η. */
import { lambdaSeries, OPTIMIZERS, residualSeries, seriesEntry, type SeriesId } from '../../experiment/catalogue';
import { threshold } from '../../experiment/thresholds';
import { formatPercent, formatShort } from '../../plot/format';
import type { ChartModel, Line } from '../../plot/model';
import type { ColourToken } from '../../plot/theme';
import type { ExperimentState } from '../../state/experiment';
import type { RunState } from '../../state/run';
import { sharpnessMarkers } from '../frame/markers';

const MIDPOINT = 'hessian.midpoint.lambda1';
const COLOURS: readonly ColourToken[] = ['lambda-1', 'lambda-2', 'lambda-3', 'lambda-4', 'lambda-5', 'lambda-6'];
/** One pattern a row, so that λ₁ and λ₇, which share a colour, differ as well. */
const DASHES: readonly (readonly number[])[] = [[], [6, 2.5], [2, 2], [7, 2, 2, 2], [4, 4], [1, 2.5], [10, 3]];

/** Dash of the i-th eigenvalue, i from 1, here and in the spectrum. */
export function lambdaDash(i: number): readonly number[] {
  return DASHES[(i - 1) % DASHES.length];
}

/** Colour of the i-th eigenvalue, i from 1, here and in the spectrum. */
export function lambdaColour(i: number): ColourToken {
  return COLOURS[(i - 1) % COLOURS.length];
}

function line(
  id: SeriesId,
  residual: SeriesId,
  colour: ColourToken,
  weight: number,
  dash: Line['dash'],
  opacity = 1,
): Line {
  const { symbol, name } = seriesEntry(id);
  const swings = id === 'hessian.lambda1';
  return { id, residual, symbol, name, colour, weight, dash, opacity, swings };
}

function linesFor(k: number): Line[] {
  const lambdas = Array.from({ length: k }, (_, i): Line => {
    const id = lambdaSeries(i + 1);
    const [weight, opacity] = i === 0 ? [0.75, 0.6] : [0.9, 1];
    return line(id, residualSeries(id), lambdaColour(i + 1), weight, lambdaDash(i + 1), opacity);
  });
  return [line(MIDPOINT, residualSeries(MIDPOINT), 'midpoint', 2.2, []), ...lambdas];
}

let known: { readonly k: number; readonly lines: readonly Line[] } = { k: 0, lines: [] };

export function stabilityModel(run: RunState, { experiment, view }: ExperimentState): ChartModel {
  const { k, opt } = experiment;
  if (known.k !== k) known = { k, lines: linesFor(k) };
  const lr = run.lr > 0 ? run.lr : experiment.lr;
  return {
    data: run.table,
    lines: known.lines,
    level: {
      id: 'threshold',
      symbol: OPTIMIZERS[opt].threshold.label,
      now: threshold(opt, { lr }),
      preview: run.previewLr === null ? null : threshold(opt, { lr: run.previewLr }),
      breaks: run.markers.flatMap(({ kind, step, value }) =>
        kind === 'change' && value !== null ? [{ step, value: threshold(opt, { lr: value }) }] : [],
      ),
    },
    markers: sharpnessMarkers(run.markers),
    scale: view.axis,
    live: run.phase === 'running',
  };
}

/** What the chart shows, in one sentence. */
export function stabilitySummary({ table, markers, lr }: RunState, { experiment }: ExperimentState): string {
  const { name } = OPTIMIZERS[experiment.opt].threshold;
  const level = threshold(experiment.opt, { lr: lr > 0 ? lr : experiment.lr });
  const line = `${name} at ${formatShort(level)}`;
  if (table.length === 0) return `Sharpness over steps, nothing measured yet; ${line}.`;
  const at = table.length - 1;
  const lambdas = Array.from({ length: experiment.k }, (_, i) => seriesEntry(lambdaSeries(i + 1)).symbol).map(
    (symbol, i) => `${symbol} ${formatShort(table.column(lambdaSeries(i + 1))?.[at] ?? NaN)}`,
  );
  const sharpness = table.column('hessian.lambda1')?.[at] ?? NaN;
  const edge = markers.findLast(({ kind }) => kind === 'edge-reached');
  const reached = edge ? ` Edge reached at step ${edge.step}.` : '';
  const share = formatPercent(sharpness / level);
  return `Sharpness over steps 0 to ${table.steps[at]}: ${lambdas.join(', ')}; λ₁ is ${share} of ${line}.${reached}`;
}
