import { describe, expect, it } from 'vitest';
import { experimentStore } from '../../state/experiment';
import { EMPTY_RUN, type RunState } from '../../state/run';
import { SeriesTable } from '../../state/series';
import { stabilityModel, stabilitySummary } from './model';

function runAt(lr: number): RunState {
  const table = new SeriesTable();
  table.append(Float64Array.of(0, 1), {
    'hessian.lambda1': Float64Array.of(4, 19.8),
    'hessian.lambda2': Float64Array.of(3, 12),
    'hessian.lambda3': Float64Array.of(2, 6),
    threshold: Float64Array.of(20, 20),
  });
  return {
    ...EMPTY_RUN,
    table,
    lr,
    previewLr: 0.05,
    markers: [
      { kind: 'edge-reached', step: 1, value: 19.8, band: 1e-3 },
      { kind: 'change', step: 1, value: 0.2, band: null },
      { kind: 'divergence', step: 9, value: null, band: null },
    ],
  };
}

describe('stabilityModel', () => {
  const experiment = experimentStore.getState();

  it('puts the midpoint first and every tracked eigenvalue after it, told apart by dash and colour', () => {
    const { lines } = stabilityModel(runAt(0.1), experiment);
    expect(lines.map(({ symbol }) => symbol)).toEqual(['λ₁ mid', 'λ₁', 'λ₂', 'λ₃']);
    expect(lines.every(({ residual }) => residual?.endsWith('.residual'))).toBe(true);
    const styles = lines.map(({ colour, dash }) => `${colour} ${dash.join()}`);
    expect(new Set(styles).size).toBe(lines.length);
  });

  it('tells all twelve apart', () => {
    const twelve = { ...experiment, experiment: { ...experiment.experiment, k: 12 } };
    const { lines } = stabilityModel(runAt(0.1), twelve);
    expect(new Set(lines.map(({ colour, dash }) => `${colour} ${dash.join()}`)).size).toBe(13);
  });

  it('has 2/η for the rate in force and for the one under the thumb', () => {
    expect(stabilityModel(runAt(0.2), experiment).level).toMatchObject({ symbol: '2/η', now: 10, preview: 40 });
  });

  it('falls back on the experiment’s rate before the worker has spoken', () => {
    expect(stabilityModel(runAt(NaN), experiment).level?.now).toBe(2 / experiment.experiment.lr);
  });

  it('marks events with a shape and a short label', () => {
    const { markers } = stabilityModel(runAt(0.2), experiment);
    expect(markers.map(({ shape, label }) => [shape, label])).toEqual([
      ['diamond', 'edge reached, step 1'],
      ['rule', 'η = 0.2'],
      ['cross', 'diverged, step 9'],
    ]);
  });
});

describe('stabilitySummary', () => {
  it('is one account of what is on the chart', () => {
    expect(stabilitySummary(runAt(0.1), experimentStore.getState())).toBe(
      'Sharpness over steps 0 to 1: λ₁ 19.8, λ₂ 12, λ₃ 6; λ₁ is 99.0\u202f% of 2/η at 20. Edge reached at step 1.',
    );
  });

  it('says that the threshold of mini-batches is that of the full batch', () => {
    const state = experimentStore.getState();
    const sgd = { ...state, experiment: { ...state.experiment, opt: 'sgd' as const } };
    expect(stabilitySummary(runAt(0.1), sgd)).toContain('λ₁ is 99.0\u202f% of the full-batch 2/η at 20.');
    expect(stabilityModel(runAt(0.1), sgd).level).toMatchObject({ symbol: '2/η', now: 20 });
  });

  it('stands before anything was measured', () => {
    const run = { ...runAt(0.1), table: new SeriesTable() };
    expect(stabilitySummary(run, experimentStore.getState())).toContain('nothing measured yet');
  });
});
