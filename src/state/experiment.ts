/** The experiment on the page and how it is shown: what the link says, after validation. */
import { createStore } from 'zustand/vanilla';
import type { Experiment, Remark, View } from '../experiment/experiment';
import { DEFAULT_EXPERIMENT, DEFAULT_VIEW } from '../experiment/schema';

export interface ExperimentState {
  readonly experiment: Experiment;
  readonly view: View;
  readonly remarks: readonly Remark[];
}

export const experimentStore = createStore<ExperimentState>(() => ({
  experiment: DEFAULT_EXPERIMENT,
  view: DEFAULT_VIEW,
  remarks: [],
}));
