/** The training loss, on the stability chart's own step axis to the pixel. Logarithmic: it falls by orders. */
import type { ReactElement } from 'react';
import { seriesEntry } from '../../experiment/catalogue';
import { ChartView } from '../../plot/ChartView';
import { formatShort } from '../../plot/format';
import type { ChartModel, Line } from '../../plot/model';
import { runStore, type RunState } from '../../state/run';
import { ChartFrame } from '../frame/ChartFrame';
import { plainMarkers } from '../frame/markers';
import { useTimeChart } from '../frame/useTimeChart';

const FIGURE = { title: 'Training loss', axis: 'training loss L, logarithmic' };
const LOSS = seriesEntry('loss.train');
const LINES: readonly Line[] = [
  {
    id: 'loss.train',
    residual: null,
    symbol: LOSS.symbol,
    name: LOSS.name,
    colour: 'loss',
    weight: 1,
    dash: [],
    opacity: 1,
    swings: false,
  },
];

function lossModel({ table, markers, phase }: RunState): ChartModel {
  const live = phase === 'running';
  return { data: table, lines: LINES, level: null, markers: plainMarkers(markers), scale: 'log', live };
}

function summary(): string {
  const { table } = runStore.getState();
  if (table.length === 0) return 'Training loss over steps, nothing measured yet.';
  const at = table.length - 1;
  const losses = table.column('loss.train');
  const [first, last] = [losses?.[0] ?? NaN, losses?.[at] ?? NaN];
  return `Training loss over steps 0 to ${table.steps[at]}: from ${formatShort(first)} to ${formatShort(last)}.`;
}

export function LossPanel(): ReactElement {
  const { mount, source } = useTimeChart(FIGURE, lossModel);
  return (
    <ChartFrame name="loss" title={FIGURE.title} entry={LOSS} source={source}>
      <ChartView mount={mount} summary={summary} />
    </ChartFrame>
  );
}
