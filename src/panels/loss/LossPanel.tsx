/** The training loss, on the stability chart's own step axis to the pixel. Logarithmic: it falls by orders. */
import type { ReactElement } from 'react';
import { seriesEntry } from '../../experiment/catalogue';
import { ChartView } from '../../plot/ChartView';
import { formatShort } from '../../plot/format';
import { runStore } from '../../state/run';
import { ChartFrame } from '../frame/ChartFrame';
import { useTimeChart } from '../frame/useTimeChart';
import { lossModel } from './model';

const FIGURE = { title: 'Training loss', axis: 'training loss L, logarithmic' };
const LOSS = seriesEntry('loss.train');
const ENTRY = {
  ...LOSS,
  line: `${LOSS.line} Under mini-batches it is drawn as points wherever steps between were not measured: a line through them would hide how noisy it is.`,
};

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
    <ChartFrame name="loss" title={FIGURE.title} entry={ENTRY} source={source}>
      <ChartView mount={mount} summary={summary} />
    </ChartFrame>
  );
}
