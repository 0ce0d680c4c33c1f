/**
 * What an experiment is: every setting that decides the trajectory of a run or what is measured of it, and the view
 * settings that travel beside it in a link. One flat record each, so that the link, the controls, the exported file and
 * the engine all speak of the same names. Defaults and limits: `schema.ts`.
 */

export type DatasetId = 'spirals' | 'chebyshev' | 'blobs' | 'csv';
export type ActivationId = 'tanh' | 'relu' | 'gelu' | 'softplus' | 'sigmoid' | 'elu' | 'linear';
export type LossId = 'mse' | 'ce';
export type InitId = 'lecun' | 'pytorch' | 'xavier' | 'he' | 'orthogonal';
export type OptimizerId = 'gd' | 'sgd';
/** Where mini-batches come from: shuffled epochs, or draws with replacement. */
export type SamplingId = 'epochs' | 'replacement';
export type EngineId = 'wasm' | 'webgpu' | 'tensorflow';
export type EngineChoice = 'auto' | EngineId;
export type Precision = 'f32' | 'f64';
/** Whether a CSV file has a header line, or the reader should find out. */
export type HeaderChoice = 'auto' | 'yes' | 'no';
export type TaskChoice = 'auto' | 'classification' | 'regression';
export type Pace = number | 'max';
export type Theme = 'auto' | 'light' | 'dark';

/** A setting changed while the run was under way: in force for the step `step` → `step + 1` and after. */
export interface Change {
  readonly step: number;
  readonly lr: number;
}

export interface Experiment {
  readonly data: DatasetId;
  /** Examples generated; for `csv`, the most rows used. */
  readonly n: number;
  /** spirals: position noise as a fraction of the outer radius; chebyshev: standard deviation added to the targets. */
  readonly noise: number;
  /** Seed of the data alone; null follows `seed`. */
  readonly dseed: number | null;
  readonly classes: number;
  readonly dim: number;
  /** blobs: class means are drawn from sep · N(0, I). */
  readonly sep: number;
  readonly degree: number;
  readonly file: string;
  /** SHA-256 prefix (hex) of the file asked for; empty when unknown. */
  readonly hash: string;
  readonly header: HeaderChoice;
  /** Target column: its 1-based number or its header name; empty lets the reader choose. */
  readonly target: string;
  readonly task: TaskChoice;
  /** Standardise the columns of a CSV file to mean 0 and variance 1 (constant columns become 0). */
  readonly std: boolean;

  /** Hidden widths; empty is a linear model. */
  readonly net: readonly number[];
  readonly act: ActivationId;
  /** One flag for all layers, or one per layer of weights. */
  readonly bias: readonly boolean[];
  readonly init: InitId;
  /** Multiplies the initial weights. */
  readonly scale: number;
  readonly loss: LossId;

  readonly opt: OptimizerId;
  /** Learning rate η. */
  readonly lr: number;
  /**
   * sgd: examples in a mini-batch; null leaves it to `batch.ts`. With gd, which uses all examples, it and `sampling` rest
   * at their defaults.
   */
  readonly batch: number | null;
  readonly sampling: SamplingId;
  readonly seed: number;
  readonly at: readonly Change[];

  readonly engine: EngineChoice;
  readonly precision: Precision;
  /** Eigenvalues tracked. */
  readonly k: number;
  /** Measure every n steps; null lets the page adapt the cadence. */
  readonly every: number | null;
  /** The run rests at this step. */
  readonly stop: number;
}

/** What a link says about showing the run; never about the run itself. */
export interface View {
  /** Start by itself (true) or wait on a poster. */
  readonly play: boolean;
  /** Steps per second. */
  readonly pace: Pace;
  readonly theme: Theme;
  /** Value axis of the stability chart and the spectrum. */
  readonly axis: 'linear' | 'log';
  /** Charts fill the screen in large type. */
  readonly present: boolean;
}

/** A plain-language note about a setting that was ignored or corrected. */
export interface Remark {
  readonly key: string;
  readonly message: string;
}
