/** The run as the page knows it: what the worker has said of it so far. */
import { createStore } from 'zustand/vanilla';
import type { Change } from '../experiment/experiment';
import type { Fault } from '../experiment/fault';
import type { CsvSummary, Frame, Marker, RunInfo, RunStatus, Spectrum } from '../worker/protocol';
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

export interface CsvState {
  readonly summary: CsvSummary | null;
  readonly fault: Fault | null;
  readonly busy: boolean;
}

export const csvStore = createStore<CsvState>(() => ({ summary: null, fault: null, busy: false }));
