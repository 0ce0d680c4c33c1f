/** The eigenvalues of the last measurement, and how they were obtained. */
import { useCallback, useRef, useState, type ReactElement } from 'react';
import { lambdaSeries, seriesEntry, type Entry } from '../../experiment/catalogue';
import { ChartView, type ChartSlots } from '../../plot/ChartView';
import type { FigureText } from '../../plot/figure';
import { formatBound, formatStep, formatValue } from '../../plot/format';
import { runStore } from '../../state/run';
import type { Spectrum } from '../../worker/protocol';
import { ChartFrame } from '../frame/ChartFrame';
import type { TableSource } from '../frame/DataTable';
import { figureText } from '../frame/figure';
import { feedFromStores } from '../frame/feed';
import { stabilityModel } from '../stability/model';
import { SpectrumChart } from './SpectrumChart';

const TITLE = 'Spectrum now';
const ENTRY: Entry = {
  name: 'present spectrum',
  line: 'The Hessian’s largest eigenvalues by Lanczos with full reorthogonalisation. The faint ticks are all Ritz values of the run: only those at the ends have settled.',
  formula: String.raw`T_m = Q_m^\top H Q_m,\quad T_m s_i = \lambda_i s_i`,
  source: 'Lanczos 1950; Parlett 1998, ch. 13',
};

const FIGURE = { title: 'Spectrum', axis: 'eigenvalue λ of the Hessian' };

/** "Lanczos, 42 products, residual 3e-4, at step 812". */
function provenance(spectrum: Spectrum | null): string {
  if (!spectrum) return '';
  const worst = spectrum.residuals.reduce((most, residual) => Math.max(most, residual), 0);
  const settled = spectrum.converged ? '' : ', not converged';
  const step = formatStep(spectrum.step);
  return `Lanczos, ${spectrum.iterations} products, residual ${formatBound(worst)}${settled}, at step ${step}`;
}

function summary(): string {
  const { spectrum } = runStore.getState();
  if (!spectrum) return 'Present spectrum, nothing measured yet.';
  const values = Array.from(
    spectrum.values,
    (value, i) => `${seriesEntry(lambdaSeries(i + 1)).symbol} ${formatValue(value)}`,
  );
  return `Present spectrum: ${values.join(', ')}. ${provenance(spectrum)}.`;
}

function spectrumFigure(spectrum: Spectrum | null): FigureText {
  const text = figureText(FIGURE);
  return { ...text, notes: [...(spectrum ? [`${provenance(spectrum)}.`] : []), ...text.notes] };
}

function tableSource(chart: SpectrumChart | null): TableSource {
  const { spectrum } = runStore.getState();
  const tracked = spectrum ? Array.from(spectrum.values, (value, i) => [value, spectrum.residuals[i]] as const) : [];
  const rest = spectrum ? Array.from(spectrum.ritz).sort((a, b) => b - a) : [];
  const rows = [
    ...tracked.map(([value, residual], i) => [`λ ${i + 1}`, formatValue(value, 6), formatBound(residual)]),
    ...rest.map((value, i) => [`Ritz ${i + 1}`, formatValue(value, 6), '']),
  ];
  const csv = [
    'kind,index,value,residual',
    ...tracked.map(([value, residual], i) => `eigenvalue,${i + 1},${value},${residual}`),
    ...rest.map((value, i) => `ritz,${i + 1},${value},`),
  ];
  return {
    table: { caption: `${provenance(spectrum)}.`, head: ['', 'value', 'residual'], rows },
    csv: () => `${csv.join('\r\n')}\r\n`,
    svg: chart && (() => chart.svg(spectrumFigure(spectrum))),
    png: chart && (() => chart.png(spectrumFigure(spectrum))),
  };
}

/** Where the run is past its last measurement for good, the note says so. */
function noteOf(spectrum: Spectrum | null): string {
  const diverged = runStore.getState().phase === 'diverged' ? ', the last before it diverged' : '';
  return spectrum ? `${provenance(spectrum)}${diverged}` : '';
}

export function SpectrumPanel(): ReactElement {
  const chart = useRef<SpectrumChart | null>(null);
  const [note, setNote] = useState('');
  const mount = useCallback(({ host, describe }: ChartSlots) => {
    const built = new SpectrumChart(host, (spectrum) => setNote(noteOf(spectrum)));
    chart.current = built;
    const leave = feedFromStores((run, experiment) => {
      const { level } = stabilityModel(run, experiment);
      built.set({ spectrum: run.spectrum, level, live: run.phase === 'running' });
      describe();
    });
    return () => {
      leave();
      chart.current = null;
      built.destroy();
    };
  }, []);
  const source = useCallback(() => tableSource(chart.current), []);
  return (
    <ChartFrame name="spectrum" title={TITLE} entry={ENTRY} source={source}>
      <div className="panel-chart">
        <ChartView mount={mount} summary={summary} interactive={false} />
        <p className="panel-note">{note}</p>
      </div>
    </ChartFrame>
  );
}
