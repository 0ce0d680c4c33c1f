/** What a run is made from, what it can be taken up from, and what it tells while it goes on. */
import type { Change, Experiment } from '../experiment/experiment';
import type { Breathe } from './breathe';
import type { Dataset } from './data/dataset';
import type { DeterministicMath } from './deterministic';
import type { Engine } from './landscape/landscape';
import type { EdgeState } from './markers/edge';
import type { EdgeMarker } from './markers/edge-watch';

export type RunMarker =
  | EdgeMarker
  | { readonly kind: 'change' | 'divergence'; readonly step: number; readonly value: number; readonly band: null };

export interface RunOptions {
  readonly experiment: Experiment;
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly math: DeterministicMath;
  readonly breathe?: Breathe;
  /** Whether long work should be cut short: steps stop early, a measurement rejects with `Interrupted`. */
  readonly urgent?: () => boolean;
  /** Called for every marker, in order of discovery. */
  readonly onMarker?: (marker: RunMarker) => void;
}

/** Where a run can be taken up again. */
export interface Resume {
  readonly step: number;
  readonly theta: Float64Array;
  readonly changes: readonly Change[];
  readonly edge: EdgeState;
}
