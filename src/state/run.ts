/** The run as the page knows it: what the worker has said of it so far. */
import { createStore } from 'zustand/vanilla';
import type { Change, EngineId, Experiment } from '../experiment/experiment';
import type { Fault } from '../experiment/fault';
import {
  survives,
  type CsvSummary,
  type Frame,
  type Marker,
  type RunInfo,
  type RunStatus,
  type Spectrum,
} from '../worker/protocol';
import { SeriesTable } from './series';

/** `poster`: ready and waiting for someone to press play; `file-wanted`: a CSV file has to be given first. */
export type Phase = 'loading' | 'poster' | 'file-wanted' | 'failed' | RunStatus;

export interface RunState {
  readonly phase: Phase;
  readonly run: number;
  readonly step: number;
  /** Learning rate in force. */
  readonly lr: number;
  /** Learning rate under the thumb, not yet in force. */
  readonly previewLr: number | null;
  readonly changes: readonly Change[];
  readonly info: RunInfo | null;
  /** What is still to come before the run is made: the choice of an engine, or the run on the engine chosen; null then. */
  readonly starting: 'choice' | EngineId | null;
  /** Mutable, one object a run; `version` grows when it does. */
  readonly table: SeriesTable;
  readonly version: number;
  readonly spectrum: Spectrum | null;
  readonly markers: readonly Marker[];
  readonly outputs: Frame['outputs'];
  readonly cadence: number;
  readonly stepsPerSecond: number;
  readonly products: number;
  readonly fault: Fault | null;
  /** Something the reader should know that is not a failure: a run restored after a crash. */
  readonly notice: string | null;
}

export const EMPTY_RUN: Omit<RunState, 'table'> = {
  phase: 'loading',
  run: 0,
  step: 0,
  lr: NaN,
  previewLr: null,
  changes: [],
  info: null,
  starting: 'choice',
  version: 0,
  spectrum: null,
  markers: [],
  outputs: null,
  cadence: 1,
  stepsPerSecond: 0,
  products: 0,
  fault: null,
  notice: null,
};

export const runStore = createStore<RunState>(() => ({ ...EMPTY_RUN, table: new SeriesTable() }));

/** Examples trained on: of a file those that were read, once that is known. */
export function examplesOf({ info }: Pick<RunState, 'info'>, { n }: Pick<Experiment, 'n'>): number {
  return info?.examples ?? n;
}

/** Markers in order of step, one of a kind a step. */
function mergeMarkers(old: readonly Marker[], found: readonly Marker[]): readonly Marker[] {
  if (found.length === 0) return old;
  const others = old.filter((marker) => !found.some((next) => next.kind === marker.kind && next.step === marker.step));
  return [...others, ...found].sort((a, b) => a.step - b.step);
}

/** Takes what a frame brings. `begun`: somebody has pressed play, or the link did. */
export function appendFrame(frame: Frame, begun: boolean): void {
  const state = runStore.getState();
  state.table.append(frame.steps, frame.columns);
  runStore.setState({
    phase: frame.status === 'paused' && !begun && frame.step === 0 ? 'poster' : frame.status,
    step: frame.step,
    lr: frame.lr,
    version: state.version + 1,
    spectrum: frame.spectrum ?? state.spectrum,
    markers: mergeMarkers(state.markers, frame.markers),
    outputs: frame.outputs ?? state.outputs,
    cadence: frame.cadence,
    stepsPerSecond: frame.stepsPerSecond,
    products: frame.products,
  });
}

/** The run stands at `step` again: what came after is void. */
export function rewindRun(step: number): void {
  const { table, markers, version } = runStore.getState();
  table.truncate(step);
  runStore.setState({
    markers: markers.filter((marker) => survives(marker, step)),
    step,
    version: version + 1,
    previewLr: null,
  });
}

export interface CsvState {
  readonly summary: CsvSummary | null;
  /** Hash prefix of the file that the link asked for; empty where it asked for none. */
  readonly expected: string;
  readonly fault: Fault | null;
  readonly busy: boolean;
}

export const csvStore = createStore<CsvState>(() => ({ summary: null, expected: '', fault: null, busy: false }));
