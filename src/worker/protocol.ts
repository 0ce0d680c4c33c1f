/**
 * What page and worker say to each other. Every message is a member of a discriminated union, carries the run it is
 * about, and is dropped by the receiver when that run is dead. Bulk numbers travel as transferred typed arrays.
 *
 * Flow: the page grants credits, one frame each; the worker sends at most as many frames as it holds credits and lets
 * samples gather meanwhile. A slow page therefore gets fewer, larger frames, and training is not slowed. DESIGN §4.
 */
import type { SeriesId } from '../experiment/catalogue';
import type { CsvOptions, CsvSummary, DataFile } from '../experiment/csv';
import type { Change, EngineId, Experiment, Pace, Remark } from '../experiment/experiment';
import type { Fault } from '../experiment/fault';
import type { DataPreview } from '../experiment/preview';

export type { CsvOptions, CsvSummary, DataFile, DataPreview };

export const PROTOCOL_VERSION = 1;

/** θ at a step, enough to go on from there after a crash. */
export interface Checkpoint {
  readonly step: number;
  readonly theta: Float64Array;
  readonly changes: readonly Change[];
  /** What the edge detector knew. */
  readonly edge: { readonly started: boolean; readonly below: boolean; readonly reached: boolean };
}

export interface RunInfo {
  readonly engine: EngineId;
  readonly device: string;
  readonly precision: 'f32' | 'f64';
  readonly deterministic: boolean;
  /** Why this engine: "no hardware GPU adapter here", "asked for by the link". */
  readonly why: string;
  /** Whether the engine passed over, if any, may be had another time: it was too slow, or its code could not be fetched. */
  readonly passing: boolean;
  readonly parameters: number;
  readonly sizes: readonly number[];
  readonly examples: number;
  /** Settings corrected because of the data (loss, layers). */
  readonly remarks: readonly Remark[];
  readonly preview: DataPreview | null;
  readonly csv: CsvSummary | null;
}

export interface Marker {
  readonly kind: 'edge-reached' | 'beyond-edge' | 'change' | 'divergence';
  readonly step: number;
  /** λ₁ at the marker (edge), the new η (change), the loss (divergence; null when not finite). */
  readonly value: number | null;
  /** Residual bound of the value, where it is an eigenvalue. */
  readonly band: number | null;
}

/** Whether a marker still holds when the run has gone back to `step`: the change or divergence there is undone. */
export function survives({ kind, step: at }: Marker, step: number): boolean {
  return at < step || (at === step && kind !== 'change' && kind !== 'divergence');
}

/** The eigenvalues of the last measurement, largest first. */
export interface Spectrum {
  readonly step: number;
  readonly values: Float64Array;
  readonly residuals: Float64Array;
  /** All Ritz values of the run, both ends, for the present spectrum's ticks. */
  readonly ritz: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

export type RunStatus = 'running' | 'paused' | 'resting' | 'diverged';

export interface Frame {
  readonly status: RunStatus;
  readonly step: number;
  /** New samples since the last frame: equal-length columns, one entry a measured step; NaN = not measured. */
  readonly steps: Float64Array;
  readonly columns: Readonly<Partial<Record<SeriesId, Float64Array>>>;
  readonly spectrum: Spectrum | null;
  /** Markers found since the last frame. */
  readonly markers: readonly Marker[];
  /** Network outputs on the preview grid, first output or class scores: [points, outputs]. */
  readonly outputs: { readonly step: number; readonly values: Float32Array; readonly width: number } | null;
  /** Learning rate in force for the next step. */
  readonly lr: number;
  /** Steps between measurements at present. */
  readonly cadence: number;
  readonly stepsPerSecond: number;
  /** Hessian-vector products spent on measuring since the start. */
  readonly products: number;
}

export type ToWorker =
  | {
      readonly type: 'start';
      readonly protocol: number;
      readonly run: number;
      readonly experiment: Experiment;
      readonly pace: Pace;
      readonly play: boolean;
      readonly file: DataFile | null;
      readonly resume: Checkpoint | null;
    }
  /** The run before is over, and none follows yet: `run` is the number of none. */
  | { readonly type: 'end'; readonly run: number }
  | { readonly type: 'play'; readonly run: number }
  | { readonly type: 'pause'; readonly run: number }
  | { readonly type: 'step'; readonly run: number }
  | { readonly type: 'pace'; readonly run: number; readonly pace: Pace }
  | { readonly type: 'every'; readonly run: number; readonly every: number | null }
  | { readonly type: 'stop'; readonly run: number; readonly stop: number }
  | { readonly type: 'change'; readonly run: number; readonly lr: number }
  /** Back to the step before the last change; without one, from a divergence to the last good state. */
  | { readonly type: 'undo'; readonly run: number }
  | { readonly type: 'credit'; readonly run: number; readonly frames: number }
  | { readonly type: 'inspect'; readonly request: number; readonly file: DataFile; readonly options: CsvOptions };

export type FromWorker =
  /** The engine of the run under way is chosen; to make the run on it, which compiles its kernels, may take seconds. */
  | { readonly type: 'chosen'; readonly run: number; readonly engine: EngineId }
  | { readonly type: 'ready'; readonly run: number; readonly info: RunInfo }
  | { readonly type: 'frame'; readonly run: number; readonly frame: Frame }
  /** The change is in force for the step `step` → `step + 1`. */
  | { readonly type: 'changed'; readonly run: number; readonly change: Change }
  /** The run stands at `step` again; everything after it is void. */
  | { readonly type: 'rewound'; readonly run: number; readonly step: number; readonly changes: readonly Change[] }
  | { readonly type: 'checkpoint'; readonly run: number; readonly checkpoint: Checkpoint }
  /** Alive. `busyMs`: the longest stretch lately in which it could not have answered. */
  | { readonly type: 'heartbeat'; readonly busyMs: number }
  | { readonly type: 'failed'; readonly run: number; readonly fault: Fault }
  | { readonly type: 'inspected'; readonly request: number; readonly result: CsvSummary | Fault };
