/** The fit, for data with one or two inputs; nothing otherwise. */
import { useCallback, type ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Entry } from '../../experiment/catalogue';
import { ChartView, type ChartSlots } from '../../plot/ChartView';
import { formatStep, formatValue } from '../../plot/format';
import { runStore, type RunState } from '../../state/run';
import type { DataPreview } from '../../worker/protocol';
import { ChartFrame } from '../frame/ChartFrame';
import type { TableSource } from '../frame/DataTable';
import { feedFromStores } from '../frame/feed';
import { FitChart } from './FitChart';

const SURFACE: Entry = {
  name: 'decision surface',
  line: 'The network’s output over the input plane: colour by class, pale where it is undecided, with the boundary as a line and the training data on top.',
  formula: String.raw`x \mapsto f(x;\theta_t),\quad x \in \mathbb R^2`,
  source: 'definition',
};
const CURVE: Entry = {
  name: 'fit',
  line: 'The network’s output as a curve over its one input, through the training targets.',
  formula: String.raw`x \mapsto f(x;\theta_t),\quad x \in \mathbb R`,
  source: 'definition',
};

const MOST_ROWS = 200;

function summary(): string {
  const { info, outputs } = runStore.getState();
  const preview = info?.preview;
  if (!preview) return 'Nothing to draw.';
  const at = outputs ? ` at step ${outputs.step}` : '';
  const points = `${preview.targets.length} training points`;
  if (preview.kind === 'line') return `The network’s output over one input${at}, with ${points}.`;
  return `Decision surface over two inputs${at}, with ${points} in ${preview.classes} classes.`;
}

/** The data and, on a line, the curve. */
function tableSource(preview: DataPreview): TableSource {
  const { kind, inputs, targets } = preview;
  const isPlane = kind === 'plane';
  const head = isPlane ? ['', 'x₁', 'x₂', 'class'] : ['', 'x', 'target'];
  const records = Array.from(targets, (target, i) =>
    isPlane ? [inputs[2 * i], inputs[2 * i + 1], target] : [inputs[i], target],
  );
  const rows = records
    .slice(0, MOST_ROWS)
    .map((record, i) => [
      String(i + 1),
      ...record.map((value, j) => (isPlane && j === 2 ? String(value) : formatValue(value))),
    ]);
  const shown = rows.length < records.length ? `The first ${rows.length} of ` : '';
  const names = isPlane ? 'x1,x2,class' : 'x,target';
  return {
    table: { caption: `${shown}${formatStep(records.length)} training points.`, head, rows },
    csv: () => `${[names, ...records.map((record) => record.join(','))].join('\r\n')}\r\n`,
    svg: null,
    png: null,
  };
}

function Fit({ preview }: { readonly preview: DataPreview }): ReactElement {
  const mount = useCallback(({ host, describe }: ChartSlots) => {
    const chart = new FitChart(host);
    const leave = feedFromStores(({ info, outputs }) => {
      chart.set(info?.preview ?? null, outputs);
      describe();
    });
    return () => {
      leave();
      chart.destroy();
    };
  }, []);
  const at = useStore(runStore, belated);
  const isPlane = preview.kind === 'plane';
  return (
    <ChartFrame
      name="fit"
      title={titleOf(isPlane, at)}
      entry={isPlane ? SURFACE : CURVE}
      source={() => tableSource(preview)}
    >
      <ChartView mount={mount} summary={summary} interactive={false} />
    </ChartFrame>
  );
}

/** The outputs are not those of the step that the run stands at: after a divergence, or between two of them. */
function belated({ phase, outputs, step }: RunState): number | null {
  return phase !== 'running' && outputs && outputs.step !== step ? outputs.step : null;
}

function titleOf(isPlane: boolean, step: number | null): string {
  if (step === null) return isPlane ? 'Decision surface' : 'Fit';
  return `${isPlane ? 'Surface' : 'Fit'}, step ${formatStep(step)}`;
}

export function FitPanel(): ReactElement | null {
  const preview = useStore(runStore, ({ info }) => info?.preview ?? null);
  return preview && <Fit preview={preview} />;
}
