/** What the loss chart draws of a run. */
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../experiment/experiment';
import { DEFAULT_EXPERIMENT, DEFAULT_VIEW } from '../../experiment/schema';
import { EMPTY_RUN, type RunState } from '../../state/run';
import { SeriesTable } from '../../state/series';
import { lossModel } from './model';

const swings = (patch: Partial<Experiment>, info: RunState['info'] = null): boolean[] => {
  const run = { ...EMPTY_RUN, table: new SeriesTable(), info };
  const experiment = { ...DEFAULT_EXPERIMENT, ...patch };
  return lossModel(run, { experiment, view: DEFAULT_VIEW, remarks: [] }).lines.map((line) => line.swings);
};

describe('the loss chart', () => {
  it('joins samples far apart under gradient descent only, whatever it is called', () => {
    expect(swings({})).toEqual([false]);
    expect(swings({ opt: 'sgd', batch: 200 })).toEqual([false]);
    expect(swings({ opt: 'sgd', batch: 199 })).toEqual([true]);
    expect(swings({ opt: 'sgd', batch: 200, sampling: 'replacement' })).toEqual([true]);
  });

  it('knows how many examples a file turned out to have', () => {
    const info = { examples: 40 } as unknown as RunState['info'];
    expect(swings({ data: 'csv', n: 10_000, opt: 'sgd', batch: 40 }, info)).toEqual([false]);
    expect(swings({ data: 'csv', n: 10_000, opt: 'sgd', batch: 39 }, info)).toEqual([true]);
  });

  it('keeps its lines from frame to frame', () => {
    const run = { ...EMPTY_RUN, table: new SeriesTable() };
    const state = { experiment: DEFAULT_EXPERIMENT, view: DEFAULT_VIEW, remarks: [] };
    expect(lossModel(run, state).lines).toBe(lossModel({ ...run }, state).lines);
  });
});
