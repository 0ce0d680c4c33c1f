/** The loss chart's line: a line under gradient descent, points under mini-batches wherever steps were not measured. */
import { isFullBatch } from '../../experiment/batch';
import { seriesEntry } from '../../experiment/catalogue';
import type { ChartModel, Line } from '../../plot/model';
import type { ExperimentState } from '../../state/experiment';
import { examplesOf, type RunState } from '../../state/run';
import { plainMarkers } from '../frame/markers';

const { symbol, name } = seriesEntry('loss.train');
const LINE: Line = {
  id: 'loss.train',
  residual: null,
  symbol,
  name,
  colour: 'loss',
  weight: 1,
  dash: [],
  opacity: 1,
  swings: false,
};
const SMOOTH = [LINE];
const NOISY = [{ ...LINE, swings: true }];

export function lossModel(run: RunState, { experiment }: ExperimentState): ChartModel {
  const { table, markers, phase } = run;
  const lines = isFullBatch(experiment, examplesOf(run, experiment)) ? SMOOTH : NOISY;
  return { data: table, lines, level: null, markers: plainMarkers(markers), scale: 'log', live: phase === 'running' };
}
